"""Cohorts: of the customers won in a month, how many buy again in each later month, and what they bring.

A cell whose month has not been observed is unknown, not 0 %; a month cut off by the end of the data is partial.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ibis
import pandas as pd

from crmlib.features import known_purchases
from crmlib.months import last_month, month_number, month_start
from crmlib.reporting import figure, folded, gate, insufficient, label, people, rate, show_all
from crmlib.reporting.figures import heatmap
from crmlib.segmentation.wording import Words, source_of
from crmlib.stats.intervals import proportion, proportions
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

    from crmlib.reporting import Shown
    from crmlib.segmentation.study import Study
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

WITH_INTERVAL: Final = (1, 3, 6, 12)
"""Ages in months whose intervals the folded table gives."""
SAID: Final = (1, 6)
"""Ages that the title speaks of."""


def cohort_retention(transactions: Table, as_of: date, months: int = 24) -> pd.DataFrame:
    """Follow the customers won in each of the latest months through the months after it.

    One row a cohort and month of age that has been observed: ``cohort`` (first day of the month of the first purchase),
    ``age`` (months after it), ``month, size`` (customers won), ``active`` (of them, bought in that month), ``spend``
    (their gross money in it), ``retention, low, high`` (share active, Wilson 95 %), ``spend_each`` (cumulative spend a
    customer won), ``partial`` (the month is cut off), ``opening`` (the cohort of the month in which the data begin: it
    also holds customers from before).
    """
    lines = known_purchases(transactions, as_of)
    own = lines.group_by(["customer_id", month_number(lines.ordered_at).name("number")]).agg(spend=lines.amount.sum())
    own = own.mutate(first_number=own.number.min().over(ibis.window(group_by=own.customer_id)))
    cells = own.group_by(["first_number", "number"]).agg(active=own.count(), spend=own.spend.sum().cast("float64"))
    counted = cells.to_pandas().astype({"first_number": "int64", "number": "int64", "active": "int64"})
    if counted.empty:
        return _with_rates(_grid(pd.Series(dtype="int64"), as_of), counted, as_of).assign(opening=False)
    first = counted["first_number"]
    grid = _grid(first[first > last_month(as_of) - months], as_of)
    cells = _with_rates(grid, counted, as_of)
    return cells.assign(opening=cells["cohort"] == month_start(pd.Series([first.min()])).iloc[0])


def _grid(cohorts: pd.Series, as_of: date) -> pd.DataFrame:
    """List every observed cell: each cohort with every month from its own to the last one seen."""
    last = last_month(as_of)
    pairs = [(cohort, number) for cohort in sorted(cohorts.unique()) for number in range(cohort, last + 1)]
    return pd.DataFrame(pairs, columns=["first_number", "number"], dtype="int64")


def _with_rates(grid: pd.DataFrame, counted: pd.DataFrame, as_of: date) -> pd.DataFrame:
    cells = grid.merge(counted, on=["first_number", "number"], how="left")
    cells = cells.fillna({"active": 0, "spend": 0.0}).astype({"active": "int64", "spend": "float64"})
    age = cells["number"] - cells["first_number"]
    size = cells["active"].where(age == 0).groupby(cells["first_number"]).transform("max").fillna(0).astype("int64")
    rates = proportions(cells["active"].to_numpy(), size.to_numpy())
    return pd.DataFrame(
        {
            "cohort": month_start(cells["first_number"]),
            "age": age,
            "month": month_start(cells["number"]),
            "size": size,
            "active": cells["active"],
            "spend": cells["spend"],
            "retention": rates["value"],
            "low": rates["low"],
            "high": rates["high"],
            "spend_each": cells.groupby("first_number")["spend"].cumsum() / size,
            "partial": (cells["number"] == last_month(as_of)) & (as_of.day != 1),
        }
    )


def show_cohorts(found: Study, run: Run) -> Shown:
    """Show how many of the customers won in each month buy again in later ones."""
    cells = found.cohorts[found.cohorts["size"] >= run.rules.threshold]
    if not (cells["age"] > 0).any():
        return _too_few(_("{n:count} customers won in one month, at least a month before the end of the data"), run)
    gated = gate(
        cells[["cohort", "age", "partial", "size", "active"]], run, label("cohort"), label("age"), label("partial"),
        people("size"), people("active"), rate("retention", per=("active", "size"), interval=False),
    ).rows(lambda frame: frame["age"] > 0)  # fmt: skip
    if gated.frame["retention"].isna().all():
        return _too_few(_("{n:count} customers won in one month who buy again in one and the same later month"), run)
    months = gated.worded("cohort", lambda day: run.say("{day:month}", day=day))
    picture = figure(_draw, months, **_words(cells, run), size=(7.2, 1.1 + 0.27 * cells["cohort"].nunique()))
    return show_all(picture, folded(_("With intervals"), _with_intervals(cells, run)))


def grid_of(frame: pd.DataFrame, values: str) -> pd.DataFrame:
    """Lay a column out by cohort, in its order, and age."""
    order = list(dict.fromkeys(frame["cohort"]))
    return frame.pivot_table(index="cohort", columns="age", values=values, aggfunc="max", dropna=False).reindex(order)


def hatched(said: str, cells: pd.DataFrame) -> str:
    """Say what hatching means, where a cell is hatched."""
    return f"{said} {_('A hatched cell is a partial month.')}" if cells["partial"].any() else said


def _too_few(needed: str, run: Run) -> Shown:
    needed = run.say(needed, n=run.rules.threshold)
    return insufficient(needed=needed, found=_("none"), therefore=_("No cohorts are shown."))


def _draw(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the cohorts: rows by month of the first purchase, columns by months since, unobserved cells blank."""
    grid = grid_of(frame, "retention").dropna(how="all")
    partial = grid_of(frame, "partial").loc[grid.index].eq(other=True).astype(bool)
    unit = _("Bought in the month, % of those won · by months since the first purchase")
    heatmap(axes, grid, unit=unit, partial=partial)


def _words(cells: pd.DataFrame, run: Run) -> Words:
    later_ones = (~cells["opening"] & (cells["age"] > 0)).any()
    won = cells[~cells["opening"]] if later_ones else cells
    observed = {age: rate_of for age in SAID if (rate_of := _active(won, age)).is_known}
    rates = {age: each for age, each in observed.items() if not run.rules.hides(round(each.value * each.n))}
    title = _title(rates, run, observed=1 in observed)
    words = _("{rate:share} of those won buy in month {age:count}")
    said = [run.say(words, rate=each, age=age) for age, each in rates.items()]
    alt = _(
        "Grid of {n:count} cohorts by months since the first purchase; cells give the share of customers won who "
        "bought in that month. {title}."
    )
    if later_ones:
        opening = _(
            "the cohort of the month in which the data begin also holds customers from before and does not count in "
            "these."
        )
    else:
        opening = _("these customers were won in the month in which the data begin: some of them had bought before.")
    return {
        "title": title,
        "alt": run.say(alt, n=cells["cohort"].nunique(), title=title),
        "read": _(
            "A row is the customers won in one month; read to the right how many of them bought in each later month. "
            "Blank cells have not happened yet or hold too few customers to show; cells come from rounded numbers."
        ),
        "limits": "; ".join([*said, hatched(opening, cells)]),
        "source": source_of(run, int(cells.loc[cells["age"] == 0, "size"].sum()), "customers"),
    }


def _title(rates: dict[int, Estimate], run: Run, *, observed: bool) -> str:
    if not observed:
        return _("How many of the customers won buy again in the month after cannot be said yet")
    if 1 not in rates:
        words = _("Fewer than {n:count} of the customers won buy again in the month after")
        return run.say(words, n=run.rules.threshold)
    words = _("Of customers won, {first:part:point} buy again in the month after")
    if 6 in rates:
        words += _(", {sixth:part:point} in the sixth")
    return run.say(words, first=rates[1], sixth=rates.get(6))


def _active(cells: pd.DataFrame, age: int) -> Estimate:
    """Estimate the share of customers won who buy in the month of an age, over all whole cells."""
    at = cells[(cells["age"] == age) & ~cells["partial"]]
    return proportion(int(at["active"].sum()), int(at["size"].sum()))


def _with_intervals(cells: pd.DataFrame, run: Run) -> Shown:
    """List the cohorts with their size and the share active at some ages, each with its interval."""
    whole = cells[~cells["partial"]]
    ages = [age for age in WITH_INTERVAL if (whole["age"] == age).any()]
    active = whole.pivot_table(index="cohort", columns="age", values="active").reindex(columns=ages)
    frame = whole[whole["age"] == 0].set_index("cohort")[["size"]].join(active.add_prefix("active_"))
    heading = _("Bought in month {age:count}")
    columns = [
        column
        for age in ages
        for column in (
            people(f"active_{age}"),
            rate(f"at_{age}", run.say(heading, age=age), per=(f"active_{age}", "size"), decimals=0,
                 missing=_("not yet")),
        )
    ]  # fmt: skip
    gated = gate(
        frame.sort_index(ascending=False).reset_index(), run, label("cohort", _("Won in"), "month"),
        people("size", _("Customers won")), *columns,
    )  # fmt: skip
    return gated.table(_("Of the customers won in each month, who bought again later"))
