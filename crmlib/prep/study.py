"""The chapter's findings in one object: each is computed once, when it is first asked for, and open to a cell."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.prep.context_rules import FAR_AHEAD
from crmlib.prep.control import hold
from crmlib.prep.holes import holes
from crmlib.prep.preparation import Preparation, prepare
from crmlib.prep.profile import Seen, by_day, completeness, lines_before
from crmlib.prep.recent import compare, previous_inventory
from crmlib.prep.rhythm import FEWEST_SALE_DAYS
from crmlib.prep.shown.change import movements
from crmlib.prep.shown.chapters import Need, needs
from crmlib.prep.shown.lines import Composition, compose
from crmlib.prep.shown.quality import quality_by_table

if TYPE_CHECKING:
    from ibis import Table

    from crmlib.prep.control import Held
    from crmlib.workspace import Run

LATE_DAYS: Final = 3
"""Days without a line at the end of the period that say nothing, where the shop has no rhythm yet."""


class Study:
    """What chapter 01 found in what was delivered; nothing in it has passed the gate.

    Attributes
    ----------
    run
        The run that it is of.
    done
        The account of preparation.
    transactions
        The clean order lines, in the engine.

    Examples
    --------
    In a notebook: ``found = prep.study(run)``, then ``found.days`` is one row a day.
    """

    def __init__(self, run: Run, done: Preparation) -> None:
        self.run, self.done = run, done
        self.transactions: Table = run.table("transactions")

    # the order lines

    @cached_property
    def lines(self) -> pd.Series:
        """Lines and money of the order lines by what became of them: `Preparation.reconciliation`, all sources."""
        rows = self.done.reconciliation[self.done.reconciliation["table"] == "transactions"]
        return pd.Series({name: rows[name].sum() for name in rows.columns if name not in ("table", "source")})

    @property
    def set_aside(self) -> float:
        """Share of the order lines that count which were set aside."""
        counted = int(self.lines["lines_in"] - self.lines["left_out"])
        return int(self.lines["quarantined"]) / counted if counted else 1.0

    @property
    def far_ahead(self) -> int:
        """Lines set aside because they are dated years ahead."""
        rules = self.done.rules
        return int(rules.loc[(rules["rule"] == FAR_AHEAD) & (rules["severity"] == "quarantine"), "lines"].sum())

    @cached_property
    def seen(self) -> Seen:
        """The lines that the report sees."""
        return lines_before(self.transactions, self.run.as_of)

    @cached_property
    def seen_before(self) -> Seen:
        """The lines that a report of the last period would see, in today's data."""
        return lines_before(self.transactions, self.run.previous_as_of)

    @cached_property
    def composition(self) -> Composition:
        """What the lines before ``as_of`` stand for."""
        return compose(self.run)

    @cached_property
    def held(self) -> list[Held]:
        """The report held to the shop's own books."""
        others = {"set_aside": self.lines["money_quarantined"], "merged": self.lines["money_merged"]}
        return hold(self.transactions, self.run.params.control, self.run.as_of, others)

    # the calendar

    @cached_property
    def days(self) -> pd.DataFrame:
        """Lines, orders and money of every day before ``as_of``."""
        return by_day(self.transactions, self.run.as_of)

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """Stretches in which sales are missing; see :func:`crmlib.prep.holes.holes`."""
        return holes(self.days, self.run.as_of, self.run.params.country)

    @cached_property
    def is_late(self) -> bool:
        """Whether the period is not delivered to its end: by the shop's rhythm, where it has one."""
        last = self.seen.last
        if last is None:
            return False
        if int((self.days["orders"] > 0).sum()) < FEWEST_SALE_DAYS:
            return (self.run.as_of - timedelta(days=1) - last.date()).days > LATE_DAYS
        return bool(len(self.gaps) and self.gaps["end"].max() > last)

    # what changed

    @cached_property
    def movements(self) -> pd.DataFrame:
        """Distributions beside the month before; see :func:`crmlib.prep.shown.change.movements`."""
        return movements(self.done.recent)

    @cached_property
    def changes(self) -> tuple[str, pd.DataFrame] | None:
        """The period of the last run and what came or went since; ``None`` for a first run."""
        earlier = previous_inventory(self.run)
        return None if earlier is None else (earlier[0], compare(self.done.inventory, earlier[1]))

    # the tables

    @cached_property
    def filled(self) -> dict[str, pd.DataFrame]:
        """How many rows of each column of each clean table have a value; see `completeness`."""
        return {table: completeness(self.run, table) for table in self.run.params.sources.given}

    @cached_property
    def quality(self) -> pd.DataFrame:
        """Completeness, validity, uniqueness and timeliness, one row a table."""
        return quality_by_table(self.done, self.run, self.filled)

    @cached_property
    def tables(self) -> pd.DataFrame:
        """Rows and columns of the clean tables: ``table, rows, columns``."""
        clean = {name: self.run.table(name) for name in self.run.params.sources.given}
        rows = [(name, int(table.count().to_pandas()), len(table.columns)) for name, table in clean.items()]
        return pd.DataFrame(rows, columns=["table", "rows", "columns"])

    @cached_property
    def needs(self) -> list[Need]:
        """What the parts of the later chapters need and have."""
        return needs(self.run)


def study(run: Run) -> Study:
    """Prepare the clean tables of a run and open what chapter 01 finds in them.

    Parameters
    ----------
    run
        The run; its folder receives the clean tables.

    Raises
    ------
    crmlib.params.ParameterError
        If the parameters do not fit the files.
    crmlib.prep.InputRejectedError
        If a file cannot be read, a line breaks a rule that stops the run, or there is no order line at all.
    crmlib.prep.ReconciliationError
        If a line or any money is unaccounted for.
    """
    return Study(run, prepare(run))
