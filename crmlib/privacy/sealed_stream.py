"""A sealed stream: content of any size under a key, so that no part is changed, left out, moved or cut off unnoticed.

AES-256-GCM in chunks, each numbered and the last one marked (the STREAM construction: Hoang, Reyhanitabar, Rogaway and
Vizár 2015), under a key of its own for each stream (HKDF-SHA256 with a random salt).
"""

import io
import os
from typing import BinaryIO, Final

from crmlib.params.errors import ParameterError
from crmlib.privacy.pseudonyms import Key

CHUNK: Final = 1 << 20
_MARK: Final = b"CRM sealed stream 1\n"
_ID: Final = 12
_SALT: Final = 16
_TAG: Final = 16
DOES_NOT_OPEN: Final = "does not open: it was cut off or changed, or is of another series"


class _Cipher:
    """The key of one stream; chunks are numbered as they come."""

    def __init__(self, key: Key, purpose: str, place: str, salt: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"crm:stream").derive(key.expand(purpose))
        self._cipher, self._about, self._number = AESGCM(derived), _MARK + place.encode(), 0

    def _nonce(self, *, last: bool) -> bytes:
        self._number += 1
        return self._number.to_bytes(11, "big") + bytes([last])

    def seal(self, chunk: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last=last), chunk, self._about)

    def open(self, chunk: bytes, *, last: bool) -> bytes:
        return self._cipher.decrypt(self._nonce(last=last), chunk, self._about)


class SealingWriter(io.RawIOBase):
    """Encrypts what is written to it into a file; only what was closed without an error is whole."""

    def __init__(self, target: BinaryIO, key: Key, purpose: str, place: str) -> None:
        salt = os.urandom(_SALT)
        self._target, self._cipher, self._held = target, _Cipher(key, purpose, place, salt), bytearray()
        target.write(_MARK + key.id.encode() + salt)

    def writable(self) -> bool:
        """Say that this can be written to."""
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Take content; whole chunks go on, but the last, which is marked."""
        self._held += content
        while len(self._held) > CHUNK:
            self._target.write(self._cipher.seal(bytes(self._held[:CHUNK]), last=False))
            del self._held[:CHUNK]
        return len(content)

    def finish(self) -> None:
        """Write the last chunk."""
        self._target.write(self._cipher.seal(bytes(self._held), last=True))


class UnsealingReader(io.RawIOBase):
    """Decrypts a sealed stream as it is read; gives nothing that is not as it was written.

    Raises
    ------
    ParameterError
        If it is none, was made with none of the keys, or was changed or cut off.
    """

    def __init__(self, source: BinaryIO, keys: list[Key], purpose: str, place: str, name: str) -> None:
        made_with = sealed_by(source.read(len(_MARK) + _ID), name)
        salt = source.read(_SALT)
        key = next((each for each in keys if each.id == made_with), None)
        if key is None:
            raise ParameterError(f"{name} was made with the key {made_with}, this one is {keys[0].id}")
        self._source, self._name = source, name
        self._cipher = _Cipher(key, purpose, place, salt)
        self._ahead, self._plain = source.read(CHUNK + _TAG), b""

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Give the next bytes; none at the end."""
        while not self._plain and self._ahead:
            self._plain = self._next()
        count = min(len(buffer), len(self._plain))
        buffer[:count], self._plain = self._plain[:count], self._plain[count:]
        return count

    def _next(self) -> bytes:
        from cryptography.exceptions import InvalidTag

        chunk, self._ahead = self._ahead, self._source.read(CHUNK + _TAG)
        try:
            return self._cipher.open(chunk, last=not self._ahead)
        except InvalidTag:
            raise ParameterError(f"{self._name} {DOES_NOT_OPEN}") from None


def sealed_by(head: bytes, name: str) -> str:
    """Give the id of the key that sealed a stream, by its first bytes; what is none is refused."""
    if not head.startswith(_MARK) or len(head) < len(_MARK) + _ID:
        raise ParameterError(f"{name} is no sealed file of this program, or was cut off")
    return head[len(_MARK) :][:_ID].decode("ascii", errors="replace")
