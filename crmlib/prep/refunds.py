"""Goods taken back that no line of the delivery says: money given back beside a sale, orders on a list of returns.

A return of its own is made of each such sale when the clean table is written; the sale stays what it was.
"""

from typing import Final

import ibis

from crmlib.prep.logic import surely
from crmlib.prep.mapping import Mapped
from crmlib.prep.marks import BEYOND_SALE, LISTED, REFUND, WITHOUT_SALE
from crmlib.prep.money import MONEY, as_money

_SUFFIX: Final = "-refund"
_IN_PROPORTION: Final = ("quantity", "cost", "tax")


def with_refund(rows: ibis.Table) -> ibis.Table:
    """Settle what of each sale was taken back: what was given back, or all of it where its order is listed.

    The sign of a delivered refund says nothing. A line that takes goods back itself has no refund; a refund of what
    was sold for nothing makes no return and is marked, and so is one beyond what the line was sold for.
    """
    given = rows[REFUND].abs() if REFUND in rows.columns else ibis.null(MONEY)
    some, sold = surely(given > 0) & ~rows.is_return, surely(rows.amount > 0)
    back = ibis.ifelse(some & sold, given, ibis.null(MONEY))
    if LISTED in rows.columns:
        whole = rows[LISTED] & ~rows.is_return & surely(rows.amount != 0)
        back = ibis.ifelse(whole, rows.amount, back)
    return rows.mutate(
        **{
            REFUND: as_money(back),
            WITHOUT_SALE: some & ~sold,
            BEYOND_SALE: some & sold & surely(given > rows.amount),
        }
    )


def refunded(rows: ibis.Table) -> ibis.Value:
    """Tell the lines of which a return is made; none where the parameters tell of no refunds."""
    return rows[REFUND].notnull() if REFUND in rows.columns else ibis.literal(value=False)


def refund_day(rows: ibis.Table) -> ibis.Value:
    """Give the time of the return that a line makes: that of its refund where it is told and not before the sale."""
    told = rows.refunded_at if "refunded_at" in rows.columns else ibis.null("timestamp(6)")
    return ibis.greatest(rows.ordered_at, ibis.coalesce(told, rows.ordered_at))


def latest_time(rows: ibis.Table) -> ibis.Value:
    """Give the last time that a line tells of: of the return that it makes, else of the sale."""
    return ibis.ifelse(refunded(rows), refund_day(rows), rows.ordered_at)


def with_made_returns(rows: ibis.Table) -> ibis.Table:
    """Add to good transactions the returns that their refunds make.

    A return has the customer, order and article of its sale, and quantity, cost and tax in proportion to the money; it
    is of the day of the refund where that is told and not before the sale. It stands in the same file and line.
    """
    if REFUND not in rows.columns:
        return rows
    sold = rows.filter(refunded(rows))
    back = sold[REFUND]
    values = {
        "ordered_at": refund_day(sold),
        "returned_order_id": sold.order_id,
        "line_id": sold.line_id + ibis.literal(_SUFFIX),
        "amount": as_money(-back),
        "discount": ibis.null(MONEY),
        "points_redeemed": ibis.null(MONEY),
        "is_return": ibis.literal(value=True),
        "is_purchase": ibis.literal(value=False),
        **{name: -_proportion(sold[name], back, sold.amount) for name in _IN_PROPORTION},
    }
    made = sold.mutate(**{name: value.cast(rows[name].type()) for name, value in values.items()})
    return rows.union(made.select(*rows.columns))


def _proportion(value: ibis.Value, back: ibis.Value, amount: ibis.Value) -> ibis.Value:
    """Take as much of a value as was given back of the amount; all of it where all was."""
    share = back.cast("float64") / amount.cast("float64").nullif(0.0)
    return ibis.ifelse(back == amount, value, (value.cast("float64") * share).try_cast(MONEY))


def without_working(mapped: Mapped) -> list[str]:
    """Name the working columns that are no longer needed once a line is described."""
    kept = {REFUND, "refunded_at"}
    return [column.name for column in mapped.columns if column.working and column.name not in kept]
