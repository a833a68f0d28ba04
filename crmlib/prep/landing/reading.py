"""Choosing the reader of a file by its format."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa

from crmlib.params import FileSource, ParameterError
from crmlib.prep.landing.archives import size_of, suffix
from crmlib.prep.landing.delimited import DelimitedFile
from crmlib.prep.landing.excel import ExcelFile
from crmlib.prep.landing.fixed import FixedWidthFile
from crmlib.prep.landing.jsonfile import JsonFile
from crmlib.prep.landing.lines import Fault
from crmlib.prep.landing.scanning import Scan, scan, sha256_of

_SUFFIXES: Final = {
    "csv": (".csv", ".tsv", ".txt"),
    "xlsx": (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"),
    "json": (".jsonl", ".ndjson", ".json"),
    "parquet": (".parquet", ".pq"),
}
_BY_SUFFIX: Final = {end: kind for kind, ends in _SUFFIXES.items() for end in ends}
_JSON: Final = ("json", "jsonl")


class Readable(Protocol):
    """A file that knows its column names and gives its rows as text."""

    names: tuple[str, ...]
    delimiter: str
    """What separates its fields; empty where nothing does."""
    fault: Fault | None
    """What makes all of it doubtful, known when its rows were read."""

    def batches(self) -> Iterator[pa.Table]:
        """Yield text columns with ``_line`` and ``_broken``."""
        ...


def format_of(path: Path, source: FileSource) -> str:
    """Tell a file's format: as the parameters say, else by its suffix."""
    if source.format is not None:
        return source.format
    if source.widths:
        return "fixed"
    known = _BY_SUFFIX.get(suffix(path))
    if known is None:
        raise ParameterError(
            f"{path.name}: the suffix does not tell the format; add `format: csv` (or fixed, xlsx, json, parquet)"
        )
    return known


def is_workbook(name: str, source: FileSource) -> bool:
    """Tell whether a delivered file is a workbook."""
    return source.format == "xlsx" or (source.format is None and _BY_SUFFIX.get(Path(name).suffix.lower()) == "xlsx")


def open_file(path: Path, source: FileSource) -> tuple[Scan, Readable]:
    """Open a text file or a workbook and read its header."""
    kind = format_of(path, source)
    if source.rows is not None and kind not in _JSON:
        raise ParameterError(f"{path.name}: `rows` names a list within JSON objects, and this is no JSON file")
    if kind == "xlsx":
        seen = Scan(path, sha256_of(path), size_of(path), "", quotes=False, ends_open=False)
        return seen, ExcelFile(path, source)
    seen = scan(path, source.encoding)
    if kind == "fixed":
        return seen, FixedWidthFile(seen, source)
    if kind in _JSON:
        return seen, JsonFile(seen, source)
    return seen, DelimitedFile(seen, source)
