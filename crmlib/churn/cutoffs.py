"""At which dates the past is cut to ask what happened next: for training, for choosing and for the test."""

from dataclasses import dataclass
from datetime import date, timedelta

from crmlib.churn.coverage import Coverage


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
