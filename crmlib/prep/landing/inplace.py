"""Parquet files are not landed: the engine reads them where they are, with their typed columns."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.lines import BROKEN, FILE, LINE, file_names
from crmlib.prep.landing.scanning import sha256_of
from crmlib.prep.landing.writing import DeliveredFile


def read_in_place(con: Any, paths: Sequence[Path], name: str, view: str) -> tuple[Any, tuple[DeliveredFile, ...]]:
    """Open Parquet files as one table with ``_file``, ``_line`` (the row's number) and ``_broken``.

    Raises
    ------
    InputRejectedError
        If a file is no Parquet file or is cut off.
    """
    named = list(file_names(paths))
    files = tuple(_delivered(path, file, name) for path, file in named)
    tables = []
    for number, (path, file) in enumerate(named):
        table = _with_row_numbers(con, path, f"parquet_{view}_{number}")
        tables.append(table.mutate(**{FILE: ibis.literal(file), BROKEN: ibis.null("string")}))
    return tables[0] if len(tables) == 1 else ibis.union(*tables), files


def _delivered(path: Path, file: str, source: str) -> DeliveredFile:
    try:
        metadata = pq.read_metadata(path)
    except (pa.ArrowInvalid, OSError):
        raise InputRejectedError.at(
            path, "is no complete Parquet file", "deliver it again; it may be cut off"
        ) from None
    return DeliveredFile(
        source, file, sha256_of(path), path.stat().st_size, "", metadata.num_columns, metadata.num_rows, 0
    )


def _with_row_numbers(con: Any, path: Path, view: str) -> Any:
    if con.name == "duckdb":
        rows = con.read_parquet(str(path), table_name=view, file_row_number=True)
        return rows.mutate(**{LINE: rows["file_row_number"].cast("int64") + 1}).drop("file_row_number")
    session = con._session  # noqa: SLF001
    frame = session.read.parquet(str(path)).selectExpr("*", f"_metadata.row_index + 1 as {LINE}")
    frame.createOrReplaceTempView(view)
    return con.table(view)
