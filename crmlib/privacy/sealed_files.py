"""Files at rest that only the holder of the series' key can read: ``name.vault`` in the place of ``name``."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from crmlib.params import Parameters
from crmlib.privacy.pseudonyms import Key, load_key, load_previous_key
from crmlib.privacy.sealed_stream import CHUNK, SealingWriter, UnsealingReader

SUFFIX: Final = ".vault"
PURPOSE: Final = "kept files"


def keys_of(params: Parameters) -> list[Key]:
    """Load the key of a series and the one before it; what is written is sealed with the first."""
    both = (load_key(params.privacy, params.root), load_previous_key(params.privacy, params.root))
    return [key for key in both if key is not None]


def seal_file(file: Path, key: Key, series: str) -> Path:
    """Encrypt a file; the plain one goes when the sealed one is whole on the disk."""
    sealed = file.with_name(file.name + SUFFIX)
    with file.open("rb") as plain, _whole(sealed) as target:
        writer = SealingWriter(target, key, PURPOSE, series)
        while block := plain.read(CHUNK):
            writer.write(block)
        writer.finish()
    file.unlink()
    return sealed


def unseal_file(sealed: Path, keys: Sequence[Key], series: str) -> Path:
    """Decrypt a file; the sealed one goes when the plain one is whole. A plain one that is there is the newer."""
    file = sealed.with_suffix("")
    if not file.exists():
        with sealed.open("rb") as source, _whole(file) as target:
            shutil.copyfileobj(UnsealingReader(source, list(keys), PURPOSE, series, sealed.name), target, CHUNK)
    sealed.unlink()
    return file


def read_sealed(sealed: Path, keys: Sequence[Key], series: str) -> bytes:
    """Give what a sealed file holds; nothing is written."""
    content = BytesIO()
    with sealed.open("rb") as source:
        shutil.copyfileobj(UnsealingReader(source, list(keys), PURPOSE, series, sealed.name), content, CHUNK)
    return content.getvalue()


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file for its owner alone that takes its place when the block ends without an error."""
    aside = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
