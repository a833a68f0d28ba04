"""Several delivered columns that are one: date and time apart, an order number that begins anew in every store."""

from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any, Final

import ibis

from crmlib.prep.landing import Landed
from crmlib.prep.parsing import id_text, tidy_text
from crmlib.prep.typed import TIMES, fitting
from crmlib.tables import Column

JOINED: Final = "_joined_"
"""Before a canonical column's name: its delivered columns joined."""

_MIDNIGHT: Final = r"[T ]0?0:00(:00(\.0+)?)?$"
_DAY_NOUGHT: Final = r"^(1899-12-3[01]|1900-01-0[01]|1904-01-01|1970-01-01)[T ]"
"""What a spreadsheet puts before a time of day without a date."""


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


def _joined(landed: Landed, column: Column) -> Any:
    raw = [fitting(landed.rows[name], "text") for name in landed.source.parts[column.name]]
    parts = [tidy_text(each, landed.source.missing) for each in raw]
    if column.kind in TIMES:
        return _beside(_times(parts), " ")
    if not column.name.endswith("_id"):
        return _beside(parts, "-")
    ids = [id_text(each).re_replace(_MIDNIGHT, "") for each in parts]
    return ibis.ifelse(reduce(or_, [each.isnull() for each in ids]), ibis.null("string"), _beside(ids, "-"))


def _times(parts: list[Any]) -> list[Any]:
    """Take from each part what it does not tell: the midnight of a day, the day nought of a time."""
    last = len(parts) - 1
    days = [each if place == last else each.re_replace(_MIDNIGHT, "") for place, each in enumerate(parts)]
    return [each.re_replace(_DAY_NOUGHT, "") if place else each for place, each in enumerate(days)]


def _beside(parts: list[Any], mark: str) -> Any:
    """Join texts of which any may be empty."""
    return reduce(lambda left, right: ibis.coalesce(left + ibis.literal(mark) + right, left, right), parts)
