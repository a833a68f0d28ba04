"""Tags on the page: their rules in words, how many carry them, what moved and what the data cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.params.tags import SHARES
from crmlib.reporting import behind, estimate, gate, insufficient, label, note, people, rate
from crmlib.segmentation.tags.history import NEEDS, delivered
from crmlib.stats.intervals import proportion
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmlib.params.tags import TagCondition, TagRule
    from crmlib.reporting import Shown
    from crmlib.segmentation.study import Study
    from crmlib.segmentation.tags.conditions import ConditionResult
    from crmlib.segmentation.tags.tagging import Tags
    from crmlib.workspace import Run

    Rules = Mapping[str, TagRule]

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
_MISSING: Final = {
    "promotion": N_("promotions or discounts"), "time": N_("times of day"), "category": N_("categories"),
    "channel": N_("several channels"),
}  # fmt: skip
"""What the data lack where they have nothing of what a field needs."""
_NO_SUCH: Final = {"category": N_("a category called {of}"), "channel": N_("a channel called {of}")}


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


def show_tags(found: Study, run: Run) -> Shown:
    """Show how many customers carry each tag, and what changed; write ``customer_tags`` and ``tag_figures``."""
    tags, rules = found.tags, run.params.segmentation.tags
    run.write("customer_tags", tags.carried, by=["customer_id", "tag"])
    run.write("tag_figures", tags.counts.assign(compared=~tags.counts["tag"].isin(tags.short)), by=["tag"])
    if run.too_few(tags.customers) or not (len(tags.counts) or len(tags.unproven)):
        return insufficient(
            needed=run.say(_("at least {n:count} known customers and a tag that these data can tell"), n=run.fewest),
            found=_("fewer, or no such tag"),
            therefore=_("No tags are shown."),
        )
    said = [moved(tags, rules, run), short_words(tags, rules, run), unproven_words(tags, run), skipped_words(tags, run)]
    told = note(*filter(None, said))
    return behind(told, _counts(tags, rules, run)) if len(tags.counts) else told


def _counts(tags: Tags, rules: Rules, run: Run) -> Shown:
    counts = tags.counts
    compared = ~counts["tag"].isin(tags.short)
    frame = pd.DataFrame({
        "tag": [tag_label(tag, run, rules[tag]) for tag in counts["tag"]],
        "rule": [rule_words(tags, tag, rules[tag], run) for tag in counts["tag"]],
        "now": counts["now"], "chance": counts["chance"], "customers": tags.customers,
        "gained": counts["gained"].where(compared), "lost": counts["lost"].where(compared),
    })  # fmt: skip
    return gate(
        frame, run,
        label("tag", _("Tag")), label("rule", _("Rule")),
        people("now", _("Customers")),
        estimate("chance", _("By chance alone"), "number", of="customers", decimals=0, missing="–"),
        rate("share", _("Share"), per=("now", "customers")),
        people("gained", _("Gained"), missing="–"), people("lost", _("Lost"), missing="–"),
        people("customers"),
    ).table(
        _("Tags by rule, and how many carry them; a customer may carry several"), note=_table_note(tags, rules, run)
    )  # fmt: skip


def _table_note(tags: Tags, rules: Rules, run: Run) -> str:
    words = _(
        "Tags are plain rules beside the named segments and stages: these weigh a customer's own rhythm or the rank "
        "among all, a tag the rule in its row. Money, orders and shares look back {months:count} months from the date; "
        "quantiles are those of the report's date."
    )
    said = run.say(words, months=run.params.segmentation.tags_window_months)
    levels = sorted(
        {condition.sure for tag in tags.results for condition in (*rules[tag].all, *rules[tag].any) if condition.sure}
    )
    if not levels:
        return said
    surely = _(
        "Surely: with a probability of {level} or more, a customer's own share being drawn to the average customer's "
        "the more the fewer the orders. By chance alone, for shares of orders: who would carry the tag if every "
        "customer bought at the average rate."
    )
    return said + " " + surely.format(level=_(" or ").join(run.say("{x:share0}", x=level) for level in levels))


def moved(tags: Tags, rules: Rules, run: Run) -> str:
    """Say which tag grew or shrank most since the last period, among those that may be compared and shown."""
    counts = tags.counts[~tags.counts["tag"].isin(tags.short)]
    shown = counts[(counts[["now", "before"]] >= run.fewest).all(axis=1)]
    if shown.empty or tags.customers_before == 0:
        return _("No tag can be compared with the last period.")
    change = shown["now"] / tags.customers - shown["before"] / tags.customers_before
    top = shown.loc[change.abs().idxmax()]
    if not change.abs().max() > 0:
        return _("No tag changed since the last period.")
    return run.say(
        _("“{tag}” moved most since the last period: from {before:share:point} to {now:share:point} of customers."),
        tag=tag_label(top["tag"], run, rules[top["tag"]]),
        before=proportion(top["before"], tags.customers_before),
        now=proportion(top["now"], tags.customers),
    )


def short_words(tags: Tags, rules: Rules, run: Run) -> str:
    """Say which tags are not compared with the last period, and why."""
    if tags.begins is None or not tags.short:
        return ""
    short = [_("“{tag}”").format(tag=tag_label(tag, run, rules[tag])) for tag in tags.results if tag in tags.short]
    words = _(
        "The data begin on {day:day}, so that the window of the last period is not whole: {tags:list} cannot be "
        "compared."
    )
    return run.say(words, day=tags.begins, tags=short)


def unproven_words(tags: Tags, run: Run) -> str:
    """Say which tags nobody is given, since chance alone would bring about as many customers to them."""
    if tags.unproven.empty:
        return ""
    few = tags.unproven["now"].map(run.too_few)
    words = {False: _("{tag} ({n:people}; {chance:count} by chance)"), True: _("{tag} (too few to tell)")}
    parts = [
        run.say(words[hidden], tag=tag_label(row["tag"], run), n=row["now"], chance=row["chance"])
        for hidden in words
        for _place, row in tags.unproven[few == hidden].iterrows()
    ]
    return _("Not given, because not clearly more customers qualify than chance would bring: {tags}.").format(
        tags=", ".join(parts)
    )


def skipped_words(tags: Tags, run: Run) -> str:
    """Say which tags cannot be told, and what the data lack."""
    parts = []
    for tag, condition in tags.skipped.items():
        need = NEEDS[condition.field]
        lacking = _(_MISSING[need])
        if delivered(tags.known, condition.field):
            lacking = _(_NO_SUCH[need]).format(of=_(" or ").join(condition.of[:3]))
        parts.append(_("{tag} (missing: {lacking})").format(tag=tag_label(tag, run), lacking=lacking))
    if not parts:
        return ""
    return _("These tags cannot be told from the data: {parts}.").format(parts="; ".join(parts))
