"""Whom chapter 02 would contact, and why: fallen out of the best, due again, gone of late, lacking a companion."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import before, order_categories
from crmlib.segmentation.affinity.companions import companions
from crmlib.words import _, formats

if TYPE_CHECKING:
    from datetime import date

    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

LEFT_BEST: Final = "left_best_segment"
SECOND_PURCHASE: Final = "second_purchase"
WIN_BACK: Final = "win_back"
NEXT_CATEGORY: Final = "next_category"
GONE: Final = ("dormant", "lost")
"""Stages at which a customer has left: of them only who has gone of late is put forward, to be won back."""
COLUMNS: Final = ("customer_id", "reason", "score", "value_at_stake", "since", "why")
"""The columns of the table ``candidates_segmentation``."""


def candidates(found: Study, run: Run, customers: pd.DataFrame) -> pd.DataFrame:
    """List customers with the reason to contact them, how urgent it is, since when and why: :data:`COLUMNS`.

    One row a customer and reason, sorted by both. Who is likely to leave chapter 03 alone says. Of a table of segments;
    where no customer could be valued it has no column of values.
    """
    parts = [second_purchase(customers, run), win_back(customers, run)]
    if found.base.migration is not None:
        parts.append(left_best(customers, found.base.migration, run))
    if found.together.next_category is not None:
        parts.append(next_category(customers, found.together.next_category.bought, run))
    return pd.concat(parts).sort_values(["customer_id", "reason"], ignore_index=True)


def second_purchase(customers: pd.DataFrame, run: Run) -> pd.DataFrame:
    """List who bought once and for whom the usual time for the second purchase is running out.

    The score is the lifetime value, or what they spent where it is not known.
    """
    waited = customers["days_since_last"] / customers["limit_at_risk"]
    once = customers[(customers["purchase_days"] == 1) & (waited > 0.5) & (waited <= 1)]
    stake = once["lifetime_value" if "lifetime_value" in once else "spend"]
    words = _("bought once, {days} ago, for {money}")
    return _listed(once, SECOND_PURCHASE, stake, _last_day(once, run), _said(words, once, run))


def left_best(customers: pd.DataFrame, migration: pd.DataFrame, run: Run) -> pd.DataFrame:
    """List who fell out of the best segment since a month earlier and is not gone; the score is what they spent."""
    fell = customers["customer_id"].isin(migration.loc[migration["left_best"], "customer_id"])
    left = customers[fell & ~customers["lifecycle"].astype("object").isin(GONE)]
    since = pd.Series(pd.Timestamp(run.previous_as_of), index=left.index)
    words = _("was among the best customers a month ago; last seen {days} ago, spent {money} so far")
    return _listed(left, LEFT_BEST, left["spend"], since, _said(words, left, run))


def win_back(customers: pd.DataFrame, run: Run) -> pd.DataFrame:
    """List who has gone by the own rhythm within the last horizon of chapter 03, which puts nobody forward who is gone.

    The score is what they spent; whether a message pays chapter 05 says.
    """
    beyond = customers["days_since_last"] - customers["limit_dormant"].astype("float64")
    gone = customers["lifecycle"].astype("object").isin(GONE)
    lately = customers[gone & (beyond > 0) & (beyond <= run.params.churn.horizon_days)]
    since = _last_day(lately, run) + pd.to_timedelta(lately["limit_dormant"].astype("float64").round(), unit="D")
    words = _("last seen {days} ago, and few of this rhythm come back after so long; spent {money} so far")
    return _listed(lately, WIN_BACK, lately["spend"], since, _said(words, lately, run))


def next_category(customers: pd.DataFrame, bought: pd.DataFrame, run: Run) -> pd.DataFrame:
    """List who began with a category within chapter 03's horizon and lacks the one that its customers usually add.

    At stake is the margin of an order's goods of that category, times the share who do not add it within the horizon.
    """
    days = run.params.churn.horizon_days
    pairs = companions(bought, run.as_of, days)
    spend = _spend_by_category(run, days) if len(pairs) else pd.Series(dtype="float64")
    here = customers.loc[~customers["lifecycle"].astype("object").isin(GONE), "customer_id"]
    own = bought.pivot_table(index="customer_id", columns="category", values="first_at", aggfunc="min").reindex(here)
    since = pd.Timestamp(run.as_of - timedelta(days=days))
    words = _("began with {first}; its customers add {second} {lift} times as often as others")
    parts = [_listed(own.iloc[:0].reset_index()[["customer_id"]], NEXT_CATEGORY, 0.0, pd.NaT, [])]
    for pair in pairs.itertuples():
        asked = own[(own[pair.first] >= since) & own[pair.second].isna()].reset_index()
        stake = (1 - pair.share) * float(spend.get(pair.second, 0.0)) * run.params.segmentation.margin
        said = words.format(first=pair.first, second=pair.second, lift=formats.number(pair.lift, digits=2))
        listed = _listed(asked, NEXT_CATEGORY, stake, asked[pair.first], [said] * len(asked))
        parts.append(listed.assign(value_at_stake=stake))
    urgent = pd.concat(parts).sort_values(["customer_id", "score"], ascending=[True, False], kind="stable")
    return urgent.drop_duplicates("customer_id")


def _spend_by_category(run: Run, days: int) -> pd.Series:
    """Give the mean money of an order's goods by category, over the last so many days."""
    orders = order_categories(run)
    if orders is None:
        return pd.Series(dtype="float64")
    seen = before(orders, run.as_of)
    seen = seen.filter(
        seen.lines > 0, seen.ordered_at >= ibis.timestamp((run.as_of - timedelta(days=days)).isoformat())
    )
    sold = run.frame(seen.group_by("category").agg(amount=seen.amount.sum(), orders=seen.count()))
    return (sold["amount"] / sold["orders"]).set_axis(sold["category"])


def _last_day(customers: pd.DataFrame, run: Run) -> pd.Series:
    last_day: date = run.as_of - timedelta(days=1)
    return pd.Timestamp(last_day) - pd.to_timedelta(customers["days_since_last"], unit="D")


def _said(words: str, customers: pd.DataFrame, run: Run) -> list[str]:
    """Say it of each customer; a list is searched, so its blanks are plain."""
    days, spend = customers["days_since_last"], customers["spend"]
    money = partial(formats.money, currency=run.params.currency, decimals=0)
    return [
        words.format(days=formats.days(int(day)), money=money(amount)).replace(formats.NBSP, " ")
        for day, amount in zip(days, spend, strict=True)
    ]


def _listed(
    customers: pd.DataFrame, reason: str, score: pd.Series | float, since: pd.Series, why: list[str]
) -> pd.DataFrame:
    rows = customers[["customer_id"]].assign(reason=reason, score=score, value_at_stake=None, since=since, why=why)
    types = {"customer_id": "str", "reason": "str", "score": "float64", "value_at_stake": "float64",
             "since": "datetime64[us]", "why": "str"}  # fmt: skip
    return rows[list(COLUMNS)].astype(types)
