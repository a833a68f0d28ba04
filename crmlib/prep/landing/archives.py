"""Files as they lie, plain, compressed or within a zip file: ``shop.zip/orders.csv`` is a path as any other."""

import glob
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from io import BufferedIOBase
from pathlib import Path
from typing import Final, Literal, cast

import pyarrow as pa

from crmlib.params import ParameterError, did_you_mean
from crmlib.prep.errors import InputRejectedError

SUFFIX: Final = ".zip"
BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
"""What reading a damaged zip file raises."""

_MOST: Final = 10_000
_LARGEST: Final = 64 << 30
_LARGE: Final = 256 << 20
_DENSEST: Final = 200
"""No text is squeezed to less than a two hundredth; what claims so is made to fill a disk."""

_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800
_KNOWN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_BESIDE: Final = ("readme", "read me", "license", "licence", "liesmich", "notice", "说明")
"""Files that explain others; they are no data."""
_MOST_NAMED: Final = 8
BLOCK: Final = 1 << 22
"""Bytes read at a time: 4 MiB."""
_COMPRESSION: Final[dict[str, Literal["gzip", "zstd"]]] = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}


def archive_of(path: Path) -> tuple[Path, str] | None:
    """Part a path into a zip file and the name within it; nothing where it leads into none."""
    for parent in path.parents:
        if parent.suffix.lower() == SUFFIX and parent.is_file():
            return parent, path.relative_to(parent).as_posix()
    return None


def open_raw(path: Path) -> BufferedIOBase:
    """Open a file, or one within a zip file, as a stream of its bytes as delivered."""
    parts = archive_of(path)
    if parts is None:
        return path.open("rb")
    archive, name = parts
    return cast("BufferedIOBase", zipfile.ZipFile(archive).open(_contents(archive)[name]))


def size_of(path: Path) -> int:
    """Give the bytes of a file; of one within a zip file as it is unpacked."""
    parts = archive_of(path)
    return path.stat().st_size if parts is None else _contents(parts[0])[parts[1]].file_size


def siblings(path: Path) -> list[str]:
    """List the names of the files beside one, in its folder or in the zip file."""
    parts = archive_of(path)
    if parts is None:
        return [file.name for file in path.parent.iterdir() if file.is_file()]
    archive = parts[0]
    return [member.name for member in members(archive) if member.parent == path.parent]


def members(archive: Path) -> list[Path]:
    """List the files within a zip file that may be data, by name."""
    names = [name for name in _contents(archive) if not any(part.startswith((".", "__")) for part in name.split("/"))]
    return [archive / name for name in sorted(names)]


def find_members(pattern: Path) -> list[Path] | None:
    """Find files within zip files by a path such as ``exports/*.zip/orders*.csv``; nothing if it leads into none.

    A zip file alone means the one data file in it.
    """
    place = next((n for n, part in enumerate(pattern.parts, start=1) if part.lower().endswith(SUFFIX)), None)
    if place is None:
        return None
    upper, asked = Path(*pattern.parts[:place]), pattern.parts[place:]
    # Path.glob takes no absolute pattern
    archives = [path for path in map(Path, sorted(glob.glob(str(upper), recursive=True))) if path.is_file()]  # noqa: PTH207
    if not archives:
        return None
    found = [member for archive in archives for member in _asked(archive, asked)]
    if not found:
        names = [member.relative_to(archives[0]).as_posix() for member in members(archives[0])]
        raise ParameterError(f"{upper.name} holds no file {'/'.join(asked)!r}. {did_you_mean('/'.join(asked), names)}")
    return found


def _asked(archive: Path, asked: Sequence[str]) -> list[Path]:
    if asked:
        return [member for member in members(archive) if _matches(member.relative_to(archive).parts, asked)]
    data = [member for member in members(archive) if not member.stem.lower().startswith(_BESIDE)]
    if len(data) > 1:
        names = ", ".join(member.relative_to(archive).as_posix() for member in data[:_MOST_NAMED])
        first = data[0].relative_to(archive).as_posix()
        raise ParameterError(
            f"{archive.name} holds {len(data)} files: {names}. Name those of this source, such as "
            f"'{archive.name}/{first}' or '{archive.name}/*.csv'."
        )
    return data


def _matches(parts: Sequence[str], asked: Sequence[str]) -> bool:
    """Match a path part by part; two stars stand for any folders."""
    if not asked or not parts:
        return not asked and not parts
    if asked[0] == "**":
        return any(_matches(parts[n:], asked[1:]) for n in range(len(parts)))
    return fnmatchcase(parts[0], asked[0]) and _matches(parts[1:], asked[1:])


def _contents(archive: Path) -> dict[str, zipfile.ZipInfo]:
    """List what a zip file holds by its names."""
    state = archive.stat()
    return _read_contents(archive, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=16)
def _read_contents(archive: Path, _changed: int, _size: int) -> dict[str, zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir()]
    except (*BROKEN, OSError) as error:
        raise InputRejectedError.at(
            archive, f"is no complete zip file ({type(error).__name__})", "deliver it again; it may be cut off"
        ) from None
    if len(infos) > _MOST or sum(info.file_size for info in infos) > _LARGEST:
        raise InputRejectedError.at(archive, "holds more than anybody exports", "deliver its files unpacked")
    for info in infos:
        _refuse_unsafe(archive, info)
    return {_name(info): info for info in infos}


def _refuse_unsafe(archive: Path, info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise InputRejectedError.at(archive, "is protected by a password", "deliver it without one, or unpack it")
    if info.compress_type not in _KNOWN:
        raise InputRejectedError.at(archive, "is squeezed in a way not known here", "unpack it, or zip it anew")
    if info.file_size > _LARGE and info.file_size > _DENSEST * max(info.compress_size, 1):
        raise InputRejectedError.at(archive, "claims to hold far more than its size allows", "deliver it unpacked")


def _name(info: zipfile.ZipInfo) -> str:
    """Give a name as it was meant: without a mark of UTF-8 it may be in that of the sender's system all the same."""
    name = info.filename.replace("\\", "/").lstrip("/")
    if info.flag_bits & _UTF8 or name.isascii():
        return name
    raw = name.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


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
