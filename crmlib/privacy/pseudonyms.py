"""Pseudonyms: a customer number becomes a code that nobody without the key can turn back.

A plain hash would not do: all eleven-digit phone numbers can be hashed in seconds. HMAC-SHA256 (RFC 2104) with a key
kept apart is not open to that.
"""

import hashlib
import hmac
import os
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crmlib.params.errors import ParameterError
from crmlib.params.sections import PrivacySection

DEMO_KEY: Final = b"the published key of the demo: everybody has it, so it protects nobody"
LENGTH: Final = 16
"""Hexadecimal digits of a pseudonym: among 100 million customers the chance of any collision is 1 in 3,700."""

_SHORTEST: Final = 16
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
PURPOSES: Final = ("customers", "identity map", "undeclared", "audit", "backup", "kept files")
"""What keys are derived for: pseudonyms (by HMAC, as ever), then by HKDF the map, codes in columns, the audit log,
backups, and what is kept encrypted."""


@dataclass(frozen=True, slots=True)
class Key:
    """A secret from which a key of its own is derived for every purpose; the demo's, ``published``, protects nobody."""

    secret: bytes = field(repr=False)
    published: bool = False

    def derive(self, purpose: str) -> bytes:
        """Give the key of one purpose; who learns it learns neither the secret nor another purpose's key."""
        return hmac.new(self.secret, f"crm:{purpose}".encode(), hashlib.sha256).digest()

    def expand(self, purpose: str) -> bytes:
        """Give the key of one purpose by HKDF-SHA256 (RFC 5869), as the ciphers of the identity map ask for it."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"crm:{purpose}".encode()).derive(self.secret)

    @property
    def id(self) -> str:
        """Name the key without telling it, for the manifest: two runs with the same id used the same key."""
        return self.derive("key id").hex()[:12]


def key_ids(key: Key) -> dict[str, str]:
    """Name the key of each purpose without telling it: twelve hexadecimal digits that follow from it."""
    keys = {purpose: key.derive(purpose) if purpose == "customers" else key.expand(purpose) for purpose in PURPOSES}
    return {purpose: hmac.new(derived, b"key id", hashlib.sha256).hexdigest()[:12] for purpose, derived in keys.items()}


def load_key(privacy: PrivacySection, root: Path) -> Key:
    """Find the key of the pseudonyms: the demo's, a file's, or the environment's.

    Parameters
    ----------
    privacy
        Where the parameters say the key is.
    root
        Folder that ``key_file`` is relative to.

    Raises
    ------
    ParameterError
        If there is no key, it is too short, or others than the owner may read its file.

    Examples
    --------
    >>> load_key(PrivacySection(demo_key=True), Path())
    Key(published=True)
    """
    if privacy.demo_key:
        return Key(DEMO_KEY, published=True)
    if privacy.key_file is not None:
        return _checked(_read_private(root / privacy.key_file, "key_file"), f"privacy.key_file {privacy.key_file}")
    text = os.environ.get(privacy.key_env, "")
    if not text:
        raise ParameterError(
            f"privacy: no key for the pseudonyms. Set the environment variable {privacy.key_env} to a long random text "
            "and keep it, or give privacy.key_file (mode 0600)"
        )
    return _checked(text.encode(), f"the environment variable {privacy.key_env}")


def load_previous_key(privacy: PrivacySection, root: Path) -> Key | None:
    """Find the key that was used before this one, which opens the identity map once more; ``None`` where none is given.

    Raises
    ------
    ParameterError
        If the parameters name one that is not there.
    """
    if privacy.previous_key_file is not None:
        name = "previous_key_file"
        return _checked(_read_private(root / privacy.previous_key_file, name), f"privacy.{name}")
    if privacy.previous_key_env is None:
        return None
    text = os.environ.get(privacy.previous_key_env, "")
    if not text:
        raise ParameterError(f"privacy.previous_key_env: the environment has no variable {privacy.previous_key_env}")
    if text.encode() == DEMO_KEY:
        return Key(DEMO_KEY, published=True)
    return _checked(text.encode(), f"the environment variable {privacy.previous_key_env}")


def pseudonym(number: str, key: bytes) -> str:
    """Give the pseudonym of one customer number: ``c`` and 16 hexadecimal digits."""
    plain = unicodedata.normalize("NFKC", number).strip()
    return "c" + hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()[:LENGTH]


def pseudonyms(numbers: Iterable[str], key: Key) -> list[str]:
    """Give the pseudonyms of customer numbers, in their order."""
    derived = key.derive("customers")
    return [pseudonym(number, derived) for number in numbers]


def _read_private(path: Path, knob: str) -> bytes:
    try:
        mode = path.stat().st_mode
    except OSError:
        raise ParameterError(f"privacy.{knob}: {path.name} is not there; make it with mode 0600") from None
    if mode & _OTHERS:
        raise ParameterError(
            f"privacy.{knob}: others may read {path.name} (mode {stat.S_IMODE(mode):04o}). Run: chmod 600 {path.name}"
        )
    return path.read_bytes().strip()


def _checked(secret: bytes, where: str) -> Key:
    if len(secret) < _SHORTEST:
        raise ParameterError(f"privacy: the key in {where} has under {_SHORTEST} characters; use a long random text")
    return Key(secret)
