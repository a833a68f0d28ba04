"""What is known about each purchase besides its money: on promotion or not, when, where, how and what (Ibis).

Several parts of the chapter ask the same of an order line; here is one answer for all of them.
"""

from datetime import date
from typing import Any, Final

import ibis

from crmlib.features import before, known_purchases, purchases

DAYPARTS: Final = (("night", 0, 6), ("morning", 6, 11), ("midday", 11, 14), ("afternoon", 14, 18), ("evening", 18, 22))
"""Parts of the day with their first hour and the one after their last; from 22 on it is night again."""

_WEEKEND: Final = 5  # Saturday, counting from Monday as 0


def marked_purchases(transactions: Any, as_of: date, products: Any = None) -> Any:
    """List the purchase lines of known customers with what is known about each.

    Parameters
    ----------
    transactions
        The clean table; only purchases before ``as_of`` count.
    as_of
        Exclusive end of what may be seen.
    products
        The clean table of products, for category and brand; both are missing where it is not given.

    Returns
    -------
    ibis.Table
        ``customer_id, order_id, ordered_at, product_id, quantity, amount, channel, store_id, payment_method, category,
        brand, daypart`` (of :data:`DAYPARTS`; missing where all times of the table are midnight is the caller's
        business), ``weekend`` and ``on_promotion`` (flags; a line with a promotion or a discount).
    """
    seen = known_purchases(transactions, as_of)
    lines = seen.select(
        "customer_id", "order_id", "ordered_at", "product_id", "quantity", "amount", "channel", "store_id",
        "payment_method", daypart=_daypart(seen.ordered_at.hour()),
        weekend=seen.ordered_at.day_of_week.index() >= _WEEKEND, on_promotion=on_promotion(seen),
    )  # fmt: skip
    if products is None:
        return lines.mutate(category=ibis.null("string"), brand=ibis.null("string"))
    named = products.select("product_id", "category", "brand")
    return lines.left_join(named, "product_id").drop("product_id_right")


def on_promotion(lines: Any) -> Any:
    """Say which lines were sold with a promotion or at a discount."""
    return lines.promotion_id.notnull() | (lines.discount.fill_null(0) > 0)


def _daypart(hour: Any) -> Any:
    named = [((hour >= first) & (hour < end), name) for name, first, end in DAYPARTS]
    return ibis.cases(*named, else_=DAYPARTS[0][0])


def known_marks(transactions: Any, as_of: date) -> frozenset[str]:
    """Say which marks the data have at all: a channel never delivered is no habit of anybody.

    Returns
    -------
    frozenset of str
        Of ``channel, store_id, payment_method, product_id, promotion, time``; a column counts with two values or more,
        ``promotion`` with a line on promotion, ``time`` with a purchase not at midnight.
    """
    seen = purchases(before(transactions, as_of))
    columns = ("channel", "store_id", "payment_method", "product_id")
    found = seen.agg(
        **{name: seen[name].max() != seen[name].min() for name in columns},
        promotion=on_promotion(seen).any(),
        time=(seen.ordered_at != seen.ordered_at.truncate("D")).any(),
    ).to_pandas()
    # an empty table answers with missing values
    return frozenset(name for name in found.columns if found[name].eq(other=True).any())
