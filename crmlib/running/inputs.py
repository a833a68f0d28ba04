"""What went in: every file that the parameters name, with its hash, so that a report can be traced and repeated."""

import glob
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crmlib.params import FileSource, ParameterError, Parameters, did_you_mean

_BLOCK = 1 << 20
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
        Its lines where it is text, else ``None``.
    """

    path: str
    sha256: str
    bytes: int
    lines: int | None


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
        files = [Path(name) for name in _glob(root / pattern) if Path(name).is_file()]
        if not files:
            folder = (root / pattern).parent
            names = [each.name for each in folder.iterdir()] if folder.is_dir() else []
            near = did_you_mean(Path(pattern).name, names) if names else "There is no such folder, or it is empty."
            raise ParameterError(f"{place}: no file matches {pattern!r}. {near}")
        yield from files


def _glob(pattern: Path) -> list[str]:
    """Expand a pattern that may be absolute, which ``Path.glob`` refuses; files within a zip file are that file."""
    upper = next((each for each in reversed(pattern.parents) if each.suffix.lower() == ".zip"), pattern)
    return glob.glob(str(upper), recursive=True)  # noqa: PTH207


def _read(path: Path, root: Path) -> Input:
    """Read a file once, for its hash and its lines."""
    digest = hashlib.sha256()
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
    return Input(written, digest.hexdigest(), size, lines if path.suffix.lower() in _TEXT else None)
