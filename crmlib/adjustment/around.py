"""What customers bought in the year before a moment of theirs and in the horizon after it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import before, purchases
from crmlib.orders import as_orders

if TYPE_CHECKING:
    from ibis import Table

HISTORY_DAYS: Final = 365


def purchases_around(transactions: Table, moments: pd.DataFrame, as_of: date, horizon_days: int) -> pd.DataFrame:
    """Tell what customers bought in the year before a moment (`customer_id, at`) and in the horizon after it.

    By customer: `at`, `days_before, spend_before` (purchase days and money of the year up to it), `channel, store` (of
    most of these orders, the first in the alphabet on a tie), `idle, tenure` (days since the last and the very first
    purchase), `days_after, spend_after`. Missing where nothing was bought. A horizon that ends after `as_of` is
    refused: not observed is not "did not buy".
    """
    if len(moments) and moments["at"].max() + timedelta(days=horizon_days) > pd.Timestamp(as_of):
        raise ValueError(f"a horizon of {horizon_days} days ends after {as_of}: it has not been observed in full")
    around = _orders_around(transactions, moments, as_of, horizon_days)
    earlier = around.ordered_at <= around["at"]
    counted: pd.DataFrame = (
        around.group_by("customer_id")
        .agg(
            days_before=around.ordered_at.date().nunique(where=earlier),
            spend_before=around.amount.sum(where=earlier),
            first_before=around.first_at.min(where=earlier),
            last_before=ibis.least(around.last_at, around["at"]).max(where=earlier),
            days_after=around.ordered_at.date().nunique(where=~earlier),
            spend_after=around.amount.sum(where=~earlier),
            channels=around.channel.collect(where=earlier),
            stores=around.store_id.collect(where=earlier),
        )
        .to_pandas()
        .set_index("customer_id")
        .reindex(moments["customer_id"].to_numpy())
    )
    at, day = moments.set_index("customer_id")["at"], pd.Timedelta(days=1)
    numbers = counted[["days_before", "spend_before", "days_after", "spend_after"]].astype(float).fillna(0.0)
    return numbers.assign(
        at=at,
        idle=(at - pd.to_datetime(counted["last_before"])) / day,
        tenure=(at - pd.to_datetime(counted["first_before"])) / day,
        channel=_commonest(counted["channels"]),
        store=_commonest(counted["stores"]),
    )


def _orders_around(transactions: Table, moments: pd.DataFrame, as_of: date, horizon_days: int) -> Table:
    """Give the purchases from a year before each customer's moment to the end of the horizon, with the moment."""
    asked = ibis.memtable(
        pd.DataFrame({
            "customer_id": moments["customer_id"].astype(str),
            "starts": moments["at"] - pd.Timedelta(days=HISTORY_DAYS),
            "at": moments["at"],
            "ends": moments["at"] + pd.Timedelta(days=horizon_days),
        })
    )  # fmt: skip
    bought = purchases(before(as_orders(transactions), as_of))
    bought = bought.select("customer_id", "ordered_at", "last_at", "first_at", "amount", "channel", "store_id")
    around = bought.inner_join(asked, "customer_id")
    return around.filter((around.ordered_at >= around.starts) & (around.ordered_at < around.ends))


def _commonest(places: pd.Series) -> pd.Series:
    """Name the commonest of each customer's places; lists rather than counts by place, to read the orders once."""
    told = places.explode().dropna().astype(str).rename("place")
    counted = told.to_frame().groupby(["customer_id", "place"]).size().rename("n").reset_index()
    first = counted.sort_values(["customer_id", "n", "place"], ascending=[True, False, True])
    return first.drop_duplicates("customer_id").set_index("customer_id")["place"].reindex(places.index)
