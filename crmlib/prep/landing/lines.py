"""What every reader gives: batches of text columns, each row with its line number, broken lines beside them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

import pyarrow as pa

from crmlib.params import did_you_mean
from crmlib.prep.errors import InputRejectedError

LINE: Final = "_line"
BROKEN: Final = "_broken"
FILE: Final = "_file"
OWN: Final = (FILE, LINE, BROKEN)
"""The columns that landing adds: file, line number in it, and the whole line where it could not be split."""

LINE_END: Final = "\r\n|\n|\r"
"""What ends a line, in a file and inside a quoted field; ``str.splitlines`` knows more, which are characters here."""
_MOST_NAMES: Final = 12
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that does not split into the file's columns, kept as it is."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why no line of a file can be trusted, and the line from which on."""

    wrong: str
    line: int | None = None
    remedy: str = "deliver it again, or set cleaning.broken_files to quarantine"

    def rejected(self, path: Path) -> InputRejectedError:
        """Make the error that stops the run."""
        return InputRejectedError.at(path, self.wrong, self.remedy, self.line)


def landed_schema(names: Iterable[str]) -> pa.Schema:
    """Give the columns of a source that was landed: file, line, all columns as text, broken lines."""
    return pa.schema([(FILE, pa.string()), (LINE, pa.int64()), *[(name, pa.string()) for name in (*names, BROKEN)]])


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
    rows = list(broken)
    empty = {name: pa.nulls(len(rows), pa.string()) for name in names}
    texts = pa.array([row.text for row in rows], pa.string())
    return pa.table({**empty, LINE: pa.array([row.line for row in rows], pa.int64()), BROKEN: texts})


def unique_names(raw: Sequence[str]) -> tuple[str, ...]:
    """Clean a header: blanks round names stripped, empty and repeated names numbered."""
    names: list[str] = []
    for position, name in enumerate(raw, start=1):
        base = _clean(name) or f"column {position}"
        candidate, n = base, 1
        while candidate in names:
            n += 1
            candidate = f"{base} ({n})"
        names.append(candidate)
    return tuple(names)


def repeated_names(raw: Sequence[str]) -> tuple[str, ...]:
    """List the names that a header has more than once."""
    clean = [_clean(name) for name in raw]
    return tuple(dict.fromkeys(name for name in clean if name and clean.count(name) > 1))


def _clean(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").split())


def split_lines(text: str) -> list[str]:
    """Split text at its line ends, and only there."""
    lines = re.split(LINE_END, text)
    return lines if lines[-1] else lines[:-1]


def file_names(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Name each file by its last part, as many of its folders as tell it from the others, and its zip file."""
    for path in paths:
        within = next((n for n, part in enumerate(reversed(path.parts[:-1]), start=1) if part.endswith(".zip")), 0)
        depth = within + 1
        while depth < len(path.parts) and sum(other.parts[-depth:] == path.parts[-depth:] for other in paths) > 1:
            depth += 1
        yield path, "/".join(path.parts[-depth:])


def nearest_columns(raw: str, names: Sequence[str]) -> str:
    """Suggest columns, a few and cut short: the header of a file that was misread may be as long as the file."""
    cut = [name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…" for name in names]
    nearest = sorted(cut, key=lambda name: SequenceMatcher(None, raw.lower(), name.lower()).ratio(), reverse=True)
    hint = did_you_mean(raw, nearest[:_MOST_NAMES])
    left = len(cut) - _MOST_NAMES
    return hint if left <= 0 or hint.endswith("?") else f"{hint} {left} more are not listed."
