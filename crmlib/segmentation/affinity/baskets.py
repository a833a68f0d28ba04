"""Baskets in the engine: what stood in one order, once an article or category, and which pairs met there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from crmlib.features import before, purchases
from crmlib.months import month_number

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

SIZE_CLASSES: Final = (2, 3, 4, 5, 7, 10, 15, 25, 40)
"""Lower ends of the classes of basket size within which chance is worked out."""


def basket_items(transactions: Table, as_of: date, products: Table | None = None) -> Table:
    """List what each basket held before ``as_of``: a row for a basket and an article, or a category of the products.

    A basket is an order, and a customer's day where lines have no order number.

    Returns
    -------
    ibis.Table
        ``basket, item, money`` (of this item in the basket), ``at`` (when it was first put in), ``customer`` (missing:
        anonymous), ``size`` (different items in the basket).
    """
    seen = purchases(before(transactions, as_of))
    day = seen.customer_id.concat("/", seen.ordered_at.date().cast("string"))
    lines = seen.select("customer_id", "ordered_at", "product_id", "amount", basket=ibis.coalesce(seen.order_id, day))
    if products is None:
        lines = lines.rename(item="product_id")
    else:
        lines = lines.join(products.select("product_id", item=products.category), "product_id")
    lines = lines.filter(lines.basket.notnull() & lines.item.notnull())
    entries = lines.group_by(["basket", "item"]).agg(
        money=lines.amount.sum().cast("decimal(18, 4)"), at=lines.ordered_at.min(), customer=lines.customer_id.max()
    )
    return entries.mutate(size=entries.count().over(ibis.window(group_by=entries.basket)))


def item_counts(entries: Table) -> Table:
    """Count the baskets that held each item, of `basket_items` with ``late`` (whether it is of the later part).

    Returns
    -------
    ibis.Table
        ``item, orders, early`` (those of the earlier part) and ``baskets`` (each basket counts once, divided among its
        items, so that the sum is the number of baskets).
    """
    return entries.group_by("item").agg(
        orders=entries.count(), early=(~entries.late).sum(), baskets=(1 / entries["size"]).sum()
    )


def comparable(entries: Table, codes: Table) -> Table:
    """Keep the items that are compared (``item, code``, numbered from 0) in baskets that hold at least two of them.

    Returns
    -------
    ibis.Table
        ``basket, code, money, customer, late, partners`` (others of the compared in the basket) and ``stratum``
        (month, class of size and part of the history, as one number).
    """
    rows = entries.join(codes, "item")
    rows = rows.mutate(partners=rows.count().over(ibis.window(group_by=rows.basket)) - 1)
    rows = rows.filter(rows.partners > 0)
    size_class = sum((rows.partners + 1 >= least).cast("int64") for least in SIZE_CLASSES)
    stratum = (month_number(rows.at) * 2 + rows.late.cast("int64")) * (len(SIZE_CLASSES) + 1) + size_class
    return rows.select("basket", "code", "money", "customer", "late", "partners", stratum=stratum)


def partner_margins(rows: Table) -> Table:
    """Sum how many partners each item had in each stratum.

    Returns
    -------
    ibis.Table
        ``code, stratum, late, partners, orders`` (baskets) and ``shared`` (each basket counts once, divided among its
        items).
    """
    return rows.group_by(["code", "stratum", "late"]).agg(
        partners=rows.partners.sum(), orders=rows.count(), shared=(1 / (rows.partners + 1)).sum()
    )


def pair_counts(rows: Table, least: int) -> Table:
    """Count the baskets in which each pair met, each pair once (``a < b``), where they are at least so many early on.

    Returns
    -------
    ibis.Table
        ``a, b, early, late`` (baskets) and ``early_money, money`` (both items' in those baskets).
    """
    left = rows.select("basket", "late", a="code", a_money="money")
    right = rows.select("basket", b="code", b_money="money")
    met = left.join(right, [left.basket == right.basket, left.a < right.b])
    met = met.select("a", "b", "late", money=met.a_money + met.b_money)
    counted = met.group_by(["a", "b"]).agg(
        early=(~met.late).sum(),
        late=met.late.sum(),
        early_money=met.money.sum(where=~met.late).cast("float64"),
        money=met.money.sum().cast("float64"),
    )
    return counted.filter(counted.early >= least)
