"""What the verdict on the data rests on, measured on the order lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

import pandas as pd

from crmlib.prep.composition import Composition, compose
from crmlib.prep.control import Held, hold
from crmlib.prep.drift import movements
from crmlib.prep.far_ahead import FAR_AHEAD
from crmlib.prep.holes import holes
from crmlib.prep.inventory import compare, previous_inventory
from crmlib.prep.preparation import Preparation
from crmlib.prep.profile import by_day, customers_known, last_line_at
from crmlib.prep.rhythm import FEWEST_SALE_DAYS
from crmlib.workspace import Run

LATE_DAYS: Final = 3
"""Days without a line at the end of the period that say nothing, where the shop has no rhythm yet."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What the verdict rests on.

    Attributes
    ----------
    lines_in, clean, quarantined, merged, made, left_out
        Order lines, all dates; ``made`` out of others (a refund beside its sale), ``left_out`` as the parameters say.
    money_quarantined
        Money of the lines set aside, as far as it could be read.
    money_unknown
        Lines whose money could not be read.
    far_ahead
        Lines set aside because they are dated years ahead.
    known
        Share of the lines before ``as_of`` that carry a customer.
    gaps
        Stretches in which sales are missing; see :func:`crmlib.prep.holes.holes`.
    last
        The last line before ``as_of``.
    is_late
        Whether the period is not delivered to its end.
    composition
        What the lines before ``as_of`` stand for.
    movements
        Distributions beside the month before; see :func:`crmlib.prep.drift.movements`.
    changes
        The period of the last run and what came or went since; None for a first run.
    held
        The report held to the shop's own books; see :func:`crmlib.prep.control.hold`.
    currency
        ISO 4217 code of all money.
    doubts
        What in the data speaks against the mapping, a sentence each.
    """

    lines_in: int
    clean: int
    quarantined: int
    merged: int
    money_in: float
    money_quarantined: float
    known: float
    days: pd.DataFrame
    gaps: pd.DataFrame
    last: pd.Timestamp | None
    is_late: bool
    composition: Composition
    movements: pd.DataFrame
    changes: tuple[str, pd.DataFrame] | None
    currency: str
    made: int = 0
    left_out: int = 0
    money_unknown: int = 0
    far_ahead: int = 0
    held: tuple[Held, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def set_aside(self) -> float:
        """Share of the order lines that count which were set aside."""
        counted = self.lines_in - self.left_out
        return self.quarantined / counted if counted else 1.0


def measure(done: Preparation, run: Run) -> Quality:
    """Measure the quality of the order lines."""
    rows = done.reconciliation[done.reconciliation["table"] == "transactions"]
    sums = {name: rows[name].sum() for name in rows.columns if name not in ("table", "source")}
    transactions = run.table("transactions")
    days = by_day(transactions, run.as_of)
    gaps = holes(days, run.as_of, run.params.country)
    last = last_line_at(transactions, run.as_of)
    counts = customers_known(transactions, run.as_of)
    others = {name: Decimal(sums[f"money_{column}"]) for name, column in _SET_ASIDE.items()}
    return Quality(
        **{name: int(sums.get(name, 0)) for name in _COUNTED},
        money_in=float(sums["money_in"]),
        money_quarantined=float(sums["money_quarantined"]),
        far_ahead=_far_ahead(done),
        known=counts["known"] / counts["lines"] if counts["lines"] else 0.0,
        days=days,
        gaps=gaps,
        last=last,
        is_late=last is not None and _is_late(days, gaps, last, run),
        composition=compose(run),
        movements=movements(done.recent),
        changes=_changes(done, run),
        currency=run.params.currency,
        held=tuple(hold(transactions, run.params.control, run.as_of, others)),
        doubts=tuple(done.doubts),
    )


_COUNTED: Final = ("lines_in", "clean", "quarantined", "merged", "made", "left_out", "money_unknown")
_SET_ASIDE: Final[Mapping[str, str]] = {"set_aside": "quarantined", "merged": "merged"}


def _far_ahead(done: Preparation) -> int:
    rules = done.rules
    return int(rules.loc[(rules["rule"] == FAR_AHEAD) & (rules["severity"] == "quarantine"), "lines"].sum())


def _is_late(days: pd.DataFrame, gaps: pd.DataFrame, last: pd.Timestamp, run: Run) -> bool:
    """Say whether the last days of the period are missing: by the shop's rhythm, where it has one."""
    missing = (run.as_of - timedelta(days=1) - last.date()).days
    if int((days["orders"] > 0).sum()) < FEWEST_SALE_DAYS:
        return missing > LATE_DAYS
    return bool(len(gaps) and gaps["end"].max() > last)


def _changes(done: Preparation, run: Run) -> tuple[str, pd.DataFrame] | None:
    earlier = previous_inventory(run)
    return None if earlier is None else (earlier[0], compare(done.inventory, earlier[1]))
