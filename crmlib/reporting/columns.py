"""The columns of a frame on its way to a page, each declared once: what the gate makes of it and how it is shown.

>>> from crmlib.reporting import each, estimate, exact, gate, label, part, people, rate
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["label", "people", "exact", "estimate", "part", "rate", "each"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: how the gate treats it, how a table heads and writes it.

    Attributes
    ----------
    name
        Its name in the frame, by which a picture finds it.
    heading
        Its heading in words, with the unit where the cells have none; without one no table shows it.
    kind
        ``text, name, money, count, people, share, points, days, number, day, month``; ``name`` puts codes such as
        ``need_attention`` into words.
    role
        What the gate makes of it; see the functions of this module.
    of
        The column with the number of people that it rests on.
    largest
        The column with the largest single person's part of it (0 to 1).
    exempt
        Why money that rests on people needs no such column.
    per
        The two columns that it is made of.
    low, high
        The columns with the ends of its interval, shown in the same cell.
    decimals
        Of all cells; else chosen for the column from its largest value.
    missing
        Words for a cell that was not observed; else "not observed".
    swatch
        Put the name's colour beside it, the one it has in pictures.
    kind_from
        The column that names the kind of each row, for a list of figures with units of their own.
    link
        The column with the page that each cell leads to.
    currency
        ISO 4217 code of its money; else the run's.
    people_where
        The column that is true where a row's number is one of people, in a column of things.
    """

    name: str
    heading: str = ""
    kind: str = "text"
    role: Role = "label"
    of: str = ""
    largest: str = ""
    exempt: str = ""
    per: tuple[str, ...] = ()
    low: str | None = None
    high: str | None = None
    decimals: int | None = None
    missing: str | None = None
    swatch: bool = False
    kind_from: str | None = None
    link: str | None = None
    currency: str | None = None
    people_where: str = ""


def label(
    name: str, heading: str = "", kind: str = "text", *,
    swatch: bool = False, link: str | None = None, missing: str | None = None,
) -> Column:  # fmt: skip
    """Declare what names a row: a segment, a month, words. Pseudonyms of people are refused."""
    return Column(name=name, heading=heading, kind=kind, swatch=swatch, link=link, missing=missing)


def people(name: str, heading: str = "", *, of: str = "", missing: str | None = None) -> Column:
    """Declare a number of people, or of what they did: hidden below the threshold, else rounded to the base.

    `of` is the column with the people who did it: hidden with these, however many answers or complaints so few made.
    """
    return Column(name=name, heading=heading, kind="people", role="people", of=of, missing=missing)


def exact(
    name: str, heading: str = "", kind: str = "count", *,
    of: str = "", largest: str = "", exempt: str = "", low: str | None = None, high: str | None = None,
    decimals: int | None = None, missing: str | None = None, kind_from: str | None = None, currency: str | None = None,
    people_where: str = "",
) -> Column:  # fmt: skip
    """Declare lines, orders, units, totals of money: shown as they are.

    Parameters
    ----------
    name, heading, kind, decimals, missing, kind_from, currency
        As in `Column`.
    of
        The column with the number of people that it rests on: hidden where these are too few.
    largest
        The column with the largest person's part of it: hidden where that is more than half (dominance).
    exempt
        Why money that rests on people is shown without `largest`, in words for who reads the code.
    low, high
        Columns, declared as exact too, with the ends of its interval: of what was estimated from things, not people.
    people_where
        The column that is true where a row counts people (lines of a table with one line a person): there the number
        is rounded, hidden where it is too small, and told where it is none.
    """
    return Column(
        name=name, heading=heading, kind=kind, role="exact", of=of, largest=largest, exempt=exempt, low=low, high=high,
        decimals=decimals, missing=missing, kind_from=kind_from, currency=currency, people_where=people_where,
    )  # fmt: skip


def estimate(
    name: str, heading: str = "", kind: str = "share", *,
    of: str, largest: str = "", exempt: str = "", low: str | None = None, high: str | None = None,
    decimals: int | None = None, missing: str | None = None, kind_from: str | None = None, currency: str | None = None,
) -> Column:  # fmt: skip
    """Declare what was computed from people (a mean, a rate, a score): hidden where it rests on too few.

    As `exact`; the ends of its interval are `<name>_low` and `<name>_high` where the frame has them and no others are
    said.
    """
    return Column(
        name=name, heading=heading, kind=kind, role="estimate", of=of, largest=largest, exempt=exempt, low=low,
        high=high, decimals=decimals, missing=missing, kind_from=kind_from, currency=currency,
    )  # fmt: skip


def part(
    name: str, heading: str = "", *,
    of: str, interval: bool = False, decimals: int | None = None, missing: str | None = None,
) -> Column:  # fmt: skip
    """Declare a new column: the share of a count of people in its total, made of rounded numbers."""
    return Column(
        name=name, heading=heading, kind="share", role="part", per=(of,), decimals=decimals, missing=missing,
        low=f"{name}_low" if interval else None, high=f"{name}_high" if interval else None,
    )  # fmt: skip


def rate(
    name: str, heading: str = "", *,
    per: tuple[str, str], interval: bool = True, decimals: int | None = None, missing: str | None = None,
) -> Column:  # fmt: skip
    """Declare a new column: one count of people over another, made of rounded numbers, interval (Wilson's) and all."""
    return Column(
        name=name, heading=heading, kind="share", role="rate", per=per, decimals=decimals, missing=missing,
        low=f"{name}_low" if interval else None, high=f"{name}_high" if interval else None,
    )  # fmt: skip


def each(
    name: str, heading: str = "", kind: str = "money", *,
    per: tuple[str, str], interval: bool = False, decimals: int | None = None, missing: str | None = None,
    currency: str | None = None,
) -> Column:  # fmt: skip
    """Declare a new column: a total, and the ends of its interval, over a number of people that is already rounded."""
    return Column(
        name=name, heading=heading, kind=kind, role="each", per=per, decimals=decimals, missing=missing,
        currency=currency,
        low=f"{name}_low" if interval else None, high=f"{name}_high" if interval else None,
    )  # fmt: skip
