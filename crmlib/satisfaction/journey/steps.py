"""The steps of a customer journey in their order: how many take each, and after how many nothing more is bought."""

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
from crmlib.stats.comparisons import benjamini_hochberg

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

CONSULTATION: Final = "consultation"
ORDER: Final = "order"
RETURN: Final = "return"
STAGES: Final = (CONSULTATION, RETURN, COMPLAINT, ANSWER)
"""Steps beside the order that they are about."""
COLUMNS: Final = ["stage", "channel", "name", "people", "times", "silent", "silent_low", "silent_high",
                  "gap", "gap_low", "gap_high", "p"]  # fmt: skip
FALSE_DISCOVERIES: Final = 0.05
GAPS: Final = (7, 14, 30, 60, 90)
"""Orders are compared with others as many days, within these limits, after the customer's purchase before."""
_CLEAR: Final = 0.9
"""So large a part of a touchpoint's answers is about orders of one channel, where it is that channel's."""
_FEWEST: Final = 30
_REACH: Final = float(distributions.norm.ppf(0.975))


def order_cells(transactions: Table, days: Table, about: pd.DataFrame, as_of: date, horizon: int) -> pd.DataFrame:
    """Count the orders of a year whose horizons are over, and those after which nothing was bought on a day of it.

    Parameters
    ----------
    transactions, days
        Orders, and customers' days of purchase.
    about
        `kind, order_id` of contacts, returns and answers.

    Returns
    -------
    pandas.DataFrame
        By `channel`, `band` of the days since the purchase before (:data:`GAPS`) and each of the :data:`STAGES`
        (whether there was one about the order): `people, first` (of these, so many of the channel's
        are told here first), `orders, silent` and the sums of their customers' squares and products.
    """
    seen = days.filter(days.day < ibis.date(as_of.isoformat()))
    following = seen.gap.lead(1).over(ibis.window(group_by=seen.customer_id, order_by=seen.day))
    seen = seen.select("customer_id", "day", "gap", following=following)
    end = as_of - timedelta(days=horizon)
    bought = known_purchases(as_orders(transactions), end)
    bought = bought.filter(bought.ordered_at >= ibis.timestamp((end - timedelta(days=YEAR)).isoformat()))
    bought = bought.select("customer_id", "order_id", "channel", day=bought.ordered_at.date())
    rows = bought.inner_join(seen, ["customer_id", "day"]).left_join(_marked(about), "order_id").drop("order_id_right")
    band = sum((rows.gap.fill_null(10**6) > limit).cast("int64") for limit in GAPS)
    marks = {stage: rows[stage].fill_null(0) for stage in STAGES}
    rows = rows.mutate(**marks, band=band, gone=(rows.following.isnull() | (rows.following > horizon)).cast("int64"))
    by = ["channel", "band", *STAGES]
    each = rows.group_by([*by, "customer_id"]).agg(n=rows.count(), k=rows.gone.sum())
    place = ibis.row_number().over(group_by=[each.channel, each.customer_id], order_by=[each[name] for name in by[1:]])
    each = each.mutate(first=(place == 0).cast("int64"))
    sums: pd.DataFrame = (
        each.group_by(by)
        .agg(
            people=each.count(), first=each.first.sum(), orders=each.n.sum(), silent=each.k.sum(),
            nn=(each.n * each.n).sum(), kk=(each.k * each.k).sum(), nk=(each.n * each.k).sum(),
        )
        .to_pandas()
    )  # fmt: skip
    stages = {stage: sums[stage] > 0 for stage in STAGES}
    numbers = ["people", "first", "orders", "silent", "nn", "kk", "nk"]
    sums = sums.assign(**stages, channel=sums["channel"].astype("object").fillna(""))
    return sums.astype(dict.fromkeys(numbers, "float64")).sort_values(by, ignore_index=True)


def _marked(about: pd.DataFrame) -> Table:
    """Say of each order which steps there were about it."""
    known = about.dropna(subset=["order_id"])
    orders = pd.DataFrame({"order_id": known["order_id"].astype(str).drop_duplicates().to_numpy()})
    for stage in STAGES:
        orders[stage] = orders["order_id"].isin(known.loc[known["kind"] == stage, "order_id"]).astype("int64")
    return ibis.memtable(orders.astype({"order_id": "str"}))


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


def journey(cells: pd.DataFrame, events: pd.DataFrame, touchpoints: dict[str, str], as_of: date) -> pd.DataFrame:
    """Put the steps together, in their order: consultations, orders by channel, returns, complaints, answers.

    Parameters
    ----------
    cells
        See `order_cells`.
    events
        Contacts, returns and answers, see `crmlib.satisfaction.service.followed.follow`.
    touchpoints
        The touchpoint of a channel, where it has one.

    Returns
    -------
    pandas.DataFrame
        `stage, channel` (of an order), `name` (its touchpoint, else the channel), `people, times` of a year, `silent`
        (share of the orders concerned after which nothing was bought within the horizon), `gap` (its difference from
        other orders as many days after the purchase before), each with its interval, and `q`, the adjusted p of all.
    """
    recent = events[events["at"] >= pd.Timestamp(as_of) - timedelta(days=YEAR)]
    at = {stage: recent[recent["kind"] == stage] for stage in STAGES}
    stages = [[stage, None, None, at[stage]["customer_id"].nunique(), len(at[stage]), *_told(cells, cells[stage])]
              for stage in STAGES if len(at[stage])]  # fmt: skip
    volume = cells.groupby("channel")["orders"].sum().sort_values(ascending=False, kind="stable")
    orders = []
    for channel in volume.index:
        own = cells["channel"] == channel
        name = touchpoints.get(str(channel), str(channel) or None)
        orders.append([ORDER, channel, name, cells.loc[own, "first"].sum(), volume[channel], *_told(cells, own)])
    first = [row for row in stages if row[0] == CONSULTATION]
    found = pd.DataFrame([*first, *orders, *stages[len(first) :]], columns=COLUMNS)
    found = found.astype(dict.fromkeys(COLUMNS[3:], "float64")).astype({"people": "int64", "times": "int64"})
    return found.assign(q=benjamini_hochberg(found["p"])).drop(columns="p")


def weakest(steps: pd.DataFrame) -> pd.Series | None:
    """Give the step after which most fall silent, of those that stand apart; `None` where none does."""
    apart = steps[(steps["q"] < FALSE_DISCOVERIES) & (steps["gap"] > 0)]
    return None if apart.empty else apart.loc[apart["gap"].idxmax()]


def _told(cells: pd.DataFrame, own: pd.Series) -> list[float]:
    """Give the share of silent orders of a step and its difference from others, with intervals and the p of the latter.

    Directly standardised to the step's own bands; customers are independent, not their orders of a band.
    """
    sides = [
        cells[chosen].groupby("band")[["people", "orders", "silent", "nn", "kk", "nk"]].sum() for chosen in (own, ~own)
    ]
    one, other = (side.reindex(sides[0].index) for side in sides)
    weight = one["orders"] / one["orders"].sum()
    share, error = _share(one)
    base, spread = _share(other)
    silent, unsure = float((weight * share).sum()), sqrt(float((weight**2 * error**2).sum()))
    told = [silent, max(silent - _REACH * unsure, 0.0), min(silent + _REACH * unsure, 1.0)] if len(one) else [nan] * 3
    known = base.notna()
    if one["people"].sum() < _FEWEST or weight[known].sum() < _CLEAR:
        return [*told, *[nan] * 4]
    weight = weight[known] / weight[known].sum()
    gap = float((weight * (share - base)[known]).sum())
    reach = sqrt(float((weight**2 * (error**2 + spread**2)[known]).sum()))
    p = 2 * float(distributions.norm.sf(abs(gap) / reach)) if reach else nan
    return [*told, gap, gap - _REACH * reach, gap + _REACH * reach, p]


def _share(sums: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Give the ratio of silent orders to all, and its standard error by customers (linearised)."""
    share = sums["silent"] / sums["orders"]
    squares = (sums["kk"] - 2 * share * sums["nk"] + share**2 * sums["nn"]).clip(lower=0)
    return share, np.sqrt(squares * sums["people"] / (sums["people"] - 1).clip(lower=1)) / sums["orders"]
