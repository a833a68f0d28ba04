"""Every silence of a customer, from a purchase to the next one: how long it lasts, and who returns from it when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import days_bought

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis import Table

    from crmlib.churn.history.cutoffs import Coverage

HORIZONS: Final = (0.5, 1.0, 1.5)
"""Multiples of the horizon with which leaving is counted."""


def horizons_around(horizon_days: int) -> tuple[int, ...]:
    """Give half the horizon, the horizon itself and one and a half, in days."""
    return tuple(round(horizon_days * step) for step in HORIZONS)


def silences(table: Table, until: date) -> Table:
    """List silences: ``customer_id, part, day, following``, the day of a purchase and the next one's, if any (Ibis).

    The part is the pseudonym's last letter: up to sixteen random groups of customers, by which intervals are found.
    """
    days = days_bought(table, until)
    own = ibis.window(group_by=days.customer_id, order_by=days.day)
    return days.select("customer_id", "day", part=days.customer_id.right(1), following=days.day.lead(1).over(own))


def count_waits(table: Table, until: date, groups: Table | None = None) -> Table:
    """Count silences by length: ``part, wait`` (days), ``ended, waits``; of each customer one has not ended (Ibis).

    What has not ended was watched to the last day before `until`. With `groups` (``customer_id, place``) also by
    ``place``, of those who have one.
    """
    seen, by = silences(table, until), ["part", "wait", "ended"]
    if groups is not None:
        # renamed, so that the engine does not take the join for one of a table with itself
        named = groups.rename(whose="customer_id")
        seen = seen.inner_join(named, seen.customer_id == named.whose)
        by = ["place", *by]
    last_day = ibis.date((until - timedelta(days=1)).isoformat())
    waits = seen.mutate(
        ended=seen.following.notnull(),
        wait=seen.following.fill_null(last_day).delta(seen.day, unit="day").cast("int64"),
    )
    return waits.group_by(by).agg(waits=lambda t: t.count())


def count_returned(table: Table, cutoffs: Sequence[date], horizon_days: int) -> Table:
    """Count the customers known by each cutoff, if any, by their silence, and those who came back (Ibis).

    ``cutoff, part, silent`` (days to the last day before the cutoff), ``customers, within_0, within_1, within_2``: who
    bought in each of the horizons from the cutoff on; what was not observed is not known to it.
    """
    horizons = horizons_around(horizon_days)
    seen = silences(table, max(cutoffs) + timedelta(days=max(horizons)))
    dates = ibis.memtable(pd.DataFrame({"cutoff": list(cutoffs)}), schema={"cutoff": "date"})
    # at a cutoff each known customer is in one silence
    at = seen.join(dates, [seen.day < dates.cutoff, seen.following.fill_null(ibis.date("9999-12-31")) >= dates.cutoff])
    at = at.mutate(
        silent=at.cutoff.delta(at.day, unit="day").cast("int64") - 1,
        wait=at.following.delta(at.cutoff, unit="day").cast("int64"),
    )
    # where no purchase followed, nothing is compared: Spark would not count a condition that is unknown
    back = {
        f"within_{place}": at.count(where=at.following.notnull() & (at.wait < days))
        for place, days in enumerate(horizons)
    }
    return at.group_by(["cutoff", "part", "silent"]).agg(customers=at.count(), **back)


def returned_by_cutoff(table: Table, cutoffs: Sequence[date], horizon_days: int, coverage: Coverage) -> pd.DataFrame:
    """Count returns as :func:`count_returned`, sorted, one row a horizon too where its window was observed whole.

    ``cutoff, horizon_days, part, silent, customers, returned``.
    """
    columns = ["cutoff", "horizon_days", "part", "silent", "customers", "returned"]
    if not cutoffs:
        return pd.DataFrame(columns=columns)
    counted = count_returned(table, cutoffs, horizon_days).to_pandas()
    counted["cutoff"] = [day.date() for day in pd.to_datetime(counted["cutoff"])]
    rows = []
    for place, days in enumerate(horizons_around(horizon_days)):
        seen = [cutoff for cutoff in cutoffs if coverage.covers(cutoff, cutoff + timedelta(days=days))]
        known = counted[counted["cutoff"].isin(seen)]
        rows.append(known.assign(horizon_days=days, returned=known[f"within_{place}"])[columns])
    return pd.concat(rows).sort_values(columns[:4], ignore_index=True)


def churn_history(returned: pd.DataFrame, horizon_days: int, active_days: int | None = None) -> pd.DataFrame:
    """Count who left by cutoff: ``cutoff, customers, churned``, oldest first; of the active only, where asked."""
    chosen = returned[returned["horizon_days"] == horizon_days]
    if active_days is not None:
        chosen = chosen[chosen["silent"] < active_days]
    months = chosen.groupby("cutoff", as_index=False)[["customers", "returned"]].sum()
    months["churned"] = months["customers"] - months.pop("returned")
    return months
