"""One row a customer as of a date, computed where the order lines are (Ibis in, Ibis out).

At row grain only counts, sums, minima and maxima are taken: they are exact and do not depend on the order in which
threads finish. Means are divided from them at the end.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import ibis

from crmlib.orders import count_orders, is_bought, orders_by_category

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import ibis.expr.types as ir

    from crmlib.workspace import Run

DAYS_PER_WEEK: Final = 7

_BOUGHT: Final[dict[str, Callable[[ir.Table, ir.DateScalar], ir.Value]]] = {
    "first_order_at": lambda rows, _: rows.ordered_at.min(),
    "last_order_at": lambda rows, _: _latest(rows),
    "days_since_last": lambda rows, last_day: _days(rows.ordered_at.max(), last_day),
    "days_since_first": lambda rows, last_day: _days(rows.ordered_at.min(), last_day),
    "orders": lambda rows, _: count_orders(rows),
    "purchase_days": lambda rows, _: rows.ordered_at.date().nunique(),
    "lines": lambda rows, _: rows.lines.sum() if "parts" in rows.columns else rows.count(),
    "units": lambda rows, _: rows[units_in(rows)].sum().cast("decimal(38, 4)"),
    "spend": lambda rows, _: rows.amount.sum().cast("decimal(38, 4)"),
    "average_order_value": lambda rows, _: rows.amount.sum().cast("float64") / count_orders(rows),
    "products": lambda rows, _: rows.product_id.nunique(),
    "stores": lambda rows, _: rows.store_id.nunique(),
    "channels": lambda rows, _: rows.channel.nunique(),
}
_RETURNED: Final = ("returned", "net_spend")
_PLACES: Final = {"main_store": "store_id", "main_channel": "channel"}
FEATURES: Final = (*_BOUGHT, *_PLACES, *_RETURNED)
"""What :func:`customer_features` can tell of a customer."""


def before(table: ir.Table, as_of: date, column: str = "ordered_at") -> ir.Table:
    """Keep what a report may see: rows earlier than ``as_of``."""
    return table.filter(_earlier(table, as_of, column))


def purchases(transactions: ir.Table) -> ir.Table:
    """Keep the lines that are purchases: products, not taken back, with an amount (``is_purchase``); or such orders."""
    return transactions.filter(is_bought(transactions))


def known_purchases(transactions: ir.Table, as_of: date) -> ir.Table:
    """Keep the purchases of known customers that a report may see: lines, or orders that hold one."""
    return transactions.filter(
        _earlier(transactions, as_of), is_bought(transactions), transactions.customer_id.notnull()
    )


def units_in(rows: ir.Table) -> str:
    """Name the column of the units bought, of lines or of orders."""
    return "units" if "parts" in rows.columns else "quantity"


def days_bought(table: ir.Table, as_of: date) -> ir.Table:
    """List the days on which known customers bought before a date, of customers' days, orders or order lines.

    ``customer_id, day, amount, gap`` (days since the customer's purchase day before; empty on the first).
    """
    if "gap" in table.columns:
        seen = table.filter(table.day < ibis.date(as_of.isoformat()))
        return seen.select("customer_id", "day", "amount", "gap")
    days = _days_of(table, as_of)
    earlier = days.day.lag(1).over(ibis.window(group_by=days.customer_id, order_by=days.day))
    return days.mutate(earlier=earlier).select(
        "customer_id", "day", "amount", gap=lambda t: t.day.delta(t.earlier, unit="day").cast("int64")
    )


def _days_of(table: ir.Table, as_of: date) -> ir.Table:
    seen = known_purchases(table, as_of)
    return seen.group_by(["customer_id", seen.ordered_at.date().name("day")]).agg(amount=seen.amount.sum())


def _earlier(table: ir.Table, as_of: date, column: str = "ordered_at") -> ir.BooleanColumn:
    return table[column] < ibis.timestamp(as_of.isoformat())


def _latest(rows: ir.Table) -> ir.TimestampScalar:
    return rows["last_at" if "parts" in rows.columns else "ordered_at"].max()


def _days(moment: ir.TimestampScalar, last_day: ir.DateScalar) -> ir.IntegerScalar:
    return last_day.delta(moment.date(), unit="day").cast("int64")


_TELLS_RETURNS: Final = frozenset({"is_return", "returned_order_id", "refund", "order_refund"})
"""Columns of order lines by which a source tells what was taken back."""


def returns_known(run: Run) -> bool:
    """Say whether returns can be told at all; where they cannot, nought taken back is not known, not nought.

    They can where a source maps a column that tells them, the parameters say how cancellations are numbered or which
    orders were returned, or goods taken back were in fact delivered before the end of the report.
    """
    rules = run.params.cleaning.returns
    if rules.order_id_prefix or rules.orders:
        return True
    sources = run.params.sources.transactions or ()
    if any(source.returns or _TELLS_RETURNS & {*source.columns, *source.constants} for source in sources):
        return True
    seen = before(run.table("orders"), run.as_of)
    return bool(seen.filter(seen.returned_lines > 0).count().to_pandas())


def order_categories(run: Run) -> ir.Table | None:
    """Give orders by category, computed once a run; nothing where the data have no products."""
    if not run.has("products"):
        return None
    made = orders_by_category(run.table("transactions"), run.table("products"), run.table("orders"))
    return run.once("order_categories", made)


def customer_features(transactions: ir.Table, as_of: date, columns: Collection[str] = FEATURES) -> ir.Table:
    """Describe what each customer has bought before a date.

    Parameters
    ----------
    transactions
        The clean table of lines, or that of orders (``run.table("orders")``), which tells the same but for
        ``products`` and is read much sooner; rows at or after ``as_of`` and anonymous sales are ignored.
    as_of
        Exclusive end of what may be seen.
    columns
        Which of :data:`FEATURES` are wanted; what is not asked for is not computed, and the returns are only joined
        where money taken back is.

    Returns
    -------
    ibis.Table
        One row for each customer with a purchase: ``customer_id`` and the columns asked for, of ``first_order_at,
        last_order_at, days_since_last, days_since_first`` (whole days to the last day seen), ``orders`` (distinct order
        numbers), ``purchase_days, lines, units, spend`` (gross), ``average_order_value, products, stores, channels,
        main_store, main_channel`` (of most orders, of equally many the latest's; empty where no line says one),
        ``returned`` (money taken back for products, positive), ``net_spend``.

    Raises
    ------
    ValueError
        If a feature is asked for that there is not, or articles of orders.
    AttributeError
        If the table lacks a canonical column.
    """
    if unknown := sorted(set(columns) - set(FEATURES)):
        raise ValueError(f"there is no customer feature {', '.join(unknown)}; there are {', '.join(FEATURES)}")
    lines = known_purchases(transactions, as_of)
    if "products" in columns and "product_id" not in lines.columns:
        raise ValueError("orders do not tell products: ask the order lines for them")
    last_day = ibis.date((as_of - timedelta(days=1)).isoformat())
    measured = [name for name in _BOUGHT if name in columns or (name == "spend" and "net_spend" in columns)]
    bought = lines.group_by("customer_id").agg(**{name: _BOUGHT[name](lines, last_day) for name in measured})
    for name in [name for name in _PLACES if name in columns]:
        main = main_place(lines, _PLACES[name]).rename({name: "place"})
        bought = bought.left_join(main, "customer_id").drop("customer_id_right")
    if not set(_RETURNED) & set(columns):
        return bought
    joined = bought.left_join(_returned(transactions, as_of), "customer_id")
    taken_back = joined.returned.fill_null(0)
    after = {"returned": taken_back, "net_spend": joined.spend - taken_back if "net_spend" in columns else None}
    money = {name: after[name].cast("decimal(38, 4)") for name in _RETURNED if name in columns}
    return joined.select("customer_id", *(name for name in (*measured, *_PLACES) if name in columns), **money)


def main_place(lines: ir.Table, column: str) -> ir.Table:
    """Find where each customer bought most often, of orders equally often where last: ``customer_id, place``."""
    placed = lines.filter(lines[column].notnull())
    counted = placed.group_by(["customer_id", placed[column].name("place")]).agg(
        orders=count_orders(placed), latest=_latest(placed)
    )
    most_first = [counted.orders.desc(), counted.latest.desc(), counted.place]
    rank = ibis.row_number().over(group_by=counted.customer_id, order_by=most_first)
    return counted.mutate(rank=rank).filter(ibis._.rank == 0).select("customer_id", "place")


def _returned(transactions: ir.Table, as_of: date) -> ir.Table:
    """Add up the money taken back for products, by customer."""
    if "parts" in transactions.columns:
        orders = transactions.filter(
            _earlier(transactions, as_of), transactions.returned_lines > 0, transactions.customer_id.notnull()
        )
        return orders.group_by("customer_id").agg(returned=orders.returned.sum())
    lines = transactions.filter(
        _earlier(transactions, as_of),
        transactions.is_return & transactions.is_product,
        transactions.customer_id.notnull(),
    )
    return lines.group_by("customer_id").agg(returned=-lines.amount.sum())


def purchase_summary(transactions: ir.Table, as_of: date, *, gaps: bool = False) -> ir.Table:
    """Summarise each customer's purchase days for buy-till-you-die models.

    The twin of :func:`crmlib.btyd.customer_summary` in the engine: ``frequency`` (repeat purchase days), ``recency``
    (age at the last purchase), ``T`` (age on the last day seen) and ``monetary_value`` (mean of the repeat days'
    amounts, empty at frequency 0), in weeks of days / 7, purchases of one day merged. With ``gaps`` also ``log_gaps``,
    the sum of the logarithms of the weeks between purchase days, which tells how regular a customer is.
    """
    days = days_bought(transactions, as_of)
    again = days.gap.notnull()
    # decimals, so that the order does not matter
    log_gap = (days.gap.cast("float64") / DAYS_PER_WEEK).ln().cast("decimal(38, 12)")
    whole = days.group_by("customer_id").agg(
        first_day=days.day.min(), last_day=days.day.max(), frequency=days.count() - 1,
        repeat_amount=days.amount.sum(where=again), **({"log_gaps": log_gap.sum(where=again)} if gaps else {}),
    )  # fmt: skip
    observation_end = ibis.date((as_of - timedelta(days=1)).isoformat())
    return whole.select(
        "customer_id",
        "frequency",
        recency=whole.last_day.delta(whole.first_day, unit="day").cast("float64") / DAYS_PER_WEEK,
        T=observation_end.delta(whole.first_day, unit="day").cast("float64") / DAYS_PER_WEEK,
        monetary_value=ibis.cases(
            (whole.frequency > 0, whole.repeat_amount.cast("float64") / whole.frequency), else_=None
        ).cast("float64"),
        **({"log_gaps": whole.log_gaps.cast("float64").fill_null(0.0)} if gaps else {}),
    )


def next_purchases(transactions: ir.Table, as_of: date, horizon_days: int) -> ir.Table:
    """Count what each customer bought from a date on: ``customer_id, purchase_days, spend`` within the horizon.

    A customer without a purchase in ``[as_of, as_of + horizon_days)`` has no row. The caller makes sure that the
    whole window had been observed.
    """
    end = as_of + timedelta(days=horizon_days)
    days = transactions
    if "gap" not in days.columns:
        days = _days_of(days.filter(days.ordered_at >= ibis.timestamp(as_of.isoformat())), end)
    inside = days.filter((days.day >= ibis.date(as_of.isoformat())) & (days.day < ibis.date(end.isoformat())))
    return inside.group_by("customer_id").agg(
        purchase_days=inside.count(), spend=inside.amount.sum().cast("decimal(38, 4)")
    )
