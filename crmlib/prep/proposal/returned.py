"""A list of returned orders beside the orders: a delivery that is no table, most of whose numbers are order numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.parsing.flags import YES
from crmlib.prep.proposal.found import Found
from crmlib.prep.proposal.groups import Sampled
from crmlib.words import _

_WORDS: Final = ("return", "refund", "rma", "retour", "devolu", "remboursement", "rücksend", "退货", "退款", "返品")
_KNOWN: Final = 0.5
"""Share of the list's numbers that must be order numbers."""
_FEWER: Final = 0.7
"""A list of returns names fewer orders than there are."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A list of orders that were taken back."""

    sample: Sampled
    column: str  # its column of order numbers
    where: Mapping[str, list[str]]  # which of its lines count, where a column says yes or no
    why: str  # what was seen


def find_returned(found: Sequence[Found], orders: Sequence[pa.ChunkedArray]) -> Returned | None:
    """Find the list of returned orders among the deliveries that are no table."""
    if not orders:
        return None
    every = pa.chunked_array([chunk for each in orders for chunk in each.cast(pa.string()).chunks], pa.string())
    known = pc.unique(pc.utf8_trim_whitespace(every)).drop_null()
    lists = (each.sample for each in found if each.choice is None and _says_so(each.sample))
    return next((column for sample in lists for column in _columns(sample, known)), None)


def _says_so(sample: Sampled) -> bool:
    names = [*sample.group.labels, *(column.name for column in sample.columns)]
    return any(word in name.lower() for name in names for word in _WORDS)


def _columns(sample: Sampled, known: pa.Array) -> Iterator[Returned]:
    for column in sample.columns:
        values = pc.unique(pc.utf8_trim_whitespace(sample.rows.column(column.name).cast(pa.string()))).drop_null()
        if not len(values) or len(values) > _FEWER * len(known):
            continue
        share = pc.mean(pc.is_in(values, value_set=known)).as_py() or 0.0
        if share >= _KNOWN:
            why = _("{n:,} of its {all:,} numbers are order numbers")
            n = round(share * len(values))
            yield Returned(sample, column.name, _yes(sample), why.format(n=n, all=len(values)))


def _yes(sample: Sampled) -> dict[str, list[str]]:
    """Give the column that says yes or no, with its words for yes; nothing where every line counts."""
    for column in sample.columns:
        if column.flags == 1 and column.distinct:
            words = pc.unique(sample.rows.column(column.name).cast(pa.string())).drop_null().to_pylist()
            return {column.name: [word for word in words if word.strip().lower() in YES]}
    return {}
