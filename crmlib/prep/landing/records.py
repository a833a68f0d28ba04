"""The records of a CSV file: their numbers and lines, line breaks inside their fields, what makes them doubtful."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from crmlib.prep.landing.dialects import fields_of
from crmlib.prep.landing.lines import LINE_END, Broken, Fault, split_lines

_TO_THE_END: Final = 3
"""So many lines of another width that reach to the end of a file are a change of its columns, not accidents."""
_ANYWHERE: Final = 20


class Records:
    """Numbers a file's records and turns the numbers into lines: a field may hold line breaks, a broken record too."""

    def __init__(self, header: int, broken: list[pacsv.InvalidRow]) -> None:
        self.next = header + 1
        self._broken = broken
        self._breaks: dict[int, int] = {}

    def take(self, count: int) -> np.ndarray:
        """Give numbers to the next ``count`` records that did split, leaving out those that did not."""
        skipped = np.array(sorted(row.number for row in self._broken if row.number >= self.next), dtype=np.int64)
        before = skipped - self.next - np.arange(len(skipped))
        position = np.arange(count, dtype=np.int64)
        numbers = self.next + position + np.searchsorted(before, position, side="right")
        if count:
            self.next = int(numbers[-1]) + 1
        return numbers

    def note_breaks(self, numbers: np.ndarray, breaks: np.ndarray) -> None:
        """Remember the line breaks inside the fields of these records."""
        inside = np.flatnonzero(breaks)
        self._breaks.update(zip(numbers[inside].tolist(), breaks[inside].tolist(), strict=True))

    def lines(self, numbers: np.ndarray) -> np.ndarray:
        """Give the line on which each record begins."""
        breaks = self._breaks | {
            row.number: len(split_lines(row.text)) - 1 for row in self._broken if "\n" in row.text or "\r" in row.text
        }
        if not breaks:
            return numbers
        at = np.array(sorted(breaks), dtype=np.int64)
        total = np.concatenate([[0], np.cumsum([breaks[number] for number in at.tolist()])])
        return np.asarray(numbers + total[np.searchsorted(at, numbers, side="left")])


def line_breaks(batch: pa.Table) -> np.ndarray | None:
    """Count the line breaks inside each row's fields; None where there are none, as in nearly every batch."""
    total: np.ndarray | None = None
    for column in batch.columns:
        if any(_has_break(chunk) for chunk in column.chunks):
            counts = pc.count_substring_regex(column, LINE_END).to_numpy()
            total = counts if total is None else total + counts
    return total


def _has_break(texts: pa.StringArray) -> bool:
    """Look for line ends in the bytes of all texts at once: far cheaper than in each text."""
    data = texts.buffers()[2]
    if data is None:
        return False
    content = data.to_pybytes()
    return b"\n" in content or b"\r" in content


def header_rows(batch: pa.Table, names: Sequence[str]) -> list[int]:
    """Find the rows that are a header again: at least three of their values, and half of them, are column names."""
    known = pa.array(names)
    like = pc.or_(pc.is_in(batch.column(names[0]), known), pc.is_in(batch.column(names[-1]), known))
    suspects = np.flatnonzero(like.to_numpy())
    if not len(suspects):
        return []
    rows = batch.take(suspects)
    among = sum(pc.is_in(rows.column(name), known).to_numpy().astype(int) for name in names)
    return [int(place) for place in suspects[among >= max(min(3, len(names)), len(names) / 2)]]


def blank_rows(batch: pa.Table) -> pa.ChunkedArray | None:
    """Mark rows all of whose fields are empty: blank lines, and the tails that spreadsheets export."""
    blank = pc.equal(batch.column(0), "")
    for column in batch.columns[1:]:
        if not pc.any(blank).as_py():
            return None
        blank = pc.and_(blank, pc.equal(column, ""))
    return blank if pc.any(blank).as_py() else None


def find_fault(bad: Sequence[Broken], last_good: int, width: int, delimiter: str, *, ends_open: bool) -> Fault | None:
    """Find out from the lines that did not split, in order, whether the file changes its columns or is cut off."""
    bad = _without_footer(bad, last_good, width, delimiter)
    for fields, line, length in _runs(bad, delimiter):
        to_the_end = line + length > last_good and line > 1
        if fields != width and (length >= _ANYWHERE or (to_the_end and length >= _TO_THE_END)):
            return Fault(
                f"changes its columns: from here on lines have {fields} fields where the header has {width}", line
            )
    if ends_open and bad and bad[-1].line > last_good:
        fields = len(fields_of(bad[-1].text, delimiter, strict=True))
        if fields == 0:
            return Fault("is cut off: its last line ends inside quotes", bad[-1].line)
        if fields < width:
            return Fault(f"is cut off: its last line has {fields} of {width} fields", bad[-1].line)
    return None


def _without_footer(bad: Sequence[Broken], last_good: int, width: int, delimiter: str) -> Sequence[Broken]:
    """Leave out what stands below the table, narrower and parted from it by an empty line: who exported it."""
    below = [row for row in bad if row.line > last_good]
    apart = bool(below) and below[0].line > last_good + 1 > 1
    narrow = all(0 < len(fields_of(row.text, delimiter, strict=True)) < width for row in below)
    return [row for row in bad if row.line <= last_good] if apart and narrow else bad


def _runs(bad: Sequence[Broken], delimiter: str) -> list[tuple[int, int, int]]:
    """Give runs of neighbouring lines of equal width: fields, first line, how many lines."""
    numbered = [(len(fields_of(row.text, delimiter)), row.line - position) for position, row in enumerate(bad)]
    runs, start = [], 0
    for (fields, _gap), group in groupby(numbered):
        length = len(list(group))
        runs.append((fields, bad[start].line, length))
        start += length
    return runs
