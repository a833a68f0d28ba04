"""What customers won bring by age, as the page shows it: the grid, its intervals, and whether this cohort differs."""

from datetime import date
from functools import partial
from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, folded, insufficient, note, show_all, table
from crmlib.segmentation.business.months import MONTHS_PER_YEAR, last_month
from crmlib.segmentation.cohorts import figures, worth_sentences
from crmlib.segmentation.cohorts.worth import cohort_worth, opening_month, worth_by
from crmlib.stats import Estimate
from crmlib.stats.skewed import ENOUGH_CUSTOMERS, mean_difference
from crmlib.words import _, formats
from crmlib.workspace import Run

SHOWN_COHORTS: Final = 13
WITH_INTERVAL: Final = (3, 12)
"""Ages whose intervals the folded table gives."""
SAID: Final = (0, 3, 12)
"""Ages that the title speaks of."""


def show_worth(won: pd.DataFrame, run: Run) -> Shown:
    """Show what a customer won brings by age, in revenue and, where costs are known, in margin; write ``cohort_worth``.

    Parameters
    ----------
    won
        From :func:`crmlib.segmentation.cohorts.worth.customers_won`.
    run
        The run.
    """
    cells = cohort_worth(won, run.as_of, months=run.params.segmentation.cohort_months)
    run.write("cohort_worth", cells, by=["cohort", "age"])
    if not ((cells["age"] > 0) & (cells["customers"] >= run.rules.threshold)).any():
        return _too_few(_("{n} customers won in one month, at least a month ago").format(n=run.rules.threshold))
    latest = cells[cells["cohort"].isin(sorted(cells["cohort"].unique())[-SHOWN_COHORTS:])]
    kinds = [kind for kind in ("spend", "margin") if cells[kind].notna().any()]
    gated = _gated(latest, kinds, run)
    if not gated.frame.loc[gated.frame["age"] > 0, kinds].notna().any(axis=None):
        return _too_few(
            _("{n} customers won in one of the last {months} months, of whom no one brings more than half").format(
                n=run.rules.threshold, months=SHOWN_COHORTS
            )
        )
    each = {age: worth_by(won, run.as_of, age, run.params.segmentation.cohort_months) for age in SAID}
    words = worth_sentences.worth(cells, each, kinds, run)
    size = (8.8 if len(kinds) > 1 else 7.2, 1.4 + 0.27 * latest["cohort"].nunique())
    picture = figure(
        partial(figures.worth_grids, kinds=kinds, currency=run.params.currency),
        gated, **words, panels=(1, len(kinds)), size=size,
    )  # fmt: skip
    said = [worth_sentences.this_cohort(*this_cohort(won, run.as_of), run)]
    if "margin" not in kinds:
        said.append(_("Fewer than 95 % of the revenue says its cost: no margin is shown."))
    detail = folded(_("With intervals"), _with_intervals(cells, kinds, run))
    return show_all(picture, note(*said), detail)


def _too_few(needed: str) -> Shown:
    return insufficient(needed=needed, found=_("none"), therefore=_("What customers won bring is not shown."))


def _gated(cells: pd.DataFrame, kinds: list[str], run: Run) -> Disclosed:
    frame = cells[["cohort", "age", "partial", "customers", *kinds, "largest"]]
    return disclose(
        frame, labels=["cohort", "age", "partial"], based_on="customers", measures=list(kinds),
        largest=dict.fromkeys(kinds, "largest"), rules=run.rules,
    )  # fmt: skip


def _with_intervals(cells: pd.DataFrame, kinds: list[str], run: Run) -> Shown:
    """List the cohorts with revenue and margin a customer won at two ages, each with its interval."""
    whole = cells[~cells["partial"]]
    table_of = whole[whole["age"] == 0].set_index("cohort")[["customers"]]
    decimals = 0 if cells["spend"].max() >= 100 else 2
    columns = {"month": Shows(_("Won in")), "customers": Shows(_("Customers won"), "people")}
    largest: dict[str, str] = {}
    for age in (age for age in WITH_INTERVAL if (whole["age"] == age).any()):
        part = whole[whole["age"] == age].set_index("cohort")
        table_of = table_of.join(part["largest"].rename(f"largest_{age}"))
        for kind in kinds:
            names = {f"{kind}{end}": f"{kind}_{age}{end}" for end in ("", "_low", "_high")}
            table_of = table_of.join(part[list(names)].rename(columns=names))
            label = _("Revenue each, {n} months") if kind == "spend" else _("Margin each, {n} months")
            columns[f"{kind}_{age}"] = Shows(
                label.format(n=age), "money", f"{kind}_{age}_low", f"{kind}_{age}_high", decimals, missing=_("not yet")
            )
            largest |= dict.fromkeys(names.values(), f"largest_{age}")
    frame = table_of.sort_index(ascending=False).reset_index()
    frame.insert(0, "month", [formats.month(each) for each in frame["cohort"]])
    data = disclose(
        frame.drop(columns="cohort"), labels=["month"], counts=["customers"], based_on="customers",
        measures=list(largest), largest=largest, rules=run.rules,
    )  # fmt: skip
    caption = _("What a customer won has brought, by month won")
    few = _("Months with fewer than {n} customers won have no interval.").format(n=ENOUGH_CUSTOMERS)
    said = few if frame["customers"].between(run.rules.threshold, ENOUGH_CUSTOMERS - 1).any() else ""
    return table(data, caption, columns, currency=run.params.currency, note=said)


def this_cohort(won: pd.DataFrame, as_of: date) -> tuple[pd.DataFrame, Estimate, int]:
    """Compare what the latest whole cohort brought in its month with the year before, or as much as is known of it."""
    last = last_month(as_of) - (as_of.day != 1)
    now = won[won["first_number"] == last]
    first = won["first_number"]
    before = won[(first < last) & (first >= last - MONTHS_PER_YEAR) & (first != opening_month(won))]
    difference = mean_difference(now["spend_0"].to_numpy(), before["spend_0"].to_numpy())
    return now, difference, before["first_number"].nunique()
