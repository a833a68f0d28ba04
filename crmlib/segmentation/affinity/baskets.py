"""Baskets in the engine: what stood in one order, and which pairs and larger sets of items met there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import before, purchases
from crmlib.months import month_number

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

SIZE_CLASSES: Final = (2, 3, 4, 5, 7, 10, 15, 25, 40)
"""Lower ends of the classes of basket size within which chance is worked out."""

CLASSES: Final = len(SIZE_CLASSES) + 1


def basket_items(transactions: Table, as_of: date, products: Table | None = None) -> Table:
    """List what each basket held before ``as_of``, articles or categories of the products.

    ``basket`` (an order, or a customer's day where lines have no order number), ``item, money`` (of this item), ``at``
    (when it was first put in), ``customer`` (missing: anonymous), ``size`` (different items in the basket).
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
    """Count each item's baskets (of entries with ``late``): ``item, orders, early``, and ``baskets``, which add up."""
    return entries.group_by("item").agg(
        orders=entries.count(), early=(~entries.late).sum(), baskets=(1 / entries["size"]).sum()
    )


def comparable(entries: Table, codes: Table) -> Table:
    """Keep the items that are compared (``item, code``, numbered from 0) in baskets that hold at least two of them.

    ``basket, code, money, customer, late, partners`` (others of the compared in the basket) and ``stratum`` (month,
    class of size and part of the history, as one number).
    """
    rows = entries.join(codes, "item")
    rows = rows.mutate(partners=rows.count().over(ibis.window(group_by=rows.basket)) - 1)
    rows = rows.filter(rows.partners > 0)
    size_class = sum((rows.partners + 1 >= least).cast("int64") for least in SIZE_CLASSES)
    stratum = (month_number(rows.at) * 2 + rows.late.cast("int64")) * (len(SIZE_CLASSES) + 1) + size_class
    return rows.select("basket", "code", "money", "customer", "late", "partners", stratum=stratum)


def partner_margins(rows: Table) -> Table:
    """Sum each item's partners: ``code, stratum, late, partners, orders``, ``shared`` (adds up to the baskets)."""
    return rows.group_by(["code", "stratum", "late"]).agg(
        partners=rows.partners.sum(), orders=rows.count(), shared=(1 / (rows.partners + 1)).sum()
    )


def pair_counts(rows: Table, least: int) -> Table:
    """Count the baskets (early, late) and the money of pairs (``a < b``) that met in at least so many early on."""
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


def codes_of(size: int) -> list[str]:
    """Name the columns of a set's items."""
    return [f"c{place}" for place in range(1, size + 1)]


def set_baskets(rows: Table, candidates: pd.DataFrame) -> Table:
    """List the baskets of each candidate set (numbers of items, ``c1 < c2 < …``), with the money of its items."""
    names = list(candidates.columns)
    keys = ibis.memtable(candidates, schema=dict.fromkeys(names, "int64"))
    met = rows.join(keys, rows.code == keys.c1)
    met = met.select(*names, "basket", "customer", "late", "stratum", "money")
    for name in names[1:]:
        other = rows.select(beside="basket", other="code", other_money="money")
        met = met.join(other, [met.basket == other.beside, met[name] == other.other])
        met = met.mutate(money=met.money + met.other_money).drop("beside", "other", "other_money")
    return met


def set_counts(met: Table, size: int) -> pd.DataFrame:
    """Count the baskets of each set by class of basket size: indexed by its items, columns ``(late, class)``."""
    names = codes_of(size)
    kind = (met.stratum % CLASSES).cast("int64")
    counted = met.group_by([*names, "late", kind.name("kind")]).agg(n=met.count()).to_pandas()
    return wide(counted, names)


def wide(counted: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Turn counts by set, part of the history and class of size into one row a set."""
    columns = pd.MultiIndex.from_product([[False, True], range(CLASSES)], names=["late", "kind"])
    if counted.empty:
        return pd.DataFrame(columns=columns, index=pd.MultiIndex.from_arrays([[]] * len(names), names=names))
    table = counted.pivot_table(index=names, columns=["late", "kind"], values="n", aggfunc="sum", fill_value=0)
    return table.reindex(columns=columns, fill_value=0).sort_index()


def set_people(met: Table, size: int) -> pd.DataFrame:
    """Count the customers behind each set, and how much hangs on those who repeat themselves.

    ``c1, c2, …, customers`` (known ones), ``early_squares, late_squares`` (sums over customers of their earlier and
    later baskets, squared), ``largest_money`` (of one customer), ``money, early_money``. An anonymous basket stands for
    itself in all but the first.
    """
    names = codes_of(size)
    who = met.mutate(who=ibis.coalesce(met.customer, met.basket), known=met.customer.notnull())
    of_each = who.group_by([*names, "who", "known"]).agg(
        early=(~who.late).sum(),
        late=who.late.sum(),
        money=who.money.sum().cast("float64"),
        early_money=who.money.sum(where=~who.late).fill_null(0).cast("float64"),
    )
    people = of_each.group_by(names).agg(
        customers=of_each.known.sum(),
        early_squares=(of_each.early * of_each.early).sum(),
        late_squares=(of_each.late * of_each.late).sum(),
        largest_money=of_each.money.max(),
        money=of_each.money.sum().round(2),
        early_money=of_each.early_money.sum().round(2),
    )
    return people.to_pandas().sort_values(names, ignore_index=True)
