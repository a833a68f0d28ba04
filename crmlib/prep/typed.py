"""Columns that come with a type, as from Parquet or a query: taken as they are where it fits, else read as text is.

A whole number is a day only where its digits say so (20260102), never a count of seconds; a number is yes or no only
where it is 1 or 0.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import ibis

TIMES: Final = ("timestamp", "date")
NUMBERS: Final = ("money", "number", "integer")

_EXACT: Final = 1e15
"""Up to here a whole number in a float is written without a fraction."""


def fitting(raw: Any, kind: str) -> Any:
    """Give a column whose type fits the kind of the canonical column, or else the text of its values."""
    delivered = raw.type()
    fits = {
        **dict.fromkeys(TIMES, delivered.is_timestamp() or delivered.is_date()),
        **dict.fromkeys(NUMBERS, delivered.is_numeric() and not delivered.is_boolean()),
        "flag": delivered.is_boolean(),
    }
    if delivered.is_string() or fits.get(kind, False):
        return raw
    if delivered.is_floating() or delivered.is_decimal():
        whole = (raw.abs() < _EXACT) & (raw == raw.floor())
        return ibis.ifelse(whole, raw.cast("int64").cast("string"), raw.cast("string"))
    return raw.cast("string")


def without_stand_ins(raw: Any, missing: Collection[str]) -> Any:
    """Empty the values of a typed column that stand for a missing one."""
    delivered = raw.type()
    if delivered.is_numeric() and not delivered.is_boolean():
        words = _read(missing, float)
        empty = raw.cast("float64").isin(words) if words else ibis.literal(value=False)
        if delivered.is_floating():
            empty = empty | raw.isnan()
        return ibis.ifelse(empty, ibis.null(delivered), raw)
    if delivered.is_timestamp() or delivered.is_date():
        days = [ibis.timestamp(each.isoformat()) for each in _read(missing, datetime.fromisoformat) if not each.tzinfo]
        return ibis.ifelse(raw.cast("timestamp(6)").isin(days), ibis.null(delivered), raw) if days else raw
    return raw


def _read(words: Collection[str], reader: Any) -> list[Any]:
    """Read the words that can be read."""
    found = []
    for word in words:
        with suppress(ValueError):
            found.append(reader(word))
    return found
