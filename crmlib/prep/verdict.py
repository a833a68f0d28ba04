"""Can the data be trusted? A verdict and its reasons, computed from what preparation found."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

import pandas as pd

from crmlib.prep.preparation import Preparation
from crmlib.prep.profile import by_day, customers_known, gaps, last_line_at
from crmlib.reporting import formats
from crmlib.words import _, plural
from crmlib.workspace import Run

Fitness = Literal["fit", "reservations", "unfit"]

MOST_SET_ASIDE: Final = 0.01
"""Share of lines set aside up to which the data are fit: a hundredth moves no figure much."""
TOO_MUCH_SET_ASIDE: Final = 0.10
FEWEST_KNOWN: Final = 0.5
"""Share of lines with a customer under which customer figures stand for a minority of sales."""
LATE_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class Quality:
    """What the verdict rests on.

    Attributes
    ----------
    lines_in, clean, quarantined, merged
        Order lines, all dates.
    money_quarantined
        Money of the lines set aside, as far as it could be read.
    known
        Share of the lines before ``as_of`` that carry a customer.
    gaps
        Runs of days without a line.
    last
        The last line before ``as_of``.
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
    days_missing: int

    @property
    def set_aside(self) -> float:
        """Share of the order lines that were set aside."""
        return self.quarantined / self.lines_in if self.lines_in else 1.0


def measure(done: Preparation, run: Run) -> Quality:
    """Measure the quality of the order lines."""
    rows = done.reconciliation[done.reconciliation["table"] == "transactions"]
    transactions = run.table("transactions")
    days = by_day(transactions, run.as_of)
    last = last_line_at(transactions, run.as_of)
    counts = customers_known(transactions, run.as_of)
    return Quality(
        lines_in=int(rows["lines_in"].sum()),
        clean=int(rows["clean"].sum()),
        quarantined=int(rows["quarantined"].sum()),
        merged=int(rows["merged"].sum()),
        money_in=float(rows["money_in"].sum()),
        money_quarantined=float(rows["money_quarantined"].sum()),
        known=counts["known"] / counts["lines"] if counts["lines"] else 0.0,
        days=days,
        gaps=gaps(days),
        last=last,
        days_missing=(run.as_of - timedelta(days=1) - last.date()).days if last is not None else 0,
    )


def fitness(quality: Quality) -> Fitness:
    """Judge: fit for use, with reservations, or not."""
    if quality.last is None or quality.set_aside > TOO_MUCH_SET_ASIDE:
        return "unfit"
    return "reservations" if reservations(quality) else "fit"


def reservations(quality: Quality) -> list[str]:
    """List what a reader must keep in mind and what to ask the source for, a sentence each."""
    found = []
    if quality.set_aside > MOST_SET_ASIDE:
        found.append(
            _("{share} of the order lines were set aside; ask the source to deliver them again, corrected.").format(
                share=formats.share(quality.set_aside)
            )
        )
    if quality.known < FEWEST_KNOWN:
        found.append(
            _("Only {share} of the lines carry a customer: figures of customers stand for the smaller part.").format(
                share=formats.share(quality.known)
            )
        )
    if quality.days_missing > LATE_DAYS:
        found.append(
            _("The last line is of {day}: the period is not complete; ask for the rest.").format(
                day=formats.day(quality.last)
            )
        )
    if len(quality.gaps):
        total = int(quality.gaps["days"].sum())
        found.append(
            plural(
                "On {n} day that usually has sales there is none, first on {day}; ask whether a file is missing.",
                "On {n} days that usually have sales there are none, first on {day}; ask whether files are missing.",
                total,
            ).format(n=formats.count(total), day=formats.day(quality.gaps["start"].iloc[0]))
        )
    return found


def verdict(quality: Quality, run: Run) -> list[str]:
    """Say in sentences whether the data can be used, and why."""
    currency = run.params.currency
    words = {
        "fit": _("The data are fit for use."),
        "reservations": _("The data can be used, with reservations."),
        "unfit": _("The data are not fit for use."),
    }
    account = _(
        "Of {lines} order lines {clean} are clean, {quarantined} were set aside ({money}) and {merged} merged as "
        "delivered twice; lines and money agree to the last one."
    ).format(
        lines=formats.count(quality.lines_in),
        clean=formats.count(quality.clean),
        quarantined=formats.count(quality.quarantined),
        money=formats.money(quality.money_quarantined, currency),
        merged=formats.count(quality.merged),
    )
    return [words[fitness(quality)], account, *reservations(quality)]
