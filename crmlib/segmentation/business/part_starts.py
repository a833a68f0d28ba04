"""When a part of the business began to sell, so that its first months are not compared with a time before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import before, purchases
from crmlib.segmentation.business.windows import Window, holds

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

COLUMNS: Final = ("part", "item", "first_day", "purchase_days")

UNLIKELY: Final = 5.0
"""Days of sale that a part misses before its first one, at its own pace: so many do not pass by chance (1 in 150)."""


def part_starts(transactions: Table, as_of: date, products: Table | None = None) -> pd.DataFrame:
    """Find the day on which each channel, store and category first sold: :data:`COLUMNS`.

    A tier is left out: that of the extract does not say when its members got there.
    """
    lines = purchases(before(transactions, as_of))
    items = {"channel": lines.channel, "store": lines.store_id}
    found = [_starts(lines.mutate(item=item), part) for part, item in items.items()]
    if products is not None:
        named = products.select("product_id", item="category")
        found.append(_starts(lines.inner_join(named, "product_id"), "category"))
    starts: pd.DataFrame = ibis.union(*found).to_pandas()
    return starts[list(COLUMNS)].sort_values(["part", "item"], ignore_index=True)


def _starts(lines: Table, part: str) -> Table:
    known = lines.filter(lines.item.notnull())
    return known.group_by("item").agg(
        first_day=known.ordered_at.min(), purchase_days=known.ordered_at.date().nunique()
    ).mutate(part=ibis.literal(part))  # fmt: skip


def began_within(starts: pd.DataFrame, then: Window, as_of: date) -> pd.Series:
    """Say which parts of the business began after the start of the span that they would be compared with.

    A part that sells now and then may miss the first days of a span by chance: it counts as begun later only where, at
    its own pace, it would have sold by then (:data:`UNLIKELY`).
    """
    first = pd.to_datetime(starts["first_day"]).dt.normalize()
    late = (first - pd.Timestamp(then.start)).dt.days
    pace = starts["purchase_days"] / (pd.Timestamp(as_of) - first).dt.days.clip(lower=1)
    whole = first.map(lambda day: holds(day.date(), then.start)).astype(bool)
    return ~whole & (late * pace > UNLIKELY)
