"""Customers of a part of the business: of those who bought in it in the span before, how many did so again."""

from collections.abc import Sequence
from typing import Any

import ibis
import pandas as pd

from crmlib.segmentation.business.windows import Window, cuts_of, slots_between


def part_people(lines: Any, windows: list[Window], parts: Sequence[str]) -> pd.DataFrame:
    """Count the customers who came back to a channel, a store or a category, and those of a tier who came back.

    Parameters
    ----------
    lines
        Lines with ``customer_id, bought`` (not taken back), ``slot`` (from
        :func:`crmlib.segmentation.business.windows.slot_of`) and one column a part with the item of it.
    windows
        The spans.
    parts
        The columns of the parts.

    Returns
    -------
    pandas.DataFrame
        ``window, part, item, before`` (known customers who bought in this item in the span before), ``again`` (of
        those, bought in it in this one too); spans that the history does not tell are left out.
    """
    known = [each for each in windows if each.known]
    columns = ["window", "part", "item", "before", "again"]
    bought = lines.filter(lines.bought & lines.customer_id.notnull())
    slots = range(1, len(cuts_of(windows)) + 1)
    habits = ibis.union(*[_habits(bought.mutate(item=bought[part]), part, slots) for part in parts]).to_pandas()
    counted = [_returned(habits, windows, each).assign(window=each.code) for each in known]
    return pd.concat(counted)[columns] if counted else pd.DataFrame(columns=columns)


def _habits(bought: Any, part: str, slots: range) -> Any:
    """Count the customers of each item by the stretches of time in which they bought it: few rows for pandas."""
    flags = {f"in_{n}": (bought.slot == n).max() for n in slots}
    each = bought.filter(bought.item.notnull()).group_by(["item", "customer_id"]).agg(**flags)
    return each.group_by(["item", *flags]).agg(customers=each.count()).mutate(part=ibis.literal(part))


def _returned(habits: pd.DataFrame, windows: list[Window], window: Window) -> pd.DataFrame:
    cuts = cuts_of(windows)

    def within(start: Any, end: Any) -> Any:
        return habits[[f"in_{n}" for n in slots_between(cuts, start, end)]].to_numpy(dtype=bool).any(axis=1)

    came, earlier = within(window.start, window.end), within(window.base, window.start)
    counts = habits[["part", "item"]].assign(
        before=habits["customers"] * earlier, again=habits["customers"] * (earlier & came)
    )
    return counts.groupby(["part", "item"], as_index=False).sum().astype({"before": "float64", "again": "float64"})
