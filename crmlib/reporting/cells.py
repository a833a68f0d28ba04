"""The cells of a shown table: values as words, numbers lined up, intervals beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crmlib.reporting import palette
from crmlib.words import _, formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.reporting.columns import Column
    from crmlib.reporting.gate import Gated

NUMERIC: Final = frozenset({"money", "count", "people", "share", "points", "days", "number"})


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: the value in words, beside it an interval, more digits for the reader who hovers.

    `quiet` says only that there is no value; `colour` is that of its name in the figures, `link` the page it leads to.
    """

    text: str
    exact: str = ""
    interval: str = ""
    quiet: bool = False
    colour: str = ""
    link: str = ""

    @property
    def plain(self) -> str:
        """The cell in a terminal."""
        return _("{value} ({interval})").format(value=self.text, interval=self.interval) if self.interval else self.text


def cells_of(data: Gated, column: Column) -> list[Cell]:
    """Write the cells of one column."""
    values = data.frame[column.name].tolist()

    def beside(name: str | None, otherwise: Any = None) -> list[Any]:
        return [otherwise] * len(values) if name is None else data.frame[name].tolist()

    rows = zip(values, beside(column.low), beside(column.high), beside(column.kind_from, column.kind), strict=True)
    decimals = column.decimals if column.kind_from else _decimals(values, column)
    currency = column.currency or data.currency
    written = [
        _gap(value, column, hidden=hidden) or _cell(value, (low, high), _Style(kind, currency, decimals, column.swatch))
        for (value, low, high, kind), hidden in zip(rows, data.hidden[column.name].tolist(), strict=True)
    ]
    if column.link is None:
        return written
    return [Cell(cell.text, link=str(link)) for cell, link in zip(written, beside(column.link), strict=True)]


@dataclass(frozen=True, slots=True)
class _Style:
    kind: str
    currency: str | None
    decimals: int | None
    swatch: bool


def _gap(value: Any, shows: Column, *, hidden: bool) -> Cell | None:
    """Say why there is no value, if there is none."""
    if hidden:
        return Cell(_("hidden"), quiet=True)
    if formats.is_missing(value):
        return Cell(formats.not_observed() if shows.missing is None else shows.missing, quiet=True)
    return None


def _cell(value: Any, ends: tuple[Any, Any], style: _Style) -> Cell:
    """Write a value, with its interval and more digits for the reader who hovers."""
    if style.kind not in NUMERIC:
        written = formats.text(value) if style.kind == "text" else formats.shown_as(value, style.kind)
        return Cell(written, colour=palette.colour(value) if style.swatch else "")
    written = _number(value, style)
    if any(formats.is_missing(end) for end in ends):
        return Cell(written, exact=_exact(value, style.kind))
    low, high = (_number(end, style) for end in ends)
    return Cell(written, exact=_exact(value, style.kind), interval=_("{low} to {high}").format(low=low, high=high))


def _number(value: Any, style: _Style) -> str:
    """Write a number with the decimals of its column."""
    if style.kind == "money":
        if not style.currency:
            raise ValueError("money is shown with its currency")
        return formats.money(value, style.currency, decimals=style.decimals)
    if style.kind == "share":
        return formats.share(value, decimals=1 if style.decimals is None else style.decimals)
    if style.kind in {"number", "days", "points"} and style.decimals is not None:
        return formats.fixed(value, style.decimals)
    return formats.shown_as(value, style.kind)


def _decimals(values: Sequence[Any], shows: Column) -> int | None:
    """Choose the decimals of a column, so that its numbers line up."""
    if shows.decimals is not None or shows.kind in {"share", "count", "people", "points"}:
        return shows.decimals
    sizes = [abs(float(v)) for v in values if shows.kind in NUMERIC and not formats.is_missing(v)]
    if not sizes:
        return None
    if shows.kind == "money":
        return 0 if max(sizes) >= 1000 else 2
    if all(size == int(size) for size in sizes):
        return 0
    return min(max(2 - math.floor(math.log10(max(sizes))), 0), 4)


def _exact(value: Any, kind: str) -> str:
    """Give more digits of what is shortened; the digits of a share would give the numbers of people away."""
    return "" if kind in {"people", "count", "share"} else f"{value:,.8g}"
