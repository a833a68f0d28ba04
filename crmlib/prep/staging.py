"""Steps of preparation written to private files and read back, so that the next one starts from a table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis

from crmlib.workspace import write_parquet

Keep = Callable[[ibis.Table, str], ibis.Table]
"""Writes rows to a private file under a name and gives them back as a table."""


def keeper(con: Any, folder: Path) -> Keep:
    """Give what keeps the rows of a step in a private folder."""
    return lambda rows, name: stage(con, rows, folder, name)


def stage(con: Any, rows: ibis.Table, folder: Path, name: str) -> ibis.Table:
    """Write an expression to a private Parquet file and go on from there."""
    path = folder / f"{name}.parquet"
    with step_by_step():
        write_parquet(con, rows, path)
    return con.read_parquet(str(path), table_name=name)


@contextmanager
def step_by_step() -> Iterator[None]:
    """Keep the steps of parsing apart in the SQL: fused, each step would repeat the expression of the one before."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before
