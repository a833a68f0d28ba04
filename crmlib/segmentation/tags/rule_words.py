"""What a tag is called, and its rule in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.params.tags import SHARES
from crmlib.words import N_, _

if TYPE_CHECKING:
    from crmlib.params.tags import TagCondition, TagRule
    from crmlib.segmentation.tags.conditions import ConditionResult
    from crmlib.segmentation.tags.tagging import Tags
    from crmlib.workspace import Run

_FIELDS: Final = {
    "spend": N_("spend {limit}"),
    "orders": N_("orders {limit}"),
    "order_value": N_("order value {limit}"),
    "purchase_days": N_("purchase days {limit}"),
    "days_since_last": N_("days since the last purchase {limit}"),
    "days_since_first": N_("days since the first purchase {limit}"),
    "promotion_share": N_("{limit} of orders with a promotion"),
    "night_share": N_("{limit} of orders at night (22 to 6)"),
    "weekend_share": N_("{limit} of orders at weekends"),
    "categories": N_("different categories {limit}"),
    "category_share": N_("{limit} of orders with {of}"),
    "channels": N_("different channels {limit}"),
    "channel_share": N_("{limit} of orders by {of}"),
}
_KINDS: Final = {"spend": "money", "order_value": "money"} | dict.fromkeys(SHARES, "share0")
_ABOVE: Final = N_("{rule} (surely above the average {average:part})")
_BELOW: Final = N_("{rule} (surely below the average {average:part})")
_SURELY: Final = {"at_least": _ABOVE, "above": _ABOVE, "at_most": _BELOW, "below": _BELOW}
_BY_DAYS: Final = {
    "newcomer": ("days_since_first", N_("First purchase within {n:number} days")),
    "dormant": ("days_since_last", N_("No purchase for {n:number} days")),
}
"""Tags whose names are also those of stages, with the field that they are ruled by and what they say."""

_OPERATORS: Final = {
    "at_least": N_("at least {x}"), "at_most": N_("at most {x}"), "above": N_("above {x}"), "below": N_("below {x}"),
}  # fmt: skip


def tag_label(tag: str, run: Run, rule: TagRule | None = None) -> str:
    """Name a tag as a reader sees it; by its days, where its name is also that of a stage."""
    field, words = _BY_DAYS.get(tag, ("", ""))
    only = rule.all[0] if rule is not None and len(rule.all) == 1 and not rule.any else None
    if only is not None and only.field == field and only.value is not None:
        return run.say(_(words), n=only.value)
    return run.say("{tag:name}", tag=tag)


def rule_words(tags: Tags, tag: str, rule: TagRule, run: Run) -> str:
    """Say a rule in words: quantiles worked out, only the values that the data have."""
    conditions = zip((*rule.all, *rule.any), tags.results[tag], strict=True)
    said = [_condition(condition, answer, tags.values, run) for condition, answer in conditions]
    every, one = said[: len(rule.all)], said[len(rule.all) :]
    either = _(" or ").join(one)
    parts = [*every, *([_("one of: {parts}").format(parts=either) if every else either] if one else [])]
    return run.say("{parts:list}", parts=parts)


def _condition(condition: TagCondition, answer: ConditionResult, known: frozenset[str], run: Run) -> str:
    figure = run.say(f"{{x:{_KINDS.get(condition.field, 'number')}}}", x=answer.limit)
    limit = _(_OPERATORS[condition.operator]).format(x=figure)
    named = _(" or ").join(value for value in condition.of if value in known)
    said = _(_FIELDS[condition.field]).format(limit=limit, of=named)
    if condition.quantile is not None:
        said = run.say(_("{rule} (the {share:share0} quantile)"), rule=said, share=condition.quantile)
    if answer.rates is None or not condition.sure:
        return said
    return run.say(_(_SURELY[condition.operator]), rule=said, average=answer.rates.average)
