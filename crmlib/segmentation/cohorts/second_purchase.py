"""How soon a second purchase comes: time to it for every customer won, those still waiting included."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import known_purchases
from crmlib.segmentation.cohorts.differences import log_rank
from crmlib.segmentation.customers.rhythm import purchase_days
from crmlib.stats import Estimate
from crmlib.stats.intervals import proportion
from crmlib.stats.survival import KaplanMeier
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

    from crmlib.segmentation.cohorts.differences import LogRank
    from crmlib.workspace import Run

LATEST_DAYS: Final = 92
"""Customers won within so many days of the end are compared with those won before."""


@dataclass(frozen=True, slots=True)
class Return:
    """When customers come back.

    Attributes
    ----------
    curve
        Share with a second purchase by ``days`` since the first: ``group`` (all, latest), ``days, share, low, high,
        at_risk`` (customers observed that long without one).
    median
        Days until half of all customers won have bought again; unknown where that is not reached.
    differs
        p-value of the log-rank test that the latest customers come back as the earlier ones; NaN where either is empty.
    sooner
        Whether the latest have had more second purchases than the curve of all would bring.
    customers
        Customers won.
    """

    curve: pd.DataFrame
    median: Estimate
    differs: float
    sooner: bool
    customers: int


def second_purchases(transactions: Table, as_of: date) -> pd.DataFrame:
    """Describe each customer's wait for the second purchase.

    ``customer_id, first_day, days`` (to the second purchase day, or to the last day seen), ``again`` (whether it came),
    ``channel, store_id`` (of the first purchase; missing where not delivered).
    """
    days = purchase_days(transactions, as_of)
    own = ibis.window(group_by=days.customer_id, order_by=days.day)
    following = days.mutate(following=days.day.lead(1).over(own)).filter(lambda t: t.gap.isnull())
    last_day = ibis.date((as_of - timedelta(days=1)).isoformat())
    waits = following.select(
        "customer_id",
        first_day="day",
        again=following.following.notnull(),
        days=following.following.fill_null(last_day).delta(following.day, unit="day").cast("int64"),
    )
    where = _first_place(transactions, as_of)
    joined = waits.left_join(where, "customer_id").drop("customer_id_right")
    frame: pd.DataFrame = joined.to_pandas()
    return frame.sort_values("customer_id", ignore_index=True)


def _first_place(transactions: Table, as_of: date) -> Table:
    """Find the channel and store of each customer's first purchase; of several at one moment the first by name."""
    bought = known_purchases(transactions, as_of)
    first = bought.ordered_at.min().over(ibis.window(group_by=bought.customer_id))
    flagged = bought.mutate(is_first=bought.ordered_at == first)
    return flagged.group_by("customer_id").agg(
        channel=flagged.channel.min(where=flagged.is_first), store_id=flagged.store_id.min(where=flagged.is_first)
    )


@dataclass(frozen=True, slots=True)
class Won:
    """The customers of whom the first purchase is known to be the first.

    Attributes
    ----------
    waits
        Their rows of :func:`second_purchases`.
    left_out
        First day of the month that was left out; ``None`` where all customers are kept.
    """

    waits: pd.DataFrame
    left_out: pd.Timestamp | None


def won_since(waits: pd.DataFrame, at_least: int = 1) -> Won:
    """Leave out the customers first seen in the month in which the data begin: they may have bought before it.

    Where fewer customers than ``at_least`` would be left, or none who came back, all are kept.
    """
    months = pd.to_datetime(waits["first_day"]).dt.to_period("M")
    later = waits[months > months.min()]
    if len(later) < at_least or not later["again"].any():
        return Won(waits, None)
    return Won(later, months.min().to_timestamp())


def first_month_note(won: Won, run: Run) -> str:
    """Say which customers are left out and why, or that customers from before the data begin are among them."""
    if won.left_out is None:
        return _("Customers from before the data begin may be among them and count as won.")
    words = _(
        "Customers first seen in {month:month}, in which the data begin, are left out: they may have bought before."
    )
    return run.say(words, month=won.left_out)


def time_to_second(waits: pd.DataFrame, as_of: date) -> Return:
    """Estimate when customers come back, those who may still do so counted for as long as they were observed.

    :class:`crmlib.stats.survival.KaplanMeier`; the log-rank test by Mantel (1966).
    """
    seen = waits[waits["days"] > 0]
    latest = pd.to_datetime(seen["first_day"]) >= pd.Timestamp(as_of) - pd.Timedelta(days=LATEST_DAYS)
    waiting = _kaplan_meier(seen)
    curves = [_drawn(waiting, seen, "all"), _drawn(_kaplan_meier(seen[latest]), seen[latest], "latest")]
    differs, sooner = float("nan"), False
    if seen.loc[latest, "again"].any() and seen.loc[~latest, "again"].any():
        tested = log_rank(seen["days"], seen["again"], latest)
        differs, sooner = tested.p, bool(tested.groups.set_index("group").loc[True, "ratio"] > 1)
    return Return(pd.concat(curves, ignore_index=True), waiting.median, differs, sooner, len(waits))


def share_within(waits: pd.DataFrame, days: int) -> Estimate:
    """Estimate the share of customers who buy again within so many days of their first purchase."""
    seen = int((waits["days"] >= days).sum())
    if not seen:
        return Estimate.unknown(len(waits))
    reached = _kaplan_meier(waits[waits["days"] > 0]).by([days]).iloc[0]
    if reached["share"] in {0.0, 1.0}:
        # nobody, or everybody: as uncertain as the number of those who were watched for so long
        everybody = reached["share"] == 1
        return replace(proportion(len(waits), len(waits)) if everybody else proportion(0, seen), n=len(waits))
    return Estimate(float(reached["share"]), float(reached["low"]), float(reached["high"]), len(waits))


def months_differ(waits: pd.DataFrame, at_least: int) -> LogRank:
    """Test whether the customers of one month come back otherwise than all others; months of fewer are left out."""
    months = pd.to_datetime(waits["first_day"]).dt.to_period("M").dt.to_timestamp()
    size = months.map(months.value_counts())
    return log_rank(waits["days"], waits["again"], months.where(size >= at_least))


def _kaplan_meier(waits: pd.DataFrame) -> KaplanMeier:
    return KaplanMeier.of(waits["days"], waits["again"])


def _drawn(waiting: KaplanMeier, waits: pd.DataFrame, group: str) -> pd.DataFrame:
    """Give the curve from day 0 on, one row a day on which a second purchase came; empty where none did."""
    curve = waiting.curve.rename(columns={"time": "days"})
    if len(curve):
        start = {"days": 0.0, "share": 0.0, "low": 0.0, "high": 0.0, "at_risk": float(len(waits))}
        curve = pd.concat([pd.DataFrame([start]), curve], ignore_index=True)
    return curve.assign(group=pd.Series(group, index=curve.index, dtype="str"))
