"""Keys of a person, written one way: phone numbers, e-mail addresses, card and platform numbers."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from crmlib.prep.parsing.letters import in_small_letters
from crmlib.prep.placeholders import is_placeholder_email, is_placeholder_number, is_placeholder_phone

_SHORTEST_PHONE: Final = 7
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def normalise_phone(text: str) -> str | None:
    """Write a phone number as its digits, a mainland country code left out; None for what is no phone of anybody."""
    digits = _digits(text)
    return None if len(digits) < _SHORTEST_PHONE or is_placeholder_phone(digits) else digits


def _digits(text: str) -> str:
    digits = re.sub(r"\D", "", _plain(text))
    return re.sub(r"^(00)?86(?=1\d{10}$)", "", digits)


def normalise_email(text: str) -> str | None:
    """Write an e-mail address in small letters; None for what is none of anybody."""
    plain = in_small_letters(_plain(text))
    return plain if _EMAIL.fullmatch(plain) and not is_placeholder_email(plain) else None


def normalise_number(text: str) -> str | None:
    """Write a customer, card or platform number in plain characters."""
    return customer_number(_plain(text)) or None


def customer_number(text: str) -> str:
    """Write a number of the parameters as the clean tables have it: e-mail addresses are numbers in small letters."""
    space, colon, number = text.rpartition(":")
    return f"{space}{colon}{in_small_letters(number)}" if "@" in number else text


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _bound_number(text: str) -> str | None:
    """Write the number that an account is bound to; None for a stand-in."""
    plain = _plain(text)
    return None if is_placeholder_number(plain) else plain


def is_stand_in(kind: str, text: str) -> bool:
    """Say whether a key was told and is a stand-in."""
    if kind == "phone":
        digits = _digits(text)
        return len(digits) >= _SHORTEST_PHONE and is_placeholder_phone(digits)
    plain = _plain(text)
    return bool(plain) and (is_placeholder_email(plain.lower()) if kind == "email" else is_placeholder_number(plain))


NORMALISE: Final[Mapping[str, Callable[[str], str | None]]] = MappingProxyType(
    {
        "phone": normalise_phone,
        "email": normalise_email,
        "member_id": _bound_number,
        "platform_id": _bound_number,
    }
)
