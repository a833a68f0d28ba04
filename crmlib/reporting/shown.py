"""The shown object: the only thing that a notebook may put on a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOTHING: Final = "nothing"
"""The kind of what has nothing to show: a section of a page with nothing else in it is left out."""


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """Something that may stand on a page, because it went through the gate and its text was escaped.

    A cell shows one as its last expression. The output carries the mark ``{"crm": {"kind": …}}``; a page takes nothing
    without it.

    Attributes
    ----------
    kind
        ``answer``, ``strip``, ``table``, ``figure``, ``note``, ``insufficient``, ``group`` or ``nothing``.
    html
        What the page shows; no scripts, no addresses.
    text
        The same for a terminal and for the check of a notebook's outputs: short, and the same on every machine.
    data
        The gated frames behind it, by name.
    words
        Its sentences: of an answer or a note all, of a picture its title, alt text, reading and limits.
    """

    kind: str
    html: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_formats: Any) -> tuple[dict[str, str], dict[str, Any]]:
        return {"text/html": self.html, "text/plain": self.text}, {"crm": {"kind": self.kind}}


def show_all(*parts: Shown) -> Shown:
    """Show several things under one cell, in their order; a raw frame or text cannot reach a page."""
    for part in parts:
        if not isinstance(part, Shown):
            raise TypeError(f"show_all takes shown objects (answer, table, figure, …), found {type(part).__name__}")
    parts = tuple(part for part in parts if part.kind != NOTHING) or parts[:1]
    if len(parts) == 1 and parts[0].kind == NOTHING:
        return parts[0]
    data = _by_name([pair for part in parts for pair in part.data.items()])
    words = tuple(sentence for part in parts for sentence in part.words)
    html, text = ("\n".join(getattr(part, name) for part in parts) for name in ("html", "text"))
    return Shown("group", html, text, data, words)


def _by_name(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Keep every frame: of one name the second is called ``table_2``."""
    found: dict[str, Any] = {}
    for name, data in pairs:
        number, free = 2, name
        while free in found:
            free, number = f"{name}_{number}", number + 1
        found[free] = data
    return found
