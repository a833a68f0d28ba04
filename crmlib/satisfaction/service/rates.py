"""Complaints per 1,000 orders by store, channel, category and month, and which lie outside what chance explains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import known_purchases, order_categories
from crmlib.months import last_months
from crmlib.orders import as_orders, count_orders
from crmlib.satisfaction.answers.population import YEAR
from crmlib.stats import intervals
from crmlib.stats.comparisons import benjamini_hochberg
from crmlib.stats.control import ControlLimits
from crmlib.words import N_

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

    from crmlib.workspace import Run

KINDS: Final = {"store": N_("Store"), "channel": N_("Channel"), "category": N_("Category")}
PER: Final = 1_000
WARNED: Final = 0.95
SURE: Final = 0.998
"""Coverage of the inner and the outer limits; beyond the outer ones something is the matter (Spiegelhalter 2005)."""
FALSE_DISCOVERIES: Final = 0.05
ABOVE: Final = "above"
BELOW: Final = "below"
UNSURE: Final = "unsure"
ALIKE: Final = "alike"
TOLD: Final = 0.9
"""So large a part of the complaints must say their order, or the rates by what orders tell would be too low."""
MONTHS: Final = 13
COLUMNS: Final = ["kind", "name", "people", "complaints", "orders", "rate", "rate_low", "rate_high", "z", "stands"]


def members_orders(transactions: Table, as_of: date) -> pd.DataFrame:
    """Count the last months' orders of known customers: `store, channel, month, recent` (within a year), `orders`."""
    bought = known_purchases(as_orders(transactions), as_of)
    first = last_months(as_of, MONTHS)
    year = pd.Timestamp(as_of) - pd.Timedelta(days=YEAR)
    bought = bought.filter(bought.ordered_at >= ibis.timestamp(min(first, year).isoformat()))
    bought = bought.mutate(
        store=bought.store_id, month=bought.ordered_at.truncate("month"),
        recent=bought.ordered_at >= ibis.timestamp(year.isoformat()),
    )  # fmt: skip
    by = ["store", "channel", "month", "recent"]
    counted: pd.DataFrame = bought.group_by(by).agg(orders=count_orders(bought)).to_pandas()
    return counted.sort_values(by, ignore_index=True)


def categories_ordered(run: Run, complaints: pd.DataFrame) -> pd.DataFrame | None:
    """Count the last year's orders with an article of a category, and those complained about; `None` where not told.

    `name, orders, complaints` (orders complained about), `people` (their customers).
    """
    about = complaints.dropna(subset=["order_id"])["order_id"].drop_duplicates()
    if about.empty or complaints["order_id"].notna().mean() < TOLD or (rows := order_categories(run)) is None:
        return None
    asked = ibis.memtable(pd.DataFrame({"about": about.astype(str)}))
    bought = known_purchases(rows, run.as_of)
    bought = bought.filter(bought.ordered_at >= ibis.timestamp(str(pd.Timestamp(run.as_of) - pd.Timedelta(days=YEAR))))
    joined = bought.left_join(asked, bought.order_id == asked.about)
    said = joined.about.notnull()
    counted: pd.DataFrame = (
        joined.group_by(joined.category.name("name"))
        .agg(
            orders=count_orders(joined), complaints=count_orders(joined, said),
            people=joined.customer_id.nunique(where=said),
        )
        .to_pandas()
    )  # fmt: skip
    return counted.sort_values("name", ignore_index=True)


def complaint_rates(complaints: pd.DataFrame, orders: pd.DataFrame, categories: pd.DataFrame | None) -> pd.DataFrame:
    """Estimate complaints per 1,000 orders of each group of the :data:`KINDS` (:data:`COLUMNS`).

    Parameters
    ----------
    complaints
        Those of the last year, with the `order_store` and `order_channel` of the order concerned; a complaint's own
        `store_id` comes first.
    orders
        See `members_orders`.
    categories
        See `categories_ordered`.

    Returns
    -------
    pandas.DataFrame
        `z` is how many standard errors a rate lies from that of its kind, `stands` whether it is outside the outer
        limits and a finding among all groups (`above`, `below`), outside the inner ones (`unsure`), or `alike`.
    """
    named = complaints.assign(
        store=complaints["store_id"].fillna(complaints["order_store"]), channel=complaints["order_channel"]
    )
    recent = orders[orders["recent"]]
    kinds = ["store", *(["channel"] if named["channel"].notna().mean() >= TOLD else [])]
    parts = [_counted(named, recent, kind) for kind in kinds]
    if categories is not None:
        parts.append(categories.assign(kind="category"))
    parts = [_compared(part) for part in parts if len(part) > 1 and part["complaints"].any()]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    return _standing(pd.concat(parts, ignore_index=True))[COLUMNS]


def by_month(complaints: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Estimate complaints per 1,000 orders of each of the last months: `month` and the columns of a group."""
    made = complaints.assign(month=complaints["at"].dt.to_period("M").dt.to_timestamp())
    rows = _counted(made, orders, "month")
    rows = rows.assign(month=pd.to_datetime(rows["name"])).sort_values("month", ignore_index=True)
    return _with_interval(rows)[["month", "people", "complaints", "orders", "rate", "rate_low", "rate_high"]]


def _counted(complaints: pd.DataFrame, orders: pd.DataFrame, kind: str) -> pd.DataFrame:
    size = orders.groupby(kind)["orders"].sum()
    made = complaints.groupby(kind).agg(complaints=("at", "size"), people=("customer_id", "nunique"))
    rows = size[size > 0].to_frame().join(made).fillna(0).astype("int64")
    return rows.rename_axis("name").reset_index().assign(kind=kind)


def _compared(rows: pd.DataFrame) -> pd.DataFrame:
    found = ControlLimits.of(rows["complaints"], rows["orders"])
    return _with_interval(rows).assign(z=found.z, p=found.p)


def _with_interval(rows: pd.DataFrame) -> pd.DataFrame:
    part = intervals.proportions(rows[["complaints", "orders"]].min(axis=1), rows["orders"]) * PER
    return rows.assign(rate=part["value"], rate_low=part["low"], rate_high=part["high"])


def _standing(rows: pd.DataFrame) -> pd.DataFrame:
    far, found = rows["p"] < 1 - SURE, benjamini_hochberg(rows["p"]) < FALSE_DISCOVERIES
    stands = pd.Series(ALIKE, index=rows.index, dtype="object")
    stands = stands.mask(rows["p"] < 1 - WARNED, UNSURE)
    stands = stands.mask(far & found & (rows["z"] > 0), ABOVE).mask(far & found & (rows["z"] < 0), BELOW)
    return rows.assign(stands=stands)
