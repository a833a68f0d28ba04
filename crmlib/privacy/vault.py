"""A vault: a file that only the holder of the key can read or change unnoticed (AES-256-GCM, NIST SP 800-38D)."""

import os
from pathlib import Path
from typing import Final

from crmlib.params.errors import ParameterError
from crmlib.privacy.pseudonyms import Key

_MARK: Final = b"CRM vault 1\n"
_ID: Final = 12
_NONCE: Final = 12


def seal(content: bytes, key: Key, purpose: str, place: str) -> bytes:
    """Encrypt content under the key of a purpose, bound to its place, such as the series: it opens nowhere else."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head = _MARK + key.id.encode()
    nonce = os.urandom(_NONCE)
    return head + nonce + AESGCM(key.expand(purpose)).encrypt(nonce, content, head + place.encode())


def sealed_with(sealed: bytes) -> str:
    """Give the id of the key that sealed something; what is no vault is refused."""
    if not sealed.startswith(_MARK) or len(sealed) < len(_MARK) + _ID + _NONCE:
        raise ParameterError("the identity map is no vault of this program, or was cut off; put a copy of it back")
    return sealed[len(_MARK) : len(_MARK) + _ID].decode("ascii", errors="replace")


def unseal(sealed: bytes, key: Key, purpose: str, place: str) -> bytes:
    """Decrypt what :func:`seal` gave; another key, another place or changed content is refused."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head = _MARK + sealed_with(sealed).encode()
    nonce, body = sealed[len(head) : len(head) + _NONCE], sealed[len(head) + _NONCE :]
    try:
        return AESGCM(key.expand(purpose)).decrypt(nonce, body, head + place.encode())
    except InvalidTag:
        raise ParameterError(
            "the identity map does not open: it was made with another key, for another series, or was changed"
        ) from None


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read (mode 0600), complete or not at all."""
    aside = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
