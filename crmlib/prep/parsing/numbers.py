"""Numbers from text: exact decimals, with the marks the source uses, or nothing where the text is no number."""

import re
from collections.abc import Collection
from typing import Any, Final

import ibis

from crmlib.prep.parsing.text import half_width, matches

DECIMAL: Final = "decimal(18, 4)"
_PLAIN: Final = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$"
_SIGNS_OF_MONEY: Final = "[¥￥$£€元 ]"


def number_text(text: Any, decimal: str = ".", thousands: str | None = None) -> Any:
    """Write a number in the form every engine casts; what is no number becomes empty, never another number.

    Full-width digits, a currency sign, brackets for negative numbers and exponents are understood. A thousands mark
    counts only where three digits follow it, so that ``1,5`` is refused and not read as 15.

    Parameters
    ----------
    text
        Tidied text.
    decimal, thousands
        The source's marks. A comma is taken for a thousands mark where the decimal mark is a point and none is given.

    Examples
    --------
    >>> t = ibis.memtable({"x": ["2.55", "１２", "1,250.5", "1,5", "(3)", "£4", "1e3", "abc"]})
    >>> number_text(t.x).name("x").to_list()
    ['2.55', '12', '1250.5', None, '-3', '4', '1e3', None]
    """
    mark = thousands if thousands is not None else ("," if decimal == "." else None)
    plain = half_width(text).re_replace(rf"^{_SIGNS_OF_MONEY}+|{_SIGNS_OF_MONEY}+$", "")
    written = plain.replace("(", "-").replace(")", "")
    without = written.replace(mark, "") if mark else written
    pointed = without.replace(decimal, ".") if decimal != "." else without
    unusual = ibis.ifelse(plain.re_search(_pattern(decimal, mark)), pointed, ibis.null("string"))
    return ibis.ifelse(is_plain_number(text), text, unusual) if decimal == "." else unusual


def is_plain_number(text: Any, missing: Collection[str] = ()) -> Any:
    """Tell the text that :func:`number_text` leaves as it is where the decimal mark is a point."""
    return matches(text, _PLAIN, missing)


def to_number(text: Any) -> Any:
    """Cast number text to DECIMAL(18, 4); what has more than 14 digits before the point becomes empty."""
    return text.try_cast(DECIMAL)


def _pattern(decimal: str, mark: str | None) -> str:
    """Give the one regular expression of an unusual number: sign or brackets, groups, decimals, exponent."""
    point = re.escape(decimal)
    grouped = rf"[0-9]{{1,3}}({re.escape(mark)}[0-9]{{3}})+({point}[0-9]*)?|" if mark else ""
    number = rf"({grouped}[0-9]+({point}[0-9]*)?|{point}[0-9]+)([eE][+-]?[0-9]{{1,2}})?"
    return rf"^([+-]?{number}|\({number}\))$"
