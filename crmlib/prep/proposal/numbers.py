"""Numbers in a column of text: how many there are, and with which marks preparation reads most of them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from crmlib.prep.parsing.currencies import currency_of
from crmlib.prep.proposal.reader import COMMA, GROUPED, POINT, Marks, read_as_numbers, read_as_shares

_GROUP: Final = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}(?![0-9.,])")
_LEADING_NOUGHT: Final = re.compile(r"0[0-9]+")
_DIGITS: Final = re.compile(r"[0-9][0-9.,]*")
_THOUSAND: Final = 1000
_RARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a column says when it is read as numbers.

    Attributes
    ----------
    share
        Share of the values that are numbers, read by the parser of preparation with these marks.
    decimal, thousands
        The marks; ``thousands`` is empty where none is written, or only blanks and apostrophes, which need no telling.
    whole
        Share of the numbers without decimals.
    negative
        Share of the numbers below zero.
    padded
        Share of the numbers with leading zeros, as codes have them.
    low, high
        The smallest and the greatest number.
    currency
        ISO code of the currency written with most of them, empty where none is.
    currencies
        ISO codes of all currencies written with more than a few of them, the most frequent first.
    example
        One of the numbers, as written.
    ambiguous
        Whether every point, or every comma, stands before three digits, so that it might group thousands or not.
    undecided
        Whether other marks read as many of them, as other numbers: the file's other columns may tell.
    sure
        Whether the values themselves tell the decimal mark: another one reads fewer of them.
    percent
        Share of the values that are numbers with a per cent sign.
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
    undecided: bool = False
    sure: bool = False
    currencies: tuple[str, ...] = ()
    percent: float = 0.0


def read_numbers(values: Sequence[str], decimal: str | None = None) -> NumberReading:
    """Read a column's values as numbers.

    Parameters
    ----------
    values
        The values, without blanks round them.
    decimal
        The decimal mark where other columns tell it; else the marks that read most of the values.

    Examples
    --------
    >>> reading = read_numbers(["1.250,50", "3,5", "12"])
    >>> reading.decimal, reading.thousands, reading.share
    (',', '.', 1.0)
    >>> read_numbers(["£4.20", "£1,250.00"]).currency
    'GBP'
    >>> read_numbers(["0,750", "1,250"]).decimal, read_numbers(["1,250"]).decimal
    (',', '.')
    """
    read = read_as_numbers(values)
    marks = _marks(read) if decimal is None else (GROUPED if decimal == "," else POINT)
    numbers = [number for each in read if (number := each[marks]) is not None]
    percent = _percent(values, marks[0])
    if not numbers:
        return NumberReading(0.0, percent=percent)
    texts = [value for value, each in zip(values, read, strict=True) if each[marks] is not None]
    telling, differing = _telling(read)
    undecided = decimal is None and differing > 0 and not telling
    stray = 0 < telling < _RARE * differing and not any(map(_begins_with_nought, texts))
    found = NumberReading(
        share=len(numbers) / len(values),
        decimal=marks[0],
        thousands=_thousands(texts, marks),
        whole=sum(number == int(number) for number in numbers) / len(numbers),
        negative=sum(number < 0 for number in numbers) / len(numbers),
        padded=sum(_LEADING_NOUGHT.fullmatch(text) is not None for text in texts) / len(numbers),
        low=min(numbers),
        high=max(numbers),
        example=texts[0],
        undecided=undecided,
        sure=telling > 0,
        ambiguous=decimal is None and ((undecided and _ambiguous(texts)) or stray),
        percent=percent,
    )
    return _with_currencies(found, texts, len(values))


def _marks(read: Sequence[dict[Marks, float | None]]) -> Marks:
    """Give the marks that read the most values; a point where it reads as many as a comma."""
    count = {marks: sum(each[marks] is not None for each in read) for marks in (POINT, COMMA, GROUPED)}
    return max((POINT, COMMA, GROUPED), key=lambda marks: count[marks])


def _telling(read: Sequence[dict[Marks, float | None]]) -> tuple[int, int]:
    """Count the values that tell the decimal mark, and those that either mark reads, but as other numbers."""
    with_point, with_comma = (sum(each[marks] is not None for each in read) for marks in (POINT, GROUPED))
    differing = sum(None is not each[POINT] != each[GROUPED] is not None for each in read)
    return abs(with_point - with_comma), differing


def _begins_with_nought(text: str) -> bool:
    """Say whether a number begins with a nought and a comma, which no group of thousands does."""
    digits = _DIGITS.search(text)
    return digits is not None and digits.group().startswith("0,")


def _ambiguous(texts: Sequence[str]) -> bool:
    """Say whether nothing tells a group of thousands from three decimals.

    Numbers under a thousand that stand beside without a comma tell that commas group: 1,250 beside 250.
    """
    digits = [found.group() for text in texts if (found := _DIGITS.search(text))]
    marked = [text for text in digits if "." in text or "," in text]
    plain = [float(text) for text in digits if text.isdigit()]
    if any("," in text for text in marked) and plain and max(plain) < _THOUSAND:
        return False
    return all(_GROUP.fullmatch(text) for text in marked)


def _thousands(texts: Sequence[str], marks: Marks) -> str:
    """Give the mark that groups thousands where one does."""
    mark = "," if marks[0] == "." else "."
    return mark if any(mark in text and _DIGITS.search(text) for text in texts) else ""


def _with_currencies(found: NumberReading, texts: Sequence[str], values: int) -> NumberReading:
    codes = Counter(code for text in texts if not text.isdigit() and (code := currency_of(text)))
    usual = tuple(code for code, count in codes.most_common() if count > _RARE * values)
    most = usual[0] if usual and 2 * codes[usual[0]] > values else ""
    return replace(found, currency=most, currencies=usual)


def _percent(values: Sequence[str], decimal: str) -> float:
    written = [value for value in values if "%" in value or "％" in value]
    if not written:
        return 0.0
    return sum(each is not None for each in read_as_shares(written, decimal)) / len(values)
