"""Recency, frequency and money scores that hold still, and the named segments: every customer in exactly one.

Scores come from cut points, which can be kept, not from ranks with an arbitrary tie-break as those of NTILE.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd

from crmlib.params.segments import DEFAULT_SEGMENTS, RESERVED
from crmlib.stats.concentration import part_share
from crmlib.stats.intervals import proportions
from crmlib.words import _, formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from crmlib.params.segments import Role, SegmentRule


SCORES = ("recency_score", "frequency_score", "monetary_score")


@dataclass(frozen=True, slots=True)
class CutPoints:
    """The ascending limits between scores, as of ``reference`` (ISO date), one fewer than there are scores.

    A value equal to a limit has the worse of the two scores; days equal to several limits at once, as where many bought
    on the last day, have the middle of theirs.
    """

    reference: str
    days_since_last: tuple[float, ...]
    orders: tuple[float, ...]
    spend: tuple[float, ...]

    @classmethod
    def of(cls, kept: dict[str, Any], bins: int | None = None) -> Self:
        """Read them from what an earlier run kept, for so many scores where that is given."""
        limits = {name: tuple(float(limit) for limit in kept[name]) for name in ("days_since_last", "orders", "spend")}
        if bins is not None and len(limits["orders"]) != bins - 1:
            raise ValueError(f"{bins} scores have {bins - 1} cut points")
        if len({len(rising) for rising in limits.values()}) > 1 or any(list(x) != sorted(x) for x in limits.values()):
            raise ValueError("cut points are as many rising numbers for each of the three scores")
        return cls(reference=str(kept["reference"]), **limits)

    @property
    def bins(self) -> int:
        """The number of scores."""
        return len(self.orders) + 1


def cut_points(customers: pd.DataFrame, bins: int = 5, reference: str = "") -> CutPoints:
    """Set the limits between scores at the quantiles of today's customers (``days_since_last, orders, spend``)."""
    if bins < 2:
        raise ValueError(f"scores need at least 2 bins, found {bins}")
    if customers.empty:
        raise ValueError("there are no customers to set cut points from")
    return CutPoints(
        reference=reference,
        days_since_last=tuple(-limit for limit in reversed(_limits(-_known(customers, "days_since_last"), bins))),
        orders=_limits(_known(customers, "orders"), bins),
        spend=_limits(_known(customers, "spend"), bins),
    )


def rfm_scores(customers: pd.DataFrame, bins: int = 5, cuts: CutPoints | None = None) -> pd.DataFrame:
    """Score how lately, how often and for how much each customer bought, from 1 to ``bins`` (best; Hughes 1994).

    Where many are alike (all who bought once), some scores stay empty rather than being dealt out by chance. By
    ``cuts``, else by cut points of these customers. ``customer_id`` (where given), ``recency_score, frequency_score,
    monetary_score`` on the same index.
    """
    limits = cuts if cuts is not None else cut_points(customers, bins)
    # few days are good: the score falls by one with every limit that is reached, and by half of those tied with
    days = _known(customers, "days_since_last")
    passed, reached = (np.searchsorted(limits.days_since_last, days, side=side) for side in ("left", "right"))
    scores = pd.DataFrame(
        {
            "recency_score": (limits.bins - (passed + reached + 1) // 2).astype("int64"),
            "frequency_score": _score(_known(customers, "orders"), limits.orders),
            "monetary_score": _score(_known(customers, "spend"), limits.spend),
        },
        index=customers.index,
    )
    if "customer_id" in customers:
        scores.insert(0, "customer_id", customers["customer_id"])
    return scores


def _known(customers: pd.DataFrame, name: str) -> NDArray[np.float64]:
    values = customers[name].to_numpy(dtype="float64", na_value=np.nan)
    if np.isnan(values).any():
        raise ValueError(f"{name} is missing for {int(np.isnan(values).sum())} customers: they cannot be scored")
    return values


def _limits(values: NDArray[np.float64], bins: int) -> tuple[float, ...]:
    # a limit that is itself an observed value keeps equal customers on one side, whatever the rounding
    cuts = np.quantile(values, np.arange(1, bins) / bins, method="inverted_cdf")
    return tuple(float(cut) for cut in cuts)


def _score(values: ArrayLike, limits: tuple[float, ...]) -> NDArray[np.int64]:
    return (np.searchsorted(limits, values, side="left") + 1).astype("int64")


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
