"""What the values of one column say about it: dates, numbers, phone numbers, how many, how different."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.parsing.flags import NO, YES
from crmlib.prep.parsing.text import MISSING, broken_ids
from crmlib.prep.proposal.dates import DateReading, read_dates, read_typed
from crmlib.prep.proposal.numbers import NumberReading, read_numbers
from crmlib.prep.proposal.reader import read_as_numbers
from crmlib.privacy.detector import find_personal_data

LOOKED_AT: Final = 2_000
"""Values of a column that are looked at one by one, spread over the sample."""

FEW: Final = 60
"""Different values up to which a column keeps them: words of a status, not of a person."""

MOST_DAYS: Final = 200_000
"""Different dates that are read to find the first and the last."""

SENTINELS: Final = (
    "-99", "-999", "-9999", "0000-00-00", "0000-00-00 00:00:00", "1900-01-01", "unknown", "Unknown", "UNKNOWN",
    "guest", "Guest", "GUEST", "anonymous", "Anonymous", "unbekannt", "inconnu", "?", "missing", "not available",
    "Not Available", "TBD", "散客", "匿名", "未知", "非会员", "无卡", "暂无", "不详",
)  # fmt: skip
"""What systems write where nothing is known and preparation does not know by itself."""

_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{8,16}[0-9]")
_MOBILE: Final = re.compile(r"(?:\+?86)?[- ]?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_MOSTLY: Final = 0.9
_CLOCK: Final = re.compile(r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?")
_DATE_TYPES: Final = (pa.types.is_timestamp, pa.types.is_date)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A column of a sample.

    Attributes
    ----------
    rows, filled
        Rows of the sample, and the share of them with a value.
    looked_at
        Rows whose values were looked at one by one.
    distinct
        Different values in the whole sample.
    unique
        Different values as a share of the values.
    typed
        Whether the file itself says the type of the column.
    phones, emails, flags, spaced, digits, clocks
        Shares of the values that are phone numbers, e-mail addresses, yes or no, hold a blank, hold a digit, or are
        times of day. All shares are of rows: a value that stands on many counts as often.
    length
        Mean number of characters.
    personal
        Share of the values in which personal data stand.
    sentinels
        Stand-ins for a missing value that occur, with their counts.
    broken
        Share of the values that are long numbers of which a spreadsheet has cut digits, as 2.1E+18.
    merged
        Whether its cells are merged down in the workbook, or only the first line of an order has a value: filled down,
        it would be whole. See :mod:`crmlib.prep.proposal.merged`.
    repeated
        Whether the header has its name more than once, so that a number tells them apart.
    values
        Where no more than :data:`FEW` are different, the values with their counts, the most frequent first.
    """

    name: str
    rows: int
    filled: float
    looked_at: int
    distinct: int
    unique: float
    typed: bool
    dates: DateReading
    numbers: NumberReading
    phones: float = 0.0
    emails: float = 0.0
    flags: float = 0.0
    spaced: float = 0.0
    length: float = 0.0
    personal: float = 0.0
    sentinels: tuple[tuple[str, int], ...] = field(default=())
    broken: float = 0.0
    merged: bool = False
    repeated: bool = False
    digits: float = 0.0
    clocks: float = 0.0
    values: tuple[tuple[str, int], ...] = field(default=())


def weigh_all(rows: pa.Table) -> tuple[Evidence, ...]:
    """Look at all columns of a sample; where one may be written with either decimal mark, the others tell.

    Examples
    --------
    >>> rows = pa.table({"qty": ["0,750", "1,250"], "price": ["8,000", "6,450"]})
    >>> [each.numbers.decimal for each in weigh_all(rows)]
    [',', ',']
    """
    texts = [rows.column(name) for name in rows.column_names if pa.types.is_string(rows.column(name).type)]
    read_as_numbers([each for text in texts for each in _spread(pc.unique(text).drop_null().to_pylist(), LOOKED_AT)])
    found = tuple(weigh(name, rows.column(name)) for name in rows.column_names)
    sure = {each.numbers.decimal for each in found if each.numbers.sure and each.numbers.share > _MOSTLY}
    if len(sure) != 1:
        return found
    mark = sure.pop()
    return tuple(
        replace(each, numbers=_numbers(_looked_at(rows.column(each.name))[1], mark)) if each.numbers.undecided else each
        for each in found
    )


def weigh(name: str, column: pa.ChunkedArray) -> Evidence:
    """Look at a column of a sample.

    Examples
    --------
    >>> found = weigh("when", pa.chunked_array([["2026-03-01", "NULL", "2026-03-02"]]))
    >>> round(found.filled, 2), found.dates.share, found.unique
    (0.67, 1.0, 1.0)
    """
    typed = not pa.types.is_string(column.type)
    timed = pa.types.is_timestamp(column.type)
    is_date = any(test(column.type) for test in _DATE_TYPES)
    tally, looked, sentinels = _looked_at(column)
    values = sum(tally.values())
    dates = read_typed(pc.unique(column).to_pylist(), with_time=timed) if is_date else _dates(looked, list(tally))
    personal = sum(bool(find_personal_data(each)) for each in _spread(list(looked), 300))
    return Evidence(
        name=name,
        rows=len(column),
        filled=values / max(len(column), 1),
        looked_at=sum(looked.values()),
        distinct=len(tally),
        unique=len(tally) / max(values, 1),
        typed=typed,
        dates=dates,
        numbers=_numbers(looked) if not is_date else NumberReading(0.0),
        phones=_share(looked, lambda each: bool(_MOBILE.fullmatch(each) or (_PHONE.fullmatch(each) and " " in each))),
        emails=_share(looked, lambda each: _EMAIL.fullmatch(each) is not None),
        flags=_share(looked, lambda each: each.lower() in YES or each.lower() in NO),
        spaced=_share(looked, lambda each: " " in each),
        digits=_share(looked, lambda each: any(letter.isdigit() for letter in each)),
        clocks=_share(looked, lambda each: _CLOCK.fullmatch(each) is not None),
        length=sum(map(len, looked)) / max(len(looked), 1),
        personal=personal / max(min(len(looked), 300), 1),
        sentinels=sentinels,
        values=tuple(sorted(tally.items(), key=lambda each: (-each[1], each[0]))) if len(tally) <= FEW else (),
        broken=broken_ids(list(looked)),
    )


def _looked_at(column: pa.ChunkedArray) -> tuple[dict[str, int], dict[str, int], tuple[tuple[str, int], ...]]:
    """Give the values with their counts, those that are looked at one by one, and the stand-ins for missing ones."""
    counts = pc.value_counts(_as_text(column))
    tally = dict(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True))
    sentinels = _stand_ins(tally)
    for word in (*MISSING, *(word for word, _ in sentinels), None):
        tally.pop(word, None)
    return tally, {value: tally[value] for value in _spread(list(tally), LOOKED_AT)}, sentinels


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pc.utf8_trim_whitespace(column)
    try:
        return column.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.chunked_array([[str(each) for each in column.to_pylist()]], pa.string())


def _share(looked: Mapping[str, int], test: Callable[[str], bool]) -> float:
    """Give the share of the rows whose value passes a test."""
    return sum(count for value, count in looked.items() if test(value)) / sum(looked.values()) if looked else 0.0


def _numbers(looked: Mapping[str, int], decimal: str | None = None) -> NumberReading:
    """Read the values looked at as numbers; the shares are of rows."""
    return read_numbers(list(looked), list(looked.values()), decimal)


def _spread(values: Sequence[str], most: int) -> list[str]:
    """Take values evenly from the whole."""
    if len(values) <= most:
        return list(values)
    return [values[position * len(values) // most] for position in range(most)]


def _dates(looked: Mapping[str, int], every: Sequence[str]) -> DateReading:
    """Read the values looked at as dates; where they are, all, for the first and the last day."""
    found = read_dates(list(looked), list(looked.values()))
    if found.share < 0.5 or len(every) == len(looked):
        return found
    whole = read_dates(_spread(every, MOST_DAYS))
    return replace(whole, share=found.share, serial=found.serial)


def night_share(column: pa.ChunkedArray) -> float:
    """Give the share of times of day before six in the morning, when few people shop; 0 where no times are written.

    Examples
    --------
    >>> night_share(pa.chunked_array([["2026-03-01 02:10:00", "2026-03-01 14:00:00"]]))
    0.5
    """
    if pa.types.is_timestamp(column.type):
        hours = pc.hour(column)
    elif pa.types.is_string(column.type):
        hours = pc.struct_field(pc.extract_regex(column, r"[T ](?P<hour>[0-9]{1,2}):[0-9]{2}"), "hour").cast(pa.int64())
    else:
        return 0.0
    some = hours.drop_null()
    if not len(some) or pc.all(pc.equal(some, 0)).as_py():
        return 0.0
    return float(pc.mean(pc.less(some, 6)).as_py())


def _stand_ins(tally: dict[str | None, int]) -> tuple[tuple[str, int], ...]:
    """Find stand-ins for a missing value; -99 is one only where no other number is below zero."""
    found = [word for word in SENTINELS if word in tally]
    if any(word.startswith("-") for word in found) and any(_is_below_zero(value) for value in tally):
        found = [word for word in found if not word.startswith("-")]
    return tuple((word, tally[word]) for word in found)


def _is_below_zero(value: str | None) -> bool:
    return value is not None and value.startswith("-") and value[1:2].isdigit() and value not in SENTINELS
