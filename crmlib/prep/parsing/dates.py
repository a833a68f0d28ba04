"""Dates and times from text: ISO and its relatives, Excel's serial numbers, or the formats the parameters give.

Three steps, each on the column that the step before has made: the text is written as ISO (:func:`iso_text`), cast
(:func:`to_timestamp`) and brought to shop time (:func:`convert_zone`), without time zone support of the engine.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import ibis

from crmlib.prep.parsing.formats import ZONE, ZONES, TimeParts, compile_format, read_format, tells_zone
from crmlib.prep.parsing.text import half_width, matches

_ISO: Final = (
    r"^[12][0-9]{3}-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])"
    r"([T ](([01]?[0-9]|2[0-3]):[0-5]?[0-9](:[0-5]?[0-9](\.[0-9]{1,6})?)?))?$"
)
"""What every engine casts alike; anything else is brought into this form first."""

_WEEKDAY: Final = "(?: ?[(（]?(?:星期|周|週)?[一二三四五六日天月火水木金土](?:曜日?)?[)）]?)?"
_FREE: Final = (
    rf"^([12][0-9]{{3}})[-/.年] ?([0-9]{{1,2}})[-/.月] ?([0-9]{{1,2}})日?{_WEEKDAY}[T ]*"
    r"(?:([0-9]{1,2})[:时時点點]([0-9]{1,2})[:分]?(?:([0-9]{1,2})秒?(?:\.([0-9]{1,6})[0-9]*)?)?)?"
    rf" ?{ZONE}?$"
)
_MARKED: Final = r"^[12][0-9]{3}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([T ][0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?)?$"
"""ISO but for its marks, as most tills write it: its marks are replaced, where the free form searches for each part."""

_COMPACT: Final = r"^([12][0-9]{3})([0-9]{2})([0-9]{2})(?:[T ]?([0-9]{2})([0-9]{2})([0-9]{2})?)?$"
SERIAL: Final = r"^[2-7][0-9]{4}(\.[0-9]+)?$"
"""Days since 1899-12-30 as spreadsheets store them, from 1954 to 2118; other numbers are no dates."""

_SERIAL_OF_EXCEL: Final = r"^[1-7][0-9]{4}(\.[0-9]+)?$"
"""In a workbook's column of dates a number from 1927 on is a day, too: births. Four digits stay a year."""

_OFFSET: Final = rf":[0-9]{{2}}(?:\.[0-9]+)?(?: ?[AaPp]\.?[ ]?[Mm]\.?)? ?({ZONE})$"
_SERIAL_OF_1970: Final = 25_569
_SECONDS_PER_DAY: Final = 86_400
_NAMED_OFFSETS: Final = {ahead: [name for name in ZONES if ZONES[name] == ahead] for ahead in ZONES.values()}
_HOURS_MINUTES: Final = ("([0-9]{2})(?::?[0-9]{2})?", "[0-9]{2}:?([0-9]{2})")
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
_STEP: Final = timedelta(days=7)
Change = tuple[datetime, int]
"""From this moment on (without a zone), add so many seconds."""


def iso_text(text: ibis.Value, formats: Sequence[str] = (), *, from_excel: bool = False) -> ibis.Value:
    """Write a date or time as ISO text; what is no date becomes something that no cast takes for one.

    A form in which day and month could be exchanged is never guessed: it needs a format. Without formats (strptime's,
    tried in order) the year comes first with ``-``, ``/``, ``.`` or 年月日, or it is compact digits, or Excel's serial
    numbers: ``from_excel`` says that the text comes from a workbook, where those before 20000 are dates, too.
    """
    if formats:
        plain = half_width(text)
        readings = [(plain.re_search(compile_format(form)[0]), read_format(plain, form).iso_text()) for form in formats]
        return ibis.cases(*readings, else_=ibis.null("string"))
    return ibis.cases(
        (is_iso(text), text),
        (text.re_search(_MARKED), text.replace("/", "-").replace(".", "-")),
        else_=_unusual(half_width(text), _SERIAL_OF_EXCEL if from_excel else SERIAL),
    )


def is_iso(text: ibis.Value, missing: Collection[str] = ()) -> ibis.Value:
    """Tell the text that :func:`iso_text` leaves as it is without formats, and that has no offset."""
    return matches(text, _ISO, missing)


def offset_minutes(text: ibis.Value, formats: Sequence[str] = ()) -> ibis.Value:
    """Give the minutes ahead of UTC that are written with a time, empty where none are."""
    if formats and not any(tells_zone(form) for form in formats):
        return ibis.null("int64")
    plain = half_width(text)
    written = plain.re_extract(_OFFSET, 1)
    hours, minutes = (text.re_extract(rf"[+-]{digits}$", 1).try_cast("int64").fill_null(0) for digits in _HOURS_MINUTES)
    sign = ibis.ifelse(written.startswith("-"), -1, 1)
    named = [(written.re_search(f"^(?i:{'|'.join(names)})$"), zone) for zone, names in _NAMED_OFFSETS.items()]
    ahead = ibis.cases(*named, else_=sign * (hours * 60 + minutes))
    return ibis.ifelse(plain.re_search(_OFFSET), ahead, ibis.null("int64"))


def to_timestamp(iso: ibis.Value) -> ibis.Value:
    """Cast ISO text to a timestamp of microseconds; days that no calendar has become empty."""
    return ibis.ifelse(is_iso(iso), iso.try_cast("timestamp(6)"), ibis.null("timestamp(6)"))


def _unusual(text: ibis.Value, serial: str) -> ibis.Value:
    free = TimeParts(*(text.re_extract(_FREE, group) for group in range(1, 8)))
    compact = TimeParts(*(text.re_extract(_COMPACT, group) for group in range(1, 7)))
    return ibis.cases(
        (text.re_search(_FREE), free.iso_text()),
        (text.re_search(_COMPACT), compact.iso_text()),
        (text.re_search(serial), _from_serial(text, serial)),
        else_=ibis.null("string"),
    )


def _from_serial(text: ibis.Value, serial: str) -> ibis.Value:
    days = ibis.ifelse(text.re_search(serial), text.try_cast("decimal(18, 10)"), ibis.null("decimal(18, 10)"))
    seconds = ((days.cast("float64") - _SERIAL_OF_1970) * _SECONDS_PER_DAY).round().cast("int64")
    return (ibis.timestamp("1970-01-01 00:00:00") + seconds.as_interval("s")).strftime("%Y-%m-%d %H:%M:%S")


def convert_zone(times: ibis.Value, source: str, shop: str) -> ibis.Value:
    """Convert clock times of a source to shop time; an hour that occurs twice is taken for its first occurrence."""
    if source == shop:
        return times
    return _shift(_shift(times, _to_utc(source)), _from_utc(shop))


def _shift(times: ibis.Value, changes: tuple[Change, ...]) -> ibis.Value:
    """Add the seconds that hold at each time; halving keeps the expression shallow: 120 changes, seven comparisons."""
    if len(changes) == 1:
        return times + ibis.interval(seconds=changes[0][1]) if changes[0][1] else times
    middle = len(changes) // 2
    later = times >= ibis.timestamp(changes[middle][0].isoformat())
    return ibis.ifelse(later, _shift(times, changes[middle:]), _shift(times, changes[:middle]))


@lru_cache(maxsize=16)
def _offsets(zone: str) -> tuple[tuple[datetime, int], ...]:
    """List the moments (UTC) at which a zone's offset changes, with the seconds it is ahead of UTC from then on."""
    info = ZoneInfo(zone)

    def ahead(moment: datetime) -> int:
        offset = moment.astimezone(info).utcoffset()
        return int(offset.total_seconds()) if offset is not None else 0

    found = [(_FIRST, ahead(_FIRST))]
    moment = _FIRST
    while moment < _LAST:
        if ahead(moment + _STEP) != found[-1][1]:
            low, high = moment, moment + _STEP
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if ahead(middle) == found[-1][1] else (low, middle)
            found.append((high.replace(microsecond=0), ahead(high)))
        moment += _STEP
    return tuple(found)


def _from_utc(zone: str) -> tuple[Change, ...]:
    return tuple((moment.replace(tzinfo=None), ahead) for moment, ahead in _offsets(zone))


def _to_utc(zone: str) -> tuple[Change, ...]:
    """Give the changes on the zone's own clock: going back repeats an hour, which counts as the first one."""
    steps = _offsets(zone)
    before = (steps[0][1], *(ahead for _, ahead in steps[:-1]))
    return tuple(
        (moment.replace(tzinfo=None) + timedelta(seconds=max(ahead, was)), -ahead)
        for (moment, ahead), was in zip(steps, before, strict=True)
    )
