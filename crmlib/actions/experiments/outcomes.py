"""What the customers of earlier lists bought before and since, by the arm that was drawn and not by what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

if TYPE_CHECKING:
    from ibis import Table

BEFORE_DAYS: Final = 365
"""Days before a list whose spend tells what a customer would spend anyway."""


def outcomes(rows: pd.DataFrame, days: Table, as_of: pd.Timestamp, horizon_days: int) -> pd.DataFrame:
    """Say of each row of earlier lists what the customer bought in the year before it and since, up to the horizon.

    Adds ``days_seen`` (of the horizon), ``known`` (whether the customer still has a purchase before the list),
    ``idle`` (days since the last one), ``spend_before, spend, bought`` (any purchase since).

    Parameters
    ----------
    rows
        ``customer_id, listed_on`` and more.
    days
        Customers' days that the report may see (``run.customer_days()``).
    """
    first, horizon = rows["listed_on"], pd.Timedelta(days=horizon_days)
    asked = rows.assign(ends=(first + horizon).clip(upper=as_of), starts=first - pd.Timedelta(days=BEFORE_DAYS))
    told = _bought_around(asked[["customer_id", "listed_on", "starts", "ends"]], days)
    found = asked.merge(told, on=["customer_id", "listed_on"], how="left")
    last = pd.to_datetime(found["last_day"])
    return rows.assign(
        days_seen=(asked["ends"] - first).dt.days.to_numpy(),
        known=last.notna().to_numpy(),
        idle=(first.reset_index(drop=True) - last).dt.days.to_numpy(),
        **{name: found[name].astype("float64").fillna(0.0).to_numpy() for name in ("spend_before", "spend")},
        bought=(found["spend"].astype("float64").fillna(0.0) > 0).to_numpy(),
    )


def _bought_around(asked: pd.DataFrame, days: Table) -> pd.DataFrame:
    """Sum what was bought before and after each list, in one pass over the customers' days."""
    near = days.select("customer_id", "day", "amount").inner_join(ibis.memtable(asked), "customer_id")
    moment = near.day.cast("timestamp")
    earlier = moment < near.listed_on
    summed = near.group_by(["customer_id", "listed_on"]).agg(
        last_day=near.day.max(where=earlier),
        spend_before=near.amount.sum(where=earlier & (moment >= near.starts)),
        spend=near.amount.sum(where=(~earlier) & (moment < near.ends)),
    )
    frame: pd.DataFrame = summed.to_pandas()
    return frame
