"""The shape of a value: what it looks like, with nothing of what it says."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 100

_CLASSES: Final = {"Nd": "9", "Lu": "A", "Lt": "A", "Ll": "a", "Lo": "字", "Lm": "字"}
_SPACES: Final = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\ufeff\x00-\x1f]")


def shape(text: str, longest: int = LONGEST) -> str:
    """Write a value with 9 for each digit, a or A for each letter, 字 for each other character of a word.

    Marks stay, so that a wrong date format or a wrong decimal mark is seen; a name, a number or a comment is not. What
    a person typed into a column nobody expected it in is hidden too, which no detector of personal data promises.
    """
    written = "".join(_mark(each) for each in text[: longest + 1])
    return written if len(written) <= longest else f"{written[:longest]}…"


def _mark(character: str) -> str:
    if _SPACES.match(character):
        return " "
    kind = unicodedata.category(character)
    known = _CLASSES.get(kind)
    if known is not None:
        return known
    return character if kind[0] in "PSZ" else "?"
