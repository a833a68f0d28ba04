"""One row a customer as of a date, computed where the order lines are (Ibis in, Ibis out).

At row grain only counts, sums, minima and maxima are taken: they are exact and do not depend on the order in which
threads finish. Means are divided from them at the end.
"""

from datetime import date, timedelta
from typing import Any

import ibis

DAYS_PER_WEEK = 7


def before(table: Any, as_of: date, column: str = "ordered_at") -> Any:
    """Keep what a report may see: rows earlier than ``as_of``."""
    return table.filter(table[column] < ibis.timestamp(as_of.isoformat()))


def purchases(transactions: Any) -> Any:
    """Keep the lines that are purchases: products, not taken back, with an amount (``is_purchase``)."""
    if "is_purchase" in transactions.columns:
        return transactions.filter(transactions.is_purchase)
    return transactions.filter(
        transactions.is_product & ~transactions.is_return & (transactions.amount > ibis.literal(0))
    )


def customer_features(transactions: Any, as_of: date) -> Any:
    """Describe what each customer has bought before a date.

    Parameters
    ----------
    transactions
        The clean table; lines at or after ``as_of`` and anonymous sales are ignored.
    as_of
        Exclusive end of what may be seen.

    Returns
    -------
    ibis.Table
        One row for each customer with a purchase: ``customer_id, first_order_at, last_order_at, days_since_last,
        days_since_first`` (whole days to the last day seen), ``orders`` (distinct order numbers), ``purchase_days,
        lines, units, spend`` (gross), ``returned`` (money taken back for products, positive), ``net_spend,
        average_order_value, products, stores, channels``.

    Raises
    ------
    AttributeError
        If the table lacks a canonical column.
    """
    seen = before(transactions, as_of).filter(lambda t: t.customer_id.notnull())
    last_day = ibis.date((as_of - timedelta(days=1)).isoformat())
    bought = _bought(purchases(seen))
    returned = (
        seen.filter(lambda t: t.is_return & t.is_product)
        .group_by("customer_id")
        .agg(returned=lambda t: -t.amount.sum())
    )
    joined = bought.left_join(returned, "customer_id").drop("customer_id_right")
    return joined.mutate(
        days_since_last=last_day.delta(joined.last_order_at.date(), unit="day").cast("int64"),
        days_since_first=last_day.delta(joined.first_order_at.date(), unit="day").cast("int64"),
        returned=joined.returned.fill_null(0).cast("decimal(38, 4)"),
        net_spend=(joined.spend - joined.returned.fill_null(0)).cast("decimal(38, 4)"),
        average_order_value=joined.spend.cast("float64") / joined.orders,
    )


def _bought(lines: Any) -> Any:
    return lines.group_by("customer_id").agg(
        first_order_at=lines.ordered_at.min(),
        last_order_at=lines.ordered_at.max(),
        orders=lines.order_id.nunique(),
        purchase_days=lines.ordered_at.date().nunique(),
        lines=lines.count(),
        units=lines.quantity.sum().cast("decimal(38, 4)"),
        spend=lines.amount.sum().cast("decimal(38, 4)"),
        products=lines.product_id.nunique(),
        stores=lines.store_id.nunique(),
        channels=lines.channel.nunique(),
    )


def purchase_summary(transactions: Any, as_of: date, *, gaps: bool = False) -> Any:
    """Summarise each customer's purchase days for buy-till-you-die models.

    The twin of :func:`crmlib.btyd.customer_summary` in the engine: ``frequency`` (repeat purchase days), ``recency``
    (age at the last purchase), ``T`` (age on the last day seen) and ``monetary_value`` (mean of the repeat days'
    amounts, empty at frequency 0), in weeks of days / 7, purchases of one day merged. With ``gaps`` also ``log_gaps``,
    the sum of the logarithms of the weeks between purchase days, which tells how regular a customer is.
    """
    seen = purchases(before(transactions, as_of)).filter(lambda t: t.customer_id.notnull())
    days = seen.group_by(["customer_id", seen.ordered_at.date().name("day")]).agg(amount=seen.amount.sum())
    firsts = ibis.window(group_by=days.customer_id)
    marked = days.mutate(first_day=days.day.min().over(firsts))
    repeat = marked.day > marked.first_day
    whole = marked.group_by("customer_id").agg(
        first_day=marked.first_day.min(),
        last_day=marked.day.max(),
        frequency=marked.count() - 1,
        repeat_amount=marked.amount.sum(where=repeat),
    )
    observation_end = ibis.date((as_of - timedelta(days=1)).isoformat())
    log_gaps = {}
    if gaps:
        whole = whole.left_join(_log_gaps(days), "customer_id").drop("customer_id_right")
        log_gaps = {"log_gaps": whole.log_gaps.cast("float64").fill_null(0.0)}
    return whole.select(
        "customer_id",
        "frequency",
        recency=whole.last_day.delta(whole.first_day, unit="day").cast("float64") / DAYS_PER_WEEK,
        T=observation_end.delta(whole.first_day, unit="day").cast("float64") / DAYS_PER_WEEK,
        monetary_value=ibis.cases(
            (whole.frequency > 0, whole.repeat_amount.cast("float64") / whole.frequency), else_=None
        ).cast("float64"),
        **log_gaps,
    )


def _log_gaps(days: Any) -> Any:
    """Add up the logarithms of the weeks between purchase days; decimals, so that the order does not matter."""
    order = ibis.window(group_by=days.customer_id, order_by=days.day)
    between = days.mutate(gap=days.day.delta(days.day.lag().over(order), unit="day"))
    between = between.filter(between.gap.notnull())
    weeks = between.mutate(log_gap=(between.gap.cast("float64") / DAYS_PER_WEEK).ln().cast("decimal(38, 12)"))
    return weeks.group_by("customer_id").agg(log_gaps=weeks.log_gap.sum())


def next_purchases(transactions: Any, as_of: date, horizon_days: int) -> Any:
    """Count what each customer bought from a date on: ``customer_id, purchase_days, spend`` within the horizon.

    A customer without a purchase in ``[as_of, as_of + horizon_days)`` has no row. The caller makes sure that the
    whole window had been observed.
    """
    start = ibis.timestamp(as_of.isoformat())
    end = ibis.timestamp((as_of + timedelta(days=horizon_days)).isoformat())
    bought = purchases(transactions)
    inside = bought.filter(bought.customer_id.notnull() & (bought.ordered_at >= start) & (bought.ordered_at < end))
    return inside.group_by("customer_id").agg(
        purchase_days=inside.ordered_at.date().nunique(),
        spend=inside.amount.sum().cast("decimal(38, 4)"),
    )
