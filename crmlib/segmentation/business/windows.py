"""The spans of time that are put side by side: this period and the last twelve months, then and a year ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import before, purchases
from crmlib.months import earlier, months_before

if TYPE_CHECKING:
    from ibis import Table, Value


MONTHS_ROLLING: Final = 12
_LATE: Final = pd.Timedelta(days=2)
"""A history whose first order is later than this after a span began, on its fourth day, does not hold that span."""


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, and the span of calendar months before it that returning customers are told by."""

    # `period`, `rolling` (twelve months, or as much as there is), either with `_before` (a month earlier), `_year_ago`
    code: str
    start: date
    end: date  # exclusive
    base: date  # first day of the span before, which ends where this one starts
    known: bool = True  # the history reaches back to `base`: the new can be told from those who came back
    longer_known: bool = True  # it reaches back further: pauses of the span before can be seen
    first_day: date | None = None  # day of the first order, where it is too late for the history to hold the span whole

    @property
    def days(self) -> int:
        """Days of the span that the history covers."""
        return (self.end - (self.first_day or self.start)).days


def report_windows(first_day: date, as_of: date) -> list[Window]:
    """Lay out the spans of a report: ``period`` and ``rolling`` always, others where the history holds them."""
    before, (month, _end) = this_and_before(as_of)
    years_ago = [months_before(as_of, years * MONTHS_ROLLING) for years in (1, 2)]
    spans = [
        ("period", month, as_of, 1),
        ("before", *before, 1),
        ("year_ago", earlier(month, 12), years_ago[0], 1),
        ("rolling", max(years_ago[0], first_day), as_of, MONTHS_ROLLING),
        ("rolling_before", months_before(as_of, MONTHS_ROLLING + 1), months_before(as_of, 1), MONTHS_ROLLING),
        ("rolling_year_ago", years_ago[1], years_ago[0], MONTHS_ROLLING),
    ]
    always = {"period", "rolling"}
    return [
        Window(
            code, start, end, earlier(start, length), known=holds(first_day, earlier(start, length)),
            longer_known=holds(first_day, earlier(start, length + 1)),
            first_day=None if holds(first_day, start) else first_day,
        )
        for code, start, end, length in spans
        if code in always or holds(first_day, start)
    ]  # fmt: skip


def this_and_before(as_of: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """Give the period before and this one, each as its first day and exclusive end.

    A report in mid-month looks at the month to date, beside the same days of the month before.
    """
    month = (as_of - timedelta(days=1)).replace(day=1)
    return (earlier(month, 1), months_before(as_of, 1)), (month, as_of)


def holds(first_day: date, start: date) -> bool:
    """Say whether a history that begins on a day holds a span that starts on another."""
    return pd.Timestamp(first_day) - pd.Timestamp(start) <= _LATE


def slot_of(column: Value, cuts: list[date]) -> Value:
    """Tell the stretches apart that the spans and those before them cut the history into; 0 is before them all.

    Spans overlap, stretches do not: lines are summed by stretch once, and the sums by span.
    """
    ordinals = [(column >= ibis.timestamp(day.isoformat())).cast("int64") for day in cuts]
    return sum(ordinals[1:], ordinals[0])


def slot_table(windows: list[Window]) -> Table:
    """Say which stretches make up each span: ``window, starts, slot``, in the engine."""
    cuts = cuts_of(windows)
    rows = [
        (window.code, pd.Timestamp(window.start), number)
        for window in windows
        for number in slots_between(cuts, window.start, window.end)
    ]
    frame = pd.DataFrame(rows, columns=["window", "starts", "slot"]).astype({"starts": "datetime64[us]"})
    return ibis.memtable(frame, schema={"window": "string", "starts": "timestamp(6)", "slot": "int64"})


def cuts_of(windows: list[Window]) -> list[date]:
    """List the days on which a span, or the one before it, starts or ends."""
    return sorted({day for window in windows for day in (window.base, window.start, window.end)})


def slots_between(cuts: list[date], start: date | None, end: date) -> list[int]:
    """List the stretches from one of the cuts to another; without a start, from the first order on."""
    after = 0 if start is None else cuts.index(start) + 1
    return list(range(after, cuts.index(end) + 1))


START_COLUMNS: Final = ("part", "item", "first_day", "purchase_days")

UNLIKELY: Final = 5.0
"""Days of sale that a part misses before its first one, at its own pace: so many do not pass by chance (1 in 150)."""


def part_starts(transactions: Table, as_of: date, categories: Table | None = None) -> pd.DataFrame:
    """Find the day on which each channel, store and category first sold: :data:`START_COLUMNS`.

    Categories are told by :func:`crmlib.orders.orders_by_category`. A tier is left out: that of the extract does not
    say when its members got there.
    """
    orders = purchases(before(transactions, as_of))
    items = {"channel": orders.channel, "store": orders.store_id}
    found = [_starts(orders.mutate(item=item), part) for part, item in items.items()]
    if categories is not None:
        sold = purchases(before(categories, as_of))
        found.append(_starts(sold.mutate(item=sold.category), "category"))
    starts: pd.DataFrame = ibis.union(*found).to_pandas()
    return starts[list(START_COLUMNS)].sort_values(["part", "item"], ignore_index=True)


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
