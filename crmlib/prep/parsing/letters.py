"""Letters as headers, words and addresses of several languages are compared: without accents, without capitals."""

import unicodedata
from typing import Final

import ibis

_DOTTED: Final = "i\u0307"
"""What a capital İ becomes in some engines; in others it is a plain i."""


def without_accents(text: str) -> str:
    """Write Latin letters without their accents; other scripts stay."""
    if text.isascii():
        return text
    parts = (unicodedata.normalize("NFD", letter) for letter in text)
    return "".join(part[0] if part[0].isascii() else unicodedata.normalize("NFC", part) for part in parts)


def folded(text: ibis.Value) -> ibis.Value:
    """Write text as it is compared whatever its capitals, as ``str.casefold`` does; write both sides so.

    Engines differ in the small letter of İ and in the capital of ß.
    """
    foreign = text.upper().lower().replace(_DOTTED, "i").replace("ß", "ss")
    return ibis.ifelse(text.re_search("[^ -~]"), foreign, text.lower())


def small_address(text: ibis.Value) -> ibis.Value:
    """Write an e-mail address in small letters, as mail is delivered; anything else stays."""
    return ibis.ifelse(text.contains("@"), text.lower().replace(_DOTTED, "i"), text)


def in_small_letters(address: str) -> str:
    """Write an e-mail address as :func:`small_address` does in an engine."""
    return address.lower().replace(_DOTTED, "i")
