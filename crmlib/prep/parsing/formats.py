"""strptime formats as regular expressions, so that every engine reads them alike and none stops at a bad value."""

import re
from dataclasses import dataclass
from typing import Final

import ibis

MONTHS: Final[tuple[tuple[str, ...], ...]] = (
    ("jan", "january", "januar", "jän", "jänner", "janv", "janvier", "ene", "enero", "janeiro", "gen", "gennaio"),
    ("feb", "february", "februar", "fév", "févr", "février", "fevrier", "febrero", "fev", "fevereiro", "febbraio"),
    ("mar", "march", "mär", "märz", "maerz", "mrz", "mars", "marzo", "março", "marco", "mrt", "maart"),
    ("apr", "april", "avr", "avril", "abr", "abril", "aprile"),
    ("may", "mai", "mayo", "maio", "mag", "maggio", "mei"),
    ("jun", "june", "juni", "juin", "junio", "junho", "giu", "giugno"),
    ("jul", "july", "juli", "juil", "juillet", "julio", "julho", "lug", "luglio"),
    ("aug", "august", "août", "aout", "ago", "agosto", "augustus"),
    ("sep", "sept", "september", "septembre", "septiembre", "set", "setembro", "settembre"),
    ("oct", "october", "okt", "oktober", "octobre", "octubre", "out", "outubro", "ott", "ottobre"),
    ("nov", "november", "novembre", "noviembre", "novembro"),
    ("dec", "december", "dez", "dezember", "déc", "décembre", "decembre", "dic", "diciembre", "dezembro", "dicembre"),
)
"""Each month in English, German, French, Spanish, Portuguese, Italian and Dutch: no name is that of two months."""

AFTERNOON: Final = ("pm", "下午", "午後", "晚上", "오후")
FORENOON: Final = ("am", "上午", "午前", "早上", "오전")

ZONES: Final = {
    "z": 0, "utc": 0, "gmt": 0, "cet": 60, "cest": 120, "msk": 180, "jst": 540, "est": -300, "edt": -240, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
"""Minutes ahead of UTC of the names that mean one zone only; CST is both Chicago's and Shanghai's, and BST is two."""
_NAME: Final = r"([\p{L}]{3,12})\.?"
_WORDS: Final = "|".join((*FORENOON[1:], *AFTERNOON[1:]))
_HALF: Final = rf"([AaPp]\.?[ ]?[Mm]\.?|{_WORDS})"
_OFFSETS: Final = "[+-][0-9]{2}:?[0-9]{2}"
_NAMED: Final = f"(?i:{'|'.join(sorted(ZONES, key=lambda name: (-len(name), name)))})"
_DIRECTIVES: Final = {
    "Y": "([12][0-9]{3})",
    "y": "([0-9]{2})",
    "m": "([0-9]{1,2})",
    "b": _NAME,
    "B": _NAME,
    "a": r"[\p{L}]{1,12}\.?",
    "A": r"[\p{L}]{1,12}\.?",
    "d": "([0-9]{1,2})",
    "H": "([0-9]{1,2})",
    "I": "([0-9]{1,2})",
    "M": "([0-9]{2})",
    "S": "([0-9]{2})",
    "f": "([0-9]{1,6})[0-9]*",
    "p": _HALF,
    "z": f"({_OFFSETS}|{_NAMED})",
    "Z": f"({_OFFSETS}|{_NAMED})",
}
_UNREAD: Final = ("a", "A")
"""Weekdays: they say nothing that the date does not."""
_FIXED: Final = {"m": "([0-9]{2})", "d": "([0-9]{2})", "H": "([0-9]{2})"}
"""Directives side by side, as in ``%Y%m%d``, have two digits; between marks one may do."""
_DIGITS: Final = {
    "Y": "[12][0-9]{3}",
    "m": "[01][0-9]",
    "d": "[0-3][0-9]",
    "H": "(?:[01][0-9]|2[0-3])",
    "M": "[0-5][0-9]",
    "S": "[0-5][0-9]",
}
ZONE: Final = f"(?:{_NAMED}|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)"
"""How a time says how far it is from UTC."""
_NOON: Final = 12
_CENTURY: Final = 69
"""Two-digit years up to 68 are of this century, as POSIX has it."""


def month_of(name: str) -> int | None:
    """Give the number of a month's name."""
    word = name.lower().rstrip(".")
    return next((number for number, names in enumerate(MONTHS, start=1) if word in names), None)


@dataclass(frozen=True, slots=True)
class TimeParts:
    """The parts of dates as text columns; a part that a format lacks is ``None``, one that a value lacks is empty."""

    year: ibis.Value
    month: ibis.Value
    day: ibis.Value
    hour: ibis.Value | None = None
    minute: ibis.Value | None = None
    second: ibis.Value | None = None
    fraction: ibis.Value | None = None

    def iso_text(self) -> ibis.Value:
        """Write the parts as ``YYYY-MM-DD HH:MM:SS.ffffff``."""

        def part(column: ibis.Value | None) -> ibis.Value:
            return ibis.literal("0") if column is None else ibis.ifelse(column == "", "0", column)

        date = self.year + "-" + self.month + "-" + self.day
        time = part(self.hour) + ":" + part(self.minute) + ":" + part(self.second)
        return date + " " + time + "." + part(self.fraction)


def read_format(text: ibis.Value, form: str) -> TimeParts:
    """Take a text column apart by a strptime format; see :func:`compile_format` for what is refused."""
    pattern, order = compile_format(form)
    found = {directive: text.re_extract(pattern, group) for group, directive in enumerate(order, start=1)}
    year = found["Y"] if "Y" in found else _century(found["y"])
    month = found["m"] if "m" in found else _month(found["b"] if "b" in found else found["B"])
    hour = found.get("H") if "I" not in found else _hour(found["I"], found.get("p"))
    return TimeParts(year, month, found["d"], hour, found.get("M"), found.get("S"), found.get("f"))


def fixed_format(form: str) -> tuple[str, dict[str, int]] | None:
    """Give a pattern of the text in which each part of a format has all its digits, and where each part begins.

    None for a format with names of months, two-digit years, halves of the day or fractions, and for one that tells a
    time zone.
    """
    pattern, places, length = "", {}, 0
    if tells_zone(form):
        return None
    for piece in re.findall(r"%.|[^%]", form):
        if not piece.startswith("%"):
            pattern, length = pattern + re.escape(piece), length + 1
            continue
        if piece[1] not in _DIGITS:
            return None
        places[piece[1]] = length
        pattern, length = pattern + _DIGITS[piece[1]], length + (4 if piece[1] == "Y" else 2)
    return f"^{pattern}$", places


def tells_zone(form: str) -> bool:
    """Tell whether times of a format say how far they are from UTC, by a directive or by the letters themselves."""
    return re.search(rf"%[zZ]|%[HMSfp] ?{ZONE}$", form) is not None


def iso_from_fixed(text: ibis.Value, places: dict[str, int]) -> ibis.Value:
    """Write text in which each part has all its digits as ``YYYY-MM-DD HH:MM:SS``."""

    def part(directive: str) -> ibis.Value:
        place = places.get(directive)
        return ibis.literal("00") if place is None else text.substr(place, 4 if directive == "Y" else 2)

    date = part("Y") + "-" + part("m") + "-" + part("d")
    return date + " " + part("H") + ":" + part("M") + ":" + part("S")


def compile_format(form: str) -> tuple[str, tuple[str, ...]]:
    """Give a format's regular expression and the directive of each of its groups; year, month and day are needed."""
    pattern, order = "", []
    pieces = re.findall(r"%.|[^%]", form)
    for position, piece in enumerate(pieces):
        if not piece.startswith("%"):
            pattern += r"[\s]+" if piece.isspace() else re.escape(piece)
        elif piece[1] == "%":
            pattern += "%"
        elif piece[1] not in _DIRECTIVES:
            raise ValueError(f"{piece} in date format {form!r} is not known; known are %{', %'.join(_DIRECTIVES)}")
        else:
            around = pieces[max(position - 1, 0) : position + 2]
            beside = any(other.startswith("%") for other in around if other != piece)
            pattern += _FIXED.get(piece[1], _DIRECTIVES[piece[1]]) if beside else _DIRECTIVES[piece[1]]
            order += [piece[1]] if piece[1] not in _UNREAD else []
    if not ({"Y", "y"} & set(order) and {"m", "b", "B"} & set(order) and "d" in order):
        raise ValueError(f"date format {form!r} needs year (%Y), month (%m) and day (%d)")
    return f"^{pattern}$", tuple(order)


def _century(year: ibis.Value) -> ibis.Value:
    number = year.try_cast("int64")
    return ibis.cases((year == "", ""), (number < _CENTURY, ibis.literal("20") + year), else_=ibis.literal("19") + year)


def _month(name: ibis.Value) -> ibis.Value:
    """Give the number of a month's name; DuckDB makes a join of every list to be searched, an expression of this."""
    word = name.lower()
    named = [(word.re_search(f"^(?:{'|'.join(names)})$"), str(n)) for n, names in enumerate(MONTHS, start=1)]
    return ibis.cases(*named, else_="")


def _hour(hour: ibis.Value, half: ibis.Value | None) -> ibis.Value:
    """Turn a twelve-hour clock into a twenty-four-hour one."""
    on_clock = hour.try_cast("int64") % _NOON
    later = rf"^(?:p\.?[ ]?m\.?|{'|'.join(AFTERNOON[1:])})$"
    afternoon = half.lower().re_search(later) if half is not None else ibis.literal(value=False)
    return ibis.cases((hour == "", ""), else_=(on_clock + ibis.ifelse(afternoon, _NOON, 0)).cast("string"))
