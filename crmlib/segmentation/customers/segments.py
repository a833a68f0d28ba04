"""Named segments: every customer in exactly one, by how lately they bought and how much they are worth."""

from dataclasses import dataclass
from math import inf, isfinite
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.stats.concentration import part_share
from crmlib.stats.intervals import proportions
from crmlib.words import N_, _

_RECENT: Final = 0.6
_AWAY: Final = 0.4
_HIGH: Final = 0.6
"""Positions of a score within its range, 0 to 1, that hold for any number of scores."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One named segment.

    Attributes
    ----------
    code
        Its stable name in tables.
    label
        Its name on a page (English; translated when shown).
    meaning
        Who is in it, in words.
    best
        Whether it holds the best customers, so that leaving it is worth a call.
    """

    code: str
    label: str
    meaning: str
    best: bool = False


SEGMENTS: Final = (
    Segment("champions", N_("Champions"), N_("bought lately, often and much"), best=True),
    Segment("cooling", N_("Cooling"), N_("bought often and much, but not lately")),
    Segment("promising", N_("Promising"), N_("bought lately, not yet often or much")),
    Segment("first_timers", N_("First-timers"), N_("first purchase only lately")),
    Segment("need_attention", N_("Need attention"), N_("little so far, and some time ago")),
    Segment("cant_lose", N_("Can't lose"), N_("used to buy often and much, long not seen")),
    Segment("hibernating", N_("Hibernating"), N_("little, and long ago")),
)
"""The named segments from the most to the least engaged; together they hold every customer once."""

CODES: Final = tuple(segment.code for segment in SEGMENTS)
BEST: Final = tuple(segment.code for segment in SEGMENTS if segment.best)
FURTHER: Final = ("cooling", "cant_lose")
"""The step after leaving the best: from where to where."""
NOT_YET: Final = "not_yet"
"""Where those stood who had not bought before the last period's end."""


def segment_label(code: str) -> str:
    """Give a segment's name as a reader sees it."""
    if code == NOT_YET:
        return _("first purchase")
    return _(next(segment.label for segment in SEGMENTS if segment.code == code))


def segment_meaning(code: str) -> str:
    """Say who is in a segment, in words."""
    return _(next(segment.meaning for segment in SEGMENTS if segment.code == code))


def name_segments(
    customers: pd.DataFrame,
    bins: int = 5,
    new_days: float = 90,
    recent_within: float = inf,
    away_after: float = inf,
) -> pd.Series:
    """Put every customer into exactly one named segment.

    Parameters
    ----------
    customers
        One row a customer with the three scores of :func:`crmlib.segmentation.customers.rfm.rfm_scores` and
        ``days_since_first, days_since_last, orders``.
    bins
        The number of scores.
    new_days
        Days since the first purchase up to which a customer with one order counts as a first-timer.
    recent_within, away_after
        Days without a purchase beyond which nobody is recent, or everybody is away, whatever the scores: scores are
        relative, and in a shop that its customers have left the best fifth has not been seen for long either. Nor is
        anybody away, or in need of attention, who bought within ``recent_within`` days, where these are given: in a
        shop that grows the lowest fifth may have been seen a month ago.

    Returns
    -------
    pandas.Series
        An ordered category of :data:`CODES` on the same index.

    Raises
    ------
    ValueError
        If a score lies outside 1 to ``bins``.

    Examples
    --------
    >>> customers = pd.DataFrame({
    ...     "recency_score": [5, 5, 1], "frequency_score": [5, 1, 4], "monetary_score": [4, 2, 5],
    ...     "days_since_first": [400, 8, 700], "days_since_last": [3, 8, 650], "orders": [12, 1, 9]})
    >>> name_segments(customers).tolist()
    ['champions', 'first_timers', 'cant_lose']
    """
    recency = _position(customers["recency_score"], bins)
    value = (_position(customers["frequency_score"], bins) + _position(customers["monetary_score"], bins)) / 2
    unseen = customers["days_since_last"].to_numpy(dtype="float64")
    lately = (unseen <= recent_within) & isfinite(recent_within)
    away = ((recency < _AWAY) & ~lately) | (unseen > away_after)
    recent = (recency >= _RECENT) & (unseen <= recent_within) & ~away
    high = value >= _HIGH
    fresh = (customers["orders"].to_numpy() == 1) & (customers["days_since_first"].to_numpy() <= new_days)
    rules: list[tuple[str, NDArray[np.bool_]]] = [
        ("champions", recent & high & ~fresh),
        ("first_timers", fresh & ~away),
        ("promising", (recent | lately) & ~away & ~high),
        ("cooling", ~recent & ~away & high),
        ("need_attention", ~recent & ~lately & ~away & ~high),
        ("cant_lose", away & high),
        ("hibernating", away & ~high),
    ]
    # the rules are exhaustive: np.select's default can be reached only by a rule that was left out
    names = np.select([rule for _code, rule in rules], [code for code, _rule in rules], default="")
    return pd.Series(pd.Categorical(names, categories=list(CODES), ordered=True), index=customers.index, name="segment")


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
        share=share["value"],
        share_low=share["low"],
        share_high=share["high"],
        spend_share=[part.value for part in parts],
        spend_share_low=[part.low for part in parts],
        spend_share_high=[part.high for part in parts],
        largest=profile["top"] / spend,
        orders_each=profile["orders"] / people,
        spend_each=profile["spend"] / people,
        order_value=profile["spend"] / profile["orders"].where(profile["orders"] > 0),
    ).drop(columns=["top"])


def _position(score: pd.Series, bins: int) -> NDArray[np.float64]:
    """Place a score in the middle of its part of the range 0 to 1, so that limits hold for any number of scores."""
    values = score.to_numpy(dtype="float64")
    if ((values < 1) | (values > bins)).any():
        raise ValueError(f"{score.name} lies outside 1 to {bins}")
    return (values - 0.5) / bins
