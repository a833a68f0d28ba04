"""Landing: what is not Parquet becomes one all-text Parquet file a source, each row with its file and line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from crmlib.params import FileSource
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.lines import BROKEN, FILE, LINE, OWN, file_names
from crmlib.prep.landing.reading import Readable, open_file
from crmlib.prep.landing.scanning import Scan

_ROW_GROUP: Final = 1 << 17
"""Rows gathered before they are written: 305 small daily files make a few row groups, not 305."""


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """One file as it was delivered, for the report and the manifest.

    Attributes
    ----------
    lines
        Rows delivered, the header and blank lines apart; broken ones are among them.
    """

    source: str
    name: str
    sha256: str
    size: int
    encoding: str
    columns: int
    lines: int
    broken: int


@dataclass(frozen=True, slots=True)
class _Opened:
    path: Path
    name: str
    scan: Scan
    file: Readable


def land_files(
    paths: Sequence[Path], source: FileSource, name: str, target: Path, needed: Sequence[str] = ()
) -> tuple[DeliveredFile, ...]:
    """Write files that are one source into one all-text Parquet file with ``_file``, ``_line`` and ``_broken``.

    Columns are matched by name, so files may order them differently; a column that a file lacks is empty in it.

    Parameters
    ----------
    paths
        The files, in the order their lines shall have.
    source
        How they are written.
    name
        What the report calls the source.
    target
        The Parquet file to write.
    needed
        Columns that every file must have.

    Raises
    ------
    InputRejectedError
        If a file cannot be read or lacks a needed column that other files have.
    """
    opened = [_Opened(path, file_name, *open_file(path, source)) for path, file_name in file_names(paths)]
    names = tuple(dict.fromkeys(column for each in opened for column in each.file.names))
    _refuse_changed_columns(opened, needed)
    schema = pa.schema([(FILE, pa.string()), (LINE, pa.int64()), *[(n, pa.string()) for n in (*names, BROKEN)]])
    delivered = []
    with pq.ParquetWriter(target, schema) as writer:
        gathered: list[pa.Table] = []
        for each in opened:
            lines = broken = 0
            for batch in each.file.batches():
                lines += batch.num_rows
                broken += batch.num_rows - batch.column(BROKEN).null_count
                gathered.append(_aligned(batch, each.name, schema))
                if sum(table.num_rows for table in gathered) >= _ROW_GROUP:
                    _flush(writer, gathered)
            delivered.append(
                DeliveredFile(
                    name,
                    each.name,
                    each.scan.sha256,
                    each.scan.size,
                    each.scan.encoding,
                    len(each.file.names),
                    lines,
                    broken,
                )
            )
        _flush(writer, gathered)
    return tuple(delivered)


def _refuse_changed_columns(opened: Sequence[_Opened], needed: Sequence[str]) -> None:
    for column in needed:
        lacking = [each for each in opened if column not in each.file.names]
        if lacking and len(lacking) < len(opened):
            raise InputRejectedError.at(
                lacking[0].path,
                f"has no column {column!r}, which {len(opened) - len(lacking)} other files of this source have",
                "deliver it with the same columns, or make it a source of its own",
                line=1,
            )


def _aligned(batch: pa.Table, file: str, schema: pa.Schema) -> pa.Table:
    rows = batch.num_rows
    have = set(batch.column_names)
    columns = {FILE: pa.repeat(pa.scalar(file), rows)} | {
        field.name: batch.column(field.name) if field.name in have else pa.nulls(rows, field.type)
        for field in schema
        if field.name != FILE
    }
    return pa.table(columns, schema=schema)


def _flush(writer: pq.ParquetWriter, gathered: list[pa.Table]) -> None:
    if gathered:
        writer.write_table(pa.concat_tables(gathered))
        gathered.clear()


def reserved(names: Sequence[str]) -> list[str]:
    """List the delivered columns whose names landing needs for itself."""
    return [name for name in names if name in OWN]
