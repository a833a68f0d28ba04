"""From when to when sales were observed, and where the data have holes."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
from ibis import Table

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
