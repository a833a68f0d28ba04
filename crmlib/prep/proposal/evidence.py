"""What the values of one column say about it: dates, numbers, phone numbers, how many, how different."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.parsing.flags import NO, YES
from crmlib.prep.parsing.text import MISSING, broken_ids
from crmlib.prep.proposal.dates import DateReading, read_dates, read_typed
from crmlib.prep.proposal.numbers import NumberReading, read_numbers
from crmlib.prep.proposal.reader import read_as_numbers, spread

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


@dataclass(frozen=True, slots=True)
class Evidence:
    """A column of a sample."""

    name: str
    rows: int
    filled: float
    looked_at: int  # rows whose values were looked at one by one
    distinct: int
    unique: float  # different values as a share of the values
    typed: bool  # whether the file itself says the type of the column
    dates: DateReading
    numbers: NumberReading
    # shares of the rows whose value is a phone number, an address, yes or no, holds a blank, a digit, is a time of day
    phones: float = 0.0
    emails: float = 0.0
    flags: float = 0.0
    spaced: float = 0.0
    digits: float = 0.0
    clocks: float = 0.0
    length: float = 0.0  # mean number of characters
    sentinels: tuple[tuple[str, int], ...] = ()  # stand-ins for a missing value that occur, with their counts
    broken: float = 0.0  # share of the values that are long numbers of which a spreadsheet has cut digits, as 2.1E+18
    merged: bool = False  # whether it would be whole if filled down, see ``merged_down``
    values: tuple[tuple[str, int], ...] = ()  # with their counts, the most frequent first, where they are ``FEW``


def weigh_all(rows: pa.Table) -> tuple[Evidence, ...]:
    """Look at all columns of a sample; where one may be written with either decimal mark, the others tell."""
    texts = [rows.column(name) for name in rows.column_names if pa.types.is_string(rows.column(name).type)]
    read_as_numbers([value for text in texts for value in spread(pc.unique(text).drop_null().to_pylist(), LOOKED_AT)])
    found = tuple(weigh(name, rows.column(name)) for name in rows.column_names)
    sure = {column.numbers.decimal for column in found if column.numbers.sure and column.numbers.share > _MOSTLY}
    if len(sure) != 1:
        return found
    mark = sure.pop()
    again = {column.name: _looked_at(rows.column(column.name))[1] for column in found if column.numbers.undecided}
    return tuple(
        replace(column, numbers=_numbers(again[column.name], mark)) if column.name in again else column
        for column in found
    )


def weigh(name: str, column: pa.ChunkedArray) -> Evidence:
    """Look at a column of a sample."""
    timed = pa.types.is_timestamp(column.type)
    is_date = timed or pa.types.is_date(column.type)
    tally, looked, sentinels = _looked_at(column)
    values = sum(tally.values())
    dates = read_typed(pc.unique(column).to_pylist(), with_time=timed) if is_date else _dates(looked, list(tally))
    return Evidence(
        name=name,
        rows=len(column),
        filled=values / max(len(column), 1),
        looked_at=sum(looked.values()),
        distinct=len(tally),
        unique=len(tally) / max(values, 1),
        typed=not pa.types.is_string(column.type),
        dates=dates,
        numbers=_numbers(looked) if not is_date else NumberReading(0.0),
        phones=_share(looked, lambda text: bool(_MOBILE.fullmatch(text) or (_PHONE.fullmatch(text) and " " in text))),
        emails=_share(looked, lambda text: _EMAIL.fullmatch(text) is not None),
        flags=_share(looked, lambda text: text.lower() in YES or text.lower() in NO),
        spaced=_share(looked, lambda text: " " in text),
        digits=_share(looked, lambda text: any(letter.isdigit() for letter in text)),
        clocks=_share(looked, lambda text: _CLOCK.fullmatch(text) is not None),
        length=sum(map(len, looked)) / max(len(looked), 1),
        sentinels=sentinels,
        values=tuple(sorted(tally.items(), key=lambda pair: (-pair[1], pair[0]))) if len(tally) <= FEW else (),
        broken=broken_ids(list(looked)),
    )


def _looked_at(column: pa.ChunkedArray) -> tuple[dict[str, int], dict[str, int], tuple[tuple[str, int], ...]]:
    """Give the values with their counts, those that are looked at one by one, and the stand-ins for missing ones."""
    counts = pc.value_counts(_as_text(column))
    tally = dict(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True))
    sentinels = _stand_ins(tally)
    for word in (*MISSING, *(word for word, _ in sentinels), None):
        tally.pop(word, None)
    return tally, {value: tally[value] for value in spread(list(tally), LOOKED_AT)}, sentinels


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pc.utf8_trim_whitespace(column)
    try:
        return column.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.chunked_array([[str(value) for value in column.to_pylist()]], pa.string())


def _share(looked: Mapping[str, int], test: Callable[[str], bool]) -> float:
    """Give the share of the rows whose value passes a test."""
    return sum(count for value, count in looked.items() if test(value)) / sum(looked.values()) if looked else 0.0


def _numbers(looked: Mapping[str, int], decimal: str | None = None) -> NumberReading:
    """Read the values looked at as numbers; the shares are of rows."""
    return read_numbers(list(looked), list(looked.values()), decimal)


def _dates(looked: Mapping[str, int], every: Sequence[str]) -> DateReading:
    """Read the values looked at as dates; where they are, all, for the first and the last day."""
    found = read_dates(list(looked), list(looked.values()))
    if found.share < 0.5 or len(every) == len(looked):
        return found
    whole = read_dates(spread(every, MOST_DAYS))
    return replace(whole, share=found.share, serial=found.serial)


def night_share(column: pa.ChunkedArray) -> float:
    """Give the share of times of day before six in the morning, when few people shop; 0 where no times are written."""
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
