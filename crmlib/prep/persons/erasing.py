"""Erasing one person from the files of the kept periods: sales stay without a customer, rows of the customer go."""

import csv
import gzip
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crmlib.prep.comments import SPOKEN
from crmlib.prep.persons.finding import Person, Traces, found_in, texts_of
from crmlib.privacy.safe_csv import write_safe_csv
from crmlib.privacy.vault import write_private

ERASED: Final = "[erased]"
_GZIP: Final = b"\x1f\x8b"
_PARQUET: Final = b"PAR1"
SEALED: Final = b"CRM "
"""How everything begins that this program encrypts; such a file cannot be searched."""
_ID: Final = "customer_id"
_LINES_STAY: Final = ("transactions", "orders", "interactions", "surveys", "contacts")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a file: how many rows went, and how many stayed without the person."""

    file: Path
    removed: int
    changed: int


def erase_from(file: Path, person: Person, traces: Traces, token: str) -> Change | None:
    """Erase a person from one file; ``None`` where it did not hold them.

    The token stands in order numbers that were made from the pseudonym, so that an order's lines stay together.
    """
    if is_table(file):
        return _erase_from_table(file, person, traces, token)
    if file.suffix == ".csv":
        return _erase_from_list(file, traces)
    return _erase_from_text(file, traces)


def is_table(file: Path) -> bool:
    """Say whether a file is Parquet, by its name or, where it was written aside, by its first bytes."""
    with file.open("rb") as content:
        return file.suffix == ".parquet" or content.read(len(_PARQUET)) == _PARQUET


def contents_of(file: Path) -> Iterator[bytes]:
    """Give what a file holds: its bytes, or those of each member of a zip file, as workbooks are, or a gzip file."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            yield from (archive.read(member) for member in archive.infolist())
        return
    content = file.read_bytes()
    yield gzip.decompress(content) if content.startswith(_GZIP) else content


def as_text(content: bytes) -> str:
    """Read bytes as text that can be written back as the same bytes."""
    return content.decode("utf-8", errors="surrogateescape")


def _erase_from_table(file: Path, person: Person, traces: Traces, token: str) -> Change | None:
    """Go through a table batch by batch; it is written anew only where something changed, and left where damaged."""
    aside = file.with_name(f".{file.name}.erasing")
    removed = changed = 0
    try:
        with pq.ParquetFile(file) as source, pq.ParquetWriter(aside, _nullable(source.schema_arrow)) as target:
            for batch in source.iter_batches():
                before = pa.Table.from_batches([batch]).cast(_nullable(batch.schema))
                after, touched = _swept(*_without(before, file, person, token), traces)
                removed += before.num_rows - after.num_rows
                changed += touched
                target.write_table(after)
        if removed or changed:
            os.chmod(aside, file.stat().st_mode & 0o777)  # noqa: PTH101
            aside.replace(file)
    except pa.ArrowInvalid:
        return None  # damaged: the search names it
    finally:
        aside.unlink(missing_ok=True)
    return Change(file, removed, changed) if removed or changed else None


def _nullable(schema: pa.Schema) -> pa.Schema:
    """Let every column be empty: a column that was full may lose a value."""
    return pa.schema([field.with_nullable(nullable=True) for field in schema], metadata=schema.metadata)


def _without(table: pa.Table, file: Path, person: Person, token: str) -> tuple[pa.Table, int]:
    if _ID not in table.column_names:
        return _renamed(table, person, token)
    own = pc.fill_null(pc.is_in(table[_ID], pa.array(sorted(person.pseudonyms))), fill_value=False)
    if file.stem not in _LINES_STAY and "line" not in table.column_names:
        return _renamed(table.filter(pc.invert(own)), person, token)
    # when they first bought would still tie a person's orders together
    ties = [name for name in ("first_at",) if name in table.column_names]
    emptied, touched = _blanked(table, [_ID, *ties, *SPOKEN.get(file.stem, ())], own)
    renamed, _count = _renamed(emptied, person, token)
    return renamed, touched


def _swept(table: pa.Table, touched: int, traces: Traces) -> tuple[pa.Table, int]:
    """Empty what still tells of the person in any column, as tables may that a cell of the analyst's own wrote."""
    for name in texts_of(table.schema):
        table, blanked = _blanked(table, [name], found_in(table[name], traces.in_column(table.schema, name)))
        touched += blanked
    return table, touched


def _blanked(table: pa.Table, names: list[str], rows: pa.ChunkedArray) -> tuple[pa.Table, int]:
    for name in names:
        place = table.schema.get_field_index(name)
        empty = pa.nulls(table.num_rows, table.schema.field(name).type)
        table = table.set_column(place, table.schema.field(name), pc.if_else(rows, empty, table[name]))
    return table, pc.sum(rows).as_py() or 0


def _renamed(table: pa.Table, person: Person, token: str) -> tuple[pa.Table, int]:
    """Put the token where a text holds a pseudonym, as order numbers do that preparation made."""
    pattern, rows = "|".join(sorted(person.pseudonyms)), 0
    for name in texts_of(table.schema):
        held = pc.sum(found_in(table[name], pattern)).as_py() or 0
        if held:
            place = table.schema.get_field_index(name)
            column = pc.replace_substring_regex(table[name], pattern, token)
            table = table.set_column(place, table.schema.field(name), column)
            rows = max(rows, held)
    return table, rows


def _erase_from_list(file: Path, traces: Traces) -> Change | None:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    others = [row for row in rows[1:] if not re.search(traces.fields, ",".join(row))]
    if len(others) == len(rows[1:]):
        return None
    write_safe_csv(pd.DataFrame(others, columns=rows[0], dtype="str"), file)
    return Change(file, len(rows) - 1 - len(others), 0)


def _erase_from_text(file: Path, traces: Traces) -> Change | None:
    content = file.read_bytes()
    safe, count = re.subn(traces.quoted, _word, as_text(content))
    if not count or b"\0" in content:
        return None  # a file of bytes would not open any more: the search names it
    mode = file.stat().st_mode & 0o777
    write_private(file, safe.encode("utf-8", errors="surrogateescape"))
    os.chmod(file, mode)  # noqa: PTH101
    return Change(file, 0, count)


def _word(match: re.Match[str]) -> str:
    """Keep the marks around what is erased."""
    whole = match.group()
    start = re.match(r"[^0-9A-Za-z０-９]*", whole)
    end = re.search(r"[^0-9A-Za-z０-９]*$", whole)
    return f"{start.group() if start else ''}{ERASED}{end.group() if end else ''}"
