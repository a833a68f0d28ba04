"""What went in: every file that the parameters name, with its hash, so that a report can be traced and repeated."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crmlib.params import FileSource, ParameterError, Parameters, did_you_mean
from crmlib.params.globbing import matching

_BLOCK = 1 << 20
_PARQUET = {".parquet", ".pq"}
_TEXT = {".csv", ".tsv", ".txt", ".jsonl", ".dat"}


@dataclass(frozen=True, slots=True)
class Input:
    """One file as it was when the run began.

    Attributes
    ----------
    path
        As the parameters give it, relative to their folder.
    sha256
        Hash of its bytes.
    bytes
        Its size.
    lines
        Its lines where it is text or Parquet, else ``None``.
    stamp
        Size and time of its last change, before it was read.
    """

    path: str
    sha256: str
    bytes: int
    lines: int | None
    stamp: tuple[int, int] = field(default=(0, 0), compare=False)


def read_inputs(params: Parameters) -> list[Input]:
    """Hash and count all files of the sources, sorted by path.

    Raises
    ------
    ParameterError
        If no file is where a source should be; the message gives the nearest name in that folder.
    """
    files = [(f"files.{name}", source) for name, source in params.files.items()]
    sources = [(f"sources.{table}", source) for table, given in params.sources.given.items() for source in given]
    found = {path for place, source in [*files, *sources] for path in _files(place, source, params.root)}
    return sorted((_read(path, params.root) for path in found), key=lambda each: each.path)


def _files(place: str, source: FileSource, root: Path) -> Iterator[Path]:
    patterns = [source.path] if isinstance(source.path, str) else source.path or []
    for pattern in patterns:
        files = _matching(root / pattern)
        if not files:
            folder = (root / pattern).parent
            names = [each.name for each in folder.iterdir()] if folder.is_dir() else []
            near = did_you_mean(Path(pattern).name, names) if names else "There is no such folder, or it is empty."
            raise ParameterError(f"{place}: no file matches {pattern!r}. {near}")
        yield from files


def _matching(pattern: Path) -> list[Path]:
    """Expand a pattern; files within a zip file are that file."""
    return matching(next((each for each in reversed(pattern.parents) if each.suffix.lower() == ".zip"), pattern))


def changed_inputs(inputs: Sequence[Input], root: Path) -> list[str]:
    """Name the files that are not what they were when the run began: gone, or with other bytes."""
    return [each.path for each in inputs if _differs(each, root / each.path)]


def _differs(was: Input, path: Path) -> bool:
    if not path.is_file():
        return True
    return _stamp(path) != was.stamp and _read(path, path.parent).sha256 != was.sha256


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _read(path: Path, root: Path) -> Input:
    """Read a file once, for its hash and its lines."""
    stamp, digest = _stamp(path), hashlib.sha256()
    size = lines = 0
    last = b"\n"
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
            lines += block.count(b"\n")
            last = block[-1:]
    lines += last != b"\n"
    written = Path(os.path.relpath(path, root)).as_posix()
    known = lines if path.suffix.lower() in _TEXT else _parquet_lines(path)
    return Input(written, digest.hexdigest(), size, known, stamp)


def _parquet_lines(path: Path) -> int | None:
    if path.suffix.lower() not in _PARQUET:
        return None
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return int(pq.read_metadata(path).num_rows)
    except pa.ArrowInvalid:
        return None  # damaged: landing says so, with its name
