"""Dates in a column of text: which formats they are written in, and whether day and month can be told apart."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from crmlib.prep.proposal.written import Written, take_apart

_SERIAL: Final = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_RARE: Final = 0.01
"""Formats that fewer of the dates have are dirt, not a format of the column."""
_MOST_FORMATS: Final = 4
_STRAYS: Final = 4
_FEW: Final = 10
_GAP: Final = 62
"""Days without any date from which a single day beyond them is an error of typing."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a column says when it is read as dates.

    Attributes
    ----------
    share
        Share of the values that are dates.
    formats
        strptime formats, the most frequent first; empty where preparation reads all of them without being told.
    free
        Formats of the dates that it reads so, for a source that must be told the format of another column.
    example
        One of the dates, as written.
    first, last
        The earliest and the latest day.
    with_time
        Whether a time of day is written.
    ambiguous
        Whether every day could be a month and every month a day.
    serial
        Share of the values that are dates only as a spreadsheet's day numbers.
    weekdays
        Weekdays that occur, Monday 0.
    late
        Whether single days far after the last one occur, such as 2099-12-31.
    """

    share: float
    formats: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    example: str = ""
    first: date | None = None
    last: date | None = None
    with_time: bool = False
    ambiguous: bool = False
    serial: float = 0.0
    weekdays: frozenset[int] = frozenset()
    late: bool = False


def read_dates(values: Sequence[str]) -> DateReading:
    """Read a column's values as dates; where day and month cannot be told apart, the day is taken to stand first.

    Examples
    --------
    >>> read_dates(["31/12/2010 08:26", "01/02/2011 09:00"]).formats
    ('%d/%m/%Y %H:%M',)
    >>> reading = read_dates(["01/02/2011", "03/04/2011"])
    >>> reading.formats, reading.ambiguous
    (('%d/%m/%Y',), True)
    >>> read_dates(["2026年3月5日", "20260306"]).last
    datetime.date(2026, 3, 6)
    """
    if not values:
        return DateReading(0.0)
    serial = sum(_SERIAL.fullmatch(value) is not None for value in values) / len(values)
    written = [each for each in map(take_apart, values) if each is not None]
    day_first, ambiguous = _order(written)
    dated = [(each, day) for each in written if (day := each.day(day_first=day_first)) is not None]
    if not dated:
        return DateReading(0.0, serial=serial)
    forms = Counter((each.format(day_first=day_first), each.free) for each, _ in dated)
    kept = [form for form, count in forms.most_common(_MOST_FORMATS) if count >= _RARE * len(dated)]
    every = {day for _, day in dated}
    days = _without_strays(every)
    usual = [each.text for each, day in dated if day in days and each.format(day_first=day_first) == kept[0][0]]
    return DateReading(
        share=len(dated) / len(values),
        formats=() if all(free for _, free in kept) else tuple(form for form, _ in kept),
        free=tuple(form for form, free in kept if free),
        example=usual[len(usual) // 2],
        first=min(days),
        last=max(days),
        with_time="%M" in kept[0][0],
        ambiguous=ambiguous,
        serial=serial,
        weekdays=frozenset(day.weekday() for day in days),
        late=max(every) > max(days),
    )


def _order(written: Sequence[Written]) -> tuple[bool, bool]:
    """Tell whether the day stands before the month, and whether that is only assumed."""
    unclear = [each for each in written if each.open]
    first_over = sum(each.first > 12 for each in unclear)
    second_over = sum(each.second > 12 for each in unclear)
    return first_over >= second_over, bool(unclear) and first_over == second_over == 0


def _without_strays(days: Collection[date]) -> frozenset[date]:
    """Leave out single days far before the first and after the last, such as 1970-01-01 and 2099-12-31."""
    ordered = sorted(days)
    for _ in range(_STRAYS):
        if len(ordered) > _FEW and (ordered[-1] - ordered[-2]).days > _GAP:
            ordered = ordered[:-1]
        if len(ordered) > _FEW and (ordered[1] - ordered[0]).days > _GAP:
            ordered = ordered[1:]
    return frozenset(ordered)


def end_of_whole_months(reading: DateReading) -> date | None:
    """Give the first day after the last whole month that the dates cover.

    A month is whole if its last day occurs, or only weekdays on which nothing ever happens are missing from its end.

    Examples
    --------
    >>> end_of_whole_months(read_dates(["2011-10-01", "2011-12-09"]))
    datetime.date(2011, 12, 1)
    >>> end_of_whole_months(read_dates(["1998-05-31", "1998-06-30"]))
    datetime.date(1998, 7, 1)
    >>> end_of_whole_months(read_dates(["2026-10-05", "2026-10-28"]))
    datetime.date(2026, 10, 29)
    """
    last = reading.last
    if last is None:
        return None
    following = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    missing = [date.fromordinal(day) for day in range(last.toordinal() + 1, following.toordinal())]
    closed = len(reading.weekdays) > 3 and not any(day.weekday() in reading.weekdays for day in missing)
    if not missing or closed:
        return following
    month = date(last.year, last.month, 1)
    alone = reading.first is not None and month <= reading.first  # no whole month at all: take what there is
    return last + timedelta(days=1) if alone else month


def read_typed(values: Iterable[object], *, with_time: bool) -> DateReading:
    """Read values that the file itself has typed as dates or times."""
    found = {each.date() if isinstance(each, datetime) else each for each in values if isinstance(each, date)}
    if not found:
        return DateReading(0.0)
    days = _without_strays(found)
    weekdays = frozenset(day.weekday() for day in days)
    late = max(found) > max(days)
    return DateReading(1.0, first=min(days), last=max(days), with_time=with_time, weekdays=weekdays, late=late)
