"""One date as it is written: its parts and the strptime format of it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_TIME: Final = (
    r"(?:(?P<gap>,? |T)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d+)?)?"
    r"(?P<half> ?[AaPp][Mm])?(?P<zone> ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?"
)
_YEAR_LAST: Final = re.compile(
    r"(?P<a>\d{1,2})(?P<mark>[/.\- ])(?P<b>\d{1,2}|[A-Za-z]{3,9})(?P=mark)(?P<year>[12]\d{3}|\d{2})" + _TIME
)
_MONTH_NAME_FIRST: Final = re.compile(r"(?P<b>[A-Za-z]{3,9}) (?P<a>\d{1,2})(?P<comma>,?) (?P<year>[12]\d{3})" + _TIME)
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>[12]\d{3})(?P<mark>[-/.年])(?P<b>\d{1,2})(?P<mark2>[-/.月])(?P<a>\d{1,2})(?P<end>日?)" + _TIME
)
_COMPACT: Final = re.compile(r"(?P<year>[12]\d{3})(?P<b>\d{2})(?P<a>\d{2})(?P<time>[T ]?\d{4}(?:\d{2})?)?")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Written:
    """A value that looks like a date.

    Attributes
    ----------
    first, second
        The day and the month, or the month and the day where ``open`` says that only their order may be assumed.
    form
        The strptime format with the day first where the order is open.
    free
        Whether preparation reads it without being told.
    """

    text: str
    year: int
    first: int
    second: int
    form: str
    free: bool
    open: bool

    def day(self, *, day_first: bool) -> date | None:
        """Give the day, or nothing if no calendar has it."""
        day, month = (self.first, self.second) if day_first or not self.open else (self.second, self.first)
        try:
            return date(self.year, month, day)
        except ValueError:
            return None

    def format(self, *, day_first: bool) -> str:
        """Give the strptime format.

        Examples
        --------
        >>> take_apart("03/05/2026 8:15 PM").format(day_first=False)
        '%m/%d/%Y %I:%M %p'
        """
        if day_first or not self.open:
            return self.form
        return self.form.replace("%d", "%%", 1).replace("%m", "%d", 1).replace("%%", "%m", 1)


def take_apart(text: str) -> Written | None:
    """Take a value apart, or give nothing where it is no date.

    Examples
    --------
    >>> take_apart("5-Mar-26").form, take_apart("2026年3月5日").form, take_apart("Mar 5, 2026").form
    ('%d-%b-%y', '%Y年%m月%d日', '%b %d, %Y')
    >>> take_apart("20260305").free, take_apart("tea") is None
    (True, True)
    """
    for pattern, read in ((_YEAR_FIRST, _year_first), (_COMPACT, _compact), (_YEAR_LAST, _year_last)):
        match = pattern.fullmatch(text)
        if match is not None:
            return read(text, match)
    match = _MONTH_NAME_FIRST.fullmatch(text)
    return None if match is None else _month_name_first(text, match)


def _year_first(text: str, match: re.Match[str]) -> Written:
    parts = match.groupdict()
    form = f"%Y{parts['mark']}%m{parts['mark2']}%d{parts['end']}{_time_form(parts)}"
    return Written(text, int(parts["year"]), int(parts["a"]), int(parts["b"]), form, free=True, open=False)


def _compact(text: str, match: re.Match[str]) -> Written:
    time = match["time"] or ""
    gap = time[:1] if time[:1] in ("T", " ") else ""
    clock = ("%H%M" if len(time) - len(gap) == 4 else "%H%M%S") if time else ""
    form = f"%Y%m%d{gap}{clock}"
    return Written(text, int(match["year"]), int(match["a"]), int(match["b"]), form, free=True, open=False)


def _year_last(text: str, match: re.Match[str]) -> Written:
    parts = match.groupdict()
    numeric = parts["b"].isdigit()
    years = "%Y" if len(parts["year"]) == 4 else "%y"
    form = parts["mark"].join(("%d", "%m" if numeric else _month_form(parts["b"]), years)) + _time_form(parts)
    month = int(parts["b"]) if numeric else _month(parts["b"])
    return Written(text, _full_year(parts["year"]), int(parts["a"]), month, form, free=False, open=numeric)


def _month_name_first(text: str, match: re.Match[str]) -> Written:
    parts = match.groupdict()
    form = f"{_month_form(parts['b'])} %d{parts['comma']} %Y{_time_form(parts)}"
    return Written(text, int(parts["year"]), int(parts["a"]), _month(parts["b"]), form, free=False, open=False)


def _month_form(name: str) -> str:
    return "%b" if len(name) == 3 else "%B"


def _month(name: str) -> int:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 69 else 1900)


def _time_form(parts: dict[str, str]) -> str:
    if parts["hour"] is None:
        return ""
    seconds = ":%S" if parts["second"] else ""
    fraction = ".%f" if parts["fraction"] else ""
    half = f"{' ' if parts['half'].startswith(' ') else ''}%p" if parts["half"] else ""
    zone = f"{' ' if parts['zone'].startswith(' ') else ''}%z" if parts["zone"] else ""
    return f"{parts['gap']}{'%I' if half else '%H'}:%M{seconds}{fraction}{half}{zone}"
