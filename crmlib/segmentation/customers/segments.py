"""Named segments: every customer in exactly one, by how lately they bought and how much they are worth."""

from __future__ import annotations

from math import inf, isfinite
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.params.segments import DEFAULT_SEGMENTS, RESERVED
from crmlib.stats.concentration import part_share
from crmlib.stats.intervals import proportions
from crmlib.words import _, formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from crmlib.params.segments import Role, SegmentRule

_RECENT, _AWAY, _HIGH = 0.6, 0.4, 0.6  # positions of a score within its range, 0 to 1, whatever the number of scores
_COMPARE: Final = {"at_least": ge, "at_most": le, "above": gt, "below": lt}

NOT_YET: Final = RESERVED  # where those stood who had not bought before the last period's end


def segment_label(code: str) -> str:
    """Give a segment's name as a reader sees it."""
    return _("first purchase") if code == NOT_YET else formats.name(code)


def with_role(rules: Mapping[str, SegmentRule], role: Role) -> list[str]:
    """Name the segments that play a role: the best, those slipping from them, those missed."""
    return [code for code, rule in rules.items() if rule.role == role]


def name_segments(
    customers: pd.DataFrame,
    bins: int = 5,
    new_days: float = 90,
    *,
    recent_within: float = inf,
    away_after: float = inf,
    rules: Mapping[str, SegmentRule] = DEFAULT_SEGMENTS,
) -> pd.Series:
    """Put every customer into exactly one named segment: that of the first rule which holds.

    Takes the three scores of `rfm_scores`, ``days_since_first, days_since_last, orders`` and what the rules compare;
    gives an ordered category of the rules' names. With one order a customer is new for ``new_days`` since it. Scores
    are relative, so days count besides: nobody is recent beyond ``recent_within`` days without a purchase, everybody
    away beyond ``away_after``: in a shop that its customers have left the best fifth has not been seen for long either.
    Nor is anybody away who bought within ``recent_within`` days, where given: in a shop that grows the lowest fifth has
    too.
    """
    recency = _position(customers["recency_score"], bins)
    value = (_position(customers["frequency_score"], bins) + _position(customers["monetary_score"], bins)) / 2
    unseen = customers["days_since_last"].to_numpy(dtype="float64")
    lately = (unseen <= recent_within) & isfinite(recent_within)
    away = ((recency < _AWAY) & ~lately) | (unseen > away_after)
    recent = (recency >= _RECENT) & (unseen <= recent_within)
    seen = np.select([away, recent, lately], ["away", "recent", "lately"], default="between")
    worth = np.where(value >= _HIGH, "high", "low")
    new = (customers["orders"].to_numpy() == 1) & (customers["days_since_first"].to_numpy() <= new_days)
    held = [
        np.isin(seen, rule.seen)
        & np.isin(worth, rule.worth)
        & (True if rule.new is None else new == rule.new)
        & _all_hold(rule, customers)
        for rule in rules.values()
    ]
    # the rules are exhaustive: the parameters see to it
    names = np.select(held, list(rules), default="")
    return pd.Series(pd.Categorical(names, categories=list(rules), ordered=True), index=customers.index, name="segment")


def _all_hold(rule: SegmentRule, customers: pd.DataFrame) -> NDArray[np.bool_]:
    held = np.ones(len(customers), dtype=bool)
    for condition in rule.all:
        held &= _COMPARE[condition.operator](customers[condition.field].to_numpy(dtype="float64"), condition.value)
    return held


def segment_profile(customers: pd.DataFrame, by: str = "segment") -> pd.DataFrame:
    """Describe every segment, empty ones included: how many, what they spend, how lately and how often they buy.

    ``<by>, customers``, ``share`` of the customers with ``share_low, share_high`` (Wilson), ``spend`` (total),
    ``spend_share`` with ``spend_share_low, spend_share_high`` (linearised), ``largest`` (the biggest customer's part of
    the segment's spend), ``orders``, ``orders_each, spend_each, order_value`` (means), ``days_since_last`` (median).
    """
    grouped = customers.groupby(by, observed=False)
    profile = grouped.agg(
        customers=("spend", "size"), spend=("spend", "sum"), orders=("orders", "sum"), top=("spend", "max"),
        days_since_last=("days_since_last", "median"),
    ).reset_index()  # fmt: skip
    share = proportions(profile["customers"].to_numpy(), np.full(len(profile), len(customers)))
    people = profile["customers"].where(profile["customers"] > 0)
    spend = profile["spend"].where(profile["spend"] > 0)
    parts = [part_share(customers["spend"], customers[by] == code) for code in profile[by]]
    return profile.assign(
        share=share["value"], share_low=share["low"], share_high=share["high"],
        spend_share=[part.value for part in parts], spend_share_low=[part.low for part in parts],
        spend_share_high=[part.high for part in parts], largest=profile["top"] / spend,
        orders_each=profile["orders"] / people, spend_each=profile["spend"] / people,
        order_value=profile["spend"] / profile["orders"].where(profile["orders"] > 0),
    ).drop(columns=["top"])  # fmt: skip


def _position(score: pd.Series, bins: int) -> NDArray[np.float64]:
    """Place a score in the middle of its part of the range 0 to 1, so that limits hold for any number of scores."""
    values = score.to_numpy(dtype="float64")
    if ((values < 1) | (values > bins)).any():
        raise ValueError(f"{score.name} lies outside 1 to {bins}")
    return (values - 0.5) / bins
