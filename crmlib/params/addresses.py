"""Addresses of databases: what they read from the environment, what may not stand in them, what of them is shown."""

import os
import re
from typing import Final
from urllib.parse import parse_qsl

VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LOGIN: Final = re.compile(r"(?<=://)[^\s\"']*@")
_OPTIONS: Final = re.compile(r"(?<=://)([^\s\"'?]*)\?[^\s\"']*")
_SECRET: Final = re.compile(
    r"(?i)pass(?!file)|pwd|secret|token|credential|signature|^sig$|(?:api|access|account)[_-]?key|^(?:key|auth)$"
)
REMEDY: Final = "write ${NAME} in its place and set that variable of the environment"


def resolved(address: str) -> str:
    """Put the environment's values in the place of ``${NAME}``.

    Raises
    ------
    KeyError
        With the name of the first variable that is not set.

    Examples
    --------
    >>> resolved("sqlite:///shop.db")
    'sqlite:///shop.db'
    """
    return VARIABLE.sub(lambda match: os.environ[match[1]], address)


def is_secret(option: str) -> bool:
    """Tell whether an option of an address holds a password, a token or a key, by its name."""
    return _SECRET.search(option) is not None


def without_literal_secret(address: str) -> str:
    """Refuse an address with a password or a token written out, without repeating it; give it back otherwise.

    Examples
    --------
    >>> without_literal_secret("postgresql://crm:${PASSWORD}@db/shop?sslmode=require")
    'postgresql://crm:${PASSWORD}@db/shop?sslmode=require'
    """
    scheme, _sep, rest = VARIABLE.sub("", address).partition("://")
    head, _mark, options = rest.partition("?")
    login, at, _host = head.rpartition("@")
    if at and login.partition(":")[2]:
        raise ValueError(f"the password of the database stands in the file; {REMEDY}")
    named = [name for name, value in parse_qsl(options) if value and is_secret(name)]
    if named:
        raise ValueError(f"the {named[0]} of the database stands in the file; {REMEDY}")
    if not at and "@" in options and not _is_port(head) and scheme:
        raise ValueError("a question mark before the @ ends the address; write special characters as %3F and the like")
    return address


def _is_port(host: str) -> bool:
    """Tell whether what follows the host's colon is a port, or nothing follows."""
    _name, _colon, port = host.partition("/")[0].partition(":")
    return not port or port.isdecimal()


def without_access(text: str) -> str:
    """Take user, password and options out of every address in a text.

    Examples
    --------
    >>> without_access("postgresql://crm:secret@db/shop?sslpassword=s"), without_access("a@b.cn? no")
    ('postgresql://…@db/shop?…', 'a@b.cn? no')
    """
    return _OPTIONS.sub(r"\1?…", _LOGIN.sub("…@", text))
