"""The months of a history: one row a customer and month in the engine, and the calendar that says what is partial."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd

from crmlib.features import known_purchases
from crmlib.months import last_month, month_number, month_start, number_of

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

_LATE_START = 3
"""A history whose first order is later in its month than this day began in mid-month."""


def calendar(first_day: date, as_of: date) -> pd.DataFrame:
    """List every month from the first order to the end of what may be seen, and say which are partial.

    ``number, month`` (its first day), ``partial`` (the last month where ``as_of`` cuts it, and the first one where
    orders begin after its third day) and ``days``, as many as are seen of it.
    """
    numbers = np.arange(number_of(first_day), last_month(as_of) + 1)
    starts, ends = month_start(numbers), month_start(numbers + 1)
    whole = ends - starts
    if len(numbers):
        ends.iloc[-1] = min(ends.iloc[-1], pd.Timestamp(as_of))
        if first_day.day > _LATE_START:
            starts.iloc[0] = pd.Timestamp(first_day)
    seen = ends - starts
    return pd.DataFrame({
        "number": numbers, "month": month_start(numbers), "partial": seen < whole, "days": seen.dt.days,
    })  # fmt: skip


def customer_months(transactions: Table, as_of: date) -> Table:
    """Describe what each customer bought in each month it bought anything (Ibis in, Ibis out).

    ``customer_id, number`` (the month), ``orders, units, spend`` (gross), ``first_number`` (month of the first
    purchase) and ``previous_number`` (last earlier month with a purchase; empty in the first).
    """
    bought = known_purchases(transactions, as_of)
    months = bought.group_by(["customer_id", month_number(bought.ordered_at).name("number")]).agg(
        orders=bought.order_id.nunique(),
        units=bought.quantity.sum().cast("decimal(38, 4)"),
        spend=bought.amount.sum().cast("decimal(38, 4)"),
    )
    own = ibis.window(group_by=months.customer_id)
    in_order = ibis.window(group_by=months.customer_id, order_by=months.number)
    return months.mutate(
        first_number=months.number.min().over(own),
        previous_number=months.number.lag(1).over(in_order),
    )
