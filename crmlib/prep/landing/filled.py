"""Values that stand once for several lines, as merged cells do, filled down to each of them, within one order."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.params import FileSource, ParameterError, Source
from crmlib.prep.landing.lines import BROKEN, LINE, nearest_columns


def fill_down(batches: Iterable[pa.Table], source: FileSource, name: str) -> Iterator[pa.Table]:
    """Fill a file's batches down as its source asks; where it asks for nothing they pass as they are.

    A file is filled as a whole, in the order of its lines: those that come last because they had to be mended belong
    where they stand.
    """
    if not source.fill_down:
        yield from batches
        return
    held = list(batches)
    if not held:
        return
    rows = pa.concat_tables(held).sort_by(LINE)
    wrong = [column for column in source.fill_down if column not in rows.column_names]
    if wrong:
        near = nearest_columns(wrong[0], [column for column in rows.column_names if not column.startswith("_")])
        raise ParameterError(f"fill_down: {name} has no column {wrong[0]!r}. {near}")
    yield filled(rows, source.fill_down, order_columns(source))


def order_columns(source: FileSource) -> tuple[str, ...]:
    """List the columns that tell the orders of a source apart."""
    return source.parts.get("order_id", ()) if isinstance(source, Source) else ()


def filled(rows: pa.Table, columns: Sequence[str], keys: Sequence[str] = ()) -> pa.Table:
    """Give empty values of columns the last value above them.

    With a key among the columns all of them start anew on each line that has a key of its own; a key that is not
    carries values only as long as it stays the same.
    """
    whole = rows.column(BROKEN).is_null().to_numpy()
    anew = np.zeros(rows.num_rows, dtype=bool)
    for key in keys:
        if key not in rows.column_names:
            continue
        anew |= _filled(rows.column(key)) & whole if key in columns else _changed(rows.column(key), whole)
    for name in columns:
        rows = rows.set_column(rows.column_names.index(name), name, _carried(rows.column(name), anew, whole))
    return rows


def _carried(column: pa.ChunkedArray, anew: npt.NDArray[np.bool_], whole: npt.NDArray[np.bool_]) -> pa.ChunkedArray:
    """Take for each line the last value at or above it, unless all started anew in between."""
    own = _filled(column) & whole
    places = np.arange(len(column))
    last = np.maximum.accumulate(np.where(own, places, -1))
    begun = np.maximum.accumulate(np.where(anew, places, -1))
    known = whole & (last >= 0) & (last >= begun)
    return column.take(pa.array(np.where(known, last, places)))


def _filled(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    text = pc.utf8_trim_whitespace(pc.fill_null(column, ""))
    return np.asarray(pc.not_equal(text, "").to_numpy(zero_copy_only=False), dtype=bool)


def _changed(column: pa.ChunkedArray, whole: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Mark the lines whose key is another than that of the line above; broken lines between have none."""
    codes = pc.dictionary_encode(pc.utf8_trim_whitespace(pc.fill_null(column, "")))
    numbers = codes.combine_chunks().indices.to_numpy(zero_copy_only=False)[whole]
    changed = np.zeros(len(column), dtype=bool)
    changed[whole] = np.concatenate([[True], numbers[1:] != numbers[:-1]])[: len(numbers)]
    return changed
