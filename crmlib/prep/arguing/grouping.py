"""Numbers of which nothing tells whether a mark groups thousands or divides: 1.234 alone is twelve hundred or one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ibis

from crmlib.params import Source
from crmlib.prep.landing import Landed
from crmlib.prep.landing.reading import format_of
from crmlib.prep.logic import surely
from crmlib.prep.typed import NUMBERS
from crmlib.tables import TABLES

_DIGITS: Final = "[0-9][0-9.,]*"
_ONE_GROUP: Final = "^[1-9][0-9]{0,2}[.,][0-9]{3}$"
_THOUSAND: Final = 1000


@dataclass(frozen=True, slots=True)
class Ungrouped:
    """A column of the order lines, by both its names, and on how many lines a mark stands before three digits."""

    column: str
    raw: str
    lines: int


def ambiguous_marks(landed: Landed) -> Iterator[Ungrouped]:
    """Give the columns of numbers in which every mark stands before three digits, and whose marks nobody gave.

    Commas beside whole numbers that all stay under a thousand group: 1,250 beside 250. Numbers of a sheet, a database
    or JSON have no marks of their own.
    """
    source = landed.source
    if source.path is None or any(format_of(Path(file.name), source) not in ("csv", "fixed") for file in landed.files):
        return
    kinds = {column.name: column.kind for column in TABLES[landed.table].delivered}
    numbers = {name: raw for name, (raw, *others) in source.parts.items() if kinds.get(name) in NUMBERS and not others}
    named = {
        name: raw for name, raw in numbers.items()
        if not _is_given(source, name) and landed.rows[raw].type().is_string()
    }  # fmt: skip
    if not named:
        return
    told = landed.rows.select(**{name: landed.rows[raw].re_extract(_DIGITS, 0) for name, raw in named.items()})
    sums = {f"{what}_{name}": value for name in named for what, value in _counts(told[name]).items()}
    counts = told.agg(**sums).to_pyarrow().to_pylist()[0]
    for name, raw in named.items():
        marked, grouped, commas, most = (
            counts[f"{what}_{name}"] or 0 for what in ("marked", "grouped", "commas", "most")
        )
        groups = commas and 0 < most < _THOUSAND
        if marked and grouped == marked and not groups:
            yield Ungrouped(name, raw, int(marked))


def _is_given(source: Source, column: str) -> bool:
    """Say whether the parameters give a mark of the column."""
    given = [getattr(source, name) for name in ("decimal", "thousands") if name in source.model_fields_set]
    return any(column in mark if isinstance(mark, dict) else mark is not None for mark in given)


def _counts(digits: ibis.Value) -> dict[str, ibis.Value]:
    return {
        "marked": surely(digits.re_search("[.,]")).sum(),
        "grouped": surely(digits.re_search(_ONE_GROUP)).sum(),
        "commas": surely(digits.contains(",")).sum(),
        "most": digits.try_cast("int64").max(),
    }
