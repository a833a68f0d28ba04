"""The features that may go with leaving: one declaration for models, reasons and docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.churn.history.transforms import (
    Measure,
    against_mean,
    irregularity,
    log_odds,
    log_of,
    more,
    share,
    typical_gap,
)
from crmlib.features import DAYS_PER_WEEK
from crmlib.words import N_

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from crmlib.btyd import PurchaseModel


@dataclass(frozen=True, slots=True)
class Feature:
    """A number of each customer: how it is made, of what, and which way leaving is expected to go with it.

    `title` finishes "leaving is likelier with …"; `sign` is +1 where leaving is likelier as it rises, other things
    equal, -1 where staying is, 0 where neither is claimed. `needs` are columns of `describe_customers`.
    """

    name: str
    group: str
    title: str
    meaning: str
    unit: str
    source: str
    sign: int
    needs: tuple[str, ...]
    of: Measure


GROUPS: Final = {
    "rhythm": N_("own rhythm"),
    "trend": N_("last purchases against those before"),
    "basket": N_("size of orders"),
    "breadth": N_("categories, stores and channels"),
    "promotions": N_("promotions"),
    "returns": N_("returns"),
    "service": N_("complaints and contacts"),
    "satisfaction": N_("answers to surveys"),
    "tenure": N_("time as a customer"),
    "season": N_("season"),
}
"""What the features of a group have in common, in the reader's words."""


_DAYS: Final = "customers' days"
_MODEL: Final = "MBG/NBD at the cutoff"

FEATURES: Final = (
    Feature(
        "silence", "rhythm", N_("longer since the last purchase"), "Days since the last purchase day.",
        "log days", _DAYS, 1, ("days_since_last",), log_of("days_since_last"),
    ),
    Feature(
        "relative_silence", "rhythm", N_("longer since the last purchase than usual for the customer"),
        "Days since the last purchase over the customer's typical gap: the mean of the own gaps, drawn to everybody's "
        "mean, which weighs as two gaps.",
        "log ratio", _DAYS, 1, ("days_since_last", "days_since_first", "purchase_days"),
        lambda c: np.log1p(c["days_since_last"] / typical_gap(c)),
    ),
    Feature(
        "no_purchase", "rhythm", N_("a higher chance of no purchase by the own history"),
        "Probability of no purchase within the horizon of a purchase model fitted to all histories at the cutoff.",
        "log odds", _MODEL, 1, ("no_purchase_probability",), log_odds("no_purchase_probability"),
    ),
    Feature(
        "gone", "rhythm", N_("a higher chance to have left for good by the own history"),
        "One less the probability of the same model that the customer is still one.",
        "share", _MODEL, 0, ("gone_probability",), lambda c: c["gone_probability"].round(3),
    ),
    Feature(
        "purchases", "rhythm", N_("more purchase days so far"), "Days with a purchase.",
        "log count", _DAYS, 0, ("purchase_days",), lambda c: np.log(c["purchase_days"].astype(float)),
    ),
    Feature(
        "irregularity", "rhythm", N_("more irregular gaps between purchases"),
        "Spread of the own gaps around the typical gap, over it; drawn to everybody's as the typical gap is.",
        "ratio", _DAYS, 0, ("gap_squares", "purchase_days"), irregularity,
    ),
    Feature(
        "recent_purchases", "trend", N_("more purchase days in the last horizon"),
        "Days with a purchase in the horizon before the cutoff.",
        "log count", _DAYS, -1, ("recent_purchase_days",), log_of("recent_purchase_days"),
    ),
    Feature(
        "purchase_trend", "trend", N_("more purchase days in the last horizon than in the one before"),
        "The same, less that of the horizon before.",
        "log ratio", _DAYS, 0, ("recent_purchase_days", "earlier_purchase_days"),
        more("recent_purchase_days", "earlier_purchase_days"),
    ),
    Feature(
        "recent_money", "trend", N_("more spent in the last horizon"), "Money spent in the horizon before the cutoff.",
        "log money", _DAYS, -1, ("recent_spend",), log_of("recent_spend"),
    ),
    Feature(
        "money_trend", "trend", N_("more spent in the last horizon than in the one before"),
        "The same, less that of the horizon before.",
        "log ratio", _DAYS, 0, ("recent_spend", "earlier_spend"), more("recent_spend", "earlier_spend"),
    ),
    Feature(
        "order_value", "basket", N_("larger orders"), "Money of an order, the mean of the customer's.",
        "log money", "orders", 0, ("average_order_value",), log_of("average_order_value"),
    ),
    Feature(
        "order_lines", "basket", N_("more lines in an order"), "Lines of an order, the mean of the customer's.",
        "log count", "orders", 0, ("line_count", "orders"),
        lambda c: np.log1p(c["line_count"] / c["orders"].clip(lower=1)),
    ),
    Feature(
        "categories", "breadth", N_("more categories bought"), "Categories bought of so far.",
        "log count", "orders by category", -1, ("category_count",), log_of("category_count"),
    ),
    Feature(
        "stores", "breadth", N_("more stores visited"), "Stores bought in so far.",
        "log count", "orders", -1, ("store_count",), log_of("store_count"),
    ),
    Feature(
        "channels", "breadth", N_("more channels used"), "Channels bought through so far.",
        "log count", "orders", -1, ("channel_count",), log_of("channel_count"),
    ),
    Feature(
        "promoted_share", "promotions", N_("a larger share of orders on promotion"),
        "Orders with a promoted or discounted line, of all.",
        "share", "orders", 0, ("promoted_orders", "orders"), share("promoted_orders", "orders"),
    ),
    Feature(
        "discount_share", "promotions", N_("a larger discount"),
        "Discounts over what the same lines would have cost without them, where the source tells.",
        "share", "orders", 0, ("discount", "discount_told"),
        lambda c: (c["discount"] / (c["discount"] + c["discount_told"]).clip(lower=0.01)).clip(0, 1),
    ),
    Feature(
        "returned_share", "returns", N_("larger share of spend returned"), "Money taken back, of what was spent.",
        "share", "orders", 0, ("returned", "spend"), share("returned", "spend"),
    ),
    Feature(
        "returned_orders", "returns", N_("a larger share of orders with a return"), "Orders with a return, of all.",
        "share", "orders", 0, ("return_count", "orders"), share("return_count", "orders"),
    ),
    Feature(
        "complaints", "service", N_("more complaints"), "Complaints so far.",
        "log count", "interactions", 0, ("complaint_count",), log_of("complaint_count"),
    ),
    Feature(
        "open_complaints", "service", N_("more complaints that wait to be settled"),
        "Complaints not settled by the cutoff; only where the source tells settlements.",
        "log count", "interactions", 1, ("open_complaint_count",), log_of("open_complaint_count"),
    ),
    Feature(
        "recent_complaints", "service", N_("more complaints in the last horizon"),
        "Complaints in the horizon before the cutoff.",
        "log count", "interactions", 0, ("recent_complaint_count",), log_of("recent_complaint_count"),
    ),
    Feature(
        "other_contacts", "service", N_("more contacts other than complaints"), "All contacts but complaints.",
        "log count", "interactions", 0, ("contact_count",), log_of("contact_count"),
    ),
    Feature(
        "satisfaction", "satisfaction", N_("a better last answer"),
        "Score of the latest answer less the mean of all customers' latest; 0 where there is none.",
        "points", "surveys", -1, ("last_score",), against_mean("last_score"),
    ),
    Feature(
        "answers", "satisfaction", N_("more answers to surveys"), "Answers so far.",
        "log count", "surveys", 0, ("answer_count",), log_of("answer_count"),
    ),
    Feature(
        "tenure", "tenure", N_("longer since the first purchase"), "Days since the first purchase day.",
        "log days", _DAYS, 0, ("days_since_first",), log_of("days_since_first"),
    ),
    Feature(
        "season_east", "season", N_("a cutoff in spring rather than in autumn"),
        "Sine of the cutoff's day of the year; only where the cutoffs learnt from span two years.",
        "-1 to 1", "the cutoff", 0, ("day_of_year",), lambda c: np.sin(2 * np.pi * c["day_of_year"] / 365.25),
    ),
    Feature(
        "season_north", "season", N_("a cutoff in winter rather than in summer"),
        "Cosine of the same.",
        "-1 to 1", "the cutoff", 0, ("day_of_year",), lambda c: np.cos(2 * np.pi * c["day_of_year"] / 365.25),
    ),
)  # fmt: skip
"""Every feature of the chapter, in the order of the docs."""

NAMES: Final = tuple(feature.name for feature in FEATURES)
TITLES: Final = {feature.name: feature.title for feature in FEATURES}

SIGNS: Final = {feature.name: feature.sign for feature in FEATURES}
SEASON: Final = tuple(feature.name for feature in FEATURES if feature.group == "season")
"""Features that are the same for all customers of a cutoff, so that only many cutoffs teach anything of them."""

HISTORY: Final = ("days_since_last", "days_since_first", "purchase_days", "frequency", "recency", "T")
"""Columns that are no features themselves, but what rules and purchase models look at: of the group ``rhythm``."""


def with_features(
    customers: pd.DataFrame, cutoff: date, horizon_days: int, model: PurchaseModel | None
) -> pd.DataFrame:
    """Add the features to the customers of a cutoff, each of what it needs; what nothing is known of is left out.

    ``typical_gap`` (days) and, with a purchase model of the cutoff, ``no_purchase_probability, gone_probability`` stand
    beside them.
    """
    seen = customers.assign(typical_gap=typical_gap(customers), day_of_year=cutoff.timetuple().tm_yday)
    if model is not None:
        seen["no_purchase_probability"] = 1 - model.probability_of_purchase(seen, horizon_days / DAYS_PER_WEEK)
        seen["gone_probability"] = 1 - model.probability_alive(seen)
    made = {
        feature.name: feature.of(seen).astype(float) for feature in FEATURES if set(feature.needs) <= set(seen.columns)
    }
    return seen.drop(columns="day_of_year").assign(**made)


def columns_by_group(customers: pd.DataFrame, own: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """List the columns that models look at by group (`GROUPS`), those of one's own each a group by itself."""
    found: dict[str, list[str]] = {}
    for feature in FEATURES:
        if feature.name in customers.columns:
            found.setdefault(feature.group, []).append(feature.name)
    found["rhythm"] = [*found.get("rhythm", ()), *(name for name in HISTORY if name in customers.columns)]
    return found | {name: [name] for name in own}


def features_page(page: str) -> str:
    """Put the features under the head of the one table of ``docs/features.md``."""
    words, rule, _rows = page.partition("| --- | --- | --- | --- | --- | --- |\n")
    expected = {1: "leaving likelier", -1: "leaving less likely", 0: "none claimed"}
    cells = [(f"`{it.name}`", GROUPS[it.group], it.meaning, it.unit, it.source, expected[it.sign]) for it in FEATURES]
    return words + rule + "".join(f"| {' | '.join(row)} |\n" for row in cells)
