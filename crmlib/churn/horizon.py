"""Why this horizon: how long customers stay away between purchases, and how the churn rate hangs on the choice."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
import pandas as pd

from crmlib.churn.coverage import Coverage
from crmlib.features import known_purchases
from crmlib.stats.intervals import proportions

_STEPS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
"""Multiples of the horizon at which the churn rate is shown."""


def purchase_gaps(transactions: Any, as_of: date) -> Any:
    """Count the gaps between purchase days of one customer by their length (Ibis in, Ibis out).

    Only gaps that ended are counted: a customer who never came back leaves none.

    Returns
    -------
    ibis.Table
        ``gap_days, gaps`` (how many gaps of that length) and ``customers`` (who had one).
    """
    bought = known_purchases(transactions, as_of)
    days = bought.select("customer_id", day=bought.ordered_at.date()).distinct()
    in_order = ibis.window(group_by=days.customer_id, order_by=days.day)
    stepped = days.mutate(previous=days.day.lag().over(in_order)).filter(lambda t: t.previous.notnull())
    gaps = stepped.select("customer_id", gap_days=stepped.day.delta(stepped.previous, unit="day").cast("int64"))
    return gaps.group_by("gap_days").agg(gaps=gaps.count(), customers=gaps.customer_id.nunique())


def gap_shares(gaps: pd.DataFrame) -> pd.DataFrame:
    """Turn counted gaps into the share that had ended by each day.

    Returns
    -------
    pandas.DataFrame
        ``gap_days, gaps, share`` (of all gaps this long or shorter), sorted by length.

    Examples
    --------
    >>> gap_shares(pd.DataFrame({"gap_days": [30, 7], "gaps": [1, 3]}))
       gap_days  gaps  share
    0         7     3   0.75
    1        30     1   1.00
    """
    ordered = gaps.sort_values("gap_days").reset_index(drop=True)[["gap_days", "gaps"]]
    return ordered.assign(share=ordered["gaps"].cumsum() / ordered["gaps"].sum())


def gap_quantile(gaps: pd.DataFrame, probability: float) -> float:
    """Say within how many days a share of the gaps had ended; NaN where nobody bought twice.

    Examples
    --------
    >>> gap_quantile(pd.DataFrame({"gap_days": [30, 7], "gaps": [1, 3]}), 0.9)
    30.0
    """
    shares = gap_shares(gaps)
    reached = shares.loc[shares["share"] >= probability - 1e-12, "gap_days"]
    return float(reached.iloc[0]) if len(reached) else float("nan")


def days_to_next_purchase(transactions: Any, cutoff: date, until: date) -> Any:
    """Count the customers known at a cutoff by the days until they bought again (Ibis in, Ibis out).

    Returns
    -------
    ibis.Table
        ``days`` (0 on the cutoff's own day; empty for those who did not buy before ``until``), ``customers``.
    """
    bought = known_purchases(transactions, until)
    start = ibis.timestamp(cutoff.isoformat())
    after = bought.filter(bought.ordered_at >= start).group_by("customer_id").agg(next_at=lambda t: t.ordered_at.min())
    known = bought.filter(bought.ordered_at < start).select("customer_id").distinct()
    waited = known.left_join(after, "customer_id")
    day = ibis.date(cutoff.isoformat())
    days = waited.select(days=waited.next_at.date().delta(day, unit="day").cast("int64"))
    return days.group_by("days").agg(customers=days.count())


def churn_by_horizon(waits: pd.DataFrame, horizons: Sequence[int]) -> pd.DataFrame:
    """Show how the churn rate hangs on the horizon, for the same customers at the same cutoff.

    Parameters
    ----------
    waits
        ``days, customers`` of `days_to_next_purchase`.
    horizons
        In days; each at most as long as what was observed after the cutoff.

    Returns
    -------
    pandas.DataFrame
        ``horizon_days, churned, customers, rate, low, high``.

    Examples
    --------
    >>> waits = pd.DataFrame({"days": [3, 40, None], "customers": [20, 30, 50]})
    >>> churn_by_horizon(waits, [30, 60])[["horizon_days", "churned", "customers", "rate"]]
       horizon_days  churned  customers  rate
    0            30       80        100   0.8
    1            60       50        100   0.5
    """
    total = int(waits["customers"].sum())
    back = [int(waits.loc[waits["days"] < horizon, "customers"].sum()) for horizon in horizons]
    churned = total - np.array(back, dtype="int64")
    rates = proportions(churned, np.full(len(horizons), total))
    return pd.DataFrame(
        {
            "horizon_days": list(horizons),
            "churned": churned,
            "customers": total,
            "rate": rates["value"],
            "low": rates["low"],
            "high": rates["high"],
        }
    )


def comparable_horizons(coverage: Coverage, horizon_days: int) -> tuple[date, tuple[int, ...]]:
    """Choose one cutoff and several horizons that were all observed whole after it.

    Up to twice the horizon where at least as much history lies before the cutoff, else up to the horizon.

    Returns
    -------
    tuple
        The cutoff and the horizons in days; no horizons where not even the shortest was observed.

    Examples
    --------
    >>> coverage = Coverage(date(2025, 1, 1), date(2026, 1, 1))
    >>> cutoff, horizons = comparable_horizons(coverage, 60)
    >>> str(cutoff), horizons
    ('2025-09-03', (15, 30, 45, 60, 75, 90, 120))
    """
    for longest in (2.0, 1.0):
        horizons = tuple(round(horizon_days * step) for step in _STEPS if step <= longest)
        cutoff = coverage.observed_until - timedelta(days=horizons[-1])
        enough_before = (cutoff - coverage.first_day).days >= horizon_days
        if enough_before and coverage.covers(cutoff, coverage.observed_until):
            return cutoff, horizons
    return coverage.observed_until, ()
