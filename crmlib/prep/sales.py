"""What a transaction line is: its money, whether it takes goods back, is a product, moves stock only, is a purchase."""

from dataclasses import replace

import ibis

from crmlib.params.cleaning import CleaningSection
from crmlib.prep.landing import FILE, LINE
from crmlib.prep.logic import surely
from crmlib.prep.mapping import UNREADABLE, Mapped
from crmlib.prep.marks import LISTED, REFUND
from crmlib.prep.money import MONEY, in_report_money, unknown_currency, with_line_money
from crmlib.prep.order_money import spread_orders, tells_of_orders
from crmlib.prep.refunds import with_refund
from crmlib.prep.unusual import kind_by_number


def describe_lines(mapped: Mapped, rules: CleaningSection, currency: str) -> Mapped:
    """Complete the mapped transactions: amount, ``is_return``, ``is_product``, ``is_purchase``, ``is_adjustment``.

    Nothing is dropped here: a rule says what a line is, the chapters choose which lines they count. A line that is no
    product (postage, a voucher) is a return only where its order is a cancellation or the source says so: money that a
    voucher takes off is nothing brought back.
    """
    delivered = [column.name for column in mapped.columns].index("amount")
    rows = with_line_money(mapped.rows, mapped.given, (mapped.rows[UNREADABLE] & (1 << delivered)) != 0)
    if tells_of_orders(mapped.given):
        rows = spread_orders(replace(mapped, rows=rows)).rows
    rows = in_report_money(rows, mapped.given, rules, currency)
    if "currency" in mapped.given:
        unread = 1 << [column.name for column in mapped.columns].index("currency")
        foreign = unknown_currency(rows, rules, currency)
        rows = rows.mutate(**{UNREADABLE: rows[UNREADABLE] + ibis.ifelse(foreign, unread, 0)})
    rows = rows.mutate(is_adjustment=_is_adjustment(rows, mapped.given, rules))
    rows = rows.mutate(is_product=_is_product(rows, rules))
    rows = rows.mutate(is_return=_is_return(rows, rules), account_kind=kind_by_number(rows, rules.accounts))
    rows = _signed(rows)
    rows = with_refund(rows) if {REFUND, LISTED} & set(rows.columns) else rows
    bought = rows.amount >= 0 if rules.zero_price == "purchase" else rows.amount > 0
    rows = rows.mutate(is_purchase=surely(rows.is_product & ~rows.is_return & bought))
    return replace(mapped, rows=rows)


def _is_return(rows: ibis.Table, rules: CleaningSection) -> ibis.Value:
    found = surely(rows.is_return)
    if rules.returns.order_id_prefix:
        found = found | surely(rows.order_id.startswith(rules.returns.order_id_prefix))
    if rules.returns.negative_quantity:
        found = found | (rows.is_product & (surely(rows.quantity < 0) | surely(rows.amount < 0)))
    return found & ~rows.is_adjustment


def _is_product(rows: ibis.Table, rules: CleaningSection) -> ibis.Value:
    found = rows.is_adjustment
    if rules.non_products:
        found = found | surely(rows.product_id.isin(rules.non_products))
    if rules.non_product_pattern:
        found = found | surely(rows.product_id.re_search(rules.non_product_pattern))
    return ~found


def _is_adjustment(rows: ibis.Table, given: frozenset[str], rules: CleaningSection) -> ibis.Value:
    """Recognise stock moved at the till: nobody paid, nobody is named, and the words or the sign say what happened."""
    chosen = rules.adjustments
    moved = surely(rows.description.re_search(chosen.pattern))
    if chosen.negative_quantity:
        moved = moved | surely(rows.quantity < 0)
    if chosen.no_description and "description" in given:
        moved = moved | rows.description.isnull()
    return surely(rows.amount == 0) & rows.customer_id.isnull() & moved & ~surely(rows.is_return)


def _signed(rows: ibis.Table) -> ibis.Table:
    """Turn negative what some tills write as a return with a flag and a positive amount."""
    turned = rows.is_return & (rows.amount > 0)
    return rows.mutate(
        quantity=ibis.ifelse(turned, -rows.quantity.abs(), rows.quantity).cast(MONEY),
        amount=ibis.ifelse(turned, -rows.amount, rows.amount).cast(MONEY),
    )


def number_lines(rows: ibis.Table) -> ibis.Table:
    """Give numbers to orders and lines that came without: a customer's day is one order, an anonymous line another.

    Call it when ``customer_id`` is the pseudonym: it becomes part of the order number.
    """
    day = rows.ordered_at.strftime("%Y-%m-%d")
    own = ibis.coalesce(rows.customer_id + "-" + day, rows[FILE] + "/" + rows[LINE].cast("string"))
    return rows.mutate(
        order_id=ibis.coalesce(rows.order_id, own), line_id=ibis.coalesce(rows.line_id, rows[LINE].cast("string"))
    )
