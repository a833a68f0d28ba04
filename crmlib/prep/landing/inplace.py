"""Parquet files are not landed: the engine reads them where they are, with their typed columns."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.lines import BROKEN, FILE, LINE, Fault, file_names
from crmlib.prep.landing.scanning import sha256_of
from crmlib.prep.landing.writing import BrokenFiles, DeliveredFile

_CUT_OFF = Fault("is no complete Parquet file", None, "deliver it again; it may be cut off")


def read_in_place(
    con: ibis.BaseBackend,
    paths: Sequence[Path],
    name: str,
    target: Path,
    needed: Sequence[str] = (),
    *,
    broken_files: BrokenFiles,
) -> tuple[ibis.Table, tuple[DeliveredFile, ...]]:
    """Open Parquet files as one table with ``_file``, ``_line`` (the row's number) and ``_broken``.

    Columns are matched by name; a column that a file lacks is empty in it, one of different types is text. ``target``
    is a private file: its name tells the engine's views apart, and the lines of broken files are written to it.
    """
    tables, files, faults = [], [], []
    for number, (path, file) in enumerate(file_names(paths)):
        fault = None
        try:
            table = _with_row_numbers(con, path, f"parquet_{target.stem}_{number}")
        except InputRejectedError:
            fault = _CUT_OFF
        lacking = [column for column in needed if fault is None and column not in table.columns]
        if lacking and len(paths) > 1:
            fault = Fault(f"has no column {lacking[0]!r}", None, "deliver it with the same columns as the others")
        if fault is None:
            tables.append(table.mutate(**{FILE: ibis.literal(file), BROKEN: ibis.null("string")}))
        elif broken_files == "stop":
            raise fault.rejected(path)
        else:
            faults.append((file, fault))
        files.append(_delivered(path, file, name, fault))
    if not tables:
        raise faults[0][1].rejected(paths[0])
    if faults:
        tables.append(_fault_lines(con, faults, target))
    return _united(tables), tuple(files)


def _delivered(path: Path, file: str, source: str, fault: Fault | None) -> DeliveredFile:
    size = path.stat().st_size
    if fault is not None:
        return DeliveredFile(source, file, sha256_of(path), size, "", 0, 1, 1, fault.wrong)
    metadata = pq.read_metadata(path)
    return DeliveredFile(source, file, sha256_of(path), size, "", metadata.num_columns, metadata.num_rows, 0)


def _fault_lines(con: ibis.BaseBackend, faults: Sequence[tuple[str, Fault]], target: Path) -> ibis.Table:
    """Give a line for each broken file that says what is wrong with it."""
    names, texts = [file for file, _ in faults], [f"{file}: {fault.wrong}" for file, fault in faults]
    rows = pa.table({FILE: names, LINE: pa.array([0] * len(names), pa.int64()), BROKEN: texts})
    pq.write_table(rows, target)
    return con.read_parquet(str(target), table_name=f"broken_{target.stem}")


def _united(tables: Sequence[ibis.Table]) -> ibis.Table:
    """Put tables under one another by the names of their columns."""
    types: dict[str, Any] = {}
    for table in tables:
        for name, kind in table.schema().items():
            types[name] = kind if types.get(name, kind) == kind else ibis.dtype("string")
    aligned = [
        table.select(
            **{n: table[n].cast(kind) if n in table.columns else ibis.null(kind).name(n) for n, kind in types.items()}
        )
        for table in tables
    ]
    return aligned[0] if len(aligned) == 1 else ibis.union(*aligned)


def _with_row_numbers(con: ibis.BaseBackend, path: Path, view: str) -> ibis.Table:
    try:
        pq.read_metadata(path)
    except (pa.ArrowInvalid, OSError):
        raise _CUT_OFF.rejected(path) from None
    if con.name == "duckdb":
        rows = con.read_parquet(str(path), table_name=view, file_row_number=True)
        return rows.mutate(**{LINE: rows["file_row_number"].cast("int64") + 1}).drop("file_row_number")
    session = con._session  # noqa: SLF001
    frame = session.read.parquet(str(path)).selectExpr("*", f"_metadata.row_index + 1 as {LINE}")
    frame.createOrReplaceTempView(view)
    return con.table(view)
