"""CSV and its relatives, streamed as text with the line each row began on."""

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from crmlib.params import FileSource
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import BLOCK, blocks, open_bytes
from crmlib.prep.landing.dialects import fields_of, first_lines, header_lines, sniff_delimiter, width_of_rows
from crmlib.prep.landing.lines import Broken, Fault, broken_batch, rows_batch, split_lines, text_batch, unique_names
from crmlib.prep.landing.records import Records, blank_rows, find_fault, header_rows, line_breaks
from crmlib.prep.landing.scanning import Scan

__all__ = ["DelimitedFile", "sniff_delimiter"]

_SAMPLE_LINES: Final = 20


class DelimitedFile:
    """One CSV file: its header is read when it is opened, its rows when they are asked for."""

    def __init__(self, scan: Scan, source: FileSource) -> None:
        self.scan = scan
        self._header = int(source.header)
        head = first_lines(scan, self._header + _SAMPLE_LINES)
        self.delimiter = source.delimiter or sniff_delimiter(head[max(self._header - 1, 0) :])
        if len(head) < self._header:
            raise InputRejectedError.at(
                scan.path, f"has {len(head)} lines and no header on line {self._header}", "correct `header`"
            )
        if self._header and not head[self._header - 1].strip():
            written = next((number for number, line in enumerate(head, start=1) if line.strip()), 1)
            raise InputRejectedError.at(
                scan.path, "has an empty line where its header should be", f"give `header: {written}`", self._header
            )
        tall = header_lines(head[self._header - 1 :], self.delimiter) if self._header else 1
        first = fields_of("\n".join(head[max(self._header - 1, 0) :][:tall]), self.delimiter)
        self._header += tall - 1
        self.fault: Fault | None = None
        rows = head[self._header :]
        self.names = _names(scan.path, first, source, rows, self.delimiter)

    def batches(self) -> Iterator[pa.Table]:
        """Yield the rows as text with their line numbers; lines that do not split come as broken ones.

        What makes the whole file doubtful stands in ``fault`` afterwards.
        """
        broken: list[pacsv.InvalidRow] = []
        records = Records(self._header, broken)
        bad: list[Broken] = []
        held: pa.Table | None = None
        try:
            with self._reader(broken) as reader:
                for batch in reader:
                    if held is not None:
                        yield held
                    held = self._without_headers(self._with_lines(pa.table(batch), records), bad)
        except (pa.ArrowInvalid, UnicodeError) as error:
            if "Empty CSV" in str(error):
                return
            if held is not None:
                yield held
            raise self._unreadable(error, records) from None
        yield from self._ended(held, broken, records, bad)

    def _reader(self, broken: list[pacsv.InvalidRow]) -> pacsv.CSVStreamingReader:
        def set_aside(row: pacsv.InvalidRow) -> str:
            broken.append(row)
            return "skip"

        encoding = "utf8" if self.scan.encoding in ("utf-8", "utf-8-sig", "utf8") else self.scan.encoding
        return pacsv.open_csv(
            open_bytes(self.scan.path),
            read_options=pacsv.ReadOptions(
                use_threads=False,  # only then does a broken row know its number
                block_size=BLOCK,
                skip_rows=self._header,
                column_names=list(self.names),
                encoding=encoding,
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=self.delimiter,
                newlines_in_values=self.scan.quotes,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(self.names, pa.string()), strings_can_be_null=False
            ),
        )

    def _with_lines(self, batch: pa.Table, records: Records) -> pa.Table:
        numbers = records.take(batch.num_rows)
        breaks = line_breaks(batch) if self.scan.quotes else None
        if breaks is not None:
            records.note_breaks(numbers, breaks)
        blank = blank_rows(batch)
        result = text_batch({name: batch.column(name) for name in self.names}, records.lines(numbers))
        return result if blank is None else result.filter(pc.invert(blank))

    def _without_headers(self, rows: pa.Table, bad: list[Broken]) -> pa.Table:
        """Take the header out where it is repeated, as files that were put together have it; another one is a fault."""
        again = []
        for position in header_rows(rows, self.names) if self._header else ():
            row = rows.slice(position, 1).to_pylist()[0]
            values = tuple((row[name] or "").strip() for name in self.names)
            if unique_names(values) == self.names:
                again.append(position)
                bad.append(Broken(row["_line"], self.delimiter.join(values)))
            elif self.fault is None:
                self.fault = Fault("changes its columns: here stands another header", row["_line"])
        return rows.take(np.setdiff1d(np.arange(rows.num_rows), again)) if again else rows

    def _ended(
        self, held: pa.Table | None, broken: list[pacsv.InvalidRow], records: Records, bad: list[Broken]
    ) -> Iterator[pa.Table]:
        """Give the rest, and judge the file: lines that a stray quote swallowed are given back."""
        starts = records.lines(np.array([row.number for row in broken], dtype=np.int64)).tolist()
        pieces = [(start, split_lines(row.text)) for start, row in zip(starts, broken, strict=True)]
        if held is not None and held.num_rows and self.scan.odd_quotes:
            held, swallowed = self._reopened(held, max(starts, default=0))
            pieces += swallowed
        good, lines = self._split(pieces, bad)
        bad.sort(key=lambda row: row.line)
        last = max([*lines, held["_line"][-1].as_py() if held is not None and held.num_rows else 0])
        found = find_fault(bad, last, len(self.names), self.delimiter, ends_open=self.scan.ends_open)
        self.fault = self.fault or found
        if held is not None:
            yield held
        if good:
            yield rows_batch(self.names, good, lines)
        if bad:
            yield broken_batch(self.names, bad)

    def _split(
        self, pieces: list[tuple[int, list[str]]], bad: list[Broken]
    ) -> tuple[list[list[str | None]], list[int]]:
        """Split swallowed lines one by one, and take surplus separators off; what does not split is bad."""
        good: list[list[str | None]] = []
        lines: list[int] = []
        for start, physical in pieces:
            for line, text in enumerate(physical, start=start):
                fields = fields_of(text, self.delimiter, strict=True)
                width = len(self.names)
                surplus = len(fields) > width and not any(field.strip() for field in fields[width:])
                if surplus or (len(physical) > 1 and len(fields) == width):
                    good.append(list(fields[:width]))
                    lines.append(line)
                elif text.strip():
                    bad.append(Broken(line, text))
        return good, lines

    def _reopened(self, held: pa.Table, last_broken: int) -> tuple[pa.Table, list[tuple[int, list[str]]]]:
        """Take back the last row if its last field is a quote that nothing closes: it holds the rest of the file."""
        start = held["_line"][-1].as_py()
        rest = _lines_from(self.scan, start) if start > last_broken else []
        if "\n".join(rest).count('"') % 2 == 0:
            return held, []
        # a single line does not split either, so it is given with the empty one after it
        return held.slice(0, held.num_rows - 1), [(start, rest if len(rest) > 1 else [*rest, ""])]

    def _unreadable(self, error: Exception, records: Records) -> InputRejectedError:
        """Say why reading broke off: a quote that nothing closes, or bytes that are no text."""
        if "straddling" in str(error):
            wrong = "holds a quote that nothing closes, or a line of more than 4 MiB"
            return Fault(wrong, int(records.lines(np.array([records.next]))[0])).rejected(self.scan.path)
        return _undecodable(self.scan)


def _lines_from(scan: Scan, line: int) -> list[str]:
    """Read the lines of a file from one on, blank ones at its end left out."""
    decoder = codecs.getincrementaldecoder(scan.encoding)(errors="replace")
    text = "".join(decoder.decode(block) for block in blocks(scan.path))
    return split_lines(text)[line - 1 :]


def _names(
    path: Path, first: Sequence[str], source: FileSource, rows: Sequence[str], delimiter: str
) -> tuple[str, ...]:
    """Name the columns from ``names``, else from the header, else by position; the rows may end in a separator more."""
    given = source.names if source.names is not None else first if source.header else [""] * len(first)
    width = width_of_rows(given, rows, delimiter)
    if source.names is not None and width == len(given) and len(first) != width:
        raise InputRejectedError.at(
            path, f"has {len(first)} columns where `names` has {width}", "correct `names`", line=1
        )
    named = [*given, *[""] * (width - len(given))][:width]
    return tuple(source.names) if source.names is not None and width == len(given) else unique_names(named)


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
