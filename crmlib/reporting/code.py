"""Code as a page shows it: folded, with four kinds of words told apart."""

from __future__ import annotations

from html import escape
from typing import Final

_CLASSES: Final = (
    ("Comment", "c"),
    ("Keyword", "k"),
    ("Operator.Word", "k"),
    ("Literal.String", "s"),
    ("Literal.Number", "m"),
)


def coloured(source: str) -> str:
    """Mark keywords, strings, numbers and comments of Python code; the rest stays plain, which keeps pages small."""
    from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]

    parts: list[tuple[str, str]] = []
    for token, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source):
        kind = str(token).removeprefix("Token.")
        mark = next((mark for start, mark in _CLASSES if kind.startswith(start)), "")
        if parts and parts[-1][0] == mark:
            parts[-1] = (mark, parts[-1][1] + text)
        else:
            parts.append((mark, text))
    return "".join(f'<span class="{mark}">{escape(text)}</span>' if mark else escape(text) for mark, text in parts)
