"""How a file is written: format, encoding, separator, header, widths, sheet; a workbook has one layout a sheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from crmlib.params import FileSource
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import suffix
from crmlib.prep.landing.delimited import sniff_delimiter
from crmlib.prep.landing.excel import ExcelFile, hidden_sheets
from crmlib.prep.landing.jsonfile import JsonFile
from crmlib.prep.landing.lines import OWN, repeated_names, unique_names
from crmlib.prep.landing.reading import open_file
from crmlib.prep.landing.scanning import Guess, detect_encoding, scan
from crmlib.prep.proposal.grid import find_header, find_widths
from crmlib.prep.proposal.sampling import KNOWN, head_of, json_head, sample_of
from crmlib.prep.proposal.synonyms import is_known_header
from crmlib.words import _

_HEAD_ROWS: Final = 40
_HEAD_BYTES: Final = 1 << 16
_CONTROL: Final = bytes([*range(9), *range(14, 32)])
_PARQUET_ROWS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Layout:
    """How one file, or one sheet of a workbook, is written."""

    path: Path
    format: str
    names: tuple[str, ...]  # the columns, by position where there is no header
    header: int = 1  # number of the header line, 0 where there is none
    encoding: Guess | None = None  # and why it is believed; none where it is plain ASCII or the format has none
    delimiter: str | None = None
    widths: tuple[int, ...] = ()
    sheet: str | None = None
    hidden: bool = False
    merged: tuple[str, ...] = ()  # columns of a sheet whose cells are merged down
    repeated: tuple[str, ...] = ()  # names that the header has more than once
    rows: str | None = None

    @property
    def title(self) -> str:
        """The file's name, with the sheet's where it has one."""
        both = _("{file}, sheet {sheet}").format(file=self.path.name, sheet=self.sheet)
        return self.path.name if self.sheet is None else both

    def source(self, path: Path) -> FileSource:
        """Give the parameters with which the landing's readers read a file of this layout."""
        return FileSource.model_validate(
            {
                "path": str(path), "format": self.format, "delimiter": self.delimiter, "sheet": self.sheet,
                "header": self.header if self.header != 1 else True, "widths": list(self.widths) or None,
                "rows": self.rows,
            }
        )  # fmt: skip


def look_at(path: Path, folder: Path) -> list[Layout]:
    """Look at a file's head."""
    kind = KNOWN.get(suffix(path), "csv")
    if kind == "parquet":
        return [Layout(path, kind, _parquet_names(path))]
    if kind == "xlsx":
        return list(_sheets(path))
    return [_json(path, folder) if kind == "json" else _text(path, folder)]


def read_sample(layout: Layout, folder: Path, *, whole: bool) -> pa.Table:
    """Read a sample of a file, as text where the file has no types, without what landing adds."""
    if layout.format == "parquet":
        return pq.read_table(layout.path) if whole else _parquet_sample(layout.path)
    path = layout.path if layout.format == "xlsx" else sample_of(layout.path, folder, whole=whole)
    _scan, opened = open_file(path, layout.source(path))
    batches = [batch.filter(batch.column("_broken").is_null()) for batch in opened.batches()]
    if not batches:
        return pa.table({name: pa.array([], pa.string()) for name in layout.names})
    table = pa.concat_tables(batches)
    return table.drop_columns([name for name in OWN if name in table.column_names])


def _text(path: Path, folder: Path) -> Layout:
    head = head_of(path, folder, _HEAD_BYTES)
    guess = _refuse_binary(path, head)
    text = head.read_bytes().decode(guess.encoding, errors="replace").removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in text.splitlines() if line.strip()][:_HEAD_ROWS]
    if not lines:
        raise InputRejectedError.at(path, "is empty", "deliver it again, or leave it out")
    encoding = None if text.isascii() else guess
    delimiter = sniff_delimiter(lines)
    rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), _HEAD_ROWS))
    widths = find_widths(lines) if _splits_badly(rows) else ()
    if widths:
        return _fixed(path, lines, widths, encoding)
    header = find_header(rows)
    first = rows[header - 1] if header else rows[0]
    names = unique_names(first if header else [""] * len(first))
    repeated = repeated_names(first) if header else ()
    return Layout(path, "csv", names, header, encoding, delimiter, repeated=repeated)


def _fixed(path: Path, lines: Sequence[str], widths: tuple[int, ...], encoding: Guess | None) -> Layout:
    ends = [sum(widths[: place + 1]) for place in range(len(widths))]
    cut = [[line[end - width : end].strip() for width, end in zip(widths, ends, strict=True)] for line in lines]
    header = find_header(cut)
    names = unique_names(cut[header - 1] if header else [""] * len(widths))
    return Layout(path, "fixed", names, header, encoding, None, widths)


def _splits_badly(rows: Sequence[Sequence[str]]) -> bool:
    counts = [len(row) for row in rows if any(row)]
    usual = max(set(counts), key=counts.count, default=1)
    return usual == 1 or counts.count(usual) < 0.7 * len(counts)


def _refuse_binary(path: Path, head: Path) -> Guess:
    """Refuse what is no text: pictures, archives and the like have many control characters."""
    start = head.read_bytes()[:4096]
    guess = detect_encoding(head)
    control = len(start) - len(start.translate(None, _CONTROL))
    if not guess.encoding.startswith("utf-16") and control > len(start) / 50:
        raise InputRejectedError.at(path, "is no text file", "export it as CSV, Excel, JSON lines or Parquet")
    return guess


def _json(path: Path, folder: Path) -> Layout:
    head = json_head(path, folder)
    guess = _refuse_binary(path, head)
    layout = Layout(path, "json", (), encoding=None if head.read_bytes().isascii() else guess)
    opened = JsonFile(scan(head), layout.source(head))
    rows = _lines_within(opened.lists)
    if rows is not None:
        opened = JsonFile(scan(head), replace(layout, rows=rows).source(head))
    return replace(layout, names=opened.names, rows=rows)


def _lines_within(lists: Mapping[str, Iterable[str]]) -> str | None:
    """Choose the list within the objects of which most fields have names we know, as the lines of an order have."""
    known = {name: sum(map(is_known_header, fields)) for name, fields in lists.items()}
    best = max(known, key=lambda name: known[name], default="")
    return best if known.get(best, 0) > 1 else None


def _sheets(path: Path) -> Iterator[Layout]:
    """Give the sheets that hold a table: two columns and two rows at least."""
    hidden = hidden_sheets(path)
    for name in hidden or {"": False}:  # the reader says better why it cannot be read
        try:
            sheet = ExcelFile(path, FileSource(path=str(path), header=False, sheet=name or None))
        except InputRejectedError:
            if len(hidden) <= 1:
                raise
            continue
        first = next(sheet.batches(), None)
        if first is None:
            continue
        columns = [first.column(column).to_pylist()[:_HEAD_ROWS] for column in sheet.names]
        rows = [[value or "" for value in row] for row in zip(*columns, strict=True)]
        if len(columns) < 2 or sum(sum(map(bool, row)) > 1 for row in rows) < 2:
            continue
        found = find_header(rows)
        header = int(first.column("_line")[found - 1].as_py()) if found else 0
        named = rows[found - 1] if found else [""] * len(columns)
        layout = Layout(path, "xlsx", unique_names(named), header, sheet=name, hidden=hidden[name])
        merged = ExcelFile(path, layout.source(path)).merged
        yield replace(layout, merged=merged, repeated=repeated_names(named))


def _parquet_names(path: Path) -> tuple[str, ...]:
    try:
        return tuple(pq.read_schema(path).names)
    except (pa.ArrowInvalid, OSError):
        raise InputRejectedError.at(path, "is no complete Parquet file", "deliver it again") from None


def _parquet_sample(path: Path) -> pa.Table:
    """Read the first and the last row group, as far as they are not enormous."""
    file = pq.ParquetFile(path)
    groups = sorted({0, file.num_row_groups // 2, file.num_row_groups - 1}) if file.num_row_groups else []
    tables = [file.read_row_group(group).slice(0, _PARQUET_ROWS) for group in groups]
    return pa.concat_tables(tables) if tables else file.schema_arrow.empty_table()
