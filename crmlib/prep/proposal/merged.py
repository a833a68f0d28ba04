"""Columns whose cells are merged down, or filled only on the first line of an order: what to fill down."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_LEAST_FILLED: Final = 0.03
_MOST_FILLED: Final = 0.95
_LONGEST_GAP: Final = 200


def merged_down(rows: pa.Table, merged: Iterable[str] = ()) -> frozenset[str]:
    """Find columns to be filled down: with cells merged in the workbook, or filled on the first line of a run only.

    A run is told by a column of different values, each followed by empty cells, that begins on the first line; with
    it go the columns that are filled on the same lines. Such a column alone is believed where it stands first.
    """
    said = {name for name in merged if name in rows.column_names}
    masks = {name: mask for name in rows.column_names if (mask := _gaps(rows.column(name))) is not None}
    for key, mask in masks.items():
        alike = {name for name, other in masks.items() if np.array_equal(mask, other)}
        if _differ(rows.column(key)) and (len(alike) > 1 or key == rows.column_names[0]):
            said |= alike
    return frozenset(said)


def _gaps(column: pa.ChunkedArray) -> np.ndarray | None:
    """Give the lines on which a column is filled, where the first is and short gaps follow; else nothing."""
    filled = _filled(column)
    if not len(filled) or not filled[0] or not _LEAST_FILLED < filled.mean() < _MOST_FILLED:
        return None
    places = np.append(np.flatnonzero(filled), len(filled))
    return filled if np.diff(places).max() <= _LONGEST_GAP else None


def _filled(column: pa.ChunkedArray) -> np.ndarray:
    text = pc.utf8_trim_whitespace(column.cast(pa.string()).fill_null(""))
    return np.asarray(pc.not_equal(text, "").to_numpy(zero_copy_only=False), dtype=bool)


def _differ(column: pa.ChunkedArray) -> bool:
    """Say whether no value comes again, as the numbers of orders do not."""
    values = column.cast(pa.string()).fill_null("")
    some = values.filter(pc.not_equal(pc.utf8_trim_whitespace(values), ""))
    return len(some) > 1 and len(pc.unique(some)) == len(some)
