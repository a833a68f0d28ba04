"""Signs, words and codes of currencies as they stand before or after an amount."""

import re
from typing import Final

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


def currency_of(text: str) -> str | None:
    """Give the ISO code of the currency written with an amount: empty where the sign is that of several, else None."""
    found = _BESIDE.search(text)
    return None if found is None else _OF_WORD[(found[1] or found[2]).lower()]
