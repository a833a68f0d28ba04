"""A notebook as the blocks of a page: text, what is shown and nothing else, and code behind one click."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Final

from crmlib.reporting.markdown import Heading, anchored, clean_html
from crmlib.reporting.shown import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class UnshowableOutputError(ValueError):
    """A cell put out something that did not go through the gate; the message names the cell, never the values."""


def shown_outputs(cell: Mapping[str, Any], position: int, notebook: str) -> list[str]:
    """Take the HTML of a code cell's shown objects; a cell that printed, failed, or shows anything else is an error.

    What a library wrote to standard error, such as a numerical warning, is left out: it is for whoever runs the report
    (the manifest names it), and no reason to publish nothing.
    """
    outputs = [output for output in cell.get("outputs", ()) if not (_is_aside(output) or _is_style(output))]
    return [_html(output, cell, position, notebook) for output in outputs]


def _is_aside(output: Mapping[str, Any]) -> bool:
    """Say whether an output is what a library wrote to standard error."""
    return output.get("output_type") == "stream" and output.get("name") == "stderr"


def _is_style(output: Mapping[str, Any]) -> bool:
    """Say whether an output is how the notebook looks at the desk: a page has its own style."""
    return _kind(output) == "style"


def _html(output: Mapping[str, Any], cell: Mapping[str, Any], position: int, notebook: str) -> str:
    data = output.get("data", {})
    if "crm" in output.get("metadata", {}) and "text/html" in data:
        return _joined(data["text/html"])
    raise UnshowableOutputError(
        f"{notebook}, cell {position} (id {cell.get('id', '?')}): {_what(output)} cannot stand on a page. "
        "Show it with answer, note, table or figure of crmlib.reporting, or end the cell without an output."
    )


def _what(output: Mapping[str, Any]) -> str:
    """Name an output by its kind; its content may be personal."""
    kind = output.get("output_type")
    if kind == "stream":
        return f"text on {output.get('name', 'stdout')}"
    if kind == "error":
        return f"the error {output.get('ename', '')}".strip()
    types = sorted(output.get("data", {}))
    if "text/html" in types:
        return "a raw table or other HTML"
    if any(mime.startswith("image/") for mime in types):
        return "a raw image"
    return f"a raw value ({', '.join(types) or 'empty'})"


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


_FIGURE_ID: Final = re.compile(r'id="(f[0-9a-f]{8})-')
_HEADING_ONLY: Final = re.compile(r"#{2,6} [^\n]*")
_SECTION: Final = re.compile(r"\s*## ")
_TITLE: Final = re.compile(r"<h1[^>]*>(.*?)</h1>\s*", re.DOTALL)
# the first two hold where the run's files are, and the parameters themselves stand in the summary; scratch cells are
# for whoever opens the notebook
UNSEEN: Final = frozenset({"parameters", "injected-parameters", "scratch"})


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page: ``text`` or ``shown`` with clean HTML, or ``code`` with marked up Python."""

    kind: str
    html: str


@dataclass(slots=True)
class Body:
    """The blocks of a page as they are collected, its title (the first heading) and the other headings."""

    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    taken: set[str] = field(default_factory=lambda: {"top", "contents", "all-code"})
    pending: list[str] = field(default_factory=list)


def body_of(notebook: Mapping[str, Any], name: str) -> Body:
    r"""Turn the cells of an executed notebook into blocks; a cell that put out anything but shown objects is an error.

    The code of neighbouring cells stands together behind what they show, before the next text. A section all of whose
    parts have nothing to show is left out, heading and all. The name is for messages.
    """
    body = Body()
    empty = _sections_with_nothing(notebook["cells"])
    for position, cell in enumerate(notebook["cells"], start=1):
        if position - 1 in empty:
            continue
        source = _joined(cell.get("source", ""))
        if cell["cell_type"] == "markdown":
            if _announces_answer(source, notebook["cells"][position:]):
                continue
            _fold_code(body)
            _add_text(body, source)
        elif cell["cell_type"] == "code":
            _add_code(body, cell, source, shown_outputs(cell, position, name))
    _fold_code(body)
    return body


def _sections_with_nothing(cells: Sequence[Mapping[str, Any]]) -> set[int]:
    """Give the places of cells in sections that show something, but only the mark of nothing to show."""
    sections: list[list[int]] = [[]]
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "markdown" and _SECTION.match(_joined(cell.get("source", ""))):
            sections.append([])
        sections[-1].append(place)
    kinds = [[_kind(output) for place in section for output in cells[place].get("outputs", ())] for section in sections]
    empty = [section for section, found in zip(sections, kinds, strict=True) if {*found} - {None} == {NOTHING}]
    return {place for section in empty for place in section}


def _kind(output: Mapping[str, Any]) -> str | None:
    kind: str | None = output.get("metadata", {}).get("crm", {}).get("kind")
    return kind


def _announces_answer(source: str, following: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a cell is but a heading over the answer: on a page the answer stands right under the question."""
    outputs = following[0].get("outputs", ()) if following else ()
    return "answer" in [_kind(output) for output in outputs][:1] and _HEADING_ONLY.fullmatch(source.strip()) is not None


def _add_text(body: Body, source: str) -> None:
    """Add a Markdown cell; the first heading of all becomes the page's title."""
    html, headings = anchored(clean_html(source), body.taken)
    if not body.title and headings and headings[0].level == 1:
        body.title = headings.pop(0).text
        html = _TITLE.sub("", html, count=1)
    body.headings += headings
    if html.strip():
        body.blocks.append(Block("text", html))


def _add_code(body: Body, cell: Mapping[str, Any], source: str, shown: list[str]) -> None:
    """Add what a code cell shows, and keep its code for the fold behind it."""
    tags = cell.get("metadata", {}).get("tags", ())
    if source.strip() and not UNSEEN.intersection(tags):
        body.pending.append(coloured(source))
    body.blocks += [Block("shown", _own_ids(html, body.taken)) for html in shown]


def _fold_code(body: Body) -> None:
    """Put the code collected so far behind one click."""
    if body.pending:
        body.blocks.append(Block("code", "\n\n".join(body.pending)))
        body.pending.clear()


def _own_ids(html: str, taken: set[str]) -> str:
    """Keep the ids of a figure apart from those of an equal figure further up."""
    for prefix in sorted(set(_FIGURE_ID.findall(html))):
        own, number = prefix, 2
        while own in taken:
            own, number = f"{prefix}x{number}", number + 1
        taken.add(own)
        if own != prefix:
            html = html.replace(f"{prefix}-", f"{own}-")
    return html


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
