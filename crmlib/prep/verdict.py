"""Can the data be trusted? A verdict and its reasons, computed from what preparation found."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

import pandas as pd

from crmlib.prep.composition import Composition, compose
from crmlib.prep.drift import movements
from crmlib.prep.inventory import compare, previous_inventory
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
FEWEST_MATCHED: Final = 0.5
"""Share of the money given back whose purchase is found, under which net sales by product or day mislead."""
_MOST_NAMES: Final = 5
_MOST_SENTENCES: Final = 5


@dataclass(frozen=True, slots=True)
class Quality:
    """What the verdict rests on.

    Attributes
    ----------
    lines_in, clean, quarantined, merged, left_out, made
        Order lines, all dates; made are the returns that refunds make.
    money_quarantined
        Money of the lines set aside, as far as it could be read.
    known
        Share of the lines before ``as_of`` that carry a customer.
    gaps
        Runs of days without a line.
    last
        The last line before ``as_of``.
    composition
        What the lines before ``as_of`` stand for.
    movements
        Distributions beside the month before; see :func:`crmlib.prep.drift.movements`.
    changes
        The period of the last run and what came or went since; None for a first run.
    """

    lines_in: int
    clean: int
    quarantined: int
    merged: int
    left_out: int
    made: int
    money_in: float
    money_quarantined: float
    known: float
    days: pd.DataFrame
    gaps: pd.DataFrame
    last: pd.Timestamp | None
    days_missing: int
    composition: Composition
    movements: pd.DataFrame
    changes: tuple[str, pd.DataFrame] | None

    @property
    def set_aside(self) -> float:
        """Share of the order lines that count which were set aside."""
        counted = self.lines_in - self.left_out
        return self.quarantined / counted if counted else 1.0


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
        left_out=int(rows["left_out"].sum()),
        made=int(rows["made"].sum()),
        money_in=float(rows["money_in"].sum()),
        money_quarantined=float(rows["money_quarantined"].sum()),
        known=counts["known"] / counts["lines"] if counts["lines"] else 0.0,
        days=days,
        gaps=gaps(days),
        last=last,
        days_missing=(run.as_of - timedelta(days=1) - last.date()).days if last is not None else 0,
        composition=compose(run),
        movements=movements(done.recent),
        changes=_changes(done, run),
    )


def _changes(done: Preparation, run: Run) -> tuple[str, pd.DataFrame] | None:
    earlier = previous_inventory(run)
    return None if earlier is None else (earlier[0], compare(done.inventory, earlier[1]))


def fitness(quality: Quality) -> Fitness:
    """Judge: fit for use, with reservations, or not."""
    if quality.last is None or quality.set_aside > TOO_MUCH_SET_ASIDE:
        return "unfit"
    return "reservations" if reservations(quality) else "fit"


def reservations(quality: Quality) -> list[str]:
    """List what a reader must keep in mind and what to ask the source for, a sentence each."""
    if quality.last is None:
        return [_("No order line lies before the end of the period; ask for the files of the period, or move its end.")]
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
    return [*found, *_changed(quality), *_unmatched(quality)]


def _changed(quality: Quality) -> list[str]:
    """Say what vanished since the last run, and what a line is worth now, where that moved much."""
    found = []
    if quality.changes is not None:
        period, rows = quality.changes
        gone = rows.loc[rows["change"] == "vanished", "name"].tolist()
        if gone:
            told = ", ".join(gone[:_MOST_NAMES]) + (_(" and more") if len(gone) > _MOST_NAMES else "")
            found.append(
                _("Gone since the run for {period}: {names}; ask the source whether that is meant.").format(
                    period=period, names=told
                )
            )
    moved = quality.movements
    if ((moved["kind"] == "amount") & (moved["verdict"] == "moved_much")).any():
        found.append(_("The money of a line moved much since the month before; ask whether prices or units changed."))
    return found


def _unmatched(quality: Quality) -> list[str]:
    share = quality.composition.matched_share
    if share is None or share >= FEWEST_MATCHED:
        return []
    text = _("Only {share} of the money given back finds the purchase it undoes; ask for the order number of returns.")
    return [text.format(share=formats.share(share))]


def verdict(quality: Quality, run: Run) -> list[str]:
    """Say in sentences whether the data can be used, and why."""
    words = {
        "fit": _("The data are fit for use."),
        "reservations": _("The data can be used, with reservations."),
        "unfit": _("The data are not fit for use."),
    }
    found = reservations(quality) or [_("There is nothing to ask the sources for.")]
    shown, rest = found[: _MOST_SENTENCES - 3], found[_MOST_SENTENCES - 3 :]
    account = _account(quality, run.params.currency)
    return [words[fitness(quality)], account, *shown, *([" ".join(rest)] if rest else [])]


def _account(quality: Quality, currency: str) -> str:
    """Say what became of the lines."""
    return " ".join([*_asked_for(quality), _of_the_rest(quality, currency)])


def _asked_for(quality: Quality) -> list[str]:
    """Say what the parameters themselves ask to leave out and to make."""
    found = []
    if quality.left_out:
        found.append(
            plural(
                "{n} line is left out, as the parameters ask.",
                "{n} lines are left out, as the parameters ask.",
                quality.left_out,
            ).format(n=formats.count(quality.left_out))
        )
    if quality.made:
        found.append(
            plural(
                "{n} return is made of the refund that stands beside its sale.",
                "{n} returns are made of refunds that stand beside their sales.",
                quality.made,
            ).format(n=formats.count(quality.made))
        )
    return found


def _of_the_rest(quality: Quality, currency: str) -> str:
    lines_in, clean = quality.lines_in - quality.left_out, quality.clean - quality.made
    if clean == lines_in:
        return _(
            "All {lines} order lines are clean: none had to be set aside, none was delivered twice; lines and money "
            "agree to the last one."
        ).format(lines=formats.count(lines_in))
    return _(
        "Of {lines} order lines {clean} are clean, {quarantined} were set aside ({money}) and {merged} merged as "
        "delivered twice; lines and money agree to the last one."
    ).format(
        lines=formats.count(lines_in),
        clean=formats.count(clean),
        quarantined=formats.count(quality.quarantined),
        money=formats.money(quality.money_quarantined, currency),
        merged=formats.count(quality.merged),
    )
