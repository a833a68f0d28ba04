"""Shown tables: typography for frames that went through the gate."""

from __future__ import annotations

import math
import re
from html import escape
from typing import TYPE_CHECKING, Final

from crmlib.reporting import palette
from crmlib.reporting.cells import NUMERIC, Cell, cells_of
from crmlib.reporting.gate import Gated
from crmlib.reporting.shown import Shown
from crmlib.words import _, formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crmlib.reporting.columns import Column

ROWS: Final = 10
COLUMNS: Final = 7
MOST_ROWS: Final = 500

PAGE: Final = re.compile(r"[\w~-]+\.html(#[\w-]+)?")
"""Where a link of a table may lead: to a page of this report."""


def table(data: Gated, caption: str, *, confidence: float | None = 0.95, note: str = "") -> Shown:
    """Show a gated frame as a table; it folds after ten rows or seven columns, and scrolls where it is wide.

    Parameters
    ----------
    data
        What `gate` gave; its columns that have a heading are shown, the first names the rows, 500 at most.
    caption
        What the table shows, in words; with the period and n where they are not elsewhere.
    confidence
        Coverage of the intervals, said under the table; `None` where the caption says what the ranges are.
    note
        A sentence under the table.
    """
    if not isinstance(data, Gated):
        raise TypeError(f"a table shows what went through the gate: gate(frame, run, …), found {type(data).__name__}")
    heads = [column for column in data.columns if column.heading]
    _check(data, caption, heads)
    body = [list(row) for row in zip(*(cells_of(data, head) for head in heads), strict=True)]
    notes = [note] if note else []
    if confidence is not None and any(head.low and data.frame[head.low].notna().any() for head in heads):
        notes.append(_("Ranges are {level} intervals.").format(level=formats.share(confidence, decimals=0)))
    html = _layout(caption, heads, body, [*notes, *_gate_notes(data, heads)])
    lines = [caption, " | ".join(head.heading for head in heads)]
    lines += [" | ".join(cell.plain for cell in row) for row in body]
    return Shown("table", html, "\n".join(lines).replace(formats.NBSP, " "), {"table": data})


def _check(data: Gated, caption: str, heads: Sequence[Column]) -> None:
    """Refuse what cannot be a table of a page."""
    if not caption.strip():
        raise ValueError("a table needs a caption: say what it shows")
    if not heads:
        raise ValueError("a table needs columns with a heading: label(name, heading), people(name, heading), …")
    pages = [str(page) for head in heads if head.link for page in data.frame[head.link]]
    if not all(PAGE.fullmatch(page) for page in pages):
        raise ValueError("a link leads to a page of this report, such as 03_churn.html")
    if len(data) > MOST_ROWS:
        raise ValueError(f"{len(data)} rows are a file, not a table: {MOST_ROWS} at most; write the rest to tables/")


def _gate_notes(data: Gated, heads: Sequence[Column]) -> list[str]:
    """Say what the gate has done to the numbers in view."""
    notes, rules = [], data.passed.rules
    if any(head.name in data.passed.totals for head in heads):
        notes.append(_("Numbers of people are rounded to {base}.").format(base=rules.base))
    if data.hidden[[head.name for head in heads]].to_numpy().any():
        hidden = _("Hidden: fewer than {threshold} people, or a number that would give one of these away.")
        notes.append(hidden.format(threshold=rules.threshold))
    return notes


def _layout(caption: str, shows: list[Column], body: list[list[Cell]], notes: list[str]) -> str:
    """Put the cells into HTML; the page folds what is long by style alone, so that nothing is lost without it."""
    # intervals take one width a column, so that the numbers before them line up
    widths = [_width(row[place].interval for row in body) for place in range(len(shows))]
    heads = "".join(_head(column, width) for column, width in zip(shows, widths, strict=True))
    rows = "".join(f"<tr>{_row(row, shows, widths)}</tr>" for row in body)
    named = f"<caption><span>{escape(caption)}</span></caption>"
    table = f"<table>{named}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    region = f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}">{table}</div>'
    foot = f'<p class="foot">{escape(" ".join(notes))}</p>' if notes else ""
    return f'<div class="crm-table">{region}{_more(len(body), len(shows))}{foot}</div>'


def _head(shows: Column, width: int) -> str:
    """Write a heading; it stands over the number and its interval, not over the interval alone."""
    attributes = ' class="n over"' if width else _aligned(shows)
    return f'<th scope="col"{attributes}>{escape(shows.heading)}</th>'


def _width(intervals: Iterable[str]) -> int:
    """Give the width of a column of intervals in digits; blanks, points and the word between are narrower."""
    return math.ceil(max((len(interval) for interval in intervals), default=0) * 0.9)


def _more(rows: int, columns: int) -> str:
    """Offer the rest of a long or wide table."""
    if rows <= ROWS and columns <= COLUMNS:
        return ""
    words = _("Show all {rows} rows") if rows > ROWS else _("Show all {columns} columns")
    return f'<details class="more"><summary>{escape(words.format(rows=rows, columns=columns))}</summary></details>'


def _row(row: list[Cell], shows: list[Column], widths: list[int]) -> str:
    """Write a row; its first cell names it."""
    first, *rest = (_html(cell, width) for cell, width in zip(row, widths, strict=True))
    start, *others = (f"{_aligned(column)}{_title(cell)}" for cell, column in zip(row, shows, strict=True))
    cells = "".join(f"<td{attributes}>{html}</td>" for attributes, html in zip(others, rest, strict=True))
    return f'<th scope="row"{start}>{first}</th>{cells}'


def _title(cell: Cell) -> str:
    return f' title="{escape(cell.exact)}"' if cell.exact and cell.exact not in cell.text else ""


def _html(cell: Cell, width: int) -> str:
    """Write what stands in a cell."""
    if cell.quiet:
        return f'<span class="quiet">{escape(cell.text)}</span>'
    if cell.link:
        return f'<a href="{escape(cell.link)}">{escape(cell.text)}</a>'
    swatch = f'<i style="background:{_var(cell.colour)}"></i>' if cell.colour else ""
    interval = f' <span class="i" style="min-width:{width}ch">{escape(cell.interval)}</span>' if width else ""
    return swatch + escape(cell.text) + interval


def _aligned(shows: Column) -> str:
    return ' class="n"' if shows.kind in NUMERIC or shows.kind_from else ""


def _var(colour: str) -> str:
    """Name a colour by its role, so that dark pages show its partner."""
    role = next((role for role, (light, _dark) in palette.ROLES.items() if light == colour), None)
    return f"var(--{role},{colour})" if role else colour
