"""Keys of a person, written one way: phone numbers, e-mail addresses, card and platform numbers."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

_SHORTEST_PHONE: Final = 7
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def normalise_phone(text: str) -> str | None:
    """Write a phone number as its digits, a mainland country code left out; None for what is no phone number.

    Examples
    --------
    >>> normalise_phone("+86 138-1234-5678") == normalise_phone("１３８１２３４５６７８")
    True
    >>> normalise_phone("none") is None
    True
    """
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(00)?86(?=1\d{10}$)", "", digits)
    return digits if len(digits) >= _SHORTEST_PHONE and len(set(digits)) > 1 else None


def normalise_email(text: str) -> str | None:
    """Write an e-mail address in small letters; None for what is none.

    Examples
    --------
    >>> normalise_email(" Li.Wei@Example.COM ")
    'li.wei@example.com'
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return plain if _EMAIL.fullmatch(plain) else None


def normalise_number(text: str) -> str | None:
    """Write a card or platform number in plain characters.

    Examples
    --------
    >>> normalise_number("１００２")
    '1002'
    """
    return unicodedata.normalize("NFKC", text).strip() or None


NORMALISE: Final[Mapping[str, Callable[[str], str | None]]] = MappingProxyType(
    {
        "phone": normalise_phone,
        "email": normalise_email,
        "member_id": normalise_number,
        "platform_id": normalise_number,
    }
)
