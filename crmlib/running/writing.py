"""Writing files so that a reader never meets half of one."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

_USUAL: Final = os.umask(0o077)
os.umask(_USUAL)


@contextmanager
def private_writing() -> Iterator[None]:
    """Let nobody but the owner read what is written, by child processes as well, so that a copy stays private."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def share(path: Path) -> None:
    """Give a published file, or a folder with all in it, the mode that the user's files usually have."""
    for each in (path, *path.rglob("*")):
        each.chmod((0o777 if each.is_dir() else 0o666) & ~_USUAL)


def write_text(path: Path, text: str) -> None:
    """Write a file aside and put it in place by a rename.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_text(Path(folder) / "a.txt", "whole")
    ...     (Path(folder) / "a.txt").read_text()
    'whole'
    """
    aside = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        with aside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def write_json(path: Path, content: Any) -> None:
    """Write JSON with sorted keys, so that equal contents are equal bytes; numbers that are not finite are refused."""
    write_text(path, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")


def shared_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, with the mode that the user's folders usually have."""
    for each in reversed([each for each in (path, *path.parents) if not each.exists()]):
        each.mkdir()
        each.chmod(0o777 & ~_USUAL)


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner can open, and close one that others can."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path
