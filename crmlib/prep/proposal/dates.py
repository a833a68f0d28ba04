"""Dates in a column of text: with which formats preparation reads most of them, and whether day and month differ."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from crmlib.prep.parsing.dates import SERIAL
from crmlib.prep.proposal.reader import read_as_times, spread
from crmlib.prep.proposal.written import Written, take_apart

_SERIAL: Final = re.compile(SERIAL)
_RARE: Final = 0.01
"""Formats that fewer of the dates have are dirt, not a format of the column."""
_MOST_FORMATS: Final = 4
_STRAYS: Final = 4
_FEW: Final = 10
_MONTHS: Final = 12
_DAYS: Final = 31
_FEW_YEARS: Final = 5
_LOOKED_AT: Final = 2_000
"""Values of whose looks the formats are guessed; with them all values are read."""
_GAP: Final = 62
"""Days without any date from which a single day beyond them is an error of typing."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a column says when it is read as dates."""

    share: float  # share of the values that are dates
    formats: tuple[str, ...] = ()  # strptime, the most frequent first; none where preparation reads all untold
    free: tuple[str, ...] = ()  # those it reads untold, for a source that must be told the format of another column
    example: str = ""
    first: date | None = None
    last: date | None = None
    with_time: bool = False  # whether a time of day is written
    ambiguous: bool = False  # whether every day could be a month, or some tell one order, some the other
    serial: float = 0.0  # share of the values that are dates only as a spreadsheet's day numbers
    weekdays: frozenset[int] = frozenset()  # those that occur, Monday 0
    late: bool = False  # whether single days far after the last one occur, such as 2099-12-31


def read_dates(values: Sequence[str], rows: Sequence[int] | None = None) -> DateReading:
    """Read a column's values as dates; where day and month cannot be told apart, the day is taken to stand first.

    ``rows`` says how many rows have each value, one where it is not given: the shares are of rows.
    """
    if not values:
        return DateReading(0.0)
    rows = rows if rows is not None else [1] * len(values)
    numbers = [_SERIAL.fullmatch(value) is not None for value in values]
    serial = sum(n for n, number in zip(rows, numbers, strict=True) if number) / sum(rows)
    written = [day for day in map(take_apart, spread(values, _LOOKED_AT)) if day is not None]
    if not written:
        return DateReading(0.0, serial=serial)
    order = _order(written)
    forms = Counter(order.form(day) for day in written if order.is_day(day))
    usual_forms = [form for form, count in forms.most_common(_MOST_FORMATS) if count >= _RARE * forms.total()]
    formats, free = _needed(usual_forms, [(order.form(day), day.text) for day in written])
    read = [None if number else time for time, number in zip(read_as_times(values, formats), numbers, strict=True)]
    every = {time.date() for time in read if time is not None}
    if not every:
        return DateReading(0.0, serial=serial)
    days = _without_strays(every)
    usual = [value for value, time in zip(values, read, strict=True) if time is not None and time.date() in days]
    return DateReading(
        share=sum(n for n, time in zip(rows, read, strict=True) if time is not None) / sum(rows),
        formats=formats,
        free=free,
        example=_example(usual, order, usual_forms[0]),
        first=min(days),
        last=max(days),
        with_time="%M" in usual_forms[0],
        ambiguous=order.ambiguous,
        serial=serial,
        weekdays=frozenset(day.weekday() for day in days),
        late=max(every) > max(days),
    )


@dataclass(frozen=True, slots=True)
class _Order:
    """In which order day, month and a year of two digits stand where all three are digits."""

    day_first: bool
    year_first: bool
    ambiguous: bool

    def form(self, written: Written) -> str:
        return written.format(day_first=self.day_first, year_first=self.year_first)

    def is_day(self, written: Written) -> bool:
        return self.year_first or written.day(day_first=self.day_first) is not None


def _order(written: Sequence[Written]) -> _Order:
    """Tell whether the day stands before the month, and whether that is only assumed."""
    unclear = [day for day in written if day.open]
    first_over = sum(day.second <= _MONTHS < day.first for day in unclear)
    second_over = sum(day.first <= _MONTHS < day.second for day in unclear)
    if _years_first(unclear):
        return _Order(day_first=False, year_first=True, ambiguous=False)
    mixed = min(first_over, second_over) >= max(_RARE * len(unclear), 1)
    return _Order(
        first_over >= second_over, year_first=False, ambiguous=bool(unclear) and (mixed or not first_over + second_over)
    )


def _years_first(unclear: Sequence[Written]) -> bool:
    """Tell 26-05-04 from 04-05-26: what stands first hardly changes, what stands last takes the days of a month."""
    firsts, lasts = {day.first for day in unclear}, {day.year % 100 for day in unclear}
    return (
        bool(unclear)
        and all(day.short and day.second <= _MONTHS and 0 < day.year % 100 <= _DAYS for day in unclear)
        and max(firsts) > _MONTHS
        and len(firsts) <= _FEW_YEARS
        and len(lasts) > 2 * len(firsts) + _FEW_YEARS
    )


def _needed(usual_forms: Sequence[str], written: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the formats that preparation must be told, and those of dates that it reads without being told."""
    samples = {form: next(text for written_form, text in written if written_form == form) for form in usual_forms}
    unasked = read_as_times(list(samples.values()))
    free = tuple(form for form, time in zip(samples, unasked, strict=True) if time is not None)
    return (() if len(free) == len(usual_forms) else tuple(usual_forms)), free


def _example(usual: Sequence[str], order: _Order, form: str) -> str:
    written = {value: take_apart(value) for value in spread(usual, _LOOKED_AT)}
    alike = [value for value, day in written.items() if day is not None and order.form(day) == form]
    return alike[len(alike) // 2] if alike else ""


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
    found = {value.date() if isinstance(value, datetime) else value for value in values if isinstance(value, date)}
    if not found:
        return DateReading(0.0)
    days = _without_strays(found)
    weekdays = frozenset(day.weekday() for day in days)
    late = max(found) > max(days)
    return DateReading(1.0, first=min(days), last=max(days), with_time=with_time, weekdays=weekdays, late=late)
