"""The words around tags: their names, their rules, what is by chance, and what moved."""

from typing import Final

from crmlib.params.tags import SHARES, TagCondition, TagRule
from crmlib.segmentation.tags.conditions import Told
from crmlib.segmentation.tags.fields import NEEDS, delivered
from crmlib.segmentation.tags.tagging import Tags
from crmlib.segmentation.wording import listed, money, rounded_share, share
from crmlib.words import _, formats
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
_SURELY: Final = {
    "at_least": "{said} (surely above the average {average})",
    "above": "{said} (surely above the average {average})",
    "at_most": "{said} (surely below the average {average})",
    "below": "{said} (surely below the average {average})",
}
_BY_DAYS: Final = {
    "newcomer": ("days_since_first", "First purchase within {n} days"),
    "dormant": ("days_since_last", "No purchase for {n} days"),
}
"""Tags whose names are also those of stages, with the field that they are ruled by and what they say."""

_OPERATORS: Final = {"at_least": "at least {x}", "at_most": "at most {x}", "above": "above {x}", "below": "below {x}"}
_MISSING: Final = {
    "promotion": "promotions or discounts", "time": "times of day", "category": "categories",
    "channel": "several channels",
}  # fmt: skip
"""What the data lack where they have nothing of what a field needs."""

_NO_SUCH: Final = {"category": "a category called {of}", "channel": "a channel called {of}"}


def tag_label(tag: str, rule: TagRule | None = None) -> str:
    """Name a tag as a reader sees it; by its days, where its name is also that of a stage.

    Examples
    --------
    >>> tag_label("night_shopper")
    'Night shopper'
    >>> tag_label("dormant", TagRule(all=(TagCondition(field="days_since_last", value=180),)))
    'No purchase for 180 days'
    """
    field, words = _BY_DAYS.get(tag, ("", ""))
    only = rule.all[0] if rule is not None and len(rule.all) == 1 and not rule.any else None
    if only is not None and only.field == field and only.value is not None:
        return _(words).format(n=formats.number(only.value))
    return _(tag.replace("_", " ").capitalize())


def rule_words(tags: Tags, tag: str, rule: TagRule, run: Run) -> str:
    """Say a rule in words: quantiles worked out, only the values that the data have."""
    said = [
        _condition(condition, answer, tags.values, run)
        for condition, answer in zip((*rule.all, *rule.any), tags.told[tag], strict=True)
    ]
    every, one = said[: len(rule.all)], said[len(rule.all) :]
    either = _(" or ").join(one)
    parts = [*every, *([_("one of: {parts}").format(parts=either) if every else either] if one else [])]
    return listed(parts)


def _condition(condition: TagCondition, answer: Told, known: frozenset[str], run: Run) -> str:
    figure = formats.number(answer.limit)
    if condition.field in {"spend", "order_value"}:
        figure = money(run, answer.limit)
    elif condition.field in SHARES:
        figure = formats.share(answer.limit, decimals=0)
    words = _(_OPERATORS[condition.operator]).format(x=figure)
    named = _(" or ").join(value for value in condition.of if value in known)
    said = _(_FIELDS[condition.field]).format(limit=words, of=named)
    if condition.quantile is not None:
        said = _("{said} (the {share} quantile)").format(said=said, share=formats.share(condition.quantile, decimals=0))
    if answer.rates is None or not condition.sure:
        return said
    return _(_SURELY[condition.operator]).format(said=said, average=share(answer.rates.average))


def skipped_words(tags: Tags) -> str:
    """Say which tags cannot be told, and what the data lack."""
    parts = []
    for tag, condition in tags.skipped.items():
        need = NEEDS[condition.field]
        lacking = _(_MISSING[need])
        if delivered(tags.known, condition.field):
            lacking = _(_NO_SUCH[need]).format(of=_(" or ").join(condition.of[:3]))
        parts.append(_("{tag} (missing: {lacking})").format(tag=tag_label(tag), lacking=lacking))
    return _("These tags cannot be told from the data: {parts}.").format(parts="; ".join(parts))


def unproven_words(tags: Tags, run: Run) -> str:
    """Say which tags nobody is given, since chance alone would bring about as many customers to them."""
    told, few = [], []
    for _place, row in tags.unproven.iterrows():
        qualify = run.rules.rounded(float(row["now"]))
        if qualify is None:
            few.append(_("{tag} (too few to tell)").format(tag=tag_label(row["tag"])))
            continue
        words = _("{tag} ({n}; {chance} by chance)")
        told.append(
            words.format(tag=tag_label(row["tag"]), n=formats.count(qualify), chance=formats.count(row["chance"]))
        )
    return _("Not given, because not clearly more customers qualify than chance would bring: {tags}.").format(
        tags=", ".join([*told, *few])
    )


def table_note(tags: Tags, rules: dict[str, TagRule], months: int) -> str:
    """Say what the figures of the table are, and how tags stand to segments and stages."""
    said = [
        _(
            "Tags are plain rules beside the named segments and stages: these weigh a customer's own rhythm or the "
            "rank among all, a tag the rule in its row. Money, orders and shares look back {months} months from the "
            "date; quantiles are those of the report's date."
        ).format(months=months)
    ]
    levels = sorted({each.sure for tag in tags.told for each in (*rules[tag].all, *rules[tag].any) if each.sure})
    if levels:
        said.append(
            _(
                "Surely: with a probability of {level} or more, a customer's own share being drawn to the average "
                "customer's the more the fewer the orders. By chance alone, for shares of orders: who would carry the "
                "tag if every customer bought at the average rate."
            ).format(level=_(" or ").join(formats.share(level, decimals=0) for level in levels))
        )
    return " ".join(said)


def short_words(tags: Tags, rules: dict[str, TagRule]) -> str:
    """Say which tags are not compared with the last period, and why."""
    if tags.begins is None or not tags.short:
        return ""
    return _(
        "The data begin on {day}, so that the window of the last period is not whole: {tags} cannot be compared."
    ).format(day=formats.day(tags.begins), tags=_names([tag for tag in tags.told if tag in tags.short], rules))


def _names(tags: list[str], rules: dict[str, TagRule]) -> str:
    return listed([_("“{tag}”").format(tag=tag_label(tag, rules[tag])) for tag in tags])


def moved(tags: Tags, rules: dict[str, TagRule], run: Run) -> str:
    """Say which tag grew or shrank most since the last period, among those that may be compared and shown."""
    counts = tags.counts[~tags.counts["tag"].isin(tags.short)]
    shown = counts[(counts[["now", "before"]] >= run.rules.threshold).all(axis=1)]
    if shown.empty or tags.customers_before == 0:
        return _("No tag can be compared with the last period.")
    change = shown["now"] / tags.customers - shown["before"] / tags.customers_before
    top = shown.loc[change.abs().idxmax()]
    if not change.abs().max() > 0:
        return _("No tag changed since the last period.")
    return _("“{tag}” moved most since the last period: from {before} to {now} of customers.").format(
        tag=tag_label(top["tag"], rules[top["tag"]]),
        before=formats.share(rounded_share(top["before"], tags.customers_before, run)),
        now=formats.share(rounded_share(top["now"], tags.customers, run)),
    )  # fmt: skip
