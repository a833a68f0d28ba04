"""What a customer won brings by age: revenue and margin, one row a customer in the engine, means with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.features import known_purchases
from crmlib.months import MONTHS_PER_YEAR, last_month, month_number, month_start
from crmlib.orders import as_orders
from crmlib.reporting import largest_part
from crmlib.stats.skewed import mean_difference, mean_limits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ibis import Table

    from crmlib.stats import Estimate

AGES: Final = (0, 1, 2, 3, 6, 9, 12, 18, 24)
"""Months after the month of the first purchase that the value of customers won is shown at."""

ENOUGH_COSTS: Final = 0.95  # share of revenue whose cost must be known before a margin is said


def customers_won(transactions: Table, as_of: date, products: Table | None = None) -> pd.DataFrame:
    """Sum what each customer won has brought by each age, sorted by customer.

    ``customer_id, first_number`` (month of the first purchase), ``spend_<age>`` (gross revenue up to that many months
    after it), ``margin_<age>`` (the same less the cost of the goods, by the table of products where lines do not say
    it) and ``spend, costed`` (all revenue, and that whose cost is known).
    """
    orders = known_purchases(as_orders(transactions, products), as_of)
    orders = orders.mutate(number=month_number(orders.ordered_at), gain=orders.costed - orders.cost)
    age = orders.number - month_number(orders.first_at)
    sums = {
        f"{name}_{until}": orders[column].sum(where=age <= until).cast("float64")
        for name, column in {"spend": "amount", "margin": "gain"}.items()
        for until in AGES
    }
    found = orders.group_by("customer_id").agg(
        first_number=orders.number.min(), spend=orders.amount.sum().cast("float64"),
        costed=orders.costed.sum().cast("float64"), **sums,
    )  # fmt: skip
    won: pd.DataFrame = found.to_pandas().sort_values("customer_id", ignore_index=True)
    return won.fillna(dict.fromkeys([*sums, "costed"], 0.0)).astype({"first_number": "int64"})


def margin_scale(won: pd.DataFrame) -> float:
    """Give what the known margin is raised by to stand for all revenue; NaN where too few costs are known."""
    total, costed = float(won["spend"].sum()), float(won["costed"].sum())
    return total / costed if total > 0 and costed / total >= ENOUGH_COSTS else float("nan")


def cohort_worth(won: pd.DataFrame, as_of: date, ages: Sequence[int] = AGES, months: int = 24) -> pd.DataFrame:
    """Say what a customer won in each of the latest months had brought by each age that has begun, with intervals.

    ``cohort`` (first day of the month), ``age, customers, spend, spend_low, spend_high`` (revenue a customer won),
    ``margin, margin_low, margin_high`` (missing where too few costs are known), ``largest`` (the biggest customer's
    part of the revenue), ``partial`` (``as_of`` cuts the month of that age off), ``opening`` (the cohort of the month
    in which the data begin: it also holds customers from before).
    """
    last = last_month(as_of)
    scale = margin_scale(won)
    rows = []
    for number, part in won[won["first_number"] > last - months].groupby("first_number"):
        reached = [age for age in ages if int(number) + age <= last]
        columns = [f"{kind}_{age}" for kind in ("spend", "margin") for age in reached]
        values = part[columns].to_numpy("float64")
        low, high = mean_limits(values)
        means = values.mean(axis=0)
        for place, age in enumerate(reached):
            other = place + len(reached)
            rows.append((
                int(number), age, len(part), means[place], low[place], high[place],
                means[other] * scale, low[other] * scale, high[other] * scale,
                largest_part(values[:, place]),
                int(number) + age == last and as_of.day != 1,
            ))  # fmt: skip
    names = ["first_number", "age", "customers", "spend", "spend_low", "spend_high", "margin", "margin_low",
             "margin_high", "largest", "partial"]  # fmt: skip
    cells = pd.DataFrame(rows, columns=names)
    cells.insert(0, "cohort", month_start(cells["first_number"]) if len(cells) else pd.Series(dtype="datetime64[us]"))
    return cells.assign(opening=cells["first_number"] == opening_month(won)).drop(columns="first_number")


def opening_month(won: pd.DataFrame) -> int | None:
    """Give the number of the month in which the data begin, where later ones won customers too: nothing else."""
    first, last = won["first_number"].min(), won["first_number"].max()
    return int(first) if first < last else None


def worth_by_age(won: pd.DataFrame, as_of: date, ages: Sequence[int], months: int = 24) -> pd.DataFrame:
    """Estimate what a customer won has brought by some ages, over the cohorts whose month of that age is whole.

    The opening cohort is left out. One row an age that somebody has reached: ``age, customers, spend, spend_low,
    spend_high, largest``.
    """
    whole = last_month(as_of) - (as_of.day != 1)
    first = won["first_number"]
    rows = []
    for age in ages:
        among = (first + age <= whole) & (first > last_month(as_of) - months) & (first != opening_month(won))
        values = won.loc[among, [f"spend_{age}"]].to_numpy("float64")
        if len(values):
            low, high = mean_limits(values)
            rows.append((age, len(values), float(values.mean()), float(low[0]), float(high[0]), largest_part(values)))
    return pd.DataFrame(rows, columns=["age", "customers", "spend", "spend_low", "spend_high", "largest"])


@dataclass(frozen=True, slots=True)
class LatestCohort:
    """What the customers won in the last whole month spent in it, and its difference to the months before.

    These are a year, or as many as are known, the month in which the data begin left out.
    """

    spend: pd.Series
    difference: Estimate
    months: int


def latest_cohort(won: pd.DataFrame, as_of: date) -> LatestCohort:
    """Compare what the latest whole cohort brought in its month with the year before, or as much as is known of it."""
    last = last_month(as_of) - (as_of.day != 1)
    first = won["first_number"]
    now = won.loc[first == last, "spend_0"]
    before = won[(first < last) & (first >= last - MONTHS_PER_YEAR) & (first != opening_month(won))]
    difference = mean_difference(now.to_numpy(), before["spend_0"].to_numpy())
    return LatestCohort(now, difference, before["first_number"].nunique())
