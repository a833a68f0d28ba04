"""Named segments by rules, in order: how lately customers bought, what they are worth, whether they are new."""

from collections.abc import Mapping
from itertools import product
from typing import Final, Literal, get_args

from pydantic import Field

from crmlib.params.section import Section
from crmlib.words import N_

Seen = Literal["recent", "lately", "between", "away"]
Worth = Literal["high", "low"]
Role = Literal["best", "slipping", "missed"]

RESERVED: Final = "not_yet"


class SegmentCondition(Section):
    """One further condition: a customer's figure compared with a value."""

    field: Literal[
        "recency_score", "frequency_score", "monetary_score", "orders", "spend", "days_since_last", "days_since_first"
    ] = Field(description="what is compared: scores from 1, orders and money so far, days up to the date")
    operator: Literal["at_least", "at_most", "above", "below"] = Field(default="at_least", description="how to compare")
    value: float = Field(description="the figure to compare with")


class SegmentRule(Section):
    """Who is in a segment: the first rule that holds for a customer names it."""

    meaning: str = Field(min_length=1, description="who is in it, in words")
    approach: str = Field(default="", description="what to do with those in it, in a few words of the shop's own")
    role: Role | None = Field(
        default=None,
        description="best: leaving it is worth a call; slipping: the step after; missed: worth much and long not seen",
    )
    seen: tuple[Seen, ...] = Field(
        default=get_args(Seen),
        min_length=1,
        description=(
            "when customers bought last: recent by score and days, lately by days alone, away by score or days, or in "
            "between"
        ),
    )
    worth: tuple[Worth, ...] = Field(
        default=get_args(Worth), min_length=1, description="how often and how much they bought: high or low"
    )
    new: bool | None = Field(
        default=None, description="true: one order, within new_days; false: all others; both where it is not given"
    )
    all: tuple[SegmentCondition, ...] = Field(default=(), description="further conditions that all hold")


DEFAULT_SEGMENTS: Final[dict[str, SegmentRule]] = {
    "champions": SegmentRule(
        meaning=N_("bought lately, often and much"), role="best", seen=("recent",), worth=("high",), new=False,
        approach=N_("thank them and let them be first; no discount is needed"),
    ),
    "cooling": SegmentRule(
        meaning=N_("bought often and much, but not lately"), role="slipping", seen=("lately", "between"),
        worth=("high",), new=False, approach=N_("ask what has changed before they are gone"),
    ),
    "promising": SegmentRule(
        meaning=N_("bought lately, not yet often or much"), seen=("recent", "lately"), worth=("low",), new=False,
        approach=N_("show what goes with what they bought"),
    ),
    "first_timers": SegmentRule(
        meaning=N_("first purchase only lately"), seen=("recent", "lately", "between"), new=True,
        approach=N_("win the second purchase while they remember the first"),
    ),
    "need_attention": SegmentRule(
        meaning=N_("little so far, and some time ago"), seen=("between",), worth=("low",), new=False,
        approach=N_("remind them once of what is new"),
    ),
    "cant_lose": SegmentRule(
        meaning=N_("used to buy often and much, long not seen"), role="missed", seen=("away",), worth=("high",),
        approach=N_("a personal word to the most valuable, as far as it pays"),
    ),
    "hibernating": SegmentRule(
        meaning=N_("little, and long ago"), seen=("away",), worth=("low",),
        approach=N_("spend nothing but an inexpensive message"),
    ),
}  # fmt: skip
"""Segments that make sense in most shops, from the most to the least engaged; a series' own replace them."""


def check_segments(rules: Mapping[str, SegmentRule]) -> None:
    """Refuse rules that leave a customer without a segment, or a segment without a customer."""
    if RESERVED in rules:
        raise ValueError(f"segments: {RESERVED} is the name of those who had not bought yet; choose another")
    if not any(rule.role == "best" for rule in rules.values()):
        raise ValueError("segments: none has the role best; give it to those whose leaving is worth a call")
    left = set(product(get_args(Seen), get_args(Worth), (True, False)))
    for name, rule in rules.items():
        held = {cell for cell in left if _fits(rule, cell)}
        if not held:
            raise ValueError(f"segments: nobody is ever in {name}: the segments before it hold all that it would hold")
        left -= set() if rule.all else held
    if left:
        seen, worth, new = min(left)
        raise ValueError(
            f"segments: none holds who is seen: {seen}, worth: {worth}, new: {str(new).lower()}; every customer is in "
            "one: let a segment without further conditions hold them"
        )


def _fits(rule: SegmentRule, cell: tuple[str, str, bool]) -> bool:
    seen, worth, new = cell
    return seen in rule.seen and worth in rule.worth and rule.new in {None, new}
