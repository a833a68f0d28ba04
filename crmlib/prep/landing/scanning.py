"""One look at a file's bytes before it is parsed: its hash, its size, its encoding, whether it uses quotes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import open_raw
from crmlib.prep.landing.encodings import Look
from crmlib.prep.landing.streams import BLOCK, blocks, open_bytes, suffix

__all__ = ["BLOCK", "Scan", "blocks", "open_bytes", "scan", "sha256_of", "suffix"]


_CONTROL: Final = bytes([*range(9), *range(14, 32)])


@dataclass(frozen=True, slots=True)
class Scan:
    """What a file is, seen from its bytes; hash and size are those of the file as delivered."""

    path: Path
    sha256: str
    size: int
    encoding: str
    quotes: bool
    ends_open: bool
    odd_quotes: bool = False


def scan(path: Path, encoding: str | None = None) -> Scan:
    """Hash a text file, plain or compressed, and find out its encoding, where the parameters do not give one."""
    size, quotes, last, look = 0, 0, b"", Look()
    for block in blocks(path):
        look.at(block)
        size += len(block)
        quotes += block.count(b'"')
        last = block[-1:]
    if not look.head.strip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00"):
        raise InputRejectedError.at(path, "is empty", "deliver it again, or take it out of the folder")
    found = encoding or look.guess(path).encoding
    if _is_binary(look.head, found):
        if not _is_binary(look.head.replace(b"\x00", b""), found):
            raise InputRejectedError.at(path, "has NUL bytes, which text has none of", "deliver it again without them")
        raise InputRejectedError.at(path, "is no text file", "give its `format`, or deliver it as text")
    wide = found.startswith(("utf-16", "utf-32"))
    ends_open = not wide and last not in (b"\n", b"\r")
    return Scan(path, sha256_of(path), size, found, quotes > 0 or wide, ends_open, wide or quotes % 2 == 1)


def _is_binary(head: bytes, encoding: str) -> bool:
    """Tell pictures, archives and the like by their control characters, which text has none of."""
    start = b"" if encoding.startswith(("utf-16", "utf-32")) else head[:4096]
    return len(start) - len(start.translate(None, _CONTROL)) > len(start) / 50


def sha256_of(path: Path) -> str:
    """Hash a file as delivered, compressed or not, for the manifest."""
    with open_raw(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
