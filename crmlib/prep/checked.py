"""What a look at the sources finds: source by source what would come in, and what is wrong with it."""

from dataclasses import dataclass

import pandas as pd

from crmlib.prep.arguing import Doubt
from crmlib.prep.persons.consent import LeftOut


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What one source would deliver.

    Attributes
    ----------
    lines, clean, set_aside, merged
        Lines in = clean + set aside + merged + left out. Accounts of one person are merged later, by ``crm run``.
    first, last
        Days of its first and last clean line, where the table has a time.
    customers
        Share of its clean lines that say who bought, where the table has that column.
    left_out
        Lines that ``where`` leaves out.
    made
        Returns that refunds make of clean lines; they are not among ``lines``.
    """

    table: str
    source: str
    files: int
    lines: int
    clean: int
    set_aside: int
    merged: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    customers: float | None
    left_out: int = 0
    made: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """One line that breaks a rule: where it stands and the shape of its text, never the text."""

    file: str
    line: int
    shape: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that lines break, how many, and the first of them."""

    table: str
    rule: str
    severity: str
    lines: int
    meaning: str
    remedy: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What would come in, source by source, and what is wrong with it, the severest and most frequent first.

    Attributes
    ----------
    personal
        Columns in which personal data stand that nobody declared: what, on what share of the lines, and where first.
    doubts
        What the data say against the mapping and the parameters have not answered.
    left_out
        Whom a run will leave out for their consent; None where no consent is delivered.
    control
        The order lines held to the shop's own books, or a request for one figure of them.
    absent
        What the parameters name in vain: values of ``where`` that no line has, returned orders that nobody delivered.
    holes
        Stretches of days without a sale that usually have some.
    books_differ
        Whether a figure of the books is another one.
    """

    sources: tuple[SourceCheck, ...]
    problems: tuple[Problem, ...]
    personal: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    left_out: LeftOut | None = None
    control: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    holes: tuple[str, ...] = ()
    books_differ: bool = False
