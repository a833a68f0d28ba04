"""One date as it is written: its parts and the strptime format of it; what it reads, preparation says."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from crmlib.prep.parsing.formats import AFTERNOON, FORENOON, ZONES, month_of
from crmlib.prep.parsing.text import FULL_WIDTH, HALF_WIDTH

_PLAIN: Final = str.maketrans(FULL_WIDTH, HALF_WIDTH)
_NAME: Final = r"[^\W\d_]{3,12}\.?"
_HALVES: Final = "|".join((*FORENOON[1:], *AFTERNOON[1:]))
_NAMED: Final = "|".join(sorted(ZONES, key=lambda name: (-len(name), name)))
_TIME: Final = (
    rf"(?:(?P<gap>,? |T|, ?| at | um | \|| - |)(?P<early>{_HALVES})?(?P<after> ?)"
    r"(?P<hour>\d{1,2})(?P<sep>[:时時])(?P<minute>\d{2})(?P<end_minute>分?)"
    r"(?:(?P<sep2>:?)(?P<second>\d{2})(?P<end_second>秒?)(?P<fraction>\.\d+)?)?"
    r"(?P<half> ?[AaPp]\.? ?[Mm]\.?)?"
    rf"(?P<zone> ?(?:(?i:{_NAMED})|[+-]\d{{2}}:?\d{{2}}))?(?P<clock> Uhr)?)?"
)
_WEEKDAY: Final = r"(?P<weekday>(?:[^\W\d_]{2,10}\.?,? )?)"
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>[12]\d{3})(?P<mark>[-/.年]) ?(?P<b>\d{1,2})(?P<mark2>[-/.月]) ?(?P<a>\d{1,2})(?P<end>日?)"
    r"(?P<weekday> ?(?:星期|周|週)[一二三四五六日天]| ?\([月火水木金土日]\))?" + _TIME
)
_YEAR_FIRST_NAMED: Final = re.compile(
    rf"(?P<year>[12]\d{{3}})(?P<mark>[-/. ])(?P<b>{_NAME})(?P=mark)(?P<a>\d{{1,2}}){_TIME}"
)
_COMPACT: Final = re.compile(r"(?P<year>[12]\d{3})(?P<b>\d{2})(?P<a>\d{2})(?P<time>[T ]?\d{4}(?:\d{2})?)?")
_YEAR_LAST: Final = re.compile(
    rf"{_WEEKDAY}(?P<a>\d{{1,2}})(?P<mark>\. ?| de |[/.\- ]|)(?P<b>\d{{1,2}}|{_NAME})"
    rf"(?P<mark2>\. ?|, ?| de |[/.\- ]|)(?P<year>[12]\d{{3}}|\d{{2}}){_TIME}"
)
_MONTH_NAME_FIRST: Final = re.compile(
    rf"{_WEEKDAY}(?P<b>{_NAME})(?P<mark>[/.\- ])(?P<a>\d{{1,2}})(?P<mark2>, ?|[/.\- ])"
    rf"(?P<year>[12]\d{{3}}|\d{{2}}){_TIME}"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A value that looks like a date."""

    text: str
    year: int
    # the day and the month, or the month and the day where ``open`` says that only their order may be assumed
    first: int
    second: int
    form: str  # the strptime format with the day first where the order is open
    open: bool
    short: bool = False  # whether the year has two digits

    def day(self, *, day_first: bool) -> date | None:
        """Give the day, or nothing if no calendar has it."""
        day, month = (self.first, self.second) if day_first or not self.open else (self.second, self.first)
        try:
            return date(self.year, month, day)
        except ValueError:
            return None

    def format(self, *, day_first: bool, year_first: bool = False) -> str:
        """Give the strptime format."""
        if year_first and self.open and self.short:
            return exchanged(self.form, "%d", "%y")
        return self.form if day_first or not self.open else exchanged(self.form, "%d", "%m")


def exchanged(form: str, one: str, other: str) -> str:
    """Let two directives of a strptime format change places."""
    return form.replace(one, "%%", 1).replace(other, one, 1).replace("%%", other, 1)


def take_apart(text: str) -> Written | None:
    """Take a value apart, or give nothing where it is no date."""
    plain = text if text.isascii() else text.translate(_PLAIN)
    match = _COMPACT.fullmatch(plain)
    if match is not None:
        return _compact(plain, match)
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _MONTH_NAME_FIRST, _YEAR_FIRST_NAMED):
        match = pattern.fullmatch(plain)
        written = None if match is None else _of(plain, match, pattern)
        if written is not None:
            return written
    return None


def _compact(text: str, match: re.Match[str]) -> Written:
    time = match["time"] or ""
    gap = time[:1] if time[:1] in ("T", " ") else ""
    clock = ("%H%M" if len(time) - len(gap) == 4 else "%H%M%S") if time else ""
    form = f"%Y%m%d{gap}{clock}"
    return Written(text, int(match["year"]), int(match["a"]), int(match["b"]), form, open=False)


def _of(text: str, match: re.Match[str], pattern: re.Pattern[str]) -> Written | None:
    """Put the parts together, or give nothing where a word is no month."""
    parts = {name: value or "" for name, value in match.groupdict().items()}
    numeric = parts["b"].isdigit()
    month = int(parts["b"]) if numeric else month_of(parts["b"])
    alike = parts["mark"] == parts.get("mark2", parts["mark"]) and parts["mark"] in {"/", ".", "-", " ", ". "}
    year_last = pattern is _YEAR_LAST
    if month is None or (year_last and numeric and not alike):
        return None
    long = len(parts["year"]) == 4
    form = _form(parts, "%Y" if long else "%y", "%m" if numeric else "%b", pattern)
    year, day = _full_year(parts["year"]), int(parts["a"])
    return Written(text, year, day, month, form, open=numeric and year_last, short=not long)


def _form(parts: dict[str, str], year: str, month: str, pattern: re.Pattern[str]) -> str:
    """Write the strptime format of the parts in the order of the pattern."""
    weekday = re.sub(r"[^\W\d_]+\.?", "%a", parts.get("weekday", ""))
    mark, mark2 = parts["mark"], parts.get("mark2", parts["mark"])
    if pattern is _YEAR_FIRST:
        date_form = f"{year}{mark}{month}{mark2}%d{parts['end']}{weekday}"
    elif pattern is _YEAR_FIRST_NAMED:
        date_form = f"{year}{mark}{month}{mark}%d"
    elif pattern is _MONTH_NAME_FIRST:
        date_form = f"{weekday}{month}{mark}%d{mark2}{year}"
    else:
        date_form = f"{weekday}%d{mark}{month}{mark2}{year}"
    return date_form + _time_form(parts)


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 69 else 1900)


def _time_form(parts: dict[str, str]) -> str:
    if not parts["hour"]:
        return ""
    early, half = parts["early"], parts["half"]
    clock = f"{'%I' if early or half else '%H'}{parts['sep']}%M{parts['end_minute']}"
    seconds = f"{parts['sep2']}%S{parts['end_second']}" if parts["second"] else ""
    fraction = ".%f" if parts["fraction"] else ""
    before = f"%p{parts['after']}" if early else parts["after"]
    zone = parts["zone"]
    directive = ("%Z" if zone.strip(" ").isalpha() and zone.strip(" ") not in ("Z", "UTC") else "%z") if zone else ""
    after = f"{_blank(half)}{'%p' if half else ''}{_blank(zone)}{directive}{parts['clock']}"
    return f"{parts['gap']}{before}{clock}{seconds}{fraction}{after}"


def _blank(part: str) -> str:
    return " " if part.startswith(" ") else ""
