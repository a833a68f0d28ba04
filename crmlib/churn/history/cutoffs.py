"""From when to when sales were observed, and at which dates the past is cut."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
from ibis import Table

from crmlib.months import earlier

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The days on which a sale would have been seen had there been one; the end is exclusive.

    Holes are stretches without any sale, too long for a shop that was merely closed: from (inclusive) and to
    (exclusive).
    """

    first_day: date
    observed_until: date
    holes: tuple[tuple[date, date], ...] = ()

    @property
    def days(self) -> int:
        """How many days were observed from the first sale on."""
        return (self.observed_until - self.first_day).days

    def covers(self, start: date, end: date) -> bool:
        """Say whether every sale in ``[start, end)`` would have been seen."""
        inside = self.first_day <= start and end <= self.observed_until
        return inside and all(end <= hole_start or hole_end <= start for hole_start, hole_end in self.holes)


def observe_coverage(transactions: Table, as_of: date, longest_gap_days: int = 21) -> Coverage | None:
    """Find from when to when sales were observed, anonymous ones too; ``None`` if nothing was sold before a date.

    Lines at or after ``as_of`` only prove that the data reach up to it.
    """
    days = transactions.select(day=transactions.ordered_at.date()).distinct().order_by("day").to_pandas()["day"]
    sold = [day.date() for day in pd.to_datetime(days.dropna())]
    seen = [day for day in sold if day < as_of]
    if not seen:
        return None
    until = as_of if sold[-1] >= as_of else seen[-1] + _ONE_DAY
    ends = [*seen, until] if until > seen[-1] + _ONE_DAY else seen
    holes = tuple(
        (day + _ONE_DAY, following)
        for day, following in pairwise(ends)
        if (following - day).days - 1 > longest_gap_days
    )
    return Coverage(seen[0], until, holes)


@dataclass(frozen=True, slots=True)
class Plan:
    """The cutoffs of a backtest, one horizon apart, so that no two label windows overlap.

    Models learn and are chosen on the training cutoffs (oldest first), and judged by the test, the latest whose window
    was observed whole. The published scores stand at `scoring`, the end of what was observed.
    """

    horizon_days: int
    training: tuple[date, ...]
    test: date | None
    scoring: date

    @property
    def labelled(self) -> tuple[date, ...]:
        """All cutoffs with a label, the test last."""
        return self.training if self.test is None else (*self.training, self.test)

    def window(self, cutoff: date) -> tuple[date, date]:
        """Give the label window of a cutoff, its end exclusive."""
        return cutoff, cutoff + timedelta(days=self.horizon_days)


def plan_cutoffs(coverage: Coverage, horizon_days: int, wanted: int) -> Plan:
    """Put the test as late as can be and so many cutoffs for training before it, one horizon apart; fewer, or none.

    A cutoff needs a horizon of history before it and a label window that was observed to its end.
    """
    if horizon_days <= 0:
        raise ValueError(f"a horizon is a positive number of days, found {horizon_days}")
    horizon = timedelta(days=horizon_days)
    usable: list[date] = []
    cutoff = coverage.observed_until - horizon
    while len(usable) <= wanted and cutoff - horizon >= coverage.first_day:
        if coverage.covers(cutoff, cutoff + horizon):
            usable.append(cutoff)
        cutoff -= horizon
    test = usable[0] if usable else None
    return Plan(horizon_days, tuple(reversed(usable[1:])), test, coverage.observed_until)


MONTHS = 13
"""This month and the twelve before it."""


def monthly_cutoffs(coverage: Coverage, horizon_days: int, months: int = MONTHS) -> tuple[date, ...]:
    """Choose cutoffs one month apart, the last one horizon before the end of what was observed.

    A cutoff whose window was not observed whole, or with less than a horizon of history before it, is left out.
    """
    ends = [earlier(coverage.observed_until, k) for k in reversed(range(months))]
    horizon = timedelta(days=horizon_days)
    return tuple(
        end - horizon for end in ends if end - 2 * horizon >= coverage.first_day and coverage.covers(end - horizon, end)
    )
