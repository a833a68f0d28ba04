"""A notebook as the blocks of a page: text, what is shown, and code behind one click."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from crmlib.reporting.code import coloured
from crmlib.reporting.markdown import Heading, anchored, clean_html
from crmlib.reporting.outputs import shown_outputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FIGURE_ID: Final = re.compile(r'id="(f[0-9a-f]{8})-')
_HEADING_ONLY: Final = re.compile(r"#{2,6} [^\n]*")
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

    The code of neighbouring cells stands together behind what they show, before the next text. The name is for
    messages.
    """
    body = Body()
    for position, cell in enumerate(notebook["cells"], start=1):
        source = cell.get("source", "")
        source = source if isinstance(source, str) else "".join(source)
        if cell["cell_type"] == "markdown":
            if _announces_answer(source, notebook["cells"][position:]):
                continue
            _fold_code(body)
            _add_text(body, source)
        elif cell["cell_type"] == "code":
            _add_code(body, cell, source, shown_outputs(cell, position, name))
    _fold_code(body)
    return body


def _announces_answer(source: str, following: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a cell is but a heading over the answer: on a page the answer stands right under the question."""
    outputs = following[0].get("outputs", ()) if following else ()
    kinds = [output.get("metadata", {}).get("crm", {}).get("kind") for output in outputs]
    return "answer" in kinds[:1] and _HEADING_ONLY.fullmatch(source.strip()) is not None


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
