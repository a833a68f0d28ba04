"""What several chapters or parts ask of the clean tables: computed once a run, kept under a key of what it hangs on."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import ibis
from ibis import Table

from crmlib.workspace.folders import private_folder, write_parquet

FOLDER: Final = "shared"
_OWN_NAMES: Final = re.compile(r"ibis_\w*memtable_\w+")
"""Tables that an expression brings along are called anew in every process."""


def kept_once(con: Any, folder: Path, clean: Path, name: str, rows: Table, *key: object) -> Table:
    """Give the rows of an expression, computed at most once for the same clean tables, words and key.

    Two kernels that compute the same at once both write aside, and the later rename puts the same rows in place.
    """
    path = private_folder(folder / FOLDER) / f"{name}-{_hashed(clean, rows, key)}.parquet"
    if not path.exists():
        aside = path.with_suffix(f".writing-{uuid4().hex}")
        write_parquet(con, rows, aside)
        aside.replace(path)
    return con.read_parquet(str(path), table_name=path.stem.replace("-", "_"))


def _hashed(clean: Path, rows: Table, key: tuple[object, ...]) -> str:
    """Hash what the rows hang on: which clean tables there are and since when, the query, and what the caller names."""
    files = [(file.name, (stat := file.stat()).st_size, stat.st_mtime_ns) for file in sorted(clean.glob("*.parquet"))]
    query = _OWN_NAMES.sub("", str(ibis.to_sql(rows)))
    return sha256(repr((files, query, [str(part) for part in key])).encode()).hexdigest()[:20]
