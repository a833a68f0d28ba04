"""One look at a file's bytes before it is parsed: its hash, its size, its encoding, whether it uses quotes."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa

from crmlib.prep.errors import InputRejectedError

BLOCK: Final = 1 << 22
"""Bytes read at a time: 4 MiB."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMPRESSION: Final[dict[str, Literal["gzip", "zstd"]]] = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_PAIRED_SHARE: Final = 0.9
"""Share of the non-ASCII bytes in runs of even length from which a file is taken for Chinese (GB18030)."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a file is, seen from its bytes.

    Attributes
    ----------
    encoding
        Python's name of the text encoding.
    quotes
        Whether a double quote occurs, so that a line break may stand inside a field.
    ends_open
        Whether the last line has no line end, as a file that was cut off has not.
    """

    path: Path
    sha256: str
    size: int
    encoding: str
    quotes: bool
    ends_open: bool


def suffix(path: Path) -> str:
    """Give the suffix that tells the format, that of a compressed file without its ``.gz`` or ``.zst``.

    Examples
    --------
    >>> suffix(Path("sales.CSV.gz"))
    '.csv'
    """
    inner = path.with_suffix("") if path.suffix.lower() in _COMPRESSION else path
    return inner.suffix.lower()


def open_bytes(path: Path) -> pa.NativeFile:
    """Open a file as a stream of its uncompressed bytes."""
    return pa.input_stream(str(path), compression=_COMPRESSION.get(path.suffix.lower()))


def blocks(path: Path) -> Iterator[bytes]:
    """Read a file's uncompressed bytes in blocks.

    Raises
    ------
    InputRejectedError
        If the file cannot be read or its compression breaks off.
    """
    try:
        with open_bytes(path) as stream:
            while block := stream.read(BLOCK):
                yield block
    except OSError as error:
        raise InputRejectedError.at(
            path, f"cannot be read to its end ({type(error).__name__})", "deliver the file again; it may be cut off"
        ) from None


def scan(path: Path, encoding: str | None = None) -> Scan:
    """Hash a text file and find out its encoding.

    A byte-order mark decides; else what decodes as UTF-8 throughout is UTF-8; else GB18030 if its high bytes come in
    pairs, as Chinese characters do; else Windows-1252, the superset of Latin-1 that Western tills write.

    Parameters
    ----------
    path
        The file, plain or compressed.
    encoding
        The encoding the parameters give; then nothing is guessed.

    Raises
    ------
    InputRejectedError
        If the file is empty or cannot be read.
    """
    size, quotes, utf8, last = 0, False, codecs.getincrementaldecoder("utf-8")(), b""
    head, valid, ascii_only = b"", True, True
    for block in blocks(path):
        head = head or block
        size += len(block)
        quotes = quotes or b'"' in block
        last = block[-1:]
        ascii_only = ascii_only and block.isascii()
        if valid and not ascii_only:
            valid = _decodes(utf8, block)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00"):
        raise InputRejectedError.at(path, "is empty", "deliver it again, or take it out of the folder")
    found = encoding or _by_bom(head) or _by_zeros(head) or ("utf-8" if valid else _by_pairs(path))
    wide = found.startswith(("utf-16", "utf-32"))
    return Scan(path, sha256_of(path), size, found, quotes or wide, not wide and last not in (b"\n", b"\r"))


def sha256_of(path: Path) -> str:
    """Hash a file as delivered, compressed or not, for the manifest."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def _by_bom(head: bytes) -> str | None:
    return next((name for mark, name in _BOMS if head.startswith(mark)), None)


def _by_zeros(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark by the zero bytes of its separators and digits."""
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) / 8 and odd > 4 * even:
        return "utf-16-le"
    if even > len(sample) / 8 and even > 4 * odd:
        return "utf-16-be"
    return None


def _by_pairs(path: Path) -> str:
    paired, high, decoder = 0, 0, codecs.getincrementaldecoder("gb18030")()
    for block in blocks(path):
        runs = [len(run) for run in _HIGH_RUN.findall(block)]
        high += sum(runs)
        paired += sum(length for length in runs if length % 2 == 0)
        if not _decodes(decoder, block):
            return "cp1252"
    # GB18030 takes a few characters' second byte from ASCII, Latin-1 text stands between ASCII letters.
    return "gb18030" if paired >= _PAIRED_SHARE * high else "cp1252"
