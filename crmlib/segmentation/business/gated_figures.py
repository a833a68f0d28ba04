"""The figures of the business on their way to a table: each declared for the gate as its record says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.reporting import Gated, each, estimate, exact, gate, people, rate
from crmlib.segmentation.business.measures import PEOPLE, Figure
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from crmlib.reporting.columns import Column
    from crmlib.workspace import Run

MEAN: Final = "a mean over orders or units: where rows are groups of customers, no table says of how many"
WHOLE: Final = "the takings of the whole shop, not of a group of its customers"


def gated_figures(
    rows: pd.DataFrame, run: Run, figures: Sequence[Figure], *more: Column,
    largest: str = "", missing: str | None = None, totals: bool = False,
) -> Gated:  # fmt: skip
    """Let figures of some spans or parts of the business through the gate, behind what names the rows and more.

    ``largest`` is the column with the largest buyer's part of the money; without one the rows are the whole shop. Cells
    that were not observed say ``missing``; ``totals`` where a reader can add the rows up.
    """
    columns = [*more, *(_declared(figure, largest, missing) for figure in figures)]
    named = {column.name for column in columns}
    # what a number of people is divided by or into passes with it, and has no heading
    parts = dict.fromkeys(name for figure in figures if figure.is_rate or figure.is_per_head for name in figure.per)
    columns += [
        people(name) if name in PEOPLE else exact(name, of="buyers", largest=largest)
        for name in parts if name not in named
    ]  # fmt: skip
    made = {column.name for column in columns if column.role in {"rate", "each"}}
    ends = [name for figure in figures if figure.squares for name in figure.columns[1:]]
    steering = [name for column in columns for name in (column.of, column.largest) if name]
    needed = dict.fromkeys([*(column.name for column in columns if column.name not in made), *ends, *steering])
    return gate(rows[list(needed)], run, *columns, totals=totals)


def _declared(figure: Figure, largest: str, missing: str | None) -> Column:
    """Declare a figure: a number of people, a rate of them, something a head, a sum, or one sum over another."""
    name, heading, of = figure.column, figure.label, figure.people
    if figure.unit == "people":
        return people(name, heading, missing=missing)
    if figure.is_rate:
        return rate(name, heading, per=(figure.per[0], figure.per[1]), missing=missing)
    if figure.is_per_head:
        return each(name, heading, figure.unit, per=(figure.per[0], figure.per[1]), missing=missing)
    if figure.per:
        return estimate(name, heading, figure.unit, of=of, exempt=MEAN, missing=missing)
    return exact(
        name, heading, figure.unit, of=of, largest=largest, exempt="" if largest else WHOLE, missing=missing
    )  # fmt: skip


def legend(gated: Gated) -> str:
    """Say what a dash stands for, where a table shows one: neither a number nor a hidden one."""
    names = [column.name for column in gated.columns if column.heading]
    blank = gated.frame[names].isna() & ~gated.hidden[names]
    return _("–: the data do not tell.") if blank.to_numpy().any() else ""
