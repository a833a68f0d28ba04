"""How a CSV file is written: its separator, its fields, its decimal mark."""

import codecs
import csv
from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.landing.archives import blocks
from crmlib.prep.landing.lines import split_lines
from crmlib.prep.landing.scanning import Scan
from crmlib.prep.parsing.numbers import MAYBE

csv.field_size_limit(1 << 30)  # a stray quote may make a file one field; what does not split is set aside, not raised
_TALLEST: Final = 12
_DELIMITERS: Final = ",;\t|"
_BEFORE: Final = rf"^[-+(\s]*(?:{MAYBE}[-+(\s]*)?"
_BEHIND: Final = rf"[-)\s]*(?:{MAYBE}[-)\s]*)?$"
_COMMA: Final = (
    rf"{_BEFORE}(?:(?:[0-9]{{1,3}}(?:[.'\s][0-9]{{3}})+|[0-9]+),(?:[0-9]{{1,2}}|[0-9]{{4,}})"
    rf"|[0-9]{{1,3}}(?:[.'\s][0-9]{{3}})+,[0-9]+|0,[0-9]+){_BEHIND}"
)
"""A comma that can only be a decimal mark: not three digits follow it, a point groups before it, or a nought stands."""
_POINT: Final = (
    rf"{_BEFORE}(?:(?:[0-9]{{1,3}}(?:[,'\s][0-9]{{3}})+|[0-9]+)\.(?:[0-9]{{1,2}}|[0-9]{{4,}})"
    rf"|[0-9]{{1,3}}(?:[,'\s][0-9]{{3}})+\.[0-9]+){_BEHIND}"
)
_NOUGHT: Final = rf"{_BEFORE}0,[0-9]+{_BEHIND}"
_GROUP: Final = rf"{_BEFORE}[1-9][0-9]{{0,2}},[0-9]{{3}}{_BEHIND}"
"""A comma that groups thousands or divides, as the other numbers of the file say."""


def sniff_delimiter(lines: Sequence[str]) -> str:
    """Find the separator that splits the first lines into the most fields, equally many in each."""

    def fields(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count, default=1)
        return (usual > 1) * counts.count(usual), usual

    return max(_DELIMITERS, key=fields)


def fields_of(text: str, delimiter: str, *, strict: bool = False) -> list[str]:
    """Split one line; what the csv module refuses has no fields, ``strict`` an open quote too."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=strict), [])
    except csv.Error:
        return []


def header_lines(lines: Sequence[str], delimiter: str) -> int:
    """Count the lines of a header whose quoted names hold line ends, as spreadsheets export them; mostly one."""
    for count in range(2, min(len(lines), _TALLEST) + 1):
        if "\n".join(lines[: count - 1]).count('"') % 2 == 0:
            return count - 1
        whole = fields_of("\n".join(lines[:count]), delimiter, strict=True)
        if len(whole) > 1 and count < len(lines) and len(whole) == len(fields_of(lines[count], delimiter)):
            return count
    return 1


def width_of_rows(header: Sequence[str], lines: Sequence[str], delimiter: str) -> int:
    """Tell how many fields the rows have: one more than the header if all end in a separator, one fewer if it does."""
    width = len(header)
    rows = [row for row in _rows(lines, delimiter) if any(row)]
    usual = max({len(row) for row in rows}, key=[len(row) for row in rows].count, default=width)
    alike = [row for row in rows if len(row) == usual]
    if usual > width and not any(any(row[width:]) for row in alike):
        return usual
    return usual if usual < width and not any(header[usual:]) else width


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Split lines; what the csv module refuses has no rows."""
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []


def first_lines(scan: Scan, count: int) -> list[str]:
    """Decode a file's first lines; a line is what ends in a line end, quoted or not."""
    decoder = codecs.getincrementaldecoder(scan.encoding)(errors="replace")
    text = ""
    for block in blocks(scan.path):
        text += decoder.decode(block)
        if text.count("\n") > count:
            break
    return split_lines(text.removeprefix("\ufeff"))[:count]


def comma_columns(columns: Mapping[str, pa.ChunkedArray], *, separated: bool = False) -> tuple[str, ...]:
    """List the columns of numbers that are written with a decimal comma.

    Those are in which some can only be read so, and none has a decimal point. Where the file has such a column and
    none with a decimal point, the others follow whose commas all stand before three digits: kilos and prices of a
    scale. Where commas separate the fields (``separated``), only a nought before one tells: else somebody may have
    typed a separator.
    """
    with_mark = {name: column for name, column in columns.items() if _holds(column, ",")}
    telling = _NOUGHT if separated else _COMMA
    commas = [n for n, column in with_mark.items() if _any_like(column, telling) and not _any_like(column, _POINT)]
    if not commas:
        return ()
    if any(_any_like(column, _POINT) for name, column in columns.items() if name not in commas):
        return tuple(commas)
    return tuple(name for name in with_mark if name in commas or _any_like(with_mark[name], _GROUP))


def _holds(column: pa.ChunkedArray, mark: str) -> bool:
    return bool(pc.any(pc.match_substring(column, mark)).as_py())


def _any_like(column: pa.ChunkedArray, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(column, pattern)).as_py())
