"""Files put together from two encodings: some lines are UTF-8, some are not, and each is read as what it is.

The codec ``utf-8+cp1252`` (or ``utf-8+gb18030``) decodes a line as UTF-8 where it is, else as the other.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from crmlib.prep.landing.archives import blocks
from crmlib.words import _, formats

BOTH: Final = "utf-8+"
"""How the name of such a codec begins."""

_NAME: Final = re.compile(r"utf_8_(cp1252|gb18030)")
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
_THREE: Final = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
_FEW: Final = 2
_SHARE: Final = 0.02
"""Fewer lines of one kind than this are chance, or stray bytes."""
_CHINESE: Final = "gb18030"
_PAIRED: Final = 0.9
_TOLD: Final = 5


@dataclass(slots=True)
class _Lines:
    """Lines of one kind: how many, the first of them, and how their high bytes stand."""

    lines: int = 0
    first: list[int] = field(default_factory=list)
    high: int = 0
    paired: int = 0

    def add(self, number: int, line: bytes) -> None:
        """Count a line."""
        self.lines += 1
        self.first += [number] if len(self.first) < _TOLD else []
        runs = [len(run) for run in _HIGH.findall(line)]
        self.high += sum(runs)
        self.paired += sum(length for length in runs if length % 2 == 0)

    def with_(self, other: "_Lines") -> "_Lines":
        """Add the lines of another kind."""
        return _Lines(self.lines + other.lines, sorted([*self.first, *other.first])[:_TOLD])


def mixture(path: Path) -> tuple[str, str] | None:
    """Give the codec of a file in two encodings, and a sentence that names lines; nothing where it has one."""
    surely, either, other = (_Lines() for _ in range(3))
    for number, line in enumerate(_lines(path), start=1):
        if not line.isascii():
            (other if not _decodes(line) else surely if _THREE.search(line) else either).add(number, line)
    name = _CHINESE if other.paired >= _PAIRED * other.high else "cp1252"
    utf8, other = (surely, other.with_(either)) if name == _CHINESE else (surely.with_(either), other)
    rarer, more = sorted((utf8, other), key=lambda kind: kind.lines)
    if rarer.lines < max(_FEW, _SHARE * more.lines):
        return None
    words = _("lines {first} … ({n} of {all} with such letters) are {one}, the others {two}; each is read as its own")
    names = ("UTF-8", name) if rarer is utf8 else (name, "UTF-8")
    first = ", ".join(map(str, rarer.first))
    both = rarer.lines + more.lines
    return f"{BOTH}{name}", words.format(
        first=first, n=formats.count(rarer.lines), all=formats.count(both), one=names[0], two=names[1]
    )


def _lines(path: Path) -> Iterator[bytes]:
    rest = b""
    for block in blocks(path):
        *whole, rest = (rest + block).split(b"\n")
        yield from whole
    yield rest


def _decodes(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8(line: bytes, other: str) -> bool:
    """Say whether a line is UTF-8: two bytes that would be one letter may be a Chinese character, too."""
    return _decodes(line) and (other != _CHINESE or line.isascii() or _THREE.search(line) is not None)


class _Decoder(codecs.BufferedIncrementalDecoder):
    """Decode whole lines, each by itself; what is all UTF-8 at once."""

    other: str

    def _buffer_decode(self, data: Any, errors: str, final: bool) -> tuple[str, int]:
        end = len(data) if final else data.rfind(b"\n") + 1
        lines = bytes(data[:end]).splitlines(keepends=True)
        return "".join(
            line.decode("utf-8" if _is_utf8(line, self.other) else self.other, errors) for line in lines
        ), end


def _find(name: str) -> codecs.CodecInfo | None:
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    behind = str(found.group(1))

    class OfThisOther(_Decoder):
        other = behind

    def decode(data: Any, errors: str = "strict") -> tuple[str, int]:
        return OfThisOther(errors).decode(bytes(data), final=True), len(data)

    return codecs.CodecInfo(
        codecs.utf_8_encode, decode,
        incrementalencoder=codecs.getincrementalencoder("utf-8"), incrementaldecoder=OfThisOther, name=name,
    )  # fmt: skip


codecs.register(_find)
