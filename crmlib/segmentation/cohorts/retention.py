"""Cohorts: of the customers won in a week, month or quarter, how many buy again in each later one.

A cell whose period has not been observed is unknown, not 0 %; one cut off by the end of the data is partial.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import known_purchases
from crmlib.reporting import figure, folded, gate, insufficient, label, people, rate, show_all
from crmlib.reporting.figures import heatmap
from crmlib.segmentation.cohorts.periods import MONTH, PERIODS
from crmlib.segmentation.wording import Words, source_of
from crmlib.stats.intervals import proportion, proportions
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table
    from matplotlib.axes import Axes

    from crmlib.reporting import Shown
    from crmlib.segmentation.cohorts.periods import Period
    from crmlib.segmentation.study import Study
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

WITH_INTERVAL: Final = (1, 3, 6, 12)  # ages whose intervals the folded table gives
SAID: Final = (1, 6)  # ages that the title speaks of


def cohort_retention(transactions: Table, as_of: date, cohorts: int = 24, by: str = "month") -> pd.DataFrame:
    """Follow the customers won in each of the latest weeks, months or quarters through those after it.

    One row a cohort and an age that has been observed: ``cohort`` (first day of the period of the first purchase),
    ``age`` (periods after it), ``month`` (first day of that period), ``size`` (customers won), ``active`` (of them,
    bought in it), ``spend`` (their gross money in it), ``retention, low, high`` (share active, Wilson 95 %),
    ``spend_each`` (cumulative spend a customer won), ``partial`` (the period is cut off), ``opening`` (the cohort of
    the period in which the data begin: it also holds customers from before).
    """
    period = PERIODS[by]
    lines = known_purchases(transactions, as_of)
    own = lines.group_by(["customer_id", period.number(lines.ordered_at).name("number")]).agg(spend=lines.amount.sum())
    own = own.mutate(first_number=own.number.min().over(ibis.window(group_by=own.customer_id)))
    cells = own.group_by(["first_number", "number"]).agg(active=own.count(), spend=own.spend.sum().cast("float64"))
    counted = cells.to_pandas().astype({"first_number": "int64", "number": "int64", "active": "int64"})
    first, last = counted["first_number"], period.last(as_of)
    latest = sorted(first[first > last - cohorts].unique())
    observed = [(cohort, number) for cohort in latest for number in range(cohort, last + 1)]
    grid = pd.DataFrame(observed, columns=["first_number", "number"], dtype="int64")
    cells = _with_rates(grid, counted, as_of, period)
    return cells.assign(opening=cells["cohort"].isin(period.start(first.nsmallest(1))))


def _with_rates(grid: pd.DataFrame, counted: pd.DataFrame, as_of: date, period: Period) -> pd.DataFrame:
    cells = grid.merge(counted, on=["first_number", "number"], how="left")
    cells = cells.fillna({"active": 0, "spend": 0.0}).astype({"active": "int64", "spend": "float64"})
    age = cells["number"] - cells["first_number"]
    size = cells["active"].where(age == 0).groupby(cells["first_number"]).transform("max").fillna(0).astype("int64")
    rates = proportions(cells["active"].to_numpy(), size.to_numpy())
    return pd.DataFrame({
        "cohort": period.start(cells["first_number"]), "age": age, "month": period.start(cells["number"]),
        "size": size, "active": cells["active"], "spend": cells["spend"],
        "retention": rates["value"], "low": rates["low"], "high": rates["high"],
        "spend_each": cells.groupby("first_number")["spend"].cumsum() / size,
        "partial": (cells["number"] == period.last(as_of)) & period.is_cut(as_of),
    })  # fmt: skip


def show_cohorts(found: Study, run: Run) -> Shown:
    """Show how many of the customers won in each week, month or quarter buy again in later ones."""
    period = _period(run)
    cells = found.cohorts[found.cohorts["size"] >= run.fewest]
    if not (cells["age"] > 0).any():
        return _too_few(
            _("{n:count} customers won in one {period}, at least a {period} before the end of the data"), run
        )
    gated = gate(
        cells[["cohort", "age", "partial", "size", "active"]], run, label("cohort"), label("age"), label("partial"),
        people("size"), people("active"), rate("retention", per=("active", "size"), interval=False),
    ).rows(lambda frame: frame["age"] > 0)  # fmt: skip
    if gated.frame["retention"].isna().all():
        return _too_few(
            _("{n:count} customers won in one {period} who buy again in one and the same later {period}"), run
        )
    named = gated.worded("cohort", lambda day: period.named(day, run))
    picture = figure(
        partial(_draw, period=period), named, **_words(cells, run), size=(7.2, 1.1 + 0.16 * cells["cohort"].nunique())
    )
    return show_all(picture, folded(_("With intervals"), _with_intervals(cells, run)))


def grid_of(frame: pd.DataFrame, values: str) -> pd.DataFrame:
    """Lay a column out by cohort, in its order, and age."""
    order = list(dict.fromkeys(frame["cohort"]))
    return frame.pivot_table(index="cohort", columns="age", values=values, aggfunc="max", dropna=False).reindex(order)


def hatched(said: str, cells: pd.DataFrame, period: Period = MONTH) -> str:
    """Say what hatching means, where a cell is hatched."""
    words = _("A hatched cell is a partial {period}.").format(**period.words)
    return f"{said} {words}" if cells["partial"].any() else said


def _period(run: Run) -> Period:
    return PERIODS[run.params.segmentation.cohort_by]


def _too_few(needed: str, run: Run) -> Shown:
    needed = run.say(needed, n=run.fewest, **_period(run).words)
    return insufficient(needed=needed, found=_("none"), therefore=_("No cohorts are shown."))


def _draw(axes: Axes, frame: pd.DataFrame, period: Period) -> None:
    grid = grid_of(frame, "retention").dropna(how="all")
    cut = grid_of(frame, "partial").loc[grid.index].eq(other=True).astype(bool)
    unit = _("Bought in the {period}, % of those won · by {periods} since the first purchase").format(**period.words)
    heatmap(axes, grid, unit=unit, partial=cut)


def _words(cells: pd.DataFrame, run: Run) -> Words:
    later_ones = (~cells["opening"] & (cells["age"] > 0)).any()
    won = cells[~cells["opening"]] if later_ones else cells
    observed = {age: rate_of for age in SAID if (rate_of := _active(won, age)).is_known}
    rates = {age: share for age, share in observed.items() if not run.too_few(round(share.value * share.n))}
    title = _title(rates, run, observed=1 in observed)
    period = _period(run)
    alt = _(
        "Grid of {n:count} cohorts by {periods} since the first purchase; cells give the share of customers won who "
        "bought in that {period}. {title}."
    )
    read = _(
        "A row is the customers won in one {period}; read to the right how many of them bought in each later {period}. "
        "Blank cells have not happened yet or hold too few customers to show; cells come from rounded numbers."
    )
    return {
        "title": title,
        "alt": run.say(alt, n=cells["cohort"].nunique(), title=title, **period.words),
        "read": run.say(read, **period.words),
        "limits": _limits(cells, rates, run, later_ones=later_ones),
        "source": source_of(run, int(cells.loc[cells["age"] == 0, "size"].sum()), "customers"),
    }


def _limits(cells: pd.DataFrame, rates: dict[int, Estimate], run: Run, *, later_ones: bool) -> str:
    """Say the rates with their intervals, what is odd about the first cohort where it is shown, and what is hatched."""
    period = _period(run)
    words = _("{rate:share} of those won buy in {period} {age:count}")
    said = [run.say(words, rate=share, age=age, **period.words) for age, share in rates.items()]
    opening = _("these customers were won in the {period} in which the data begin: some of them had bought before")
    if later_ones:
        opening = _(
            "the cohort of the {period} in which the data begin also holds customers from before and does not count in "
            "these"
        )
    if cells["opening"].any():
        said.append(run.say(opening, **period.words))
    return hatched(f"{'; '.join(said)}." if said else "", cells, period)


def _title(rates: dict[int, Estimate], run: Run, *, observed: bool) -> str:
    period = _period(run).words
    if not observed:
        return run.say(_("How many of the customers won buy again in the {period} after cannot be said yet"), **period)
    if 1 not in rates:
        words = _("Fewer than {n:count} of the customers won buy again in the {period} after")
        return run.say(words, n=run.fewest, **period)
    words = _("Of customers won, {first:part:point} buy again in the {period} after")
    if 6 in rates:
        words += _(", {sixth:part:point} in the sixth")
    return run.say(words, first=rates[1], sixth=rates.get(6), **period)


def _active(cells: pd.DataFrame, age: int) -> Estimate:
    at = cells[(cells["age"] == age) & ~cells["partial"]]
    return proportion(int(at["active"].sum()), int(at["size"].sum()))


def _with_intervals(cells: pd.DataFrame, run: Run) -> Shown:
    whole = cells[~cells["partial"]]
    ages = [age for age in WITH_INTERVAL if (whole["age"] == age).any()]
    active = whole.pivot_table(index="cohort", columns="age", values="active").reindex(columns=ages)
    frame = whole[whole["age"] == 0].set_index("cohort")[["size"]].join(active.add_prefix("active_"))
    period = _period(run)
    heading = _("Bought in {period} {age:count}")
    columns = [
        column
        for age in ages
        for column in (
            people(f"active_{age}"),
            rate(f"at_{age}", run.say(heading, age=age, **period.words), per=(f"active_{age}", "size"), decimals=0,
                 missing=_("not yet")),
        )
    ]  # fmt: skip
    gated = gate(
        frame.sort_index(ascending=False).reset_index(), run, label("cohort", _("Won in")),
        people("size", _("Customers won")), *columns,
    )  # fmt: skip
    caption = run.say(_("Of the customers won in each {period}, who bought again later"), **period.words)
    return gated.worded("cohort", lambda day: period.named(day, run)).table(caption)
