"""Numbers in a column of text: how many there are, and with which marks preparation reads most of them."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crmlib.prep.parsing.numbers import currency_of
from crmlib.prep.proposal.reader import COMMA, GROUPED, POINT, Marks, Reading, read_as_numbers, read_as_shares

_GROUP: Final = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}(?![0-9.,])")
_LEADING_NOUGHT: Final = re.compile(r"0[0-9]+")
_DIGITS: Final = re.compile(r"[0-9][0-9.,]*")
_THOUSAND: Final = 1000
_RARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a column says when it is read as numbers."""

    share: float  # share of the values that are numbers, read by the parser of preparation with these marks
    decimal: str = "."
    thousands: str = ""  # empty, too, where only blanks or apostrophes group, which need no telling
    whole: float = 0.0  # share of the numbers without decimals
    negative: float = 0.0  # share of the numbers below zero
    padded: float = 0.0  # share of the numbers with leading zeros, as codes have them
    low: float = 0.0
    high: float = 0.0
    currency: str = ""  # ISO code of the currency written with most of them
    example: str = ""
    ambiguous: bool = False  # whether every point, or every comma, stands before three digits and may group thousands
    undecided: bool = False  # whether other marks read as many, as other numbers: the file's other columns may tell
    sure: bool = False  # whether the values themselves tell the decimal mark: another one reads fewer of them
    percent: float = 0.0  # share of the values that are numbers with a per cent sign


def read_numbers(values: Sequence[str], rows: Sequence[int] | None = None, decimal: str | None = None) -> NumberReading:
    """Read a column's values as numbers."""
    read = read_as_numbers(values)
    rows = rows if rows is not None else [1] * len(values)
    marks = _marks(read, rows) if decimal is None else (GROUPED if decimal == "," else POINT)
    numbers = [
        _Number(value, number, count)
        for value, readings, count in zip(values, read, rows, strict=True)
        if (number := readings[marks]) is not None
    ]
    percent = _percent(values, rows, marks[0])
    if not numbers:
        return NumberReading(0.0, percent=percent)
    return replace(_reading(numbers, read, marks, sum(rows), decided=decimal is not None), percent=percent)


@dataclass(frozen=True, slots=True)
class _Number:
    text: str
    value: float
    rows: int


def _reading(
    numbers: Sequence[_Number], read: Sequence[Reading], marks: Marks, rows: int, *, decided: bool
) -> NumberReading:
    """Say what the numbers of a column are, and whether its values tell the marks."""
    telling, differing = _telling(read)
    undecided = not decided and differing > 0 and not telling
    stray = 0 < telling < _RARE * differing and not any(_begins_with_nought(number.text) for number in numbers)

    def share(test: Callable[[_Number], bool]) -> float:
        return sum(number.rows for number in numbers if test(number)) / sum(number.rows for number in numbers)

    return NumberReading(
        share=sum(number.rows for number in numbers) / rows,
        decimal=marks[0],
        thousands=_thousands(numbers, marks),
        whole=share(lambda number: number.value == int(number.value)),
        negative=share(lambda number: number.value < 0),
        padded=share(lambda number: _LEADING_NOUGHT.fullmatch(number.text) is not None),
        low=min(number.value for number in numbers),
        high=max(number.value for number in numbers),
        example=_example(numbers, marks),
        undecided=undecided,
        sure=telling > 0,
        ambiguous=(undecided and _ambiguous(numbers)) or (stray and not decided),
        currency=_currency(numbers, rows),
    )


def _marks(read: Sequence[Reading], rows: Sequence[int]) -> Marks:
    """Give the marks that read the most rows; a point where it reads as many as a comma."""

    def count(marks: Marks) -> int:
        return sum(n for readings, n in zip(read, rows, strict=True) if readings[marks] is not None)

    return max((POINT, COMMA, GROUPED), key=count)


def _example(numbers: Sequence[_Number], marks: Marks) -> str:
    """Give a number that shows the decimal mark, else one that shows the other, else any."""
    shows = (marks[0], "," if marks[0] == "." else ".", "")
    return next(number.text for mark in shows for number in numbers if mark in number.text)


def _telling(read: Sequence[Reading]) -> tuple[int, int]:
    """Count the values that tell the decimal mark, and those that either mark reads, but as other numbers."""
    with_point, with_comma = (sum(readings[marks] is not None for readings in read) for marks in (POINT, GROUPED))
    differing = sum(None is not readings[POINT] != readings[GROUPED] is not None for readings in read)
    return abs(with_point - with_comma), differing


def _begins_with_nought(text: str) -> bool:
    """Say whether a number begins with a nought and a comma, which no group of thousands does."""
    digits = _DIGITS.search(text)
    return digits is not None and digits.group().startswith("0,")


def _ambiguous(numbers: Sequence[_Number]) -> bool:
    """Say whether nothing tells a group of thousands from three decimals.

    Numbers under a thousand that stand beside without a comma tell that commas group: 1,250 beside 250.
    """
    digits = [found.group() for number in numbers if (found := _DIGITS.search(number.text))]
    marked = [text for text in digits if "." in text or "," in text]
    plain = [float(text) for text in digits if text.isdigit()]
    if any("," in text for text in marked) and plain and max(plain) < _THOUSAND:
        return False
    return all(_GROUP.fullmatch(text) for text in marked)


def _thousands(numbers: Sequence[_Number], marks: Marks) -> str:
    """Give the mark that groups thousands where one does."""
    mark = "," if marks[0] == "." else "."
    return mark if any((digits := _DIGITS.search(number.text)) and mark in digits.group() for number in numbers) else ""


def _currency(numbers: Sequence[_Number], rows: int) -> str:
    codes: Counter[str] = Counter()
    for number in numbers:
        code = None if number.text.isdigit() else currency_of(number.text)
        codes.update({code: number.rows} if code else {})
    return next((code for code, count in codes.most_common(1) if 2 * count > rows), "")


def _percent(values: Sequence[str], rows: Sequence[int], decimal: str) -> float:
    written = {value: n for value, n in zip(values, rows, strict=True) if "%" in value or "％" in value}
    if not written:
        return 0.0
    read = read_as_shares(list(written), decimal)
    return sum(n for n, number in zip(written.values(), read, strict=True) if number is not None) / sum(rows)
