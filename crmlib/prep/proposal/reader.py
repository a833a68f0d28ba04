"""What preparation's own parser makes of values: the proposal reads nothing otherwise than the run will."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import duckdb
import ibis
import pyarrow as pa

from crmlib.prep.parsing import iso_text, number_text, tidy_text, to_number, to_timestamp
from crmlib.prep.parsing.numbers import PLAIN_NUMBER, currency_of

Marks = tuple[str, str | None]
"""A decimal mark and a mark of thousands, as the parameters give them."""

Reading = dict[Marks, float | None]
"""One value read with each pair of marks."""

POINT: Final[Marks] = (".", None)
COMMA: Final[Marks] = (",", None)
GROUPED: Final[Marks] = (",", ".")
"""The marks in which numbers are written; others, such as blanks, the parser understands beside each of them."""

_PLAIN: Final = re.compile(PLAIN_NUMBER.removeprefix("^").removesuffix("$"))
_DOTTED: Final = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+")
_NO_NUMBER: Final = re.compile(r"[:/]|[0-9][-\u2010-\u2013\u2212][0-9]")
_EXPONENT: Final = re.compile(r"[0-9.,][eE][-+]?[0-9]")
_BEYOND: Final = 1e14
_LOOKED_AT: Final = "looked_at"
_MOST: Final = 1 << 18
_known: dict[str, tuple[float | None, ...]] = {}


def spread(values: Sequence[str], most: int) -> list[str]:
    """Take values evenly from the whole."""
    if len(values) <= most:
        return list(values)
    return [values[position * len(values) // most] for position in range(most)]


def read_as_numbers(values: Sequence[str]) -> list[Reading]:
    """Read values as numbers with each pair of marks; nothing where preparation would find none."""
    likely = {value for value in values if _could_be_number(value)}
    unusual = {value for value in likely if not _is_plain(value)}
    unknown = list(unusual - _known.keys())
    if len(_known) + len(unknown) > _MOST:
        _known.clear()
        unknown = list(unusual)
    if unknown:
        table = _run(_number_query(), unknown)
        columns = [table.column(name).to_pylist() for name in ("point", "comma", "grouped")]
        _known.update(zip(unknown, zip(*columns, strict=True), strict=True))
    return [dict(zip((POINT, COMMA, GROUPED), _numbers(value, likely), strict=True)) for value in values]


def _could_be_number(value: str) -> bool:
    """Say whether a value is worth asking for: dates, codes and words are not, as no number has their marks."""
    if not any(map(str.isdigit, value)) or _NO_NUMBER.search(value):
        return False
    letters = any(map(str.isalpha, value))
    return not letters or _EXPONENT.search(value) is not None or currency_of(value) is not None or not value.isascii()


def _is_plain(value: str) -> bool:
    """Say whether the parser leaves a value as it is and no group of thousands could be meant."""
    return _PLAIN.fullmatch(value) is not None and not _DOTTED.fullmatch(value)


def _numbers(value: str, likely: Collection[str]) -> tuple[float | None, ...]:
    if value not in likely:
        return (None, None, None)
    if not _is_plain(value):
        return _known[value]
    number = float(value)
    if abs(number) >= _BEYOND:
        return (None, None, None)
    with_comma = None if "." in value else number
    return (number, with_comma, with_comma)


def read_as_shares(values: Sequence[str], decimal: str) -> list[float | None]:
    """Read values as numbers behind which a per cent sign may stand."""
    return _run(_share_query(decimal), values).column("share").to_pylist() if values else []


def read_as_times(values: Sequence[str], formats: Sequence[str] = ()) -> list[datetime | None]:
    """Read values as times with these formats, or without any as preparation reads them unasked."""
    return _run(_time_query(tuple(formats)), values).column("time").to_pylist() if values else []


def _run(query: str, values: Sequence[str]) -> pa.Table:
    """Run a compiled expression over values, in their order."""
    table = pa.table({"place": pa.array(range(len(values)), pa.int64()), "value": pa.array(values, pa.string())})
    with _connection().cursor() as cursor:
        cursor.register(_LOOKED_AT, table)
        return cursor.sql(query).to_arrow_table().sort_by("place")


@lru_cache(maxsize=1)
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _tidied() -> Any:
    table = ibis.table({"place": "int64", "value": "string"}, name=_LOOKED_AT)
    return table.select("place", value=tidy_text(table.value))


@lru_cache(maxsize=1)
def _number_query() -> str:
    tidied = _tidied()
    texts = {name: number_text(tidied.value, *marks) for name, marks in _MARKS.items()}
    written = tidied.select("place", **texts)
    return _sql(written.select("place", **{name: to_number(written[name]).cast("float64") for name in texts}))


_MARKS: Final = {"point": POINT, "comma": COMMA, "grouped": GROUPED}


@lru_cache(maxsize=4)
def _share_query(decimal: str) -> str:
    tidied = _tidied()
    written = tidied.select("place", share=number_text(tidied.value, decimal, percent=True))
    return _sql(written.select("place", share=to_number(written["share"]).cast("float64")))


@lru_cache(maxsize=64)
def _time_query(formats: tuple[str, ...]) -> str:
    tidied = _tidied()
    written = tidied.select("place", iso=iso_text(tidied.value, formats))
    return _sql(written.select("place", time=to_timestamp(written.iso)))


def _sql(expression: Any) -> str:
    return str(ibis.to_sql(expression, dialect="duckdb"))
