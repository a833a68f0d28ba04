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


def read_numbers(values: Sequence[str], rows: Sequence[int] | None = None, decimal: str | None = None) -> NumberReading:
    """Read a column's values as numbers.

    Parameters
    ----------
    values
        The values, without blanks round them.
    rows
        How many rows have each of them, one where not given: the shares are of rows.
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
    rows = rows if rows is not None else [1] * len(values)
    marks = _marks(read, rows) if decimal is None else (GROUPED if decimal == "," else POINT)
    numbers = [
        _Number(value, number, count)
        for value, each, count in zip(values, read, rows, strict=True)
        if (number := each[marks]) is not None
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
    stray = 0 < telling < _RARE * differing and not any(_begins_with_nought(each.text) for each in numbers)

    def share(test: Callable[[_Number], bool]) -> float:
        return sum(each.rows for each in numbers if test(each)) / sum(each.rows for each in numbers)

    found = NumberReading(
        share=sum(each.rows for each in numbers) / rows,
        decimal=marks[0],
        thousands=_thousands(numbers, marks),
        whole=share(lambda each: each.value == int(each.value)),
        negative=share(lambda each: each.value < 0),
        padded=share(lambda each: _LEADING_NOUGHT.fullmatch(each.text) is not None),
        low=min(each.value for each in numbers),
        high=max(each.value for each in numbers),
        example=_example(numbers, marks),
        undecided=undecided,
        sure=telling > 0,
        ambiguous=(undecided and _ambiguous(numbers)) or (stray and not decided),
    )
    return _with_currencies(found, numbers, rows)


def _marks(read: Sequence[Reading], rows: Sequence[int]) -> Marks:
    """Give the marks that read the most rows; a point where it reads as many as a comma."""
    count = {
        marks: sum(n for each, n in zip(read, rows, strict=True) if each[marks] is not None)
        for marks in (POINT, COMMA, GROUPED)
    }
    return max((POINT, COMMA, GROUPED), key=lambda marks: count[marks])


def _example(numbers: Sequence[_Number], marks: Marks) -> str:
    """Give a number that shows the decimal mark, else one that shows the other, else any."""
    shows = (marks[0], "," if marks[0] == "." else ".", "")
    return next(each.text for mark in shows for each in numbers if mark in each.text)


def _telling(read: Sequence[Reading]) -> tuple[int, int]:
    """Count the values that tell the decimal mark, and those that either mark reads, but as other numbers."""
    with_point, with_comma = (sum(each[marks] is not None for each in read) for marks in (POINT, GROUPED))
    differing = sum(None is not each[POINT] != each[GROUPED] is not None for each in read)
    return abs(with_point - with_comma), differing


def _begins_with_nought(text: str) -> bool:
    """Say whether a number begins with a nought and a comma, which no group of thousands does."""
    digits = _DIGITS.search(text)
    return digits is not None and digits.group().startswith("0,")


def _ambiguous(numbers: Sequence[_Number]) -> bool:
    """Say whether nothing tells a group of thousands from three decimals.

    Numbers under a thousand that stand beside without a comma tell that commas group: 1,250 beside 250.
    """
    digits = [found.group() for each in numbers if (found := _DIGITS.search(each.text))]
    marked = [text for text in digits if "." in text or "," in text]
    plain = [float(text) for text in digits if text.isdigit()]
    if any("," in text for text in marked) and plain and max(plain) < _THOUSAND:
        return False
    return all(_GROUP.fullmatch(text) for text in marked)


def _thousands(numbers: Sequence[_Number], marks: Marks) -> str:
    """Give the mark that groups thousands where one does."""
    mark = "," if marks[0] == "." else "."
    return mark if any((digits := _DIGITS.search(each.text)) and mark in digits.group() for each in numbers) else ""


def _with_currencies(found: NumberReading, numbers: Sequence[_Number], rows: int) -> NumberReading:
    codes: Counter[str] = Counter()
    for each in numbers:
        code = None if each.text.isdigit() else currency_of(each.text)
        codes.update({code: each.rows} if code else {})
    usual = tuple(code for code, count in codes.most_common() if count > _RARE * rows)
    most = usual[0] if usual and 2 * codes[usual[0]] > rows else ""
    return replace(found, currency=most, currencies=usual)


def _percent(values: Sequence[str], rows: Sequence[int], decimal: str) -> float:
    written = {value: n for value, n in zip(values, rows, strict=True) if "%" in value or "％" in value}
    if not written:
        return 0.0
    read = read_as_shares(list(written), decimal)
    return sum(n for n, each in zip(written.values(), read, strict=True) if each is not None) / sum(rows)
