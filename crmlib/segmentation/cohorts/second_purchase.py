"""How soon a second purchase comes, those still waiting included, and whether groups of customers differ in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.features import known_purchases
from crmlib.orders import as_orders
from crmlib.segmentation.customers.rhythm import purchase_days
from crmlib.stats import Estimate
from crmlib.stats.comparisons import benjamini_hochberg
from crmlib.stats.intervals import proportion
from crmlib.stats.survival import KaplanMeier
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

    from crmlib.workspace import Run


GROUP_COLUMNS: Final = ("group", "customers", "again", "expected", "ratio", "p", "q")


@dataclass(frozen=True, slots=True)
class LogRank:
    """The log-rank test over several groups.

    ``p``: all come back alike (NaN with fewer than two groups or no event). ``groups``, one row each: ``group,
    customers, again`` (second purchases), ``expected`` (if all came back alike), ``ratio`` (of the two), ``p`` (against
    all others), ``q`` (the same under Benjamini-Hochberg).
    """

    p: float
    groups: pd.DataFrame


def log_rank(days: pd.Series, again: pd.Series, group: pd.Series) -> LogRank:
    """Test whether groups of customers differ in when the second purchase comes (``again``), or how long they wait.

    Customers without a group are left out. Mantel (1966), Cancer Chemotherapy Reports 50; for several groups
    Kalbfleisch & Prentice (2002), The Statistical Analysis of Failure Time Data, section 1.5.
    """
    seen = group.notna() & (days > 0)
    days, again, group = days[seen], again[seen].astype(bool), group[seen]
    codes, names = pd.factorize(group, sort=True)
    times = np.unique(days[again].to_numpy())
    if len(names) < 2 or not len(times):
        return LogRank(float("nan"), pd.DataFrame(columns=list(GROUP_COLUMNS)))
    risk, events = _at_risk(days.to_numpy(), again.to_numpy(), codes, len(names), times)
    n, d = risk.sum(axis=1), events.sum(axis=1)
    part = risk / n[:, None]
    expected = (d[:, None] * part).sum(axis=0)
    spread = d * np.divide(n - d, n - 1, out=np.zeros(len(n)), where=n > 1)
    covariance = np.diag((spread[:, None] * part).sum(axis=0)) - (part * spread[:, None]).T @ part
    came = events.sum(axis=0)
    off = came - expected
    variance = np.diag(covariance)
    z = np.divide(off, np.sqrt(variance), out=np.zeros(len(off)), where=variance > 0)
    p = 2 * distributions.norm.sf(np.abs(z))
    overall = float(off[1:] @ np.linalg.pinv(covariance[1:, 1:]) @ off[1:])
    ratio = np.divide(came, expected, out=np.full(len(off), np.nan), where=expected > 0)
    columns = (
        names, np.bincount(codes, minlength=len(names)), came.astype(int), expected, ratio, p, benjamini_hochberg(p),
    )  # fmt: skip
    groups = pd.DataFrame(dict(zip(GROUP_COLUMNS, columns, strict=True)))
    return LogRank(float(distributions.chi2.sf(overall, len(names) - 1)), groups)


def _at_risk(
    days: np.ndarray, again: np.ndarray, codes: np.ndarray, groups: int, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Count, for each day with a second purchase and each group, who was still waiting and who came back."""
    risk = np.zeros((len(times), groups))
    events = np.zeros((len(times), groups))
    for code in range(groups):
        own = np.sort(days[codes == code])
        risk[:, code] = len(own) - np.searchsorted(own, times, side="left")
        came = days[(codes == code) & again]
        np.add.at(events[:, code], np.searchsorted(times, came), 1)
    return risk, events


LATEST_DAYS: Final = 92  # customers won within so many days of the end are compared with those won before


@dataclass(frozen=True, slots=True)
class Return:
    """When customers come back.

    ``curve``: share with a second purchase by ``days`` since the first: ``group`` (all, latest), ``days, share, low,
    high, at_risk`` (observed that long without one). ``median`` days until half have; ``differs``, the p-value that the
    latest come back as the earlier ones (NaN where either is empty), or ``sooner``.
    """

    curve: pd.DataFrame
    median: Estimate
    differs: float
    sooner: bool
    customers: int


def second_purchases(transactions: Table, as_of: date, days: Table | None = None) -> pd.DataFrame:
    """Describe each customer's wait for the second purchase.

    ``customer_id, first_day, days`` (to the second purchase day, or to the last day seen), ``again`` (whether it came),
    ``channel, store_id`` (of the first purchase; missing where not delivered).
    """
    days = purchase_days(transactions if days is None else days, as_of)
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
    bought = known_purchases(as_orders(transactions), as_of)
    first = bought.filter(bought.ordered_at == bought.first_at)
    return first.group_by("customer_id").agg(channel=first.channel.min(), store_id=first.store_id.min())


@dataclass(frozen=True, slots=True)
class Won:
    """The waits of those whose first purchase is known to be the first, and the month left out (`None`: all kept)."""

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
    """Estimate when customers come back, those who may still do so counted for as long as they were observed."""
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
