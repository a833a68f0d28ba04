"""Numbers in a column of text: how many there are, and which marks they are written with."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SYMBOLS: Final = {"£": "GBP", "€": "EUR", "¥": "CNY", "￥": "CNY", "元": "CNY", "$": "USD", "R$": "BRL", "zł": "PLN"}
"""Currency signs and what they most often stand for; ¥ is the yen's sign too, $ that of many dollars."""

_MONEY: Final = re.compile(r"^(R\$|zł|[¥￥£$€元])?\s*(.*?)\s*(R\$|zł|[¥￥£$€元])?$")
_PLAIN: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?P<mark>[,.' \u00a0\u202f])\d{3}(?:(?P=mark)\d{3})*(?P<rest>[,.]\d+)?")
_COMMA: Final = re.compile(r"[+-]?\d+,\d+")
_DIGITS: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a column says when it is read as numbers.

    Attributes
    ----------
    share
        Share of the values that are numbers.
    decimal, thousands
        The marks; ``thousands`` is empty where none is written.
    whole
        Share of the numbers without decimals.
    negative
        Share of the numbers below zero.
    padded
        Share of the numbers with leading zeros, as codes have them.
    low, high
        The smallest and the greatest number.
    currency
        ISO code of the currency sign written with most of them, empty where none is.
    example
        One of the numbers, as written.
    ambiguous
        Whether every point stands before three digits, so that it might group thousands.
    """

    share: float
    decimal: str = "."
    thousands: str = ""
    whole: float = 0.0
    negative: float = 0.0
    padded: float = 0.0
    low: float = 0.0
    high: float = 0.0
    currency: str = ""
    example: str = ""
    ambiguous: bool = False


def read_numbers(values: Sequence[str]) -> NumberReading:
    """Read a column's values as numbers.

    Examples
    --------
    >>> reading = read_numbers(["1.250,50", "3,5", "12"])
    >>> reading.decimal, reading.thousands, reading.share
    (',', '.', 1.0)
    >>> read_numbers(["£4.20", "£1,250.00"]).currency
    'GBP'
    """
    if not values:
        return NumberReading(0.0)
    bare: list[str] = []
    signs: Counter[str] = Counter()
    for value in values:
        text, sign = _bare(value)
        bare.append(text)
        signs.update([sign] if sign else [])
    decimal, thousands = _marks(bare)
    numbers = [number for text in bare if (number := _number(text, decimal, thousands)) is not None]
    if not numbers:
        return NumberReading(0.0)
    example = next(v for v, text in zip(values, bare, strict=True) if _number(text, decimal, thousands) is not None)
    padded = sum(len(text) > 1 and text.startswith("0") and text.isdigit() for text in bare)
    sign, count = signs.most_common(1)[0] if signs else ("", 0)
    return NumberReading(
        share=len(numbers) / len(values),
        decimal=decimal,
        thousands=thousands,
        whole=sum(number == int(number) for number in numbers) / len(numbers),
        negative=sum(number < 0 for number in numbers) / len(numbers),
        padded=padded / len(numbers),
        low=min(numbers),
        high=max(numbers),
        currency=SYMBOLS[sign] if 2 * count > len(values) else "",
        example=example,
        ambiguous=decimal == "." and not thousands and _only_groups(bare),
    )


def _bare(value: str) -> tuple[str, str]:
    """Take off the currency sign and the brackets of negative money."""
    match = _MONEY.match(value.translate(_DIGITS) if not value.isascii() else value)
    if match is None:
        return value, ""
    text = match.group(2)
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    return text, match.group(1) or match.group(3) or ""


def _marks(bare: Sequence[str]) -> tuple[str, str]:
    """Tell the decimal and the thousands mark; a lone comma before three digits groups, before others it divides."""
    grouped = [match for text in bare if (match := _GROUPED.fullmatch(text))]
    both = [match for match in grouped if match["rest"]]
    commas = [text for text in bare if _COMMA.fullmatch(text) and not _GROUPED.fullmatch(text)]
    points = sum("." in text and "," not in text and not _GROUPED.fullmatch(text) for text in bare)
    if both:
        mark = Counter(match["mark"] for match in both).most_common(1)[0][0]
        return both[0]["rest"][0] if both[0]["rest"][0] != mark else ".", mark
    if len(commas) > points:
        dotted = any(match["mark"] == "." for match in grouped)
        return ",", "." if dotted else ""
    with_comma = any(match["mark"] == "," for match in grouped)
    return ".", "," if with_comma else ""


def _only_groups(bare: Sequence[str]) -> bool:
    """Say whether points occur and each could group thousands: 1.250 might be a thousand and more."""
    pointed = [text.lstrip("+-") for text in bare if "." in text]
    return bool(pointed) and all(_GROUPED.fullmatch(text) and not text.startswith("0") for text in pointed)


def _number(text: str, decimal: str, thousands: str) -> float | None:
    plain = text.replace(thousands, "") if thousands and _GROUPED.fullmatch(text) else text
    plain = plain.replace(decimal, ".") if decimal != "." else plain
    return float(plain) if _PLAIN.fullmatch(plain) else None
