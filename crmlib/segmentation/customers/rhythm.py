"""How long customers wait between purchases: each one's own rhythm, and the population's."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
import pandas as pd

from crmlib.features import before, purchases


@dataclass(frozen=True, slots=True)
class GapDistribution:
    """How long customers of this shop wait between two purchase days.

    Attributes
    ----------
    days
        Distinct gaps, ascending.
    weight
        Share of each gap, every customer counting once however often they bought.
    customers
        How many customers it rests on (those with two purchase days or more).
    """

    days: np.ndarray[Any, np.dtype[np.float64]]
    weight: np.ndarray[Any, np.dtype[np.float64]]
    customers: int

    @property
    def mean(self) -> float:
        """The mean gap in days; NaN where nobody bought twice."""
        return float((self.days * self.weight).sum()) if len(self.days) else float("nan")

    def quantile(self, share: float) -> float:
        """Give the gap in days that a share of the gaps stay within; NaN where nobody bought twice.

        Examples
        --------
        >>> GapDistribution(np.array([7.0, 30.0]), np.array([0.8, 0.2]), 50).quantile(0.9)
        30.0
        """
        if not len(self.days):
            return float("nan")
        place = np.searchsorted(np.cumsum(self.weight), share - 1e-9, side="left")
        return float(self.days[min(int(place), len(self.days) - 1)])


def purchase_days(transactions: Any, as_of: date) -> Any:
    """List every day on which each known customer bought (Ibis in, Ibis out).

    Returns
    -------
    ibis.Table
        ``customer_id, day``, ``gap`` (days since the customer's purchase day before; empty for the first).
    """
    seen = purchases(before(transactions, as_of)).filter(lambda t: t.customer_id.notnull())
    days = seen.select("customer_id", day=seen.ordered_at.date()).distinct()
    earlier = days.day.lag(1).over(ibis.window(group_by=days.customer_id, order_by=days.day))
    return days.mutate(earlier=earlier).mutate(gap=lambda t: t.day.delta(t.earlier, unit="day").cast("int64"))


def customer_rhythm(transactions: Any, as_of: date) -> Any:
    """Describe each customer's rhythm (Ibis in, Ibis out).

    Returns
    -------
    ibis.Table
        One row a customer: ``customer_id, purchase_days, days_since_last, days_since_first, gap_days`` (sum of the
        gaps), ``longest_gap, last_gap`` (days between the last two purchase days; empty with one purchase day).
    """
    days = purchase_days(transactions, as_of)
    last = days.day.max().over(ibis.window(group_by=days.customer_id))
    marked = days.mutate(is_last=days.day == last)
    last_day = ibis.date((as_of - timedelta(days=1)).isoformat())
    whole = marked.group_by("customer_id").agg(
        purchase_days=marked.count(),
        first=marked.day.min(),
        last=marked.day.max(),
        gap_days=marked.gap.sum().fill_null(0),
        longest_gap=marked.gap.max(),
        last_gap=marked.gap.max(where=marked.is_last),
    )
    return whole.mutate(
        days_since_last=last_day.delta(whole["last"], unit="day").cast("int64"),
        days_since_first=last_day.delta(whole["first"], unit="day").cast("int64"),
    ).drop("first", "last")


def gap_distribution(transactions: Any, as_of: date) -> GapDistribution:
    """Learn the population's rhythm: every customer counts once, so that frequent buyers do not set the limits.

    Gaps not yet closed are not in it: a limit read from it is a little early rather than late.
    """
    days = purchase_days(transactions, as_of)
    gaps = days.filter(days.gap.notnull())
    counted = gaps.mutate(own=gaps.count().over(ibis.window(group_by=gaps.customer_id)))
    frame = counted.group_by(["gap", "own"]).agg(n=counted.count()).to_pandas()
    frame = frame.astype("float64").sort_values(["gap", "own"])
    weighted = (frame["n"] / frame["own"]).groupby(frame["gap"]).sum()
    customers = float(weighted.sum())
    return GapDistribution(
        days=weighted.index.to_numpy(dtype="float64"),
        weight=weighted.to_numpy(dtype="float64") / customers if customers else np.array([]),
        customers=round(customers),
    )


def typical_gap(rhythm: pd.DataFrame, population: GapDistribution, prior_gaps: float = 2.0) -> pd.Series:
    """Give each customer's own typical gap, drawn towards the population's where purchases are few.

    Parameters
    ----------
    rhythm
        One row a customer with ``gap_days`` and ``purchase_days``.
    population
        The population's gaps.
    prior_gaps
        How many gaps of the customer's own weigh as much as the population.

    Returns
    -------
    pandas.Series
        Days. With one purchase day it is the population's mean.

    References
    ----------
    The posterior mean of a gamma-exponential rate, as in credibility theory (Bühlmann, 1967).

    Examples
    --------
    >>> rhythm = pd.DataFrame({"gap_days": [0, 80], "purchase_days": [1, 9]})
    >>> typical_gap(rhythm, GapDistribution(np.array([40.0]), np.array([1.0]), 20)).tolist()
    [40.0, 16.0]
    """
    gaps = rhythm["purchase_days"] - 1
    return (prior_gaps * population.mean + rhythm["gap_days"]) / (prior_gaps + gaps)


def gap_before_last(rhythm: pd.DataFrame, population: GapDistribution) -> pd.Series:
    """Give each customer's typical gap as it was before the last one, to judge that one by.

    Parameters
    ----------
    rhythm
        One row a customer with ``gap_days, purchase_days`` and ``last_gap`` (missing with one purchase day).
    population
        The population's gaps.

    Returns
    -------
    pandas.Series
        Days. With one or two purchase days it is the population's mean.

    Examples
    --------
    >>> rhythm = pd.DataFrame({"gap_days": [90, 170], "purchase_days": [2, 10], "last_gap": [90, 90]})
    >>> gap_before_last(rhythm, GapDistribution(np.array([40.0]), np.array([1.0]), 20)).tolist()
    [40.0, 16.0]
    """
    last = rhythm["last_gap"].astype("float64").fillna(0)
    earlier = rhythm.assign(
        gap_days=rhythm["gap_days"] - last, purchase_days=(rhythm["purchase_days"] - 1).clip(lower=1)
    )
    return typical_gap(earlier, population)
