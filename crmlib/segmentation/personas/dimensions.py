"""What a persona is described by: who, what, when, where and how, as rows of customer, order and value (Ibis)."""

from datetime import date
from itertools import pairwise
from typing import Final

import ibis
import ibis.selectors as columns

from crmlib.months import month_number, number_of
from crmlib.segmentation.purchase_details import detailed_purchases

WHO, WHAT, WHEN, WHERE, HOW = "who", "what", "when", "where", "how"
ASPECTS: Final = {
    "age": WHO, "gender": WHO, "city": WHO, "tier": WHO, "tenure": WHO,
    "category": WHAT, "brand": WHAT, "price_level": WHAT,
    "weekday": WHEN, "daypart": WHEN,
    "store": WHERE,
    "channel": HOW, "payment_method": HOW, "promotion": HOW,
}  # fmt: skip
"""Dimensions by aspect."""

_PEOPLE_DIMENSIONS: Final = tuple(name for name, aspect in ASPECTS.items() if aspect == WHO)
_ORDER_DIMENSIONS: Final = tuple(name for name, aspect in ASPECTS.items() if aspect != WHO)

AGES: Final = (25, 35, 45, 55, 65)
TENURES: Final = (6, 12, 24)
_LEVELS: Final = ("low", "middle", "high")
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def described(transactions: ibis.Table, as_of: date, tables: dict[str, ibis.Table]) -> ibis.Table:
    """List what is known of each order and each customer, one row a value, without repetitions.

    ``dimension`` (of :data:`ASPECTS`), ``customer_id, unit`` (the order; empty for attributes of the customer),
    ``value``.
    """
    products = tables.get("products")
    lines = detailed_purchases(transactions, as_of, products)
    day = lines.ordered_at.date().cast("string")
    lines = lines.mutate(unit=ibis.coalesce(lines.order_id, day))
    parts = [_rows(_of_orders(lines, tables), _ORDER_DIMENSIONS)]
    if "customers" in tables:
        parts.append(_rows(_of_people(tables["customers"], as_of), _PEOPLE_DIMENSIONS))
    return ibis.union(*parts, distinct=True) if len(parts) > 1 else parts[0].distinct()


def _rows(wide: ibis.Table, names: tuple[str, ...]) -> ibis.Table:
    wide = wide.select("customer_id", "unit", **{name: wide[name].cast("string") for name in names})
    long = wide.pivot_longer(columns.cols(*names), names_to="dimension", values_to="value")
    return long.filter(long.value.notnull()).select("customer_id", "unit", "dimension", "value")


def _of_orders(lines: ibis.Table, tables: dict[str, ibis.Table]) -> ibis.Table:
    index = lines.ordered_at.day_of_week.index()
    lines = lines.mutate(
        weekday=ibis.cases(*[(index == number, name) for number, name in enumerate(_DAYS)]),
        promotion=ibis.ifelse(lines.on_promotion, "on promotion", "not on promotion"),
    )
    if "stores" in tables:
        stores = tables["stores"].select("store_id", place=tables["stores"].name)
        named = lines.left_join(stores, "store_id")
        lines = named.mutate(store=ibis.coalesce(named.place, named.store_id)).drop("store_id_right", "place")
    else:
        lines = lines.mutate(store=lines.store_id)
    if "products" not in tables:
        return lines.mutate(price_level=ibis.null("string"))
    joined = lines.left_join(_price_levels(lines), "product_id").drop("product_id_right")
    return joined.mutate(price_level=joined.level)


def _price_levels(lines: ibis.Table) -> ibis.Table:
    """Divide the articles of each category by what is paid for one into thirds; equal prices are of the same level.

    An article's place is the share of the category's articles that are cheaper, and half of those that cost the same.
    """
    sold = lines.filter(lines.category.notnull() & (lines.quantity > 0))
    prices = sold.group_by(["product_id", "category"]).agg(
        price=(lambda t: (t.amount.sum().cast("float64") / t.quantity.sum().cast("float64")).round(4))
    )
    window = ibis.window(group_by=prices.category, order_by=prices.price)
    cheaper = prices.price.rank().over(window)
    articles = prices.count().over(ibis.window(group_by=prices.category))
    alike = prices.count().over(ibis.window(group_by=[prices.category, prices.price]))
    # whole numbers, so that a third is a third on every engine: twice the place times the number of levels
    ranked = prices.select("product_id", place=(2 * cheaper + alike) * len(_LEVELS), twice=2 * articles)
    limits = [(ranked.place <= number * ranked.twice, name) for number, name in enumerate(_LEVELS, start=1)]
    return ranked.select("product_id", level=ibis.cases(*limits))


def _of_people(customers: ibis.Table, as_of: date) -> ibis.Table:
    known = customers.mutate(unit=ibis.literal(""))
    years = as_of.year - known.birth_year
    # a year of birth that cannot be true says nothing
    age = ibis.ifelse((years >= 10) & (years <= 105), _band(years, AGES), ibis.null("string"))
    joined = known.joined_at.cast("date")
    months = number_of(as_of) - month_number(joined) - (joined.day() > as_of.day).cast("int64")
    tenure = ibis.ifelse(joined < ibis.date(as_of.isoformat()), _band(months, TENURES), ibis.null("string"))
    return known.mutate(age=age, tenure=tenure)


def _band(values: ibis.Value, limits: tuple[int, ...]) -> ibis.Value:
    """Name the band between two limits: ``<25``, ``25-34``, …, ``65+``."""
    first = [(values < limits[0], f"<{limits[0]}")]
    between = [((values >= low) & (values < high), f"{low}-{high - 1}") for low, high in pairwise(limits)]
    return ibis.cases(*first, *between, (values >= limits[-1], f"{limits[-1]}+"))
