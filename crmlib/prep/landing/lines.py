"""What every reader gives: batches of text columns, each row with its line number, broken lines beside them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

LINE: Final = "_line"
BROKEN: Final = "_broken"
FILE: Final = "_file"
OWN: Final = (FILE, LINE, BROKEN)
"""The columns that landing adds: file, line number in it, and the whole line where it could not be split."""


LINE_END: Final = "\r\n|\n|\r"
"""What ends a line, in a file and inside a quoted field; ``str.splitlines`` knows more, which are characters here."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that does not split into the file's columns, kept as it is."""

    line: int
    text: str


def text_batch(columns: dict[str, pa.Array], lines: Sequence[int] | pa.Array) -> pa.Table:
    """Put text columns and their line numbers together."""
    numbers = pa.array(lines, pa.int64())
    return pa.table({**columns, LINE: numbers, BROKEN: pa.nulls(len(numbers), pa.string())})


def rows_batch(names: Sequence[str], rows: Sequence[Sequence[str | None]], lines: Sequence[int]) -> pa.Table:
    """Turn rows of text into a batch; every row has a value or None for each name."""
    values = list(zip(*rows, strict=True)) or [()] * len(names)
    return text_batch({name: pa.array(column, pa.string()) for name, column in zip(names, values, strict=True)}, lines)


def broken_batch(names: Sequence[str], broken: Iterable[Broken]) -> pa.Table:
    """Turn broken lines into a batch whose columns are empty and whose ``_broken`` holds the line."""
    lines = list(broken)
    empty = {name: pa.nulls(len(lines), pa.string()) for name in names}
    texts = pa.array([each.text for each in lines], pa.string())
    return pa.table({**empty, LINE: pa.array([each.line for each in lines], pa.int64()), BROKEN: texts})


def unique_names(raw: Sequence[str]) -> tuple[str, ...]:
    """Clean a header: blanks round names stripped, empty and repeated names numbered."""
    names: list[str] = []
    for position, name in enumerate(raw, start=1):
        base = " ".join(name.replace("\ufeff", "").split()) or f"column {position}"
        candidate, n = base, 1
        while candidate in names:
            n += 1
            candidate = f"{base} ({n})"
        names.append(candidate)
    return tuple(names)


def repeated_names(raw: Sequence[str]) -> tuple[str, ...]:
    """List the names that a header has more than once."""
    clean = [" ".join(name.replace("\ufeff", "").split()) for name in raw]
    return tuple(dict.fromkeys(name for name in clean if name and clean.count(name) > 1))


def split_lines(text: str) -> list[str]:
    """Split text at its line ends, and only there."""
    lines = re.split(LINE_END, text)
    return lines if lines[-1] else lines[:-1]


def file_names(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Name each file by its last part, as many of its folders as tell it from the others, and its zip file."""
    for path in paths:
        within = next((n for n, part in enumerate(reversed(path.parts[:-1]), start=1) if part.endswith(".zip")), 0)
        depth = within + 1
        while depth < len(path.parts) and sum(each.parts[-depth:] == path.parts[-depth:] for each in paths) > 1:
            depth += 1
        yield path, "/".join(path.parts[-depth:])
