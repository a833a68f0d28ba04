"""Whether customers won come back, as the page shows it."""

from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, figure, folded, insufficient, show_all, table
from crmlib.segmentation.cohorts import figures, sentences
from crmlib.words import _, formats
from crmlib.workspace import Run

WITH_INTERVAL: Final = (1, 3, 6, 12)
"""Ages in months whose intervals the folded table gives."""


def show_cohorts(cells: pd.DataFrame, run: Run) -> Shown:
    """Show how many of the customers won in each month buy again in later ones."""
    cells = cells[cells["size"] >= run.rules.threshold]
    if not (cells["age"] > 0).any():
        return _too_few(
            _("{n} customers won in one month, at least a month before the end of the data").format(
                n=run.rules.threshold
            )
        )
    data = disclose(
        cells[["cohort", "age", "partial", "size", "active"]],
        labels=["cohort", "age", "partial"],
        counts=["size", "active"],
        shares={"retention": ("active", "size")},
        rules=run.rules,
    )
    if not data.frame.loc[data.frame["age"] > 0, "retention"].notna().any():
        return _too_few(
            _("{n} customers won in one month who buy again in one and the same later month").format(
                n=run.rules.threshold
            )
        )
    height = 1.1 + 0.27 * cells["cohort"].nunique()
    picture = figure(figures.cohort_grid, data, **sentences.cohorts(cells, run), size=(7.2, height))
    return show_all(picture, folded(_("With intervals"), _with_intervals(cells, run)))


def _too_few(needed: str) -> Shown:
    return insufficient(needed=needed, found=_("none"), therefore=_("No cohorts are shown."))


def _with_intervals(cells: pd.DataFrame, run: Run) -> Shown:
    """List the cohorts with their size and the share active at some ages, each with its interval."""
    whole = cells[~cells["partial"]]
    frame = whole[whole["age"] == 0].set_index("cohort")[["size"]]
    columns = {"month": Shows(_("Won in")), "size": Shows(_("Customers won"), "people")}
    ages = [age for age in WITH_INTERVAL if (whole["age"] == age).any()]
    for age in ages:
        part = whole[whole["age"] == age].set_index("cohort")["active"]
        frame = frame.join(part.rename(f"active_{age}"))
        label = _("Bought in month {age}").format(age=age)
        columns[f"at_{age}"] = Shows(label, "share", f"at_{age}_low", f"at_{age}_high", 0, missing=_("not yet"))
    frame = frame.sort_index(ascending=False).reset_index()
    frame.insert(0, "month", [formats.month(each) for each in frame["cohort"]])
    shares = {f"at_{age}": (f"active_{age}", "size") for age in ages}
    data = disclose(
        frame.drop(columns="cohort"), labels=["month"], counts=["size", *(active for active, _size in shares.values())],
        shares=shares, ranges=list(shares), rules=run.rules,
    )  # fmt: skip
    return table(data, _("Of the customers won in each month, who bought again later"), columns)
