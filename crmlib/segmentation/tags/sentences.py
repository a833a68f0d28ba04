"""The words around tags: their names, their rules, and what moved."""

from typing import Final

from crmlib.params.tags import TagCondition, TagRule
from crmlib.reporting import formats
from crmlib.segmentation.tags.tagging import Tags
from crmlib.segmentation.wording import listed, money
from crmlib.words import _
from crmlib.workspace import Run

_FIELDS: Final = {
    "spend": "spend {limit}",
    "orders": "orders {limit}",
    "order_value": "order value {limit}",
    "purchase_days": "purchase days {limit}",
    "days_since_last": "days since the last purchase {limit}",
    "days_since_first": "days since the first purchase {limit}",
    "promotion_share": "{limit} of orders with a promotion",
    "night_share": "{limit} of orders at night (22 to 6)",
    "weekend_share": "{limit} of orders at weekends",
    "categories": "different categories {limit}",
    "category_share": "{limit} of orders with {of}",
    "channels": "different channels {limit}",
    "channel_share": "{limit} of orders by {of}",
}
_OPERATORS: Final = {"at_least": "at least {x}", "at_most": "at most {x}", "above": "above {x}", "below": "below {x}"}
_MISSING: Final = {
    "promotion_share": "promotions or discounts", "night_share": "times of day", "weekend_share": "times of day",
    "categories": "categories", "category_share": "a category called {of}", "channels": "several channels",
    "channel_share": "a channel called {of}",
}  # fmt: skip


def tag_label(tag: str) -> str:
    """Name a tag as a reader sees it.

    Examples
    --------
    >>> tag_label("night_shopper")
    'Night shopper'
    """
    return _(tag.replace("_", " ").capitalize())


def rule_words(tags: Tags, tag: str, rule: TagRule, run: Run) -> str:
    """Say a rule in words: quantiles worked out, only the values that the data have."""
    said = [
        _condition(condition, limit, tags.values, run)
        for condition, limit in zip((*rule.all, *rule.any), tags.limits[tag], strict=True)
    ]
    every, one = said[: len(rule.all)], said[len(rule.all) :]
    either = _(" or ").join(one)
    parts = [*every, *([_("one of: {parts}").format(parts=either) if every else either] if one else [])]
    return listed(parts)


def _condition(condition: TagCondition, limit: float, known: frozenset[str], run: Run) -> str:
    figure = formats.number(limit)
    if condition.field in {"spend", "order_value"}:
        figure = money(run, limit)
    elif condition.field.endswith("_share"):
        figure = formats.share(limit, decimals=0)
    words = _(_OPERATORS[condition.operator]).format(x=figure)
    named = _(" or ").join(value for value in condition.of if value in known)
    said = _(_FIELDS[condition.field]).format(limit=words, of=named)
    if condition.quantile is None:
        return said
    return _("{said} (the {share} quantile)").format(said=said, share=formats.share(condition.quantile, decimals=0))


def skipped_words(tags: Tags) -> str:
    """Say which tags cannot be told, and what the data lack."""
    parts = []
    for tag, condition in tags.skipped.items():
        lacking = _(_MISSING[condition.field]).format(of=_(" or ").join(condition.of[:3]))
        parts.append(_("{tag} (missing: {lacking})").format(tag=tag_label(tag), lacking=lacking))
    return _("These tags cannot be told from the data: {parts}.").format(parts="; ".join(parts))


def moved(tags: Tags, run: Run) -> str:
    """Say which tag grew or shrank most since the last period, among those that may be shown."""
    counts = tags.counts
    shown = counts[(counts[["now", "before"]] >= run.rules.threshold).all(axis=1)]
    if shown.empty or tags.customers_before == 0:
        return _("No tag can be compared with the last period.")
    change = shown["now"] / tags.customers - shown["before"] / tags.customers_before
    top = shown.loc[change.abs().idxmax()]
    if not change.abs().max() > 0:
        return _("No tag changed since the last period.")
    return _("“{tag}” moved most since the last period: from {before} to {now} of customers.").format(
        tag=tag_label(top["tag"]), before=formats.share(top["before"] / tags.customers_before),
        now=formats.share(top["now"] / tags.customers),
    )  # fmt: skip
