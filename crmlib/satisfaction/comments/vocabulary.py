"""Words that are known beforehand: of retailing, of the aspects of a shop, of praise and blame, and empty ones.

They stand in ``vocabulary.json``; parameters add to them (`satisfaction.words`, `satisfaction.aspects`).
"""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

_GIVEN: Final[Mapping[str, Any]] = json.loads(
    files("crmlib.satisfaction.comments").joinpath("vocabulary.json").read_text(encoding="utf-8")
)


def _words(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.split())


ASPECTS: Final[Mapping[str, tuple[str, ...]]] = {name: _words(lines) for name, lines in _GIVEN["aspects"].items()}
"""What customers may write about, and the words by which it is known."""

RETAIL: Final = _words(_GIVEN["retail"])
"""Words of Chinese retailing that the segmenter does not cut rightly by itself."""

EMPTY: Final = frozenset(_words(_GIVEN["empty"]))
"""Chinese words without a matter of their own; those of English are scikit-learn's."""

NEGATIONS: Final = frozenset(_words(_GIVEN["negations"]))
"""Words that turn the next one round, and stay with it."""

BLAME: Final = frozenset(_words(_GIVEN["blame"]))
PRAISE: Final = frozenset(_words(_GIVEN["praise"]))
"""The lexicon, for texts that nobody scored."""
