"""CSV and its relatives, streamed as text with the line each row began on."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from crmlib.params import FileSource
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.lines import LINE_END, Broken, broken_batch, rows_batch, split_lines, text_batch, unique_names
from crmlib.prep.landing.scanning import BLOCK, Scan, blocks

_DELIMITERS: Final = ",;\t|"
_SAMPLE_LINES: Final = 20


class DelimitedFile:
    """One CSV file: its header is read when it is opened, its rows when they are asked for.

    Parameters
    ----------
    scan
        What the file's bytes say.
    source
        Delimiter, header and names as the parameters give them.

    Raises
    ------
    InputRejectedError
        If the file has fewer lines than its header's number or more columns than ``names``.
    """

    def __init__(self, scan: Scan, source: FileSource) -> None:
        self.scan = scan
        self._header = int(source.header)
        head = _first_lines(scan, self._header + _SAMPLE_LINES)
        self._delimiter = source.delimiter or sniff_delimiter(head[max(self._header - 1, 0) :])
        if len(head) < self._header:
            raise InputRejectedError.at(
                scan.path, f"has {len(head)} lines and no header on line {self._header}", "correct `header`"
            )
        first = _fields(head[max(self._header - 1, 0)], self._delimiter)
        self.names = _names(scan.path, first, source, has_header=self._header > 0)

    def batches(self) -> Iterator[pa.Table]:
        """Yield the rows as text with their line numbers; lines that do not split come as broken ones.

        Raises
        ------
        InputRejectedError
            If the text is not in the encoding that was given or found.
        """
        broken: list[pacsv.InvalidRow] = []
        records = _Records(self._header, broken)
        try:
            with self._reader(broken) as reader:
                for batch in reader:
                    yield self._with_lines(pa.table(batch), records)
        except (pa.ArrowInvalid, UnicodeError) as error:
            if "Empty CSV" in str(error):
                return
            raise _undecodable(self.scan) from None
        yield from self._recovered(broken, records)

    def _reader(self, broken: list[pacsv.InvalidRow]) -> pacsv.CSVStreamingReader:
        def set_aside(row: pacsv.InvalidRow) -> str:
            broken.append(row)
            return "skip"

        encoding = "utf8" if self.scan.encoding in ("utf-8", "utf-8-sig", "utf8") else self.scan.encoding
        return pacsv.open_csv(
            pa.input_stream(str(self.scan.path), compression="detect"),
            read_options=pacsv.ReadOptions(
                use_threads=False,  # only then does a broken row know its number
                block_size=BLOCK,
                skip_rows=self._header,
                column_names=list(self.names),
                encoding=encoding,
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=self._delimiter,
                newlines_in_values=self.scan.quotes,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(self.names, pa.string()), strings_can_be_null=False
            ),
        )

    def _with_lines(self, batch: pa.Table, records: "_Records") -> pa.Table:
        numbers = records.take(batch.num_rows)
        breaks = _line_breaks(batch) if self.scan.quotes else None
        if breaks is not None:
            records.note_breaks(numbers, breaks)
        blank = _blank_rows(batch)
        result = text_batch({name: batch.column(name) for name in self.names}, records.lines(numbers))
        return result if blank is None else result.filter(pc.invert(blank))

    def _recovered(self, broken: list[pacsv.InvalidRow], records: "_Records") -> Iterator[pa.Table]:
        """Give back the lines that a stray quote swallowed; what then still does not split is broken."""
        good: list[list[str | None]] = []
        lines: list[int] = []
        bad: list[Broken] = []
        for row in broken:
            start = int(records.lines(np.array([row.number]))[0])
            physical = split_lines(row.text)
            for offset, text in enumerate(physical):
                fields = _fields(text, self._delimiter) if len(physical) > 1 else []
                if len(fields) == len(self.names):
                    good.append(list(fields))
                    lines.append(start + offset)
                elif text.strip():
                    bad.append(Broken(start + offset, text))
        if good:
            yield rows_batch(self.names, good, lines)
        if bad:
            yield broken_batch(self.names, bad)


class _Records:
    """Numbers a file's records and turns the numbers into lines: a field may hold line breaks, a broken record too."""

    def __init__(self, header: int, broken: list[pacsv.InvalidRow]) -> None:
        self._next = header + 1
        self._broken = broken
        self._breaks: dict[int, int] = {}

    def take(self, count: int) -> np.ndarray:
        """Give numbers to the next ``count`` records that did split, leaving out those that did not."""
        skipped = np.array(sorted(row.number for row in self._broken if row.number >= self._next), dtype=np.int64)
        before = skipped - self._next - np.arange(len(skipped))
        position = np.arange(count, dtype=np.int64)
        numbers = self._next + position + np.searchsorted(before, position, side="right")
        if count:
            self._next = int(numbers[-1]) + 1
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


def sniff_delimiter(lines: Sequence[str]) -> str:
    """Find the separator that splits the first lines into the most fields, equally many in each.

    Examples
    --------
    >>> sniff_delimiter(["id;name;price", "1;tea, green;3,50"])
    ';'
    """

    def fields(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count, default=1)
        return (usual > 1) * counts.count(usual), usual

    return max(_DELIMITERS, key=fields)


def _fields(text: str, delimiter: str) -> list[str]:
    """Split one line; what the csv module refuses has no fields."""
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return []


def _first_lines(scan: Scan, count: int) -> list[str]:
    """Decode the first lines; a line is what ends in a line end, quoted or not."""
    decoder = codecs.getincrementaldecoder(scan.encoding)(errors="replace")
    text = ""
    for block in blocks(scan.path):
        text += decoder.decode(block)
        if text.count("\n") > count:
            break
    return split_lines(text.removeprefix("\ufeff"))[:count]


def _names(path: Path, first: Sequence[str], source: FileSource, *, has_header: bool) -> tuple[str, ...]:
    """Name the columns from ``names``, else from the header, else by position."""
    if source.names is not None:
        if len(source.names) != len(first):
            raise InputRejectedError.at(
                path, f"has {len(first)} columns where `names` has {len(source.names)}", "correct `names`", line=1
            )
        return tuple(source.names)
    return unique_names(first if has_header else [""] * len(first))


def _line_breaks(batch: pa.Table) -> np.ndarray | None:
    """Count the line breaks inside each row's fields; None where there are none, as in nearly every batch."""
    total: np.ndarray | None = None
    for column in batch.columns:
        if pc.any(pc.match_substring_regex(column, "[\r\n]")).as_py():
            counts = pc.count_substring_regex(column, LINE_END).to_numpy()
            total = counts if total is None else total + counts
    return total


def _blank_rows(batch: pa.Table) -> pa.ChunkedArray | None:
    """Mark rows all of whose fields are empty: blank lines, and the tails that spreadsheets export."""
    blank = pc.equal(batch.column(0), "")
    for column in batch.columns[1:]:
        if not pc.any(blank).as_py():
            return None
        blank = pc.and_(blank, pc.equal(column, ""))
    return blank if pc.any(blank).as_py() else None


def _undecodable(scan: Scan) -> InputRejectedError:
    """Name the first line that is not in the file's encoding."""
    decoder, line = codecs.getincrementaldecoder(scan.encoding)(), 1
    for block in blocks(scan.path):
        for piece in block.splitlines(keepends=True):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return InputRejectedError.at(
                    scan.path, f"is not {scan.encoding} text", "correct `encoding` or leave it out", line
                )
            line += piece.endswith(b"\n")
    return InputRejectedError.at(scan.path, f"is not {scan.encoding} text", "correct `encoding` or leave it out")
