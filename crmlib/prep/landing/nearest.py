"""Columns that a mapping may have meant, a few of them and cut short."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from crmlib.params import did_you_mean

_MOST_NAMES: Final = 12
_LONGEST_NAME: Final = 40


def nearest_columns(raw: str, names: Sequence[str]) -> str:
    """Suggest columns, a few and cut short: the header of a file that was misread may be as long as the file."""
    cut = [name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…" for name in names]
    nearest = sorted(cut, key=lambda name: SequenceMatcher(None, raw.lower(), name.lower()).ratio(), reverse=True)
    said = did_you_mean(raw, nearest[:_MOST_NAMES])
    left = len(cut) - _MOST_NAMES
    return said if left <= 0 or said.endswith("?") else f"{said} {left} more are not listed."
