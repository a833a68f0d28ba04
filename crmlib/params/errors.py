"""Refusing parameters: where it stands, what was found, what would do."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value of the parameters was written: ``file:line``, as editors and terminals link it."""

    file: Path | str
    line: int | None = None

    def __str__(self) -> str:
        """Give ``file:line``, as editors and terminals link it."""
        return f"{self.file}:{self.line}" if self.line is not None else str(self.file)


class ParameterError(ValueError):
    """The parameters cannot be used; the message says file, line, what was found and what would do."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known names, or list them all.

    Examples
    --------
    >>> did_you_mean("horizn_days", ["horizon_days", "bins"])
    'Did you mean horizon_days?'
    >>> did_you_mean("zzz", ["bins", "horizon_days"])
    'Known here: bins, horizon_days.'
    """
    names = list(known)
    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(word.lower(), list(by_lower), n=2, cutoff=0.6)
    if close:
        return f"Did you mean {' or '.join(by_lower[name] for name in close)}?"
    if not names:
        return "Nothing is known here."
    return f"Known here: {', '.join(sorted(names))}."
