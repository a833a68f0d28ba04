"""One look at a file's bytes before it is parsed: its hash, its size, its encoding with the evidence, its quotes."""

import codecs
import hashlib
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import blocks, open_raw
from crmlib.prep.landing.mixed import mixture

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_NOT_PLAIN: Final = re.compile("[^\x00-\x7f]")
_PAIRED: Final = 0.9
"""Share of the non-ASCII bytes in runs of even length from which a file is taken for Chinese (GB18030)."""
_ALONE: Final = 0.5
"""Share of the non-ASCII bytes that stand alone from which a file is taken for Western text."""
_MOSTLY: Final = 0.02
"""Share of characters that may not be UTF-8 in a file that is taken for UTF-8 with stray bytes."""
_OTHERS: Final = ("cp1252", "cp1251", "gb18030", "big5", "shift_jis", "euc_kr")
_SAMPLE_BLOCKS: Final = 1
_CONTROL: Final = bytes([*range(9), *range(14, 32)])


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding by Python's name, whether the bytes allow no other reading that makes sense, and the evidence."""

    encoding: str
    sure: bool
    evidence: str


def detect_encoding(path: Path) -> Guess:
    """Tell the encoding of a text file, plain or compressed.

    A byte-order mark decides; else zero bytes beside line ends of two bytes tell UTF-16, and what decodes as UTF-8
    throughout is UTF-8; else GB18030 if the high bytes come in pairs, as Chinese characters do, and Windows-1252, the
    superset of Latin-1, if they stand alone between ASCII letters. Where neither holds, the letters' frequencies are
    asked.
    """
    look = Look()
    for block in blocks(path):
        look.at(block)
    return look.guess(path)


class Look:
    """What is seen of a file's bytes while they pass: enough to tell UTF-8 and UTF-16 without reading them again."""

    def __init__(self) -> None:
        self.head = b""
        self.ascii_only = True
        self._valid = True
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def at(self, block: bytes) -> None:
        """Look at the next block."""
        self.head = self.head or block
        self.ascii_only = self.ascii_only and block.isascii()
        if self._valid and not self.ascii_only:
            self._valid = _decodes(self._decoder, block)

    def guess(self, path: Path) -> Guess:
        """Tell the encoding; the file is read again only where it is neither UTF-8 nor UTF-16."""
        mark = next((name for mark, name in _BOMS if self.head.startswith(mark)), None)
        if mark is not None:
            return Guess(mark, sure=True, evidence="it begins with a byte-order mark")
        wide = _by_zeros(self.head)
        if wide is not None:
            return Guess(wide, sure=True, evidence="every other byte of its plain characters is zero")
        if self.ascii_only:
            return Guess("utf-8", sure=True, evidence="it holds plain characters only")
        if self._valid and not self._decoder.getstate()[0]:
            return Guess("utf-8", sure=True, evidence="all of it decodes as UTF-8")
        mixed = mixture(path)
        if mixed is not None:
            return Guess(mixed[0], sure=False, evidence=mixed[1])
        return _by_runs(path)


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def _by_zeros(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark by the zero bytes of its separators and digits."""
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > len(sample) / 8 and zeros > 4 * others and _wide_lines(sample, name):
            return name
    return None


def _wide_lines(sample: bytes, encoding: str) -> bool:
    """Tell whether lines end in two bytes: if not, the zero bytes stray in plain text."""
    wide = sample.decode(encoding, errors="replace").count("\n")
    # the byte of a line end is also half of some Chinese characters
    return 4 * wide >= sample.count(b"\n")


def _by_runs(path: Path) -> Guess:
    """Tell by how the high bytes stand: in pairs, alone, or by the frequencies of the letters they would be."""
    paired = alone = high = stray = letters = 0
    chinese, decoder = True, codecs.getincrementaldecoder("gb18030")()
    lenient = codecs.getincrementaldecoder("utf-8")(errors="replace")
    for block in blocks(path):
        runs = [len(run) for run in _HIGH_RUN.findall(block)]
        high += sum(runs)
        paired += sum(length for length in runs if length % 2 == 0)
        alone += runs.count(1)
        chinese = chinese and _decodes(decoder, block)
        text = lenient.decode(block)
        stray += text.count("\ufffd")
        letters += len(_NOT_PLAIN.findall(text))
    if stray <= _MOSTLY * letters:
        return Guess("utf-8", sure=False, evidence="nearly all of it decodes as UTF-8; some bytes do not")
    # GB18030 takes a few characters' second byte from ASCII, Latin-1 text stands between ASCII letters.
    if chinese and paired >= _PAIRED * high:
        return Guess("gb18030", sure=True, evidence="its high bytes come in pairs, as Chinese characters do")
    best = "cp1252" if alone >= _ALONE * high else _by_frequency(path)
    return _readable(path, best, *(["gb18030"] if chinese else []), sure=alone >= _ALONE * high)


def _by_frequency(path: Path) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(b"".join(islice(blocks(path), _SAMPLE_BLOCKS)), cp_isolation=list(_OTHERS)).best()
    return best.encoding if best is not None else "cp1252"


def _readable(path: Path, best: str, *others: str, sure: bool) -> Guess:
    """Take the best encoding if all of the file decodes so, else the next that does; Latin-1 knows every byte."""
    if _all_decodes(path, best):
        alone, letters = "its high bytes stand alone between plain letters", "its letters are those of this encoding"
        return Guess(best, sure=sure, evidence=alone if sure else letters)
    found = next((encoding for encoding in others if _all_decodes(path, encoding)), "latin-1")
    return Guess(found, sure=False, evidence="of the usual encodings only this one can read it to its end")


def _all_decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    return all(_decodes(decoder, block) for block in blocks(path))


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
