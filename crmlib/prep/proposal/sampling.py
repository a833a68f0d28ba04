"""Which files there are, and a small file in place of a large one: its head, pieces from inside, its end."""

import glob
import json
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Final

from crmlib.params import ParameterError, did_you_mean
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import BROKEN, archive_of, find_members, members, open_bytes, size_of, suffix
from crmlib.prep.landing.archives import SUFFIX as ZIP
from crmlib.prep.landing.json_records import JsonError, document_records, is_lines
from crmlib.prep.landing.scanning import detect_encoding

HEAD: Final = 1 << 20
PIECE: Final = 1 << 18
PIECES: Final = 6
WHOLE: Final = 64 << 20
"""Bytes of one delivery up to which every line is looked at; of more, the head of each file and pieces from inside."""

MOST_FILES: Final = 5_000

_SQUEEZED: Final = (".gz", ".zst", ".zstd")

KNOWN: Final = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".dat": "csv",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx", ".xlsb": "xlsx", ".ods": "xlsx",
    ".json": "json", ".jsonl": "json", ".ndjson": "json", ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
"""Formats by suffix."""


def find_files(given: Sequence[Path]) -> list[Path]:
    """Find the files that are meant by files, folders and globs; in folders those whose suffix is known."""
    found: list[Path] = []
    for pattern in given:
        if pattern.is_dir():
            inside = [path for path in sorted(pattern.rglob("*")) if path.is_file() and suffix(path) in (*KNOWN, ZIP)]
            parts = {path: path.relative_to(pattern).parts for path in inside}
            files = [path for path in inside if not any(part.startswith((".", "~$")) for part in parts[path])]
        elif pattern.is_file():
            files = [pattern]
        elif archive_of(pattern) is not None:
            files = find_members(pattern) or []
        else:
            matched = glob.glob(str(pattern), recursive=True)  # noqa: PTH207  (may be absolute)
            files = sorted(path for path in map(Path, matched) if path.is_file())
        files = [path for file in files for path in _unpacked(file)]
        if not files:
            raise ParameterError(f"{pattern}: no file of a known kind is there. {_nearest(pattern)}")
        found += files
    if len(found) > MOST_FILES:
        raise ParameterError(
            f"{len(found):,} files are meant, {MOST_FILES:,} at most are looked at; name a folder further in, or a glob"
        )
    return list(dict.fromkeys(found))


def _unpacked(path: Path) -> list[Path]:
    """Give what is in a zip file in its place; one that cannot be read is left for the reader, who says it."""
    if suffix(path) != ZIP:
        return [path]
    try:
        return [member for member in members(path) if suffix(member) in KNOWN] or [path]
    except InputRejectedError:
        return [path]


def _nearest(path: Path) -> str:
    if path.is_dir():
        return f"Known suffixes: {', '.join(sorted(KNOWN))}, also with .gz or .zst, or in a .zip."
    names = [sibling.name for sibling in path.parent.iterdir()] if path.parent.is_dir() else []
    return did_you_mean(path.name, names) if names else "There is no such folder."


def head_of(path: Path, folder: Path, most: int) -> Path:
    """Copy the first whole lines of a text file, uncompressed, or give the file itself where it is small."""
    if not _compressed(path) and size_of(path) <= most:
        return path
    try:
        with open_bytes(path) as stream:
            return _write(folder, path, _to_line_end(stream.read(most)))
    except (OSError, *BROKEN) as error:
        wrong = f"cannot be read ({type(error).__name__})"
        raise InputRejectedError.at(path, wrong, "deliver the file again; it may be cut off") from None


def sample_of(path: Path, folder: Path, *, whole: bool) -> Path:
    """Copy head, pieces from inside and end of a large text file; give a small one itself.

    A compressed file is read from its beginning, for it cannot be entered in the middle.
    """
    size = size_of(path)
    if whole or size <= HEAD + (PIECES + 1) * PIECE:
        return path
    if KNOWN.get(suffix(path)) == "json" and _is_document(path):
        return _some_records(path, folder, size // HEAD + 1)
    if _compressed(path):
        return head_of(path, folder, HEAD + (PIECES + 1) * PIECE)
    with path.open("rb") as stream:
        taken = _to_line_end(stream.read(HEAD))
        if b"\x00" in taken[:4096]:  # UTF-16: a byte's place decides what it is
            return _write(folder, path, taken[: len(taken) // 2 * 2])
        for piece in range(PIECES + 1):
            stream.seek(HEAD + (size - HEAD - PIECE) * (piece + 1) // (PIECES + 1))
            stream.readline()
            block = stream.read(PIECE)
            taken += block if piece == PIECES else _to_line_end(block)
    return _write(folder, path, taken)


def json_head(path: Path, folder: Path) -> Path:
    """Copy the first objects of a JSON file, or give a small file itself; see :func:`head_of`."""
    most = HEAD + PIECES * PIECE
    if size_of(path) > most and _is_document(path):
        return _some_records(path, folder, 1)
    return head_of(path, folder, most)


def _is_document(path: Path) -> bool:
    """Tell a JSON document, which cannot be cut at the end of a line, from JSON lines."""
    with open_bytes(path) as stream, TextIOWrapper(stream, encoding="utf-8-sig", errors="replace") as text:
        return not is_lines(text)


def _some_records(path: Path, folder: Path, every: int) -> Path:
    """Copy every so many-th object of a JSON document, as JSON lines."""
    encoding = detect_encoding(path).encoding
    written, size = [], 0
    try:
        with open_bytes(path) as stream, TextIOWrapper(stream, encoding=encoding, errors="replace") as text:
            for _, record in islice(document_records(text), 0, None, every):
                written.append(json.dumps(record).encode())
                size += len(written[-1])
                if size > HEAD + PIECES * PIECE:
                    break
    except JsonError as error:
        raise InputRejectedError.at(path, str(error), "deliver it again; it may be cut off", error.line) from None
    return _write(folder, path, b"\n".join(written) + b"\n")


def _compressed(path: Path) -> bool:
    return path.suffix.lower() in _SQUEEZED or archive_of(path) is not None


def _to_line_end(block: bytes) -> bytes:
    end = block.rfind(b"\n")
    if block[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in block[:4096]:
        return block[: len(block) // 2 * 2]
    return block if end < 0 else block[: end + 1]


def _write(folder: Path, path: Path, content: bytes) -> Path:
    plain = path.with_suffix("").name if path.suffix.lower() in _SQUEEZED else path.name
    target = folder / f"{len(list(folder.iterdir()))}_{plain}"
    target.write_bytes(content)
    return target
