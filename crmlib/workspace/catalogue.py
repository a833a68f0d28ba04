"""Which tables a run has, what each holds, and what was meant by a name that none has."""

import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from crmlib.chapters import maker
from crmlib.tables import DERIVED, TABLES

_PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "tables.md"
_CLEAN: Final = TABLES | DERIVED
_SECTION: Final = re.compile(r"^## ", re.MULTILINE)
_ROW: Final = re.compile(r"^\| `([^`]+)` \| (.*?) \| (.*) \|$", re.MULTILINE)


class MissingTableError(FileNotFoundError):
    """A table that an earlier notebook writes is not there; the message says which command makes it."""


def catalogue(run_dir: Path) -> pd.DataFrame:
    """List the tables of a run: ``table, opened_by, holds``."""
    rows = [
        (file.stem, f'{way}("{file.stem}")', _holds(file.stem, clean=folder == "clean"))
        for folder, way in (("clean", "run.table"), ("tables", "run.frame"))
        for file in sorted((run_dir / folder).glob("*.parquet"))
    ]
    return pd.DataFrame(rows, columns=["table", "opened_by", "holds"])


def columns_of(table: str) -> pd.DataFrame:
    """List the columns of a table: ``column, unit, meaning``.

    Raises
    ------
    MissingTableError
        If no table has that name.

    Examples
    --------
    >>> columns_of("transactions").set_index("column").loc["amount", "unit"]
    'money'
    """
    if table in _CLEAN:
        rows = [(each.name, str(each.kind), each.meaning) for each in _CLEAN[table].clean]
    elif table in _documented():
        rows = _documented()[table][1]
    else:
        raise no_such_table("tables", table, "the report")
    return pd.DataFrame(rows, columns=["column", "unit", "meaning"])


def no_such_table(folder: str, table: str, of: str) -> MissingTableError:
    """Say that a table is not there: which name was meant, or what makes it."""
    known = sorted(_CLEAN) if folder == "clean" else sorted(_documented())
    if known and table not in known:
        other = sorted(_documented()) if folder == "clean" else sorted(_CLEAN)
        if table in other:
            way = "run.frame" if folder == "clean" else "run.table"
            return MissingTableError(f'{table} is opened by {way}("{table}")')
        near = get_close_matches(table, [*known, *other], n=1)
        said = f"did you mean {near[0]}? run.tables() lists all" if near else f"there are {', '.join(known)}"
        return MissingTableError(f"no table is called {table}; {said}")
    return MissingTableError(
        f"{folder}/{table}.parquet of {of} is not there yet. Run notebooks/{maker(table)}.ipynb first with the same "
        "parameters, or everything with `crm run` and the parameters file."
    )


@cache
def _documented() -> dict[str, tuple[str, list[tuple[str, str, str]]]]:
    """Read ``docs/tables.md``: of each table what a row is, and its columns; nothing where the page is not there."""
    if not _PAGE.exists():
        return {}
    found = {}
    for section in _SECTION.split(_PAGE.read_text(encoding="utf-8"))[1:]:
        heading, _line, text = section.partition("\n")
        if heading.startswith("`"):
            found[heading.strip("`")] = (" ".join(text.partition("\n|")[0].split()), _ROW.findall(text))
    return found


def _holds(table: str, *, clean: bool) -> str:
    if clean and table in _CLEAN:
        return f"One row {_CLEAN[table].grain}, everything delivered: what lies at or after as_of as well."
    return _documented().get(table, ("", []))[0]
