"""What a series cannot do without, in one encrypted file: its state, and the manifests and results it published."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from crmlib.params import ParameterError, Parameters
from crmlib.privacy.pseudonyms import load_key, load_previous_key
from crmlib.privacy.sealed_stream import CHUNK, DOES_NOT_OPEN, SealingWriter, UnsealingReader
from crmlib.running.places import Places
from crmlib.running.writing import private_folder, share, shared_folder

PURPOSE: Final = "backup"
REPLACED: Final = "replaced-"
_ABOUT: Final = "backup.json"
_PUBLISHED: Final = ("manifest.json", "results.json")


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: of which series, made when, and its files by name."""

    series: str
    made: str
    files: tuple[str, ...]


def back_up(params: Parameters, places: Places, file: Path, at: str) -> Backup:
    """Write the backup aside, read it back, and put it in place only then.

    Raises
    ------
    ParameterError
        If there is no key, or nothing to keep yet.
    """
    key, kept = load_key(params.privacy, params.root), dict(_kept(places))
    if not kept:
        raise ParameterError(f"the series {params.series} keeps nothing yet; run its report first")
    about = {
        "series": params.series, "made": at, "files": {name: _sha256(path) for name, path in kept.items()}
    }  # fmt: skip
    aside = file.with_name(f".{file.name}.{uuid4().hex[:8]}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            sealing = SealingWriter(target, key, PURPOSE, params.series)
            with tarfile.open(fileobj=sealing, mode="w|", bufsize=CHUNK) as archive:
                _add(archive, _ABOUT, json.dumps(about, sort_keys=True).encode())
                for name, path in kept.items():
                    archive.add(path, name, recursive=False)
            sealing.finish()
            target.flush()
            os.fsync(target.fileno())
        written = _read(params, aside, None)
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
    return written


def restore(params: Parameters, places: Places, file: Path, at: str) -> tuple[Backup, Path | None]:
    """Unpack a backup aside and put it in place once all of it is verified; say where what it replaced is kept.

    Raises
    ------
    ParameterError
        If the backup is of another series or key, was changed or cut off; nothing was replaced then.
    """
    stamp = "".join(sign for sign in at if sign.isdigit())[:14]
    replaced = places.work / f"{REPLACED}{stamp}"
    with _folder(places.work / f".restoring-{uuid4().hex[:8]}") as aside:
        held = _read(params, file, aside)
        for name in ("state", *(each for each in held.files if each.startswith("reports/"))):
            target = _target(places, name)
            if target.exists():
                private_folder((replaced / name).parent)
                target.rename(replaced / name) if name == "state" else shutil.copy2(target, replaced / name)
            if (aside / name).exists():
                _put(aside / name, target)
    return held, replaced if replaced.exists() else None


def _put(made: Path, target: Path) -> None:
    """Put a folder or a file in place; what is published may be read by whom the user's files may."""
    if made.is_dir():
        made.rename(target)
        return
    shared_folder(target.parent)
    shutil.copyfile(made, target)
    share(target)


def _kept(places: Places) -> Iterator[tuple[str, Path]]:
    """List what is kept: all of the state, and of each published period what later reports are held against."""
    state = places.work / "state"
    for path in sorted(state.rglob("*")) if state.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            yield f"state/{path.relative_to(state).as_posix()}", path
    for path in sorted(places.reports.glob("[0-9]*/*.json")):
        if path.name in _PUBLISHED:
            yield f"reports/{path.parent.name}/{path.name}", path


def _target(places: Places, name: str) -> Path:
    return places.work / "state" if name == "state" else places.reports / name.removeprefix("reports/")


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _read(params: Parameters, file: Path, folder: Path | None) -> Backup:
    """Read a backup through, unpack it where a folder is given, and hold every file against the list of its hashes."""
    keys = [load_key(params.privacy, params.root), load_previous_key(params.privacy, params.root)]
    hashes: dict[str, str] = {}
    about: dict[str, Any] = {}
    with file.open("rb") as source:
        opened = UnsealingReader(source, [key for key in keys if key is not None], PURPOSE, params.series, file.name)
        try:
            with tarfile.open(fileobj=opened, mode="r|", bufsize=CHUNK) as archive:
                for member in archive:
                    content = archive.extractfile(member)
                    if content is None:
                        raise ParameterError(f"{file.name} holds something else than files")
                    if member.name == _ABOUT:
                        about = json.loads(content.read())
                    else:
                        hashes[member.name] = _unpacked(content, folder and _inside(folder, member.name))
            while opened.read(CHUNK):
                pass  # to the end, which is marked
        except (tarfile.TarError, EOFError, ValueError) as error:
            if isinstance(error, ParameterError):
                raise
            raise ParameterError(f"{file.name} {DOES_NOT_OPEN}") from None
    if about.get("files") != hashes:
        raise ParameterError(f"{file.name} {DOES_NOT_OPEN}")
    return Backup(about["series"], about["made"], tuple(hashes))


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or name.partition("/")[0] not in {"state", "reports"}:
        raise ParameterError(f"a backup holds no file {name!r}")
    return path


def _unpacked(content: Any, path: Path | None) -> str:
    """Hash a file of the archive piece by piece, and write it where a path is given."""
    digest = hashlib.sha256()
    if path is not None:
        private_folder(path.parent)
    with open(os.devnull if path is None else path, "wb") as target:  # noqa: PTH123  (one of both)
        while block := content.read(CHUNK):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    try:
        yield private_folder(path)
    finally:
        shutil.rmtree(path, ignore_errors=True)
