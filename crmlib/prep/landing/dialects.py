"""How a CSV file is written: its separator, its fields, its decimal mark."""

import codecs
import csv
from collections.abc import Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.landing.lines import split_lines
from crmlib.prep.landing.scanning import Scan, blocks

csv.field_size_limit(1 << 30)  # a stray quote may make a file one field; what does not split is set aside, not raised
_TALLEST: Final = 12
_DELIMITERS: Final = ",;\t|"
_COMMA: Final = r"^\s*[+-]?(?:[0-9]{1,3}(?:[.\s][0-9]{3})+|[0-9]+),(?:[0-9]{1,2}|[0-9]{4,})\s*$"
"""A comma that can only be a decimal mark: not three digits follow it."""
_POINT: Final = r"^\s*[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\.(?:[0-9]{1,2}|[0-9]{4,})\s*$"


def sniff_delimiter(lines: Sequence[str]) -> str:
    """Find the separator that splits the first lines into the most fields, equally many in each.

    Examples
    --------
    >>> sniff_delimiter(["id;name;price", "1;tea, green;3,50"])
    ';'
    """

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
    """Count the lines of a header whose quoted names hold line ends, as spreadsheets export them; mostly one.

    Examples
    --------
    >>> header_lines(['"order', 'no",date', '1,2026-03-01'], ",")
    2
    >>> header_lines(['5" disk,date', '1,2026-03-01'], ",")
    1
    """
    for count in range(2, min(len(lines), _TALLEST) + 1):
        if "\n".join(lines[: count - 1]).count('"') % 2 == 0:
            return count - 1
        whole = fields_of("\n".join(lines[:count]), delimiter, strict=True)
        if len(whole) > 1 and count < len(lines) and len(whole) == len(fields_of(lines[count], delimiter)):
            return count
    return 1


def first_lines(scan: Scan, count: int) -> list[str]:
    """Decode a file's first lines; a line is what ends in a line end, quoted or not."""
    decoder = codecs.getincrementaldecoder(scan.encoding)(errors="replace")
    text = ""
    for block in blocks(scan.path):
        text += decoder.decode(block)
        if text.count("\n") > count:
            break
    return split_lines(text.removeprefix("\ufeff"))[:count]


def writes_comma(columns: Sequence[pa.ChunkedArray]) -> bool:
    """Tell whether numbers are written with a decimal comma: some can only be read so, and none with a point.

    Examples
    --------
    >>> writes_comma([pa.chunked_array([["1,5", "1.250,75", "3"]])])
    True
    >>> writes_comma([pa.chunked_array([["1,250", "3"]])])
    False
    """

    def any_like(pattern: str) -> bool:
        return any(pc.any(pc.match_substring_regex(column, pattern)).as_py() for column in columns)

    return any_like(_COMMA) and not any_like(_POINT)
