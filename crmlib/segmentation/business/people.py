"""Customers of a span of time by what brought them: new, back again, back after a pause; and those lost in it."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from crmlib.features import known_purchases
from crmlib.segmentation.business.windows import Window, cuts_of, slot_of, slots_between
from crmlib.segmentation.customers.rhythm import purchase_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from ibis import Table
    from numpy.typing import NDArray


def window_people(
    transactions: Table, windows: list[Window], as_of: date, lost_after: float | None = None
) -> pd.DataFrame:
    """Count the known customers of every span of time by kind.

    One row a span: ``window, active`` (bought), ``new`` (for the first time), ``returning`` (the others), ``before``
    (bought in the span before), ``again`` (of those, bought in this one too), ``reactivated`` (returning without a
    purchase in the span before), ``lost`` (the last of ``lost_after`` days without a purchase fell into the span,
    whoever comes back later). Missing where the history does not reach back far enough, and ``lost`` without a limit.
    """
    kinds = _kinds(_bought_in(transactions, windows, as_of), windows)
    known = pd.Series({window.code: window.known for window in windows}, dtype=bool)
    told = ["new", "returning", "reactivated", "before", "again"]
    kinds.loc[~known.reindex(kinds.index), told] = float("nan")
    kinds.loc[[window.code for window in windows if not window.longer_known], "reactivated"] = float("nan")
    lost = pd.Series(float("nan"), index=kinds.index)
    if lost_after is not None and pd.notna(lost_after):
        lost = _lost(purchase_days(transactions, as_of), windows, lost_after)
    return kinds.assign(lost=lost).reset_index()


def _bought_in(transactions: Table, windows: list[Window], as_of: date) -> pd.DataFrame:
    cuts = cuts_of(windows)
    lines = known_purchases(transactions, as_of)
    slot = slot_of(lines.ordered_at, cuts)
    flags = lines.group_by("customer_id").agg(**{f"in_{n}": (slot == n).max() for n in range(len(cuts) + 1)})
    return flags.drop("customer_id").to_pandas()


def _kinds(flags: pd.DataFrame, windows: list[Window]) -> pd.DataFrame:
    cuts, rows = cuts_of(windows), {}
    for window in windows:
        spans = ((window.start, window.end), (None, window.start), (window.base, window.start))
        now, earlier, base = (_within(flags, slots_between(cuts, *span)) for span in spans)
        counts = {"active": now, "new": now & ~earlier, "before": base, "again": now & base}
        rows[window.code] = {name: float(who.sum()) for name, who in counts.items()}
    kinds = pd.DataFrame.from_dict(rows, orient="index").rename_axis("window")
    kinds["returning"] = kinds["active"] - kinds["new"]
    kinds["reactivated"] = kinds["returning"] - kinds["again"]
    return kinds


def _within(flags: pd.DataFrame, slots: list[int]) -> NDArray[np.bool_]:
    """Say which rows bought in one of some stretches of time."""
    return flags[[f"in_{n}" for n in slots]].to_numpy(dtype=bool).any(axis=1)


def _lost(days: Table, windows: list[Window], lost_after: float) -> pd.Series:
    limit = ceil(lost_after)
    own = ibis.window(group_by=days.customer_id, order_by=days.day)
    waits = days.mutate(following=days.day.lead(1).over(own), lost_on=days.day + ibis.interval(days=limit))
    gone = waits.filter(waits.following.isnull() | (waits.following > waits.lost_on))
    at = gone.lost_on.cast("timestamp(6)")
    counted = gone.agg(
        first=days.day.min().as_scalar(),
        **{
            window.code: gone.customer_id.nunique(
                where=(at >= ibis.timestamp(window.start.isoformat())) & (at < ibis.timestamp(window.end.isoformat()))
            )
            for window in windows
        },
    ).to_pandas()
    lost = counted.drop(columns="first").iloc[0].astype("float64")
    if pd.isna(counted["first"].iloc[0]):
        return lost
    earliest = pd.Timestamp(counted["first"].iloc[0]).date() + timedelta(days=limit)
    return lost.where(pd.Series({window.code: window.start >= earliest for window in windows}, dtype=bool))


def part_people(rows: Mapping[str, Table], windows: list[Window]) -> pd.DataFrame:
    """Count who came back to a channel, a store or a category: ``window, part, item, before, again``, as above.

    By part orders with ``item, customer_id, lines, slot``; spans that the history does not tell are left out.
    """
    known = [window for window in windows if window.known]
    columns = ["window", "part", "item", "before", "again"]
    slots = range(1, len(cuts_of(windows)) + 1)
    habits = ibis.union(*[_habits(orders, part, slots) for part, orders in rows.items()]).to_pandas()
    counted = [_returned(habits, windows, window).assign(window=window.code) for window in known]
    return pd.concat(counted)[columns] if counted else pd.DataFrame(columns=columns)


def _habits(rows: Table, part: str, slots: range) -> Table:
    """Count the customers of each item by the stretches of time in which they bought it: few rows for pandas."""
    bought = rows.filter((rows.lines > 0) & rows.customer_id.notnull() & rows.item.notnull())
    flags = {f"in_{n}": (bought.slot == n).max() for n in slots}
    customers = bought.group_by(["item", "customer_id"]).agg(**flags)
    return customers.group_by(["item", *flags]).agg(customers=customers.count()).mutate(part=ibis.literal(part))


def _returned(habits: pd.DataFrame, windows: list[Window], window: Window) -> pd.DataFrame:
    spans = ((window.start, window.end), (window.base, window.start))
    came, earlier = (_within(habits, slots_between(cuts_of(windows), *span)) for span in spans)
    counts = habits[["part", "item"]].assign(
        before=habits["customers"] * earlier, again=habits["customers"] * (earlier & came)
    )
    return counts.groupby(["part", "item"], as_index=False).sum().astype({"before": "float64", "again": "float64"})
