"""A file's bytes, uncompressed, in blocks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import BROKEN, archive_of, open_raw

BLOCK: Final = 1 << 22
"""Bytes read at a time: 4 MiB."""

_COMPRESSION: Final[dict[str, Literal["gzip", "zstd"]]] = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}


def suffix(path: Path) -> str:
    """Give the suffix that tells the format, that of a compressed file without its ``.gz`` or ``.zst``."""
    inner = path.with_suffix("") if path.suffix.lower() in _COMPRESSION else path
    return inner.suffix.lower()


def open_bytes(path: Path) -> pa.NativeFile:
    """Open a file, or one within a zip file, as a stream of its uncompressed bytes."""
    source = str(path) if archive_of(path) is None else open_raw(path)
    return pa.input_stream(source, compression=_COMPRESSION.get(path.suffix.lower()))


def blocks(path: Path) -> Iterator[bytes]:
    """Read a file's uncompressed bytes in blocks."""
    try:
        with open_bytes(path) as stream:
            while block := stream.read(BLOCK):
                yield block
    except (OSError, *BROKEN) as error:
        raise InputRejectedError.at(
            path, f"cannot be read to its end ({type(error).__name__})", "deliver the file again; it may be cut off"
        ) from None
