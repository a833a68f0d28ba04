"""What customers won bring by age, as the page shows it: the grid, its intervals, and whether this cohort differs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from crmlib.reporting import estimate, figure, folded, gate, insufficient, label, largest_part, note, people, show_all
from crmlib.reporting.figures import heatmap
from crmlib.reporting.ticks import tick
from crmlib.segmentation.cohorts.retention import grid_of, hatched
from crmlib.segmentation.wording import Words, source_of
from crmlib.stats.skewed import ENOUGH_CUSTOMERS
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.reporting import Shown
    from crmlib.segmentation.cohorts.worth import LatestCohort
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

SHOWN_COHORTS: Final = 13
WITH_INTERVAL: Final = (3, 12)  # ages whose intervals the folded table gives


def show_worth(found: Study, run: Run) -> Shown:
    """Show what a customer won brings by age, in revenue and, where costs are known, in margin."""
    cells = found.cohort_worth
    run.write("cohort_worth", cells, by=["cohort", "age"])
    if not ((cells["age"] > 0) & (cells["customers"] >= run.fewest)).any():
        return _too_few(_("{n:count} customers won in one month, at least a month ago"), run)
    latest = cells[cells["cohort"].isin(sorted(cells["cohort"].unique())[-SHOWN_COHORTS:])]
    kinds = [kind for kind in ("spend", "margin") if cells[kind].notna().any()]
    gated = gate(
        latest[["cohort", "age", "partial", "customers", *kinds, "largest"]], run,
        label("cohort"), label("age"), label("partial"),
        *(estimate(kind, kind="money", of="customers", largest="largest") for kind in kinds),
    ).worded("cohort", lambda day: run.say("{day:month}", day=day))  # fmt: skip
    if gated.frame.loc[gated.frame["age"] > 0, kinds].isna().all(axis=None):
        needed = _(
            "{n:count} customers won in one of the last {months:count} months, of whom no one brings more than half"
        )
        return _too_few(needed, run)
    size = (8.8 if len(kinds) > 1 else 7.2, 1.4 + 0.27 * latest["cohort"].nunique())
    draw = partial(_draw, kinds=kinds, currency=run.params.currency)
    words = _words(cells, found.worth_by_age, kinds, run)
    picture = figure(draw, gated, **words, panels=(1, len(kinds)), size=size)
    said = [latest_differs(found.latest_cohort, run)]
    if "margin" not in kinds:
        said.append(_("Fewer than 95 % of the revenue says its cost: no margin is shown."))
    return show_all(picture, note(*said), folded(_("With intervals"), _with_intervals(cells, kinds, run)))


def _too_few(needed: str, run: Run) -> Shown:
    needed = run.say(needed, n=run.fewest, months=SHOWN_COHORTS)
    return insufficient(needed=needed, found=_("none"), therefore=_("What customers won bring is not shown."))


def _draw(axes: Any, frame: pd.DataFrame, kinds: list[str], currency: str) -> None:
    titles = {"spend": _("Revenue each, {currency}"), "margin": _("Margin each, {currency}")}
    partial_cells = grid_of(frame, "partial")
    for panel, kind in zip(np.atleast_1d(axes), kinds, strict=True):
        grid = grid_of(frame, kind)
        unit = titles[kind].format(currency=currency) + " · " + _("by months after the first")
        cut = partial_cells.reindex(columns=grid.columns).eq(other=True).astype(bool)
        heatmap(panel, grid, unit=unit, partial=cut, written=lambda money: tick(round(money), "count"))
        if kind != kinds[0]:
            panel.set_yticks([])


def _words(cells: pd.DataFrame, means: pd.DataFrame, kinds: list[str], run: Run) -> Words:
    gated = gate(means, run, label("age"), estimate("spend", kind="money", of="customers", largest="largest"))
    known = gated.frame.dropna(subset=["spend"])
    said = [_at(row.age, _each(row.spend, run), run) for row in known.itertuples()]
    ranges = [
        _at(row.age, _("{low} to {high}").format(low=_each(row.spend_low, run), high=_each(row.spend_high, run)), run)
        for row in known.dropna().itertuples()
    ]
    title = _("What a customer won brings in a whole month cannot be said yet")
    if said:
        title = run.say(_("A customer won has brought {said:list}"), said=said)
    read = _(
        "A row is the customers won in one month; to the right what one of them has brought by the end of so many "
        "months after it, revenue before returns. Blank cells have not happened yet."
    )
    if "margin" in kinds:
        read += " " + _("Margin is revenue less the cost of the goods.")
    limits = [_("95 % intervals: {said}.").format(said=", ".join(ranges))] if ranges else []
    alt = _("Grid of {n:count} cohorts by months since the first purchase. {title}.")
    return {
        "title": title,
        "alt": run.say(alt, n=cells["cohort"].nunique(), title=title),
        "read": read,
        "limits": " ".join([*limits, _limits(cells)]),
        "source": source_of(run, int(cells.loc[cells["age"] == 0, "customers"].sum()), "customers"),
    }


def _limits(cells: pd.DataFrame) -> str:
    opening = _(
        "The cohort of the month in which the data begin also holds customers from before and does not count in these."
    )
    if len(set(cells["cohort"])) == 1 and not cells["opening"].any():
        opening = _("These customers were won in the month in which the data begin: some of them had bought before.")
    return hatched(_("Means are moved by a few large buyers.") + " " + opening, cells)


def _at(age: int, money: str, run: Run) -> str:
    if age == 0:
        return _("{money} by the end of the first month").format(money=money)
    return run.say(_("{money} after {n:count} more months"), money=money, n=age)


def _each(money: float, run: Run) -> str:
    """Write money a customer, without small change from a hundred on."""
    return run.say("{money:money0}" if abs(money) >= 99.5 else "{money:money2}", money=money)


def _with_intervals(cells: pd.DataFrame, kinds: list[str], run: Run) -> Shown:
    whole = cells[~cells["partial"]]
    frame = whole[whole["age"] == 0].set_index("cohort")[["customers"]]
    decimals = 0 if cells["spend"].max() >= 100 else 2
    headings = {"spend": _("Revenue each, {n:count} months"), "margin": _("Margin each, {n:count} months")}
    columns = []
    for age in (age for age in WITH_INTERVAL if (whole["age"] == age).any()):
        ends = [f"{kind}{end}" for kind in kinds for end in ("", "_low", "_high")]
        part = whole[whole["age"] == age].set_index("cohort")[[*ends, "largest"]]
        frame = frame.join(part.add_suffix(f"_{age}"))
        columns += [
            estimate(
                f"{kind}_{age}", run.say(headings[kind], n=age), "money", of="customers", largest=f"largest_{age}",
                low=f"{kind}_low_{age}", high=f"{kind}_high_{age}", decimals=decimals, missing=_("not yet"),
            )
            for kind in kinds
        ]  # fmt: skip
    gated = gate(
        frame.sort_index(ascending=False).reset_index(), run, label("cohort", _("Won in"), "month"),
        people("customers", _("Customers won")), *columns,
    )  # fmt: skip
    few = frame["customers"].between(run.fewest, ENOUGH_CUSTOMERS - 1).any()
    words = _("Months with fewer than {n:count} customers won have no interval.")
    said = run.say(words, n=ENOUGH_CUSTOMERS) if few else ""
    return gated.table(_("What a customer won has brought, by month won"), note=said)


def latest_differs(latest: LatestCohort, run: Run) -> str:
    """Say whether the latest whole cohort brought more or less in its month than those of the months before it."""
    difference = latest.difference
    mean = pd.DataFrame({"customers": [len(latest.spend)], "spend": [latest.spend.mean()]})
    gated = gate(
        mean.assign(largest=largest_part(latest.spend)), run,
        estimate("spend", kind="money", of="customers", largest="largest"),
    )  # fmt: skip
    if gated.frame["spend"].isna().all() or not difference.has_interval:
        return _("Too few customers were won in the last whole month, or in the months before it, to compare them.")
    if not difference.excludes(0):
        verdict = _("no difference to the {n:count} months before is shown")
    elif difference.value > 0:
        verdict = _("{money:money} more than in the {n:count} months before")
    else:
        verdict = _("{money:money} less than in the {n:count} months before")
    words = _(
        "The {people:people} customers won in the last whole month brought {each:money} each in it: {verdict} "
        "({difference:money:interval})."
    )
    return run.say(
        words, people=len(latest.spend), each=gated.frame["spend"].item(), difference=difference,
        verdict=run.say(verdict, money=abs(difference.value), n=latest.months),
    )  # fmt: skip
