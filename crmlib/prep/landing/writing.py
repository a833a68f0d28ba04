"""Landing: what is not Parquet becomes one all-text Parquet file a source, each row with its file and line."""

from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from crmlib.params import FileSource, Source
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import size_of
from crmlib.prep.landing.dialects import comma_columns
from crmlib.prep.landing.filled import fill_down
from crmlib.prep.landing.lines import BROKEN, FILE, Broken, Fault, broken_batch, file_names, landed_schema
from crmlib.prep.landing.reading import Readable, open_file
from crmlib.prep.landing.scanning import Scan, sha256_of
from crmlib.tables import TABLES
from crmlib.tables.vocabulary import SCORE_PREFIX

BrokenFiles = Literal["stop", "quarantine"]

_SAMPLE: Final = 1000
"""Rows of a file in which its decimal mark is looked for."""

_ROW_GROUP: Final = 1 << 17
"""Rows gathered before they are written: 305 small daily files make a few row groups, not 305."""


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """One file as it was delivered, for the report and the manifest.

    Attributes
    ----------
    lines
        Rows delivered, the header and blank lines apart; broken ones are among them.
    fault
        Why no line of it can be trusted; empty where nothing is wrong with the file as a whole.
    comma
        The columns whose numbers have a decimal comma though the parameters do not say so.
    """

    source: str
    name: str
    sha256: str
    size: int
    encoding: str
    columns: int
    lines: int
    broken: int
    fault: str = ""
    comma: tuple[str, ...] = ()


def land_files(
    paths: Sequence[Path],
    source: FileSource,
    name: str,
    target: Path,
    needed: Sequence[str] = (),
    *,
    broken_files: BrokenFiles = "stop",
) -> tuple[DeliveredFile, ...]:
    """Write files that are one source into one all-text Parquet file with ``_file``, ``_line`` and ``_broken``.

    Columns are matched by name, so files may order them differently; a column that a file lacks is empty in it. With
    ``broken_files="quarantine"`` a file that is empty, cannot be read, is cut off or lacks a ``needed`` column gives a
    line of its own that says what is wrong; all its lines join that one in the quarantine.
    """
    opened = [_open(path, file, source, broken_files) for path, file in file_names(paths)]
    if all(entry.file is None for entry in opened):
        raise (opened[0].fault or Fault("cannot be read")).rejected(opened[0].path)
    names = tuple(dict.fromkeys(column for entry in opened if entry.file is not None for column in entry.file.names))
    _mark_changed_columns([entry for entry in opened if entry.file is not None], needed, broken_files)
    schema = landed_schema(names)
    with pq.ParquetWriter(target, schema) as writer, ThreadPoolExecutor(max_workers=1) as beside:
        rows = _Writing(writer, schema, beside)
        delivered = tuple(_land_file(entry, name, rows, source, broken_files) for entry in opened)
        rows.flush()
    return delivered


def number_columns(source: FileSource) -> tuple[str, ...]:
    """List the columns of a source that are mapped to numbers."""
    if not isinstance(source, Source):
        return ()
    kinds = {column.name: column.kind for table in TABLES.values() for column in table.delivered}
    numbers = [
        parts[0]
        for name, parts in source.parts.items()
        if len(parts) == 1 and (kinds.get(name) in ("money", "number", "integer") or name.startswith(SCORE_PREFIX))
    ]
    return tuple(dict.fromkeys(numbers))


@dataclass(slots=True)
class _Opened:
    path: Path
    name: str
    scan: Scan
    file: Readable | None
    fault: Fault | None = None


def _open(path: Path, name: str, source: FileSource, broken_files: BrokenFiles) -> _Opened:
    try:
        scan, file = open_file(path, source)
    except InputRejectedError as error:
        if broken_files == "stop":
            raise
        unread = Scan(path, sha256_of(path), size_of(path), "", quotes=False, ends_open=False)
        return _Opened(path, name, unread, None, Fault(error.wrong, error.line))
    return _Opened(path, name, scan, file)


def _land_file(
    opened: _Opened, name: str, rows: "_Writing", source: FileSource, broken_files: BrokenFiles
) -> DeliveredFile:
    """Write the rows of one file, and a line of its own for what is wrong with it."""
    before, broken = rows.lines, rows.broken
    comma: tuple[str, ...] = ()
    numbers = number_columns(source) if not {"decimal", "thousands"} & source.model_fields_set else ()
    try:
        batches = opened.file.batches() if opened.file is not None else ()
        for batch in fill_down(batches, source, opened.name):
            if rows.lines == before and numbers:
                known = set(batch.column_names)
                looked_at = {name: batch.column(name).slice(0, _SAMPLE) for name in numbers if name in known}
                comma = comma_columns(looked_at, separated=opened.file is not None and opened.file.delimiter == ",")
            rows.add(batch, opened.name)
    except InputRejectedError as error:
        if broken_files == "stop":
            raise
        opened.fault = Fault(error.wrong, error.line)
    fault = opened.fault or (opened.file.fault if opened.file is not None else None)
    if fault is not None:
        if broken_files == "stop":
            raise fault.rejected(opened.path)
        rows.add(broken_batch((), [Broken(0, f"{opened.name}, line {fault.line or 1}: {fault.wrong}")]), opened.name)
    scan, columns = opened.scan, len(opened.file.names) if opened.file is not None else 0
    counts = (columns, rows.lines - before, rows.broken - broken)
    wrong = fault.wrong if fault is not None else ""
    return DeliveredFile(name, opened.name, scan.sha256, scan.size, scan.encoding, *counts, wrong, comma)


class _Writing:
    """Gathers rows of small files, writes them in large groups while the next ones are read, and counts them."""

    def __init__(self, writer: pq.ParquetWriter, schema: pa.Schema, beside: Executor) -> None:
        self._writer, self._schema, self._beside = writer, schema, beside
        self._under_way: Future[None] | None = None
        self._gathered: list[pa.Table] = []
        self.lines = self.broken = 0

    def add(self, batch: pa.Table, file: str) -> None:
        """Take a batch of rows of a file."""
        self.lines += batch.num_rows
        self.broken += batch.num_rows - batch.column(BROKEN).null_count
        self._gathered.append(_aligned(batch, file, self._schema))
        if sum(table.num_rows for table in self._gathered) >= _ROW_GROUP:
            self._write()

    def flush(self) -> None:
        """Write what was gathered, and wait until it stands."""
        self._write()
        self._wait()

    def _write(self) -> None:
        self._wait()
        if self._gathered:
            self._under_way = self._beside.submit(self._writer.write_table, pa.concat_tables(self._gathered))
            self._gathered.clear()

    def _wait(self) -> None:
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None


def _mark_changed_columns(opened: Sequence[_Opened], needed: Sequence[str], broken_files: BrokenFiles) -> None:
    """Find files that lack a needed column which others of their source have."""
    for column in needed:
        lacking = [entry for entry in opened if entry.file is not None and column not in entry.file.names]
        if not lacking or len(lacking) == len(opened):
            continue
        wrong = f"has no column {column!r}, which {len(opened) - len(lacking)} other files of this source have"
        for entry in lacking:
            entry.fault = Fault(wrong, 1, "deliver it with the same columns, or make it a source of its own")
            if broken_files == "stop":
                raise entry.fault.rejected(entry.path)


def _aligned(batch: pa.Table, file: str, schema: pa.Schema) -> pa.Table:
    rows = batch.num_rows
    have = set(batch.column_names)
    columns = {FILE: pa.repeat(pa.scalar(file), rows)} | {
        field.name: batch.column(field.name) if field.name in have else pa.nulls(rows, field.type)
        for field in schema
        if field.name != FILE
    }
    return pa.table(columns, schema=schema)
