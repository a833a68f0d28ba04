"""The grain of the chapters: order lines as orders and as customers' days, exact and equal to the lines (Ibis).

Amounts, units, discounts and costs are those of the purchases (``is_purchase``) of an order; what was taken back of
products stands beside them. Lines that are neither make an order of nothing, so that its moment is not lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from crmlib.tables import Table

MONEY: Final = "decimal(38, 4)"

ORDER_KEY: Final = ("ordered_at", "order_id", "customer_id", "store_id", "channel", "payment_method")
"""What orders are sorted by; within one hour it tells them apart."""

_PLACES: Final = ("order_id", "customer_id", "store_id", "channel", "payment_method")
_DELIVERED: Final = {
    "quantity": MONEY, "discount": MONEY, "cost": MONEY, "points_redeemed": MONEY, "promotion_id": "string",
    "product_id": "string", **dict.fromkeys(_PLACES, "string"),
}  # fmt: skip
"""Columns of lines that a table of a test or of an analyst may lack: nothing is known of them then."""


def order_rows(lines: ir.Table, products: ir.Table | None = None, *by: str) -> ir.Table:
    """Make orders of lines in one pass: all columns of the table ``orders`` but ``first_at`` and ``parts``.

    The cost of a line that does not say it is that of its product, where a table of products does. With columns of
    lines (``by``) an order has a row for each of their values.
    """
    missing = {name: ibis.null(kind) for name, kind in _DELIVERED.items() if name not in lines.columns}
    lines = _costed(lines.mutate(**missing), products)
    bought, back = is_bought(lines), lines.is_return & lines.is_product
    at, money, units = lines.ordered_at, lines.amount, lines.quantity
    rows = lines.group_by([*_PLACES, *by, at.truncate("h").name("hour")]).agg(
        ordered_at=ibis.coalesce(at.min(where=bought), at.min()),
        last_at=ibis.coalesce(at.max(where=bought), at.max()),
        lines=lines.count(where=bought),
        amount=money.sum(where=bought).fill_null(0).cast(MONEY),
        units=units.sum(where=bought).cast(MONEY),
        lines_without_units=lines.count(where=bought & units.isnull()),
        discount=lines.discount.sum(where=bought).cast(MONEY),
        discount_told=money.sum(where=bought & lines.discount.notnull()).cast(MONEY),
        cost=lines.known_cost.sum(where=bought).cast(MONEY),
        costed=money.sum(where=bought & lines.known_cost.notnull()).cast(MONEY),
        points_redeemed=lines.points_redeemed.sum(where=bought).cast(MONEY),
        promotion_lines=lines.count(where=bought & on_promotion(lines)),
        returned=(-money.sum(where=back)).fill_null(0).cast(MONEY),
        returned_lines=lines.count(where=back),
        returned_at=at.max(where=back),
    )
    return rows.drop("hour")


def complete_orders(rows: ir.Table) -> ir.Table:
    """Add to orders (:func:`order_rows`) when the customer first bought and in how many rows an order stands."""
    return _completed(rows, rows, "order_id")


def orders_by_category(lines: ir.Table, products: ir.Table, orders: ir.Table) -> ir.Table:
    """Make a row of each order and category of its lines, in one pass over these: the columns of orders, ``category``.

    Lines of products without a category are in none; ``parts`` counts the rows of an order within the category.
    """
    named = products.filter(products.category.notnull()).select("product_id", "category")
    sold = lines.inner_join(named, "product_id")
    return _completed(order_rows(sold, None, "category"), orders, "order_id", "category")


def _completed(rows: ir.Table, orders: ir.Table, *one: str) -> ir.Table:
    """Add ``first_at`` of the customer by all orders, and ``parts``: in how many rows one order stands."""
    bought = orders.filter((orders.lines > 0) & orders.customer_id.notnull())
    firsts = bought.group_by("customer_id").agg(first_at=bought.ordered_at.min())
    several = rows.group_by(list(one)).agg(parts=rows.count()).filter(lambda t: t.parts > 1)
    joined = rows.left_join(firsts, "customer_id").drop("customer_id_right")
    joined = joined.left_join(several, list(one)).drop(*(f"{name}_right" for name in one))
    return joined.mutate(parts=joined.parts.fill_null(1))


def customer_days(orders: ir.Table) -> ir.Table:
    """Make one row a known customer and day with a purchase of orders, with the days since the one before."""
    bought = orders.filter((orders.lines > 0) & orders.customer_id.notnull())
    days = bought.group_by(["customer_id", bought.ordered_at.date().name("day")]).agg(
        orders=count_orders(bought),
        # a sum of whole numbers is too wide for a file; Ibis takes it for one that fits
        lines=bought.lines.sum().cast("decimal(18, 0)"),
        units=bought.units.sum().cast(MONEY),
        amount=bought.amount.sum().cast(MONEY),
    )
    before = days.day.lag(1).over(ibis.window(group_by=days.customer_id, order_by=days.day))
    return (
        days.mutate(before=before).mutate(gap=lambda t: t.day.delta(t.before, unit="day").cast("int64")).drop("before")
    )


def as_orders(table: ir.Table, products: ir.Table | None = None) -> ir.Table:
    """Give orders as they are, and order lines as orders: what a function of the chapters makes of either."""
    return table if "parts" in table.columns else complete_orders(order_rows(table, products))


def as_days(table: ir.Table) -> ir.Table:
    """Give customers' days as they are, and orders or order lines as customers' days."""
    return table if "gap" in table.columns else customer_days(as_orders(table))


def count_orders(rows: ir.Table, where: ir.BooleanColumn | None = None) -> ir.IntegerScalar:
    """Count the different orders among lines or orders; of these only those in several rows have to be told apart."""
    if "parts" not in rows.columns:
        return rows.order_id.nunique(where=where)
    chosen = ibis.literal(value=True) if where is None else where
    # a distinct count takes three times as long, though hardly an order is concerned
    several = rows.order_id.collect(where=chosen & (rows.parts > 1)).unique().length().fill_null(0)
    return (rows.order_id.count(where=chosen & (rows.parts == 1)) + several).cast("int64")


def on_promotion(rows: ir.Table) -> ir.BooleanColumn:
    """Say which lines were sold with a promotion or at a discount, or which orders hold such a line."""
    if "parts" in rows.columns:
        return rows.promotion_lines > 0
    return rows.promotion_id.notnull() | (rows.discount.fill_null(0) > 0)


def is_bought(rows: ir.Table) -> ir.BooleanColumn:
    """Say which lines are purchases, or which orders hold one."""
    if "is_purchase" in rows.columns:
        return rows.is_purchase
    if "parts" in rows.columns:
        return rows.lines > 0
    return rows.is_product & ~rows.is_return & (rows.amount > ibis.literal(0))


def in_columns(rows: ir.Table, table: Table) -> ir.Table:
    """Put rows into the columns and kinds of a table of the vocabulary."""
    return rows.select(**{column.name: rows[column.name].cast(_KINDS[column.kind]) for column in table.clean})


_KINDS: Final = {
    "text": "string", "timestamp": "timestamp(6)", "date": "date", "money": MONEY, "number": MONEY, "integer": "int64",
    "flag": "boolean",
}  # fmt: skip


def _costed(lines: ir.Table, products: ir.Table | None) -> ir.Table:
    if products is None:
        return lines.mutate(known_cost=lines.cost)
    units = products.select("product_id", "unit_cost")
    joined = lines.left_join(units, "product_id").drop("product_id_right")
    # Ibis takes the product for one of four digits, and would leave the rounding out
    made = (joined.unit_cost * joined.quantity).cast("decimal(38, 8)").round(4).cast("decimal(18, 4)")
    return joined.mutate(known_cost=ibis.coalesce(joined.cost, made))
