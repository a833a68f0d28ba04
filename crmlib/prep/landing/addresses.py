"""Addresses of databases: read from the parameters and the environment, shown without user and password."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from crmlib.params import ParameterError, did_you_mean

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SCHEMES: Final = {"sqlite": "sqlite", "duckdb": "duckdb", "postgresql": "postgresql", "postgres": "postgresql"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is: what logs call it (``shown``), what its driver gets (``target``), what nobody may see."""

    kind: str
    shown: str
    target: str = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def without_secrets(self, message: str) -> str:
        """Take the secrets out of what a driver says."""
        for secret in self.secrets:
            message = message.replace(secret, "…")
        return message


def read_address(url: str, root: Path, place: str) -> Address:
    """Read a database address; ``${NAME}`` is read from the environment. No error holds a part of the address."""
    found = _VARIABLE.findall(url)
    missing = [name for name in found if name not in os.environ]
    if missing:
        raise ParameterError(f"{place}.url: the environment has no variable {missing[0]}. Set it, or correct the name.")
    whole = _VARIABLE.sub(lambda match: os.environ[match[1]], url)
    scheme, _sep, rest = whole.partition("://")
    if scheme not in _SCHEMES or not rest:
        kinds = ", ".join(f"{each}://" for each in _SCHEMES if each != "postgres")
        raise ParameterError(f"{place}.url: is no address of a database; it begins with one of {kinds}")
    if _SCHEMES[scheme] == "postgresql":
        return _server(whole, tuple(os.environ[name] for name in found), place)
    return _file(scheme, root / rest.removeprefix("/"), place)


def _file(kind: str, path: Path, place: str) -> Address:
    if not path.is_file():
        names = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        near = did_you_mean(path.name, names) if names else "There is no such folder, or it is empty."
        raise ParameterError(f"{place}.url: there is no file {path.name!r}. {near}")
    return Address(kind, f"{kind}:{path.name}", str(path.resolve()))


def _server(whole: str, from_environment: tuple[str, ...], place: str) -> Address:
    """Take the address apart and put it together again, so that no driver meets a password it could misread."""
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:
        raise ParameterError(
            f"{place}.url: is no address of a database; write special characters of a password as %40 and the like"
        ) from None
    user, password = (unquote(each) if each is not None else None for each in (parts.username, parts.password))
    login = "" if user is None else quote(user, safe="") + ("" if password is None else f":{quote(password, safe='')}")
    options = f"?{parts.query}" if parts.query else ""
    target = f"postgresql://{login}{'@' if login else ''}{host}{port}{parts.path}{options}"
    told = [password, parts.password, quote(password or "", safe=""), *from_environment]
    visible = {host, port.removeprefix(":"), parts.path.removeprefix("/")}
    secrets = tuple(sorted({each for each in told if each and each not in visible}, key=len, reverse=True))
    return Address("postgresql", f"postgresql://{host}{port}{parts.path}", target, secrets)
