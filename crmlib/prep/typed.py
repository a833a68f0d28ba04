"""Columns as they are delivered: typed ones as they are where that fits, else as text; several that are one joined.

A whole number is a day only where its digits say so (20260102), never a count of seconds; a number is yes or no only
where it is 1 or 0. Date and time may stand apart, and an order number may begin anew in every store.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

import ibis

from crmlib.prep.landing import Landed
from crmlib.prep.parsing import id_text, tidy_text
from crmlib.tables import Column

TIMES: Final = ("timestamp", "date")
NUMBERS: Final = ("money", "number", "integer")

_EXACT: Final = 1e15
"""Up to here a whole number in a float is written without a fraction."""
JOINED: Final = "_joined_"
"""Before a canonical column's name: its delivered columns joined."""

_MIDNIGHT: Final = r"[T ]0?0:00(:00(\.0+)?)?$"
_DAY_NOUGHT: Final = r"^(1899-12-3[01]|1900-01-0[01]|1904-01-01|1970-01-01)[T ]"
"""What a spreadsheet puts before a time of day without a date."""


def fitting(raw: ibis.Value, kind: str) -> ibis.Value:
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


def without_stand_ins(raw: ibis.Value, missing: Collection[str]) -> ibis.Value:
    """Empty the values of a typed column that stand for a missing one."""
    delivered = raw.type()
    if delivered.is_numeric() and not delivered.is_boolean():
        words = _read(missing, float)
        empty = raw.cast("float64").isin(words) if words else ibis.literal(value=False)
        if delivered.is_floating():
            empty = empty | raw.isnan()
        return ibis.ifelse(empty, ibis.null(delivered), raw)
    if delivered.is_timestamp() or delivered.is_date():
        days = [ibis.timestamp(day.isoformat()) for day in _read(missing, datetime.fromisoformat) if not day.tzinfo]
        return ibis.ifelse(raw.cast("timestamp(6)").isin(days), ibis.null(delivered), raw) if days else raw
    return raw


def _read(words: Collection[str], reader: Any) -> list[Any]:
    """Read the words that can be read."""
    found = []
    for word in words:
        with suppress(ValueError):
            found.append(reader(word))
    return found


def with_joined(landed: Landed, given: list[Column]) -> Landed:
    """Add a column for each canonical column that is read from several: times by a blank, other text by a hyphen.

    Each part is tidied first; an empty part is left out. A day that is written as its midnight gives the time beside
    it room, and an id of which a part is empty is empty.
    """
    several = [column for column in given if len(landed.source.parts.get(column.name, ())) > 1]
    if not several:
        return landed
    joined = {f"{JOINED}{column.name}": _joined(landed, column) for column in several}
    return replace(landed, rows=landed.rows.mutate(**joined))


def _joined(landed: Landed, column: Column) -> ibis.Value:
    raw = [fitting(landed.rows[name], "text") for name in landed.source.parts[column.name]]
    parts = [tidy_text(part, landed.source.missing) for part in raw]
    if column.kind in TIMES:
        return _beside(_times(parts), " ")
    if not column.name.endswith("_id"):
        return _beside(parts, "-")
    ids = [id_text(part).re_replace(_MIDNIGHT, "") for part in parts]
    return ibis.ifelse(reduce(or_, [part.isnull() for part in ids]), ibis.null("string"), _beside(ids, "-"))


def _times(parts: list[ibis.Value]) -> list[ibis.Value]:
    """Take from each part what it does not tell: the midnight of a day, the day nought of a time."""
    last = len(parts) - 1
    days = [part if place == last else part.re_replace(_MIDNIGHT, "") for place, part in enumerate(parts)]
    return [part.re_replace(_DAY_NOUGHT, "") if place else part for place, part in enumerate(days)]


def _beside(parts: list[ibis.Value], mark: str) -> ibis.Value:
    """Join texts of which any may be empty."""
    return reduce(lambda left, right: ibis.coalesce(left + ibis.literal(mark) + right, left, right), parts)
