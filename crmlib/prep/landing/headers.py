"""A look at the headers alone: a mapped column that no file has is refused before anything runs."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crmlib.params import ParameterError, Parameters, Source
from crmlib.params.reading import Path_, Places, nearest_place, read_file
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.lines import nearest_columns
from crmlib.prep.landing.reading import format_of, open_file
from crmlib.prep.landing.sources import find_files


def refuse_unknown_columns(params: Parameters, params_file: Path) -> None:
    """Compare the mapping of every source with the header of its first file.

    Parameters
    ----------
    params
        The validated parameters; a query's columns are known only when it runs.
    params_file
        Where they were written, so that an error can name the line.

    Raises
    ------
    ParameterError
        If a file is not there or a mapped column is not in it, with the nearest name.
    crmlib.prep.errors.InputRejectedError
        If a file is empty or cannot be read.
    """
    _values, places = read_file(params_file)
    wrong = [
        line
        for table, sources in params.sources.given.items()
        for position, source in enumerate(sources)
        if source.path is not None
        for line in _unknown(params, source, (table, position), places)
    ]
    if wrong:
        raise ParameterError("\n".join(wrong))


def _unknown(params: Parameters, source: Source, where: tuple[str, int], places: Places) -> list[str]:
    """Say of each mapped column that the first file lacks where it was written and what would do."""
    table, position = where
    first = find_files(params, source, f"sources.{table}")[0]
    names = header_of(first, source)
    hint = _hint(names, source)
    return [
        f"{_place(places, table, position, key)}: {first.name} has no column {raw!r}. "
        f"{nearest_columns(raw, names)}{hint}"
        for key, raw in source.places()
        if raw not in names
    ]


def _hint(names: tuple[str, ...], source: Source) -> str:
    """Say what may be wrong with all columns at once."""
    if not source.header and source.names is None:
        return " `header: false` leaves the columns without names."
    if len(names) == 1 and any(mark in names[0] for mark in ",;\t|"):
        return " The header was not split: look at `delimiter`."
    return ""


def _place(places: Places, table: str, position: int, key: tuple[str, ...]) -> object:
    """Find the line of a mapping or a condition; a single source stands where a list may stand."""
    listed: Path_ = ("sources", table, position, *key)
    alone: Path_ = ("sources", table, *key)
    return nearest_place(places, alone if alone in places else listed)


def header_of(file: Path, source: Source) -> tuple[str, ...]:
    """Read the column names of one file."""
    if format_of(file, source) == "parquet":
        try:
            return tuple(pq.read_schema(file).names)
        except (pa.ArrowInvalid, OSError):
            raise InputRejectedError.at(
                file, "is no complete Parquet file", "deliver it again; it may be cut off"
            ) from None
    _scan, opened = open_file(file, source)
    return opened.names
