"""The business by month: the calendar, customers by month, and money, orders and people with what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd

from crmlib.features import before, known_purchases, purchases, units_in
from crmlib.months import last_month, month_number, month_start, number_of
from crmlib.orders import as_orders, count_orders
from crmlib.segmentation.business.rates import CENTS, SQUARES, square_sums, with_rates

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

    from crmlib.workspace import Run


def monthly_figures(transactions: Table, as_of: date) -> pd.DataFrame:
    """Tell how the business went, month by month, of the orders (or their lines) before ``as_of``.

    One row a month without gaps, oldest first: ``month, partial, days`` (those seen of it); money ``gross`` (products
    bought), ``returned`` (taken back, positive), ``net``, ``identified`` (gross of known customers); ``orders, units,
    buyers`` (customers and anonymous orders); people ``active`` (known customers who bought), ``new``, ``returning``,
    ``reactivated`` (returning after at least a month without), ``before`` (bought in the month before), ``again`` (of
    those, in this one too); and every figure that is one of these over another (`with_rates`).
    """
    seen = before(as_orders(transactions), as_of)
    seen = seen.mutate(number=month_number(seen.ordered_at))
    bought, back = purchases(seen), seen.filter(seen.returned_lines > 0)
    first_day = bought.ordered_at.min().execute()
    if pd.isna(first_day):
        return with_rates(_empty())
    months = calendar(first_day.date(), as_of)
    returned = back.group_by("number").agg(returned=back.returned.sum().cast("float64"))
    for part in (_money(bought), returned, _spread(bought), _people(seen, as_of)):
        months = months.merge(part.to_pandas(), on="number", how="left")
    units = months["units"].where(months["orders"].notna(), 0.0)
    filled = months.drop(columns=["month", "partial"]).fillna(0).assign(units=units).astype("float64")
    filled["before"] = filled["active"].shift(fill_value=0)
    counted = dict.fromkeys(["number", "days", "orders", "active", "new", "again", "before"], "int64")
    return with_rates(months[["month", "partial"]].join(filled).astype(counted))


def earlier_figures(months: pd.DataFrame, transactions: Table, run: Run) -> pd.DataFrame:
    """Give the monthly figures as of the last period's end: those of today without the last month, where it is whole.

    A month's figures hang on nothing after it, so that only a period cut in mid-month needs another look at the orders.
    """
    if run.as_of.day == 1:
        return months.iloc[:-1]
    return monthly_figures(transactions, run.previous_as_of)


def _money(bought: Table) -> Table:
    return bought.group_by("number").agg(
        gross=bought.amount.sum().cast("float64"),
        identified=bought.amount.sum(where=bought.customer_id.notnull()).cast("float64"),
        orders=count_orders(bought),
        # unknown where a line does not say how many
        units=(bought.lines_without_units.sum() > 0).ifelse(ibis.null("float64"), bought.units.sum().cast("float64")),
    )


def _spread(bought: Table) -> Table:
    """Sum the squares and products that the intervals of averages need, over customers and anonymous orders."""
    buyer = bought.customer_id.fill_null(bought.order_id)
    drawn = bought.group_by(["number", buyer.name("buyer")]).agg(
        s=bought.amount.sum().round(2).cast(CENTS),
        u=bought.units.sum().round(2).cast(CENTS),
        o=count_orders(bought).cast("int64"),
    )
    return drawn.group_by("number").agg(**square_sums(drawn))


def _people(transactions: Table, as_of: date) -> Table:
    months = customer_months(transactions, as_of)
    new = (months.number == months.first_number).cast("int64")
    again = (months.previous_number == months.number - 1).fill_null(False).cast("int64")  # noqa: FBT003
    return months.group_by("number").agg(active=months.count(), new=new.sum(), again=again.sum())


def _empty() -> pd.DataFrame:
    sums = ["days", "gross", "returned", "identified", "orders", "units", "active", "new", "again", "before", "buyers"]
    frame = pd.DataFrame(columns=[*sums, *SQUARES], dtype="float64")
    return frame.assign(month=pd.Series(dtype="datetime64[us]"), partial=pd.Series(dtype=bool))


_LATE_START = 3  # a history whose first order is later in its month than this day began in mid-month


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
        orders=count_orders(bought),
        units=bought[units_in(bought)].sum().cast("decimal(38, 4)"),
        spend=bought.amount.sum().cast("decimal(38, 4)"),
    )
    own = ibis.window(group_by=months.customer_id)
    in_order = ibis.window(group_by=months.customer_id, order_by=months.number)
    return months.mutate(
        first_number=months.number.min().over(own), previous_number=months.number.lag(1).over(in_order)
    )
