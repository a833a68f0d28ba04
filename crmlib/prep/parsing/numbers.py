"""Numbers from text: exact decimals, with the marks and currencies the source uses, or nothing where there is none."""

import re
from collections.abc import Collection
from typing import Final

import ibis

from crmlib.prep.parsing.text import FULL_WIDTH, HALF_WIDTH, matches

CURRENCIES: Final = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "CNY", "￥": "CNY", "元": "CNY", "圆": "CNY", "人民币": "CNY",
    "円": "JPY", "₩": "KRW", "₹": "INR", "₽": "RUB", "₺": "TRY", "₫": "VND", "₴": "UAH", "฿": "THB", "₪": "ILS",
    "₱": "PHP", "₦": "NGN", "R$": "BRL", "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD",
    "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "MX$": "MXN", "zł": "PLN", "Kč": "CZK", "Ft": "HUF",
    "kr": "", "kr.": "", "Fr.": "CHF", "SFr.": "CHF", "Rs": "INR", "Rs.": "INR", "Rp": "IDR", "RM": "MYR", "TL": "TRY",
    "руб": "RUB", "руб.": "RUB", "лв": "BGN", "lei": "RON", "RMB": "CNY", "Euro": "EUR", "euros": "EUR",
}  # fmt: skip
"""What stands beside an amount, and its ISO code: of several that use it the most frequent, empty where none is."""

CODES: Final = (
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNH", "CNY", "COP", "CZK", "DKK", "EGP", "EUR", "GBP",
    "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP",
    "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "UYU", "VND",
    "ZAR",
)  # fmt: skip

_WORDS: Final = sorted([*CURRENCIES, *CODES], key=lambda word: (-len(word), word))
CURRENCY: Final = f"(?i:{'|'.join(map(re.escape, _WORDS))})"
"""Matches one of them; every engine's regular expressions know this form."""

_SIGNS: Final = "".join(sorted({word[-1] for word in CURRENCIES if not (word[-1].isalpha() or word[-1] == ".")}))
MAYBE: Final = rf"(?:[A-Za-z]{{0,2}}[{_SIGNS}]|[A-Za-z\x{{c0}}-\x{{ffff}}]{{1,6}}\.?)"
"""Matches what could be one of them, quickly; a full stop is part of a word, but none of a sign: $.50 is half a $."""

_OF_WORD: Final = {word.lower(): code for word, code in CURRENCIES.items()} | {code.lower(): code for code in CODES}
_BESIDE: Final = re.compile(rf"^[-+( ]*({CURRENCY})|({CURRENCY})[-) ]*$")
DECIMAL: Final = "decimal(18, 4)"
PLAIN_NUMBER: Final = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$"
"""What every engine casts as it is."""
_MINUSES: Final = "\u2010\u2011\u2012\u2013\u2212\ufe63"
_APOSTROPHES: Final = "\u2018\u2019\u02bc\u2032"
_WRITTEN: Final = FULL_WIDTH + _MINUSES + _APOSTROPHES
_KEYED: Final = HALF_WIDTH + "-" * len(_MINUSES) + "'" * len(_APOSTROPHES)
_SIGN: Final = "[-+(]"


def currency_of(text: str) -> str | None:
    """Give the ISO code of the currency written with an amount: empty where the sign is that of several, else None."""
    found = _BESIDE.search(text)
    return None if found is None else _OF_WORD[(found[1] or found[2]).lower()]


def number_text(
    text: ibis.Value, decimal: str = ".", thousands: str | None = None, *, percent: bool = False
) -> ibis.Value:
    """Write a number in the form every engine casts; what is no number becomes empty, never another number.

    Full-width digits, every minus, a sign behind the number, brackets for negative numbers, signs and codes of
    currencies on either side and exponents are understood. A thousands mark counts only where three digits follow it
    and no nought stands first, so that ``1,5`` and ``0,250`` are refused and not read as 15 and 250. Blanks and
    apostrophes group thousands in every source; a comma does where the decimal mark is a point and no other is given, a
    point where the decimal mark is a comma and decimals follow. With ``percent`` a sign is taken off: 12 % becomes 12.
    """
    plain = text.translate(_WRITTEN, _KEYED)
    whole = _whole(decimal, _keyed(thousands), percent=percent)
    lead, number, trail = (plain.re_extract(whole, group) for group in (1, 2, 3))
    for mark in {",", ".", " ", "'", _keyed(thousands) or " "} - {decimal}:
        number = number.replace(mark, "")
    number = number.replace(decimal, ".") if decimal != "." else number
    sign = (lead + trail).re_replace("[^-+()]", "")
    unusual = ibis.cases(
        ((number == "") | _has_other_word(lead) | _has_other_word(trail), ibis.null("string")),
        ((sign == "") | (sign == "+"), number),
        ((sign == "-") | (sign == "()"), ibis.literal("-") + number),
        else_=ibis.null("string"),
    )
    if decimal == ".":
        return ibis.ifelse(is_plain_number(text), text, unusual)
    keyed = PLAIN_NUMBER.replace(r"\.", re.escape(decimal))
    return ibis.ifelse(text.re_search(keyed), text.replace(decimal, "."), unusual)


def is_plain_number(text: ibis.Value, missing: Collection[str] = ()) -> ibis.Value:
    """Tell the text that :func:`number_text` leaves as it is where the decimal mark is a point."""
    return matches(text, PLAIN_NUMBER, missing)


def to_number(text: ibis.Value) -> ibis.Value:
    """Cast number text to DECIMAL(18, 4); what has more than 14 digits before the point becomes empty."""
    return text.try_cast(DECIMAL)


def _keyed(mark: str | None) -> str | None:
    """Give a mark as a keyboard has it: no-break blanks are blanks, typographic apostrophes are apostrophes."""
    return mark.translate(str.maketrans(_WRITTEN, _KEYED)) if mark else mark


def _has_other_word(beside: ibis.Value) -> ibis.Value:
    """Tell whether something else than the sign, word or code of a currency stands beside a number."""
    return ~beside.re_replace("[-+() %]", "").re_search(f"^{CURRENCY}?$")


def _whole(decimal: str, thousands: str | None, *, percent: bool) -> str:
    """Give the regular expression of an unusual number: what stands before it, the number, what stands behind it."""
    beside = f"(?: *{MAYBE})?"
    behind = rf"{beside}(?: *[-)])?{beside}" + ("(?: *%)?" if percent else "")
    return rf"^((?:{_SIGN} *)?(?:{MAYBE} *)?(?:{_SIGN} *)?)({_digits(decimal, thousands)})({behind})$"


def _digits(decimal: str, thousands: str | None) -> str:
    """Give the regular expression of digits with their marks; thousands in groups of three, or in lakhs and crores."""
    point = re.escape(decimal)
    mark = thousands if thousands is not None else ("," if decimal == "." else "")
    forms = [
        rf"[1-9][0-9]{{0,2}}(?:{re.escape(group)}[0-9]{{3}})+(?:{point}[0-9]*)?"
        for group in dict.fromkeys((mark, " ", "'"))
        if group and group != decimal
    ]
    if mark == ",":
        forms.append(rf"[1-9][0-9]?(?:,[0-9]{{2}})+,[0-9]{{3}}(?:{point}[0-9]*)?")
    if decimal == "," and thousands is None:
        forms.append(rf"[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+{point}[0-9]+")
    plain = rf"(?:[0-9]+(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]{{1,2}})?"
    return "|".join([*forms, plain])
