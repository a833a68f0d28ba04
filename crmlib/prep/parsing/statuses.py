"""Whether a word of an order's status means a sale, no sale, or something taken back."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from crmlib.prep.parsing.letters import without_accents
from crmlib.prep.parsing.status_words import NOT_SALE, RETURNED, SALE, SALE_ALL_THE_SAME

Kind = Literal["sale", "not_sale", "returned", "unknown"]

_WORD: Final = re.compile(r"[^\W_]+")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@cache
def kind_of(value: str) -> Kind:
    """Say whether a word of a status means a sale, no sale, or something taken back."""
    plain = without_accents(value.casefold())
    words = tuple(_WORD.findall(plain))
    for kind, phrases in _RULES:
        if any(phrase.stands_in(plain, words) for phrase in phrases):
            return kind
    return "unknown"


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words in a row, or letters of a script without blanks."""

    letters: str
    words: tuple[str, ...]

    def stands_in(self, text: str, words: tuple[str, ...]) -> bool:
        if self.letters:
            return self.letters in text
        places = range(len(words) - len(self.words) + 1)
        return any(all(map(_begins, words[place:], self.words)) for place in places)


def _begins(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _phrases(by_language: dict[str, str]) -> tuple[_Phrase, ...]:
    listed = [phrase for phrases in by_language.values() for phrase in phrases.split("|")]
    return tuple(
        _Phrase(phrase, ()) if _CJK.search(phrase) else _Phrase("", tuple(phrase.split()))
        for phrase in sorted(set(listed))
    )


_RULES: Final[tuple[tuple[Kind, tuple[_Phrase, ...]], ...]] = (
    ("sale", _phrases(SALE_ALL_THE_SAME)),
    ("returned", _phrases(RETURNED)),
    ("not_sale", _phrases(NOT_SALE)),
    ("sale", _phrases(SALE)),
)
"""The first that matches holds: a refund outweighs the close of the order that it led to."""
