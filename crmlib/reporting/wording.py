"""Sentences as they are set: what belongs together stays on one line."""

import re
from typing import Final

from crmlib.words import _
from crmlib.words.formats import NBSP

_UNITS: Final = re.compile(r"(?<=\d) (?=%|M\b)|(?<=\bn) (?== \d)|(?<=\bn =) (?=\d)|(?<=\bn\u00a0=) (?=\d)")


def together(sentence: str) -> str:
    r"""Keep a number and its unit on one line."""
    return _UNITS.sub(NBSP, sentence)


def returns_not_known() -> str:
    """Say that returns cannot be told; see :func:`crmlib.features.returns_known`."""
    return _("What was taken back is not known: no source tells returns.")
