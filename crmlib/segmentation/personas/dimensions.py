"""What a persona is described by: who, what, when, where and how, as rows of customer, order and value (Ibis)."""

from datetime import date
from itertools import pairwise
from typing import Any, Final

import ibis

from crmlib.segmentation.marked import marked_purchases

WHO, WHAT, WHEN, WHERE, HOW = "who", "what", "when", "where", "how"
ASPECTS: Final = {
    "age": WHO, "gender": WHO, "city": WHO, "tier": WHO, "tenure": WHO,
    "category": WHAT, "brand": WHAT, "price_level": WHAT,
    "weekday": WHEN, "daypart": WHEN,
    "store": WHERE,
    "channel": HOW, "payment_method": HOW, "promotion": HOW,
}  # fmt: skip
"""Dimensions by aspect."""

AGES: Final = (25, 35, 45, 55, 65)
TENURES: Final = (6, 12, 24)
ON_PROMOTION: Final = "on promotion"
_NOT_ON_PROMOTION: Final = "not on promotion"
_LEVELS: Final = ("low", "middle", "high")
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def described(transactions: Any, as_of: date, tables: dict[str, Any]) -> Any:
    """List what is known of each order and each customer, one row a value.

    Parameters
    ----------
    transactions
        The clean table (Ibis).
    as_of
        Exclusive end of what may be seen.
    tables
        The clean tables of ``customers, products, stores`` that there are.

    Returns
    -------
    ibis.Table
        ``dimension`` (of :data:`ASPECTS`), ``customer_id, unit`` (the order; for attributes of the customer one and
        the same) and ``value``, without repetitions.
    """
    products = tables.get("products")
    lines = marked_purchases(transactions, as_of, products)
    day = lines.ordered_at.date().cast("string")
    lines = lines.mutate(unit=ibis.coalesce(lines.order_id, day))
    parts = _of_orders(lines, tables.get("stores"))
    if products is not None:
        parts.append(_price_levels(lines))
    if "customers" in tables:
        parts += _of_people(tables["customers"], as_of)
    return ibis.union(*parts, distinct=True)


def _rows(lines: Any, dimension: str, value: Any) -> Any:
    rows = lines.select("customer_id", "unit", dimension=ibis.literal(dimension), value=value.cast("string"))
    return rows.filter(rows.value.notnull())


def _of_orders(lines: Any, stores: Any) -> list[Any]:
    index = lines.ordered_at.day_of_week.index()
    weekday = ibis.cases(*[(index == number, name) for number, name in enumerate(_DAYS)])
    found = [_rows(lines, name, lines[name]) for name in ("category", "brand", "daypart", "channel", "payment_method")]
    found.append(_rows(lines, "weekday", weekday))
    found.append(_rows(lines, "promotion", ibis.ifelse(lines.on_promotion, ON_PROMOTION, _NOT_ON_PROMOTION)))
    if stores is None:
        return [*found, _rows(lines, "store", lines.store_id)]
    named = lines.join(stores.select("store_id", place=stores.name), "store_id")
    return [*found, _rows(named, "store", ibis.coalesce(named.place, named.store_id))]


def _price_levels(lines: Any) -> Any:
    """Rank the articles of each category by what is paid for one, in three equal parts."""
    sold = lines.filter(lines.category.notnull() & (lines.quantity > 0))
    prices = sold.group_by(["product_id", "category"]).agg(
        price=(lambda t: t.amount.sum().cast("float64") / t.quantity.sum().cast("float64"))
    )
    window = ibis.window(group_by=prices.category, order_by=[prices.price, prices.product_id])
    ranked = prices.select("product_id", level=ibis.ntile(len(_LEVELS)).over(window))
    joined = sold.join(ranked, "product_id")
    level = ibis.cases(*[(joined.level == number, name) for number, name in enumerate(_LEVELS)])
    return _rows(joined, "price_level", level)


def _of_people(customers: Any, as_of: date) -> list[Any]:
    known = customers.mutate(unit=ibis.literal(""))
    years = as_of.year - known.birth_year
    # a year of birth that cannot be true says nothing
    age = ibis.ifelse((years >= 10) & (years <= 105), _band(years, AGES), ibis.null("string"))
    joined = known.joined_at.cast("date")
    months = (as_of.year - joined.year()) * 12 + (as_of.month - joined.month())
    tenure = ibis.ifelse(joined < ibis.date(as_of.isoformat()), _band(months, TENURES), ibis.null("string"))
    values = {"age": age, "gender": known.gender, "city": known.city, "tier": known.tier, "tenure": tenure}
    return [_rows(known, name, value) for name, value in values.items()]


def _band(values: Any, limits: tuple[int, ...]) -> Any:
    """Name the band between two limits: ``<25``, ``25-34``, …, ``65+``."""
    first = [(values < limits[0], f"<{limits[0]}")]
    between = [((values >= low) & (values < high), f"{low}-{high - 1}") for low, high in pairwise(limits)]
    return ibis.cases(*first, *between, (values >= limits[-1], f"{limits[-1]}+"))
