"""At which dates the past is cut to ask what happened next: for training, for choosing and for the test."""

from dataclasses import dataclass
from datetime import date, timedelta

from crmlib.churn.coverage import Coverage


@dataclass(frozen=True, slots=True)
class Plan:
    """The cutoffs of a backtest, one horizon apart, so that no two label windows overlap.

    Attributes
    ----------
    horizon_days
        Length of every label window ``[cutoff, cutoff + horizon)``.
    training
        Earlier cutoffs, oldest first; models are fitted and chosen on them alone.
    test
        The latest cutoff whose whole label window was observed; ``None`` where there is none.
    scoring
        The date that the published scores stand at: the end of what was observed.
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
    """Choose the cutoffs: the test as late as can be, so many for training before it, one horizon apart.

    A cutoff needs a horizon of history before it, so that features mean something, and a label window that was
    observed to its end; where the history is too short there are fewer, or none.
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
