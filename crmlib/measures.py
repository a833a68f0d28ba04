"""What a number is: one record a measure, which travels with it to tile, table, first page, results and docs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from crmlib.stats import Estimate

    Value = Estimate | float | Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number that a report tells: its name, its unit and what it means. One name, one number, on all pages.

    Attributes
    ----------
    code
        Its name in ``results.json`` and in frames.
    title
        Its name in the reader's words, English, marked with `N_`.
    unit
        ``money, count, people, share, points, days, number``.
    meaning
        What it counts and over which time: one sentence, English, marked with `N_`, with ``{names}`` to fill.
    people
        The column, or the words, for the people that it rests on; empty where it rests on nobody.
    source
        The columns of the clean tables that it is made of, for the docs.
    needs
        The column without which it is left out; empty where every shop has it.
    lack
        What the page calls that which the data do not hold where it is left out.
    """

    code: str
    title: str
    unit: str
    meaning: str
    people: str = ""
    source: str = ""
    needs: str = ""
    lack: str = ""

    @property
    def label(self) -> str:
        """Its name in the report's language."""
        return _(self.title)

    def definition(self, **values: str) -> str:
        """Say what it means, in the report's language."""
        return _(self.meaning).format(**values)

    def headline(self, value: Value, **known: Any) -> Headline:
        """Give a value of it, with what is known beside; see `Headline`."""
        return Headline(self, value, **known)


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline number of a chapter: a measure and its value, now and before.

    Attributes
    ----------
    measure
        What it is.
    value
        An estimate, a number, or `None` where it was not observed.
    previous
        The same for the last period, recomputed.
    history
        Up to 13 last periods, oldest first and this one last, `None` for a gap.
    people
        How many people the value is computed from, where it is not an estimate (whose `n` is taken): below the
        threshold the number is hidden.
    counted
        What `n` counts, in words, where it is not simply customers: "customers and anonymous orders".
    previous_people
        How many people `previous` is computed from, where it is not an estimate; as many as the value where not said.
    told
        What fills the names in the measure's meaning.
    more
        A sentence that stands behind the definition this time.
    """

    measure: Measure
    value: Value
    previous: Value = None
    history: Sequence[Value] | None = None
    people: int | None = None
    counted: str = ""
    previous_people: int | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    more: str = ""

    @property
    def label(self) -> str:
        """Its name in the report's language."""
        return self.measure.label

    @property
    def unit(self) -> str:
        """What its value is of."""
        return self.measure.unit

    @property
    def definition(self) -> str:
        """What it means, this time."""
        return " ".join(part for part in (self.measure.definition(**self.told), self.more) if part)
