"""Markdown cells as clean HTML, and the headings the table of contents is made of."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import escape, unescape
from typing import Final

from crmlib.reporting.statements import together

# nothing that loads, runs or submits; images stand in figures, with alt text
WORDS: Final = ("a", "abbr", "b", "br", "code", "del", "em", "i", "kbd", "s", "small", "strong", "sub", "sup")
PIECES: Final = ("blockquote", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul")
TABLES: Final = ("caption", "table", "tbody", "td", "th", "thead", "tr")
TAGS: Final = frozenset((*WORDS, *PIECES, *TABLES))
_HEADING: Final = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")
_APART: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the page, as the table of contents links it."""

    level: int
    anchor: str
    text: str


def clean_html(source: str) -> str:
    """Render Markdown with nbconvert's parser and keep only harmless elements."""
    import nh3
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    rendered = MarkdownWithMath(renderer=renderer).render(together(source))
    return nh3.clean(
        rendered,
        tags=set(TAGS),
        attributes={"a": {"href", "title"}, "th": {"align"}, "td": {"align"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def anchored(html: str, taken: set[str]) -> tuple[str, list[Heading]]:
    """Give every heading of clean HTML an id made of its words, none of those `taken`, to which it is added."""
    headings: list[Heading] = []

    def with_id(match: re.Match[str]) -> str:
        level, content = int(match.group(1)), match.group(2)
        text = unescape(_TAG.sub("", content)).strip()
        anchor = _free(slug(text), taken)
        headings.append(Heading(level, anchor, text))
        return f'<h{level} id="{escape(anchor)}">{content}</h{level}>'

    return _HEADING.sub(with_id, html), headings


def slug(text: str) -> str:
    """Give words as an anchor; letters of every script stay."""
    words = _APART.sub("-", unicodedata.normalize("NFKC", text).lower()).strip("-_")
    return words or "section"


def _free(anchor: str, taken: set[str]) -> str:
    """Give an anchor a number if somebody else has it already."""
    candidate, number = anchor, 2
    while candidate in taken:
        candidate, number = f"{anchor}-{number}", number + 1
    taken.add(candidate)
    return candidate
