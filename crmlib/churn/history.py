"""The churn rate month by month, counted in the engine for all months at once."""

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import pandas as pd
from ibis import Table

from crmlib.churn.coverage import Coverage
from crmlib.features import known_purchases
from crmlib.months import earlier

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


def count_churned(transactions: Table, cutoffs: Sequence[date], horizon_days: int) -> Table:
    """Count the customers known by each cutoff, if any, and those who came back: ``cutoff, customers, returned``."""
    horizon = timedelta(days=horizon_days)
    windows = ibis.memtable(
        pd.DataFrame({"cutoff": list(cutoffs), "window_end": [cutoff + horizon for cutoff in cutoffs]}),
        schema={"cutoff": "date", "window_end": "date"},
    )
    seen = known_purchases(transactions, max(cutoffs) + horizon)
    days = seen.select("customer_id", day=seen.ordered_at.date()).distinct()
    firsts = days.group_by("customer_id").agg(first_day=days.day.min())
    before_it = firsts.join(windows, firsts.first_day < windows.cutoff)
    known = before_it.group_by("cutoff").agg(customers=before_it.count())
    # renamed, so that the engine does not take the join for one of a table with itself
    named = firsts.rename(whose="customer_id")
    dated = days.join(named, days.customer_id == named.whose)
    inside = dated.join(
        windows, [dated.day >= windows.cutoff, dated.day < windows.window_end, dated.first_day < windows.cutoff]
    )
    came_back = inside.group_by("cutoff").agg(returned=inside.customer_id.nunique())
    joined = known.left_join(came_back, "cutoff")
    return joined.select("cutoff", "customers", returned=joined.returned.fill_null(0))


def churn_history(transactions: Table, cutoffs: Sequence[date], horizon_days: int) -> pd.DataFrame:
    """Count who left after each cutoff: ``cutoff, customers, churned``, oldest first."""
    if not cutoffs:
        return pd.DataFrame(columns=["cutoff", "customers", "churned"])
    counted = count_churned(transactions, cutoffs, horizon_days).order_by("cutoff").to_pandas()
    counted["cutoff"] = [day.date() for day in pd.to_datetime(counted["cutoff"])]
    counted["churned"] = counted["customers"] - counted.pop("returned")
    return counted
