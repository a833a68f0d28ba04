"""What order lines tell of prices: units and price of an article by week, and whether larger orders pay less."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import ibis
import numpy as np
import pandas as pd

from crmlib.features import before, purchases

ALL_ARTICLES: Final = ""  # the category of everything where there are no categories
LEAST_CORRELATION: Final = 0.1
"""Correlation of an order line's price with its units, less than nothing, that is worth a word."""

SURELY: Final = 3.0  # standard errors of a correlation that must lie between it and nothing


def weekly_prices(transactions: ibis.Table, as_of: date, products: ibis.Table | None = None) -> pd.DataFrame:
    """Sum up each article's week: what was sold and what was paid for one; anonymous sales count.

    The price is the mean over lines, not money over units, which would put the error of the units on both sides. One
    row an article and week, sorted: ``category`` (:data:`ALL_ARTICLES` without products), ``product_id, week`` (its
    Monday), ``units, price, lines``.
    """
    lines = purchases(before(transactions, as_of))
    lines = lines.filter(lines.product_id.notnull() & (lines.quantity > 0))
    lines = lines.select("product_id", "quantity", week=lines.ordered_at.truncate("W").date(), one=paid_for_one(lines))
    summed = lines.group_by(["product_id", "week"]).agg(
        units=lines.quantity.sum().cast("float64"), paid=lines.one.sum().cast("float64"), lines=lines.count()
    )
    if products is None:
        summed = summed.mutate(category=ibis.literal(ALL_ARTICLES))
    else:
        named = products.select("product_id", "category")
        summed = summed.join(named, "product_id").filter(lambda t: t.category.notnull())
    frame: pd.DataFrame = summed.to_pandas()
    frame = frame.assign(price=frame["paid"] / frame["lines"]).drop(columns="paid")
    ordered = frame[["category", "product_id", "week", "units", "price", "lines"]]
    return ordered.sort_values(["category", "product_id", "week"], ignore_index=True)


def paid_for_one(lines: ibis.Table) -> ibis.Value:
    """Give what one unit cost, to four decimals, so that sums do not depend on their order."""
    return (lines.amount / lines.quantity).cast("decimal(18, 4)")


@dataclass(frozen=True, slots=True)
class OrderSize:
    """How the price of one goes with the units of an order line, on the same day and for the same article.

    ``correlation`` of the logarithms of price and units over so many ``lines``; ``saved``, the share by which one costs
    less on a line of twice the units.
    """

    lines: int
    correlation: float
    saved: float

    @property
    def matters(self) -> bool:
        """Say whether larger lines pay less for one, by more than chance and enough to mind."""
        return bool(self.lines > 0 and self.correlation < -max(LEAST_CORRELATION, SURELY / np.sqrt(self.lines)))


def order_size(transactions: ibis.Table, as_of: date) -> OrderSize:
    """Compare order lines of the same article and day, to see whether who buys more pays less for one.

    Not within a week: an offer may begin or end in it, and more is bought at it.
    """
    lines = purchases(before(transactions, as_of))
    lines = lines.select("product_id", "quantity", day=lines.ordered_at.date(), one=paid_for_one(lines))
    lines = lines.filter(lines.product_id.notnull() & (lines.quantity > 0) & (lines.one > 0))
    lines = lines.mutate(price=lines.one.cast("float64").ln(), units=lines.quantity.cast("float64").ln())
    days = lines.group_by(["product_id", "day"]).agg(
        n=lines.count(), price=lines.price.sum(), units=lines.units.sum(), of_price=(lines.price**2).sum(),
        of_units=(lines.units**2).sum(), of_both=(lines.price * lines.units).sum(),
    )  # fmt: skip
    days = days.filter(days.n > 1)
    sums = days.agg(
        n=days.n.sum(), of_price=(days.of_price - days.price**2 / days.n).sum(),
        of_units=(days.of_units - days.units**2 / days.n).sum(),
        of_both=(days.of_both - days.price * days.units / days.n).sum(),
    ).to_pandas().fillna(0).iloc[0]  # fmt: skip
    if min(sums["of_price"], sums["of_units"]) <= 1e-9:
        return OrderSize(0, float("nan"), float("nan"))
    correlation = sums["of_both"] / np.sqrt(sums["of_price"] * sums["of_units"])
    saved = 1 - 2 ** (sums["of_both"] / sums["of_units"])
    # the engine adds up in any order
    return OrderSize(int(sums["n"]), round(float(correlation), 6), round(float(saved), 6))
