"""What a transaction line is: its amount, whether it takes goods back, whether it is a product, whether a purchase."""

from dataclasses import replace
from typing import Any

import ibis

from crmlib.params.cleaning import CleaningSection
from crmlib.prep.landing import FILE, LINE
from crmlib.prep.logic import surely
from crmlib.prep.mapping import UNREADABLE, Mapped


def describe_lines(mapped: Mapped, rules: CleaningSection) -> Mapped:
    """Complete the mapped transactions: amount, ``is_return``, ``is_product``, ``is_purchase``.

    Nothing is dropped here: a rule says what a line is, the chapters choose which lines they count.

    Parameters
    ----------
    mapped
        The mapped transactions.
    rules
        The parameters' section ``cleaning``.
    """
    delivered = [column.name for column in mapped.columns].index("amount")
    rows = _with_amount(mapped.rows, (mapped.rows[UNREADABLE] & (1 << delivered)) != 0)
    rows = rows.mutate(is_return=_is_return(rows, rules), is_product=_is_product(rows, rules))
    rows = _signed(rows)
    bought = rows.amount >= 0 if rules.zero_price == "purchase" else rows.amount > 0
    rows = rows.mutate(is_purchase=surely(rows.is_product & ~rows.is_return & bought))
    return replace(mapped, rows=rows)


def _with_amount(rows: Any, unreadable: Any) -> Any:
    """Take the delivered line total, else quantity times price less discount, exactly, rounded to four decimals.

    The money of a line whose total was delivered and cannot be read is unknown, not computed.
    """
    product = (rows.quantity.cast("decimal(19, 4)") * rows.unit_price).cast("decimal(38, 8)")
    exact = product - rows.discount.fill_null(0).cast("decimal(38, 8)")
    computed = exact.cast("decimal(38, 8)").try_cast("decimal(18, 4)")
    amount = ibis.coalesce(rows.amount, computed)
    return rows.mutate(amount=ibis.ifelse(unreadable, ibis.null("decimal(18, 4)"), amount))


def _is_return(rows: Any, rules: CleaningSection) -> Any:
    found = surely(rows.is_return)
    if rules.returns.order_id_prefix:
        found = found | surely(rows.order_id.startswith(rules.returns.order_id_prefix))
    if rules.returns.negative_quantity:
        found = found | surely(rows.quantity < 0) | surely(rows.amount < 0)
    return found


def _is_product(rows: Any, rules: CleaningSection) -> Any:
    found = ibis.literal(value=False)
    if rules.non_products:
        found = found | rows.product_id.isin(rules.non_products)
    if rules.non_product_pattern:
        found = found | rows.product_id.re_search(rules.non_product_pattern)
    return ~surely(found)


def _signed(rows: Any) -> Any:
    """Turn negative what some tills write as a return with a flag and a positive amount."""
    turned = rows.is_return & (rows.amount > 0)
    return rows.mutate(
        quantity=ibis.ifelse(turned, -rows.quantity.abs(), rows.quantity).cast("decimal(18, 4)"),
        amount=ibis.ifelse(turned, -rows.amount, rows.amount).cast("decimal(18, 4)"),
    )


def number_lines(rows: Any) -> Any:
    """Give numbers to orders and lines that came without: a customer's day is one order, an anonymous line another.

    Call it when ``customer_id`` is the pseudonym: it becomes part of the order number.
    """
    day = rows.ordered_at.strftime("%Y-%m-%d")
    own = ibis.coalesce(rows.customer_id + "-" + day, rows[FILE] + "/" + rows[LINE].cast("string"))
    return rows.mutate(
        order_id=ibis.coalesce(rows.order_id, own), line_id=ibis.coalesce(rows.line_id, rows[LINE].cast("string"))
    )
