"""What is known about each purchase besides its money: on promotion or not, when, where, how and what (Ibis)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from crmlib.features import before, known_purchases, purchases
from crmlib.orders import on_promotion

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

DAYPARTS: Final = (("night", 0, 6), ("morning", 6, 11), ("midday", 11, 14), ("afternoon", 14, 18), ("evening", 18, 22))
"""Parts of the day with their first hour and the one after their last; from 22 on it is night again."""

_WEEKEND: Final = 5  # Saturday, counting from Monday as 0


def detailed_purchases(transactions: Table, as_of: date, products: Table | None = None) -> Table:
    """List the purchase lines of known customers before ``as_of`` with what is known about each.

    ``customer_id, order_id, ordered_at, product_id, quantity, amount, channel, store_id, payment_method, category,
    brand`` (both missing without a table of products), ``daypart`` (of :data:`DAYPARTS`; where all times are midnight
    is the caller's business), ``weekend`` and ``on_promotion`` (flags; a line with a promotion or a discount).
    """
    seen = known_purchases(transactions, as_of)
    hour = seen.ordered_at.hour()
    parts = [((hour >= first) & (hour < end), name) for name, first, end in DAYPARTS]
    lines = seen.select(
        "customer_id", "order_id", "ordered_at", "product_id", "quantity", "amount", "channel", "store_id",
        "payment_method", daypart=ibis.cases(*parts, else_=DAYPARTS[0][0]),
        weekend=seen.ordered_at.day_of_week.index() >= _WEEKEND, on_promotion=on_promotion(seen),
    )  # fmt: skip
    if products is None:
        return lines.mutate(category=ibis.null("string"), brand=ibis.null("string"))
    named = products.select("product_id", "category", "brand")
    return lines.left_join(named, "product_id").drop("product_id_right")


def known_details(transactions: Table, as_of: date) -> frozenset[str]:
    """Say which details the data have at all: a channel never delivered is no habit of anybody.

    Of ``channel, store_id, payment_method, promotion, time``, told by lines or orders; a column counts with two values
    or more, ``promotion`` with a line on promotion, ``time`` with a purchase not at midnight.
    """
    seen = purchases(before(transactions, as_of))
    columns = ("channel", "store_id", "payment_method")
    last = seen["last_at" if "parts" in seen.columns else "ordered_at"]
    found = seen.agg(
        **{name: seen[name].max() != seen[name].min() for name in columns},
        promotion=on_promotion(seen).any(),
        time=(last != last.truncate("D")).any(),
    ).to_pandas()
    # an empty table answers with missing values
    return frozenset(name for name in found.columns if found[name].eq(other=True).any())
