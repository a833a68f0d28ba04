"""The steps of a customer's way in their order: how many take each, how it is scored, and after how many nothing follows."""

from __future__ import annotations

from datetime import timedelta
from math import nan, sqrt
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.features import known_purchases
from crmlib.orders import as_orders
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.service.complaints import COMPLAINT
from crmlib.satisfaction.service.followed import ANSWER
from crmlib.stats import Estimate, intervals
from crmlib.stats.comparisons import benjamini_hochberg

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ibis import Table

CONSULTATION: Final = "consultation"
ORDER: Final = "order"
STAGES: Final = (CONSULTATION, ORDER, COMPLAINT, ANSWER)
FALSE_DISCOVERIES: Final = 0.05
_FEWEST: Final = 30
"""Customers at a step below which its share is compared with nothing."""
_CLEAR: Final = 0.9
"""So large a part of a touchpoint's answers is about orders of one channel, where it is that channel's."""


def silent_after_orders(transactions: Table, days: Table, as_of: date, horizon: int) -> pd.DataFrame:
    """Count the orders of a year after which the customer bought on no day of the horizon, by channel.

    Of the year whose horizons are over: `channel, people, orders, silent`, and the `share` of silent ones with its
    standard `error`, customers (not their orders) counted as independent.
    """
    seen = days.filter(days.day < ibis.date(as_of.isoformat()))
    following = seen.gap.lead(1).over(ibis.window(group_by=seen.customer_id, order_by=seen.day))
    seen = seen.select("customer_id", "day", following=following)
    end = as_of - timedelta(days=horizon)
    bought = known_purchases(as_orders(transactions), end)
    bought = bought.filter(bought.ordered_at >= ibis.timestamp((end - timedelta(days=YEAR)).isoformat()))
    bought = bought.select("customer_id", "channel", day=bought.ordered_at.date())
    joined = bought.inner_join(seen, ["customer_id", "day"])
    gone = joined.following.isnull() | (joined.following > horizon)
    each = joined.group_by(["channel", "customer_id"]).agg(n=joined.count(), k=joined.count(where=gone))
    sums: pd.DataFrame = (
        each.group_by("channel")
        .agg(
            people=each.count(), orders=each.n.sum(), silent=each.k.sum(), nn=(each.n * each.n).sum(),
            kk=(each.k * each.k).sum(), nk=(each.n * each.k).sum(),
        )
        .to_pandas()
    )  # fmt: skip
    sums = sums.astype({name: "float64" for name in sums.columns if name != "channel"})
    share = sums["silent"] / sums["orders"]
    spread = (sums["kk"] - 2 * share * sums["nk"] + share**2 * sums["nn"]).clip(lower=0)
    error = np.sqrt(spread * sums["people"] / (sums["people"] - 1).clip(lower=1)) / sums["orders"]
    found = sums.assign(share=share, error=error)[["channel", "people", "orders", "silent", "share", "error"]]
    return found.sort_values(["orders", "channel"], ascending=[False, True], ignore_index=True)


def silent_after(events: pd.DataFrame, as_of: date, horizon: int) -> Estimate:
    """Estimate the share of events of a year after which the customer bought nothing within the horizon.

    Of events with `customer_id, at, next_at` whose horizons are over; `n` counts customers.
    """
    end = pd.Timestamp(as_of) - timedelta(days=horizon)
    over = events[events["customer_id"].notna() & (events["at"] < end) & (events["at"] >= end - timedelta(days=YEAR))]
    silent = ~(over["next_at"] <= over["at"] + timedelta(days=horizon))
    each = silent.groupby(over["customer_id"]).agg(["size", "sum"]).astype("float64")
    return intervals.ratio(each["sum"], each["size"])


def touchpoints_of(answers: pd.DataFrame) -> dict[str, str]:
    """Say which touchpoint belongs to a channel, by the orders that answers are about: one to one and clearly."""
    told = answers.dropna(subset=["touchpoint", "order_channel"])
    if told.empty:
        return {}
    table = pd.crosstab(told["touchpoint"], told["order_channel"])
    clear = table.div(table.sum(axis=1), axis=0) >= _CLEAR
    pairs = [(str(channel), str(name)) for name in table.index for channel in table.columns if clear.loc[name, channel]]
    channels = [channel for channel, _name in pairs]
    return {channel: name for channel, name in pairs if channels.count(channel) == 1}


def journey(
    orders: pd.DataFrame, events: pd.DataFrame, touchpoints: dict[str, str], as_of: date, horizon: int
) -> pd.DataFrame:
    """Put the steps together, in their order: consultations, orders by channel, complaints, answers.

    Parameters
    ----------
    orders
        See `silent_after_orders`.
    events
        Contacts and answers (:data:`ANSWER`), see `crmlib.satisfaction.service.followed.follow`.
    touchpoints
        The touchpoint of a channel, where it has one.

    Returns
    -------
    pandas.DataFrame
        `stage, channel` (of an order), `name` (its touchpoint, else the channel), `people, times, silent, silent_low, silent_high`
        (share after which nothing was bought within the horizon), and `gap, gap_low, gap_high, q`: its difference from
        the orders of the other channels, of other steps from all orders, with the adjusted p of all steps compared.
    """
    rows = []
    for stage in STAGES:
        if stage == ORDER:
            rows += [_order_step(orders, place, touchpoints) for place in range(len(orders))]
        elif (events["kind"] == stage).any():
            rows.append(_step(events[events["kind"] == stage], stage, orders, as_of, horizon))
    columns = [
        "stage",
        "channel",
        "name",
        "people",
        "times",
        "silent",
        "silent_low",
        "silent_high",
        "gap",
        "gap_low",
        "gap_high",
        "p",
    ]
    found = pd.DataFrame(rows, columns=columns)
    return found.assign(q=benjamini_hochberg(found["p"].astype("float64"))).drop(columns="p")


def weakest(steps: pd.DataFrame) -> pd.Series | None:
    """Give the step after which most fall silent, of those that stand apart; `None` where none does."""
    apart = steps[(steps["q"] < FALSE_DISCOVERIES) & (steps["gap"] > 0)]
    return None if apart.empty else apart.loc[apart["gap"].idxmax()]


def _order_step(orders: pd.DataFrame, place: int, touchpoints: dict[str, str]) -> list[object]:
    row = orders.iloc[place]
    silent = Estimate(row["share"], *_ends(row["share"], row["error"]), n=int(row["people"]))
    channel = None if pd.isna(row["channel"]) else str(row["channel"])
    return _row(
        (ORDER, channel, touchpoints.get(str(channel), channel)),
        silent,
        row["orders"],
        row["error"],
        _of_all(orders.drop(index=orders.index[place])),
    )


def _step(events: pd.DataFrame, stage: str, orders: pd.DataFrame, as_of: date, horizon: int) -> list[object]:
    silent = silent_after(events, as_of, horizon)
    recent = events[events["at"] >= pd.Timestamp(as_of) - timedelta(days=YEAR)]
    error = (silent.high - silent.low) / (2 * distributions.norm.ppf(0.975))
    return _row((stage, None, None), silent, len(recent), error, _of_all(orders))


def _of_all(orders: pd.DataFrame) -> tuple[float, float]:
    """Give the share of silent orders of several channels and its standard error."""
    n = float(orders["orders"].sum())
    if not n:
        return nan, nan
    return float(orders["silent"].sum()) / n, sqrt(float(((orders["orders"] * orders["error"]) ** 2).sum())) / n


def _row(
    step: tuple[str | None, ...], silent: Estimate, times: float, error: float, others: tuple[float, float]
) -> list[object]:
    gap, spread = silent.value - others[0], sqrt(error**2 + others[1] ** 2) if silent.has_interval else nan
    enough = silent.n >= _FEWEST and spread > 0
    p = 2 * float(distributions.norm.sf(abs(gap) / spread)) if enough else nan
    return [*step, silent.n, int(times), silent.value, silent.low, silent.high, gap, *_ends(gap, spread), p]


def _ends(value: float, error: float) -> Iterable[float]:
    reach = float(distributions.norm.ppf(0.975)) * error
    return value - reach, value + reach
