"""Numbers and dates as a reader expects them: words, units, sensible rounding, "not observed" where nothing is known.

A blank inside a number does not break at the end of a line. Missing values (``None``, NaN, NA, NaT) give the words
"not observed", never ``NaN``.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
MILLION: Final = 1_000_000
RAW: Final = frozenset({"nan", "NaN", "None", "NaT", "<NA>", "null", "inf", "-inf"})
"""What libraries write for a missing number: on a page it would be a fault of ours."""

SYMBOLS: Final = {"GBP": "£", "EUR": "€", "USD": "$", "CNY": "¥", "JPY": "JP¥", "BRL": "R$", "HKD": "HK$", "INR": "₹"}
_SPOKEN: Final = {"cant lose": "Can't lose", "first timers": "First-timers"}
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_missing(value: Any) -> bool:
    """Say whether a value is unknown, whatever the library calls it."""
    if value is None:
        return True
    if isinstance(value, float | Decimal):
        return bool(math.isnan(value))
    return type(value).__name__ in {"NAType", "NaTType"} or (type(value).__module__ == "numpy" and value != value)  # noqa: PLR0124  (NaN and NaT are unequal to themselves)


def not_observed() -> str:
    """Give the words for what is not known."""
    return _("not observed")


def fixed(x: Any, decimals: int) -> str:
    """Give a number with separators and so many decimals, with a true minus sign and no negative zero."""
    text = f"{x:,.{decimals}f}"
    if not text.strip("-0.,"):
        return text.removeprefix("-")
    return text.replace("-", MINUS)


def money(x: Any, currency: str, *, decimals: int | None = None) -> str:
    r"""Give money with its currency: millions shortened, whole units from a thousand, else hundredths.

    Parameters
    ----------
    x
        Amount in units of the currency.
    currency
        ISO 4217 code.
    decimals
        So many decimals and no shortening, for columns that must line up.

    Examples
    --------
    >>> money(8_911_407.9, "GBP"), money(45_120.4, "CNY"), money(12.345, "EUR"), money(-3, "CHF")
    ('£8.91\xa0M', '¥45,120', '€12.35', '−CHF\xa03.00')
    """
    if is_missing(x):
        return not_observed()
    symbol = SYMBOLS.get(currency, currency + NBSP)
    amount = abs(x)
    if decimals is not None:
        body = fixed(amount, decimals)
    elif amount >= MILLION * 0.99995:
        body = _("{number} M").format(number=_significant(float(amount) / MILLION)).replace(" ", NBSP)
    else:
        body = fixed(amount, 0 if amount >= 999.5 else 2)
    nothing = not body.strip("0.,")
    return (MINUS if x < 0 and not nothing else "") + symbol + body


def count(n: Any) -> str:
    """Give a number of things with separators."""
    return not_observed() if is_missing(n) else fixed(n, 0)


def share(x: Any, *, decimals: int = 1) -> str:
    """Give a share (0 to 1) in per cent."""
    return not_observed() if is_missing(x) else fixed(x * 100, decimals) + NBSP + "%"


def number(x: Any, *, digits: int = 3) -> str:
    """Give a plain number with so many significant digits, whole ones in full."""
    if is_missing(x):
        return not_observed()
    return fixed(x, 0) if x == int(x) else _significant(float(x), digits)


def points(x: Any) -> str:
    """Give a score difference such as the net promoter score, in whole points."""
    return not_observed() if is_missing(x) else fixed(x, 0)


def days(x: Any) -> str:
    """Give a length of time in days, tenths below ten."""
    if is_missing(x):
        return not_observed()
    return _("{number} days").format(number=fixed(x, 0 if abs(x) >= 10 or x == int(x) else 1)).replace(" ", NBSP)


def day(when: Any) -> str:
    """Give a date as 2 Oct 2026."""
    if is_missing(when):
        return not_observed()
    if isinstance(when, str):
        when = date.fromisoformat(when[:10])
    return (
        _("{day} {month} {year}")
        .format(day=when.day, month=_(MONTHS[when.month - 1]), year=when.year)
        .replace(" ", NBSP)
    )


def span(first: date, last: date) -> str:
    """Give the time between two days, both counted, the year once where it is the same."""
    start = day(first)
    if first.year == last.year:
        start = _("{day} {month}").format(day=first.day, month=_(MONTHS[first.month - 1])).replace(" ", NBSP)
    return _("{first} to {last}").format(first=start, last=day(last))


def month(when: Any) -> str:
    """Give a month as Oct 2026."""
    if is_missing(when):
        return not_observed()
    return _("{month} {year}").format(month=_(MONTHS[when.month - 1]), year=when.year).replace(" ", NBSP)


def text(value: Any) -> str:
    """Give any value as words: dates, flags and fractions are never shown raw."""
    if is_missing(value):
        return not_observed()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float | Decimal):
        return number(value)
    if isinstance(value, date | datetime):
        return day(value)
    # a name that reads like a missing value is quoted: it is a name
    return _("“{name}”").format(name=value) if str(value) in RAW else str(value)


def name(code: Any) -> str:
    """Give the code of a segment, a stage or a reason as words."""
    if is_missing(code):
        return not_observed()
    spoken = str(code).replace("_", " ")
    spoken = _SPOKEN.get(spoken, spoken[:1].upper() + spoken[1:])
    return _(spoken)


def shown_as(value: Any, unit: str, currency: str | None = None) -> str:
    """Give a value in the form of its unit; money needs the ISO 4217 code of its currency.

    Raises
    ------
    ValueError
        If the unit is unknown, or money comes without its currency.
    """
    if unit == "money":
        if not currency:
            raise ValueError("money is shown with its currency: pass currency=run.params.currency")
        return money(value, currency)
    if unit not in _FORMATS:
        raise ValueError(f"no unit {unit!r}; there are money, {', '.join(_FORMATS)}")
    return _FORMATS[unit](value)


def _significant(x: float, digits: int = 3) -> str:
    """Round to significant digits without the exponent form."""
    if x == 0 or math.isinf(x):
        return fixed(x, 0)
    decimals = max(digits - 1 - math.floor(math.log10(abs(x))), 0)
    rounded = round(x, decimals)
    if rounded and math.floor(math.log10(abs(rounded))) > math.floor(math.log10(abs(x))):
        decimals = max(decimals - 1, 0)
    return fixed(rounded, decimals)


_FORMATS: Final[dict[str, Callable[[Any], str]]] = {
    "count": count,
    "people": count,
    "share": share,
    "points": points,
    "days": days,
    "number": number,
    "day": day,
    "month": month,
    "name": name,
    "text": text,
}
