"""What each action is expected to bring with each customer put forward for its reason: value at stake, effect, gain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.params.ranges import as_range
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crmlib.params.actions import ActionRule, Channel

    Range = tuple[float, float, float]

ENDS: Final = ("_low", "", "_high")
RANGES: Final = ("effect", "contact", "offer")
WORDS: Final = {
    "reason": "str", "action": "str", "channel": "str", "owner": "str", "kind": "str", "days": "int64",
    "control": "bool",
}  # fmt: skip
"""What a rule says of itself beside its effect and offer."""
OF_CHURN: Final = frozenset({"valuable_at_risk", "likely_to_leave", "just_overdue"})
"""Reasons of chapter 03: their effect and their offer are the ones it reckons with."""
ASSUMED: Final = {
    "open_complaint": (0.05, 0.15, 0.3),
    "unhappy": (0.05, 0.15, 0.3),
    "returned_and_quiet": (0.0, 0.05, 0.15),
    "second_purchase": (0.0, 0.05, 0.1),
    "left_best_segment": (0.0, 0.05, 0.1),
    "next_category": (0.0, 0.03, 0.06),
    "win_back": (0.0, 0.02, 0.05),
}
"""Effects assumed where neither a rule nor own campaigns tell; nothing published carries over to any one shop."""
OTHERS: Final = (0.0, 0.05, 0.1)
"""What is assumed of a reason of one's own."""
NOT_MEASURED: Final = frozenset({"next_category", "win_back"})
"""Marketing that campaigns among active customers tell nothing of: another aim, or customers who have gone."""


def effect_of(rule: ActionRule, assumed: pd.Series | None) -> tuple[Range, str]:
    """Give the share that an action wins over, and whether that is measured or assumed, in words."""
    if rule.effect is not None:
        return as_range(rule.effect), _("assumed, in the parameters")
    if assumed is not None and (rule.reason in OF_CHURN or _is_measured(rule, assumed)):
        told = {"campaigns": measured(), "parameters": _("assumed, in the parameters")}
        low, likely, high = (float(assumed[f"kept{end}"]) for end in ENDS)
        return (low, likely, high), told.get(str(assumed["told_by"]), _("assumed"))
    return ASSUMED.get(rule.reason, OTHERS), _("assumed")


def measured() -> str:
    """Say of an effect that it is measured."""
    return _("measured in own campaigns")


def _is_measured(rule: ActionRule, assumed: pd.Series) -> bool:
    """Say whether own campaigns tell of an action: they were marketing, to customers who had not gone."""
    return assumed["told_by"] == "campaigns" and rule.kind == "marketing" and rule.reason not in NOT_MEASURED


def costs_of(rule: ActionRule, channels: Mapping[str, Channel], assumed: pd.Series | None) -> tuple[Range, Range]:
    """Give what a contact and what an offer that is taken cost, in money; nothing where nobody knows a value."""
    channel, free = channels.get(rule.channel), (0.0, 0.0, 0.0)
    if channel is not None and channel.cost is not None:
        contact = as_range(channel.cost)
    elif assumed is None:
        contact = free
    elif channel is not None and channel.cost_share is not None:
        low, likely, high = (part * float(assumed["kept_value"]) for part in as_range(channel.cost_share))
        contact = (low, likely, high)
    else:
        contact = _range(assumed, "contact")
    if rule.offer is not None:
        return contact, as_range(rule.offer)
    return contact, _range(assumed, "incentive") if assumed is not None and rule.reason in OF_CHURN else free


def _range(assumed: pd.Series, name: str) -> Range:
    low, likely, high = (float(assumed[f"{name}{end}"]) for end in ENDS)
    return low, likely, high


def rules_table(
    rules: Sequence[ActionRule], channels: Mapping[str, Channel], assumed: pd.Series | None
) -> pd.DataFrame:
    """Give the action table with numbers: one row a rule, what it wins over and what it costs, each as a range."""
    rows = []
    for place, rule in enumerate(rules):
        effect, told = effect_of(rule, assumed)
        ranges = dict(zip(RANGES, (effect, *costs_of(rule, channels, assumed)), strict=True))
        numbers = {f"{name}{end}": three[at] for name, three in ranges.items() for at, end in enumerate(ENDS)}
        rows.append({"rule": place, "effect_from": told} | rule.model_dump(include=set(WORDS)) | numbers)
    types = {"rule": "int64", "effect_from": "str", **WORDS}
    types |= {f"{name}{end}": "float64" for name in RANGES for end in ENDS}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def values_at_stake(customers: pd.DataFrame, assumed: pd.Series | None) -> pd.DataFrame:
    """Say what is lost with each customer if nothing is done: ``value_low, value_at_stake, value_high``.

    The probability of no purchase within chapter 03's horizon times the margin that the customer brings in it if he
    buys as usual. Its ends are those assumed of the margin, and wider by the interval of chapter 02's lifetime value,
    both in proportion.
    """
    value = (customers["churn_probability"] * customers["kept_value"]).astype("float64")
    worth, ends = customers["lifetime_value"].astype("float64"), {}
    for end in ("_low", "_high"):
        told = (customers[f"lifetime_value{end}"].astype("float64") / worth.where(worth > 0)).fillna(1.0)
        margin = 1.0 if assumed is None else float(assumed[f"kept_value{end}"] / assumed["kept_value"])
        ends[f"value{end}"] = value * told * margin
    return pd.DataFrame({"value_at_stake": value, **ends})


def expected_gains(frame: pd.DataFrame) -> pd.DataFrame:
    """Expect so much of each contact beyond what would come anyway: ``cost, gain_low, expected_gain, gain_high``.

    Effect × value at stake − cost of the contact − cost of the offer, which is taken by those won over and by those
    who would have bought anyway; at the low end all is at its worst, at the high end at its best.
    """
    stays = (1 - frame["churn_probability"]).fillna(0.0)
    found = {}
    for name, end, other in (("gain_low", "_low", "_high"), ("expected_gain", "", ""), ("gain_high", "_high", "_low")):
        ends = {side: frame[f"effect{end}"] * frame[f"value{side}"] for side in ("_low", "_high")}
        won = {"": frame["effect"] * frame["value_at_stake"], "_low": np.minimum(*ends.values()),
               "_high": np.maximum(*ends.values())}[end]  # fmt: skip
        taken = (stays + frame[f"effect{end}"] * (1 - stays)) * frame[f"offer{other}"]
        found[f"cost{end}"] = frame[f"contact{other}"] + taken
        found[name] = won - found[f"cost{end}"]
    return pd.DataFrame(found)[["cost", "gain_low", "expected_gain", "gain_high"]]


def make_offers(
    candidates: pd.DataFrame, customers: pd.DataFrame, rules: pd.DataFrame, assumed: pd.Series | None
) -> pd.DataFrame:
    """Pair each candidate with the actions for its reason: one row a customer and rule, with what it brings and costs.

    A reason without a rule stays, with ``rule`` −1: nobody is forgotten in silence.
    """
    known = customers.assign(**values_at_stake(customers, assumed))
    offers = candidates.merge(rules, on="reason", how="left").merge(
        known, on="customer_id", how="left", suffixes=("_told", "")
    )
    told = offers.pop("value_at_stake_told")
    for name in ("value_low", "value_at_stake", "value_high"):
        offers[name] = told.fillna(offers[name])
    offers["rule"] = offers["rule"].fillna(-1).astype("int64")
    return offers.assign(**expected_gains(offers))
