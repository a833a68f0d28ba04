"""What is wrong with a page: checked before anything is published."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from crmlib.words.formats import RAW

MOST_BYTES: Final = 1_000_000
VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
LOADS: Final = frozenset({"src", "srcset", "poster", "data", "action", "formaction", "background", "ping"})
NEVER: Final = frozenset({"iframe", "object", "embed", "base", "form", "link", "audio", "video"})
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TEXTS: Final = frozenset({"script", "style", "td", "th", "dd"})

_ADDRESS: Final = re.compile(r"url\(\s*['\"]?(?!#|data:)|@import|image-set\(", re.IGNORECASE)
_COLUMN: Final = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")


def page_problems(html: str) -> list[str]:
    """List what is wrong with a page; an empty list means that it may be published.

    Checked are: requests to anywhere, scripts that the policy does not name, a missing policy, pictures without
    alternative text, tables without caption, figures without title, ids used twice, links to nowhere on the page, the
    order of headings, raw values (``NaN``, ``None``) and raw column names in tables, and the size.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = [*reader.about_page(), *reader.problems]
    size = len(html.encode())
    if size > MOST_BYTES:
        found.append(f"the page has {size:,} bytes; {MOST_BYTES:,} at most")
    return found


@dataclass
class _Reader(HTMLParser):
    """Walks through a page once."""

    problems: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    policy: str | None = None
    language: str = ""
    tables: list[bool] = field(default_factory=list)
    figures: list[bool] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    heads_column: bool = True

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._check_attributes(tag, given)
        self._check_picture(tag, given)
        if tag in NEVER:
            self.problems.append(f"an element that loads or submits: {tag}")
        self._read_about(tag, given)
        self._enter(tag)
        if tag in TEXTS:
            self.text.clear()
        if tag == "th":
            # a row's name is the retailer's word, whatever it looks like; a column's heading is ours
            self.heads_column = given.get("scope") != "row"
        if tag not in VOID:
            self.inside.append(tag)

    def _enter(self, tag: str) -> None:
        """Note tables, figures and headings."""
        if tag == "table":
            self.tables.append(False)
        elif tag == "caption" and self.tables:
            self.tables[-1] = True
        elif tag == "figure":
            self.figures.append(False)
        elif tag == "figcaption" and self.figures:
            self.figures[-1] = True
        elif tag in HEADINGS:
            self.levels.append(int(tag[1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.inside.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass
        content = "".join(self.text).strip()
        if tag == "table" and self.tables and not self.tables.pop():
            self.problems.append("a table without caption")
        elif tag == "figure" and self.figures and not self.figures.pop():
            self.problems.append("a figure without title")
        elif tag == "script":
            self._check_script("".join(self.text))
        elif tag == "style" and _ADDRESS.search(content):
            self.problems.append("a request: an address in the style sheet")
        elif tag in {"td", "th", "dd"}:
            self._check_cell(tag, content)

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def _check_attributes(self, tag: str, given: dict[str, str]) -> None:
        """Find addresses, scripts in attributes and ids used twice."""
        for name, value in given.items():
            loads = name in LOADS or (name in {"href", "xlink:href"} and tag in {"image", "use", "feimage"})
            if loads and not value.startswith(("data:", "#")):
                self.problems.append(f"a request: {tag} {name} {value[:80]}")
            if name.startswith("on") or value.strip().lower().startswith("javascript:"):
                self.problems.append(f"a script in an attribute: {tag} {name}")
            if name == "style" and _ADDRESS.search(value):
                self.problems.append(f"a request: an address in the style of {tag}")
        own = given.get("id")
        if own is not None:
            if own in self.ids:
                self.problems.append(f"an id used twice: {own}")
            self.ids.add(own)
        if tag == "a" and given.get("href", "").startswith("#"):
            self.links.append(given["href"][1:])

    def _check_picture(self, tag: str, given: dict[str, str]) -> None:
        """Find pictures that say nothing to those who cannot see them."""
        silent = given.get("aria-hidden") == "true"
        named = given.get("alt" if tag == "img" else "aria-label", "").strip()
        if tag in {"img", "svg"} and not silent and not named:
            self.problems.append(f"a picture without alternative text: {tag}")

    def _read_about(self, tag: str, given: dict[str, str]) -> None:
        """Read what the page says about itself: its language and its policy."""
        if tag == "html":
            self.language = given.get("lang", "")
        name = given.get("http-equiv", "").lower() if tag == "meta" else ""
        if name == "content-security-policy":
            self.policy = given.get("content", "")
        elif name == "refresh":
            self.problems.append("a request: the page refreshes itself")

    def _check_script(self, source: str) -> None:
        digest = b64encode(hashlib.sha256(source.encode()).digest()).decode()
        if f"'sha256-{digest}'" not in (self.policy or ""):
            self.problems.append(f"a script that the policy does not name: {source.strip()[:40]}")

    def _check_cell(self, tag: str, content: str) -> None:
        if content in RAW:
            self.problems.append(f"a raw value in a table: {content}")
        elif tag == "th" and self.heads_column and _COLUMN.fullmatch(content):
            self.problems.append(f"a raw column name in a table: {content}")
        self.text.clear()

    def about_page(self) -> list[str]:
        """List what is wrong with the page as a whole."""
        found = []
        if not self.language:
            found.append("no language: <html lang>")
        if self.policy is None:
            found.append("no Content-Security-Policy")
        elif "default-src 'none'" not in self.policy or "script-src 'unsafe-inline'" in self.policy:
            found.append("a Content-Security-Policy that allows more than the page needs")
        if self.levels.count(1) != 1:
            found.append(f"{self.levels.count(1)} titles (h1), there must be one")
        steps = zip(self.levels, self.levels[1:], strict=False)
        found += [
            f"a heading of level {after} after one of level {before}" for before, after in steps if after > before + 1
        ]
        found += [f"a link to nowhere: #{name}" for name in self.links if name not in self.ids]
        return found
