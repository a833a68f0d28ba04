"""Weeks of articles: units sold and the price paid, summed up in the engine."""

from datetime import date
from typing import Final

import ibis
import pandas as pd

from crmlib.features import before, purchases

ALL_ARTICLES: Final = ""
"""The category of everything where there are no categories."""


def weekly_prices(transactions: ibis.Table, as_of: date, products: ibis.Table | None = None) -> pd.DataFrame:
    """Sum up each article's week: what was sold and what was paid for one.

    Anonymous sales count. The price is the mean over lines of what one unit cost, not money over units: that would put
    the error of the units on both sides, and a few large lines at a quantity price would move it.

    One row an article and week, sorted: ``category`` (:data:`ALL_ARTICLES` without products), ``product_id, week`` (its
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
