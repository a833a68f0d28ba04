"""Who carries which tag, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from crmlib.months import earlier
from crmlib.params.tags import TagCondition, TagRule
from crmlib.segmentation.tags.conditions import ConditionResult, Flags, evaluate
from crmlib.segmentation.tags.history import DATES, WINDOWLESS, History, began

QUIET_DAYS: Final = 7
"""Days at the begin of the data in which nobody need have bought."""

CHANCE: Final = 0.05
"""A tag is given where so many carriers would come about by chance alone more rarely than this."""

NUMBERS: Final = ("now", "before", "gained", "lost")


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags at the report's date.

    Carried is one row a customer and tag: ``customer_id, tag, since`` (the first of the month ends from which the tag
    has held without a break, in as much of the window as the data reach back), ``or_before`` (it held at all thirteen
    dates). Counts are ``tag, now, before`` (a period ago), ``gained, lost`` and ``chance`` (how many would carry it now
    if every customer bought at the average rate); the unproven are given to nobody, since chance alone brings about as
    many to them. Of tags that are skipped the condition whose field is missing. Short are those that cannot be compared
    with the last period, whose window begins before the data do.
    """

    carried: pd.DataFrame
    counts: pd.DataFrame
    results: dict[str, tuple[ConditionResult, ...]]
    skipped: dict[str, TagCondition]
    unproven: pd.DataFrame
    short: frozenset[str]
    begins: date | None
    customers: int
    customers_before: int
    values: frozenset[str] = field(default=frozenset())
    known: frozenset[str] = field(default=frozenset())


def tag_customers(past: History, rules: Mapping[str, TagRule], window: int) -> Tags:
    """Tell every tag at the report's date and at the twelve month ends before it.

    Quantiles and how customers' rates spread are those of the report's date at all dates, so that a tag comes and goes
    only through the customer's own purchases and the passing of time. Nothing of an earlier run is used.
    """
    every = {
        tag: [(condition, evaluate(past, condition, window)) for condition in (*rule.all, *rule.any)]
        for tag, rule in rules.items()
    }
    skipped = {
        tag: condition for tag, pairs in every.items() for condition, answer in reversed(pairs) if answer is None
    }
    known = {
        tag: tuple(answer for _condition, answer in pairs if answer is not None)
        for tag, pairs in every.items()
        if tag not in skipped
    }
    flags = {tag: _holds(rules[tag], results) for tag, results in known.items()}
    counts = _counts(flags, {tag: _chance(rules[tag], results) for tag, results in known.items()})
    proven = _proven(counts, rules, known)
    given = {tag: known[tag] for tag in counts.loc[proven, "tag"]}
    ever = began(past)
    begins = _begins(past)
    named = frozenset(str(value) for part in past.parts.values() for value in part["value"].unique())
    return Tags(
        carried=_carried(past, {tag: flags[tag] for tag in given}),
        counts=counts[proven].reset_index(drop=True),
        results=given,
        skipped=skipped,
        unproven=counts.loc[~proven, ["tag", "now", "chance"]].reset_index(drop=True),
        short=frozenset(tag for tag in given if _reaches_back(rules[tag]) and _begins_late(past, begins, window)),
        begins=begins,
        customers=int(ever[:, 0].sum()),
        customers_before=int(ever[:, 1].sum()),
        values=named,
        known=past.known,
    )


def _begins(past: History) -> date | None:
    days = past.months["first"]
    if not days.size or np.isnan(days).all():
        return None
    return (pd.Timestamp("1970-01-01") + pd.Timedelta(days=int(np.nanmin(days)))).date()


def _begins_late(past: History, begins: date | None, window: int) -> bool:
    return begins is None or begins > earlier(past.dates[1], window) + timedelta(days=QUIET_DAYS)


def _reaches_back(rule: TagRule) -> bool:
    return any(condition.field not in WINDOWLESS for condition in (*rule.all, *rule.any))


def _holds(rule: TagRule, answers: tuple[ConditionResult, ...]) -> Flags:
    """Say who carries a tag at each date: all of the conditions under all, one of those under any."""
    every, one = answers[: len(rule.all)], answers[len(rule.all) :]
    held = np.ones(answers[0].held.shape, dtype=bool)
    for answer in every:
        held &= answer.held
    return held & np.logical_or.reduce([answer.held for answer in one]) if one else held


def _chance(rule: TagRule, answers: tuple[ConditionResult, ...]) -> float:
    """Count who would carry a tag today by chance alone; missing where it asks for no share."""
    if all(answer.rates is None for answer in answers):
        return float("nan")
    every, one = answers[: len(rule.all)], answers[len(rule.all) :]
    chance = np.ones(len(answers[0].chance))
    for answer in every:
        chance = chance * answer.chance
    if one:
        chance = chance * (1 - np.multiply.reduce([1 - answer.chance for answer in one]))
    return float(chance.sum())


def _proven(
    counts: pd.DataFrame, rules: Mapping[str, TagRule], known: Mapping[str, tuple[ConditionResult, ...]]
) -> pd.Series:
    """Say which tags more customers carry than chance alone brings, where their rules ask to be sure (Poisson, 5 %)."""
    from scipy.stats import poisson

    asked = [any(condition.sure for condition in (*rules[tag].all, *rules[tag].any)) for tag in counts["tag"]]
    apart = [all(answer.proven for answer in known[tag]) for tag in counts["tag"]]
    more = poisson.sf(counts["now"] - 1, counts["chance"].fillna(0.0)) < CHANCE
    return pd.Series(apart, index=counts.index, dtype=bool) & (more | ~np.array(asked, dtype=bool))


def _carried(past: History, flags: Mapping[str, Flags]) -> pd.DataFrame:
    dates = np.array(past.dates, dtype="datetime64[us]")
    parts = []
    for tag, held in flags.items():
        who = np.flatnonzero(held[:, 0])
        # the number of dates from the report's back that hold without a break
        length = np.cumprod(held[who], axis=1).sum(axis=1)
        parts.append(pd.DataFrame({
            "customer_id": past.customers.to_numpy()[who], "tag": tag, "since": dates[length - 1],
            "or_before": length == DATES,
        }))  # fmt: skip
    empty = pd.DataFrame({"customer_id": [], "tag": [], "since": [], "or_before": []})
    carried = pd.concat(parts, ignore_index=True) if parts else empty
    kinds = {"customer_id": "str", "tag": "str", "since": "datetime64[us]", "or_before": "bool"}
    return carried.astype(kinds).sort_values(["customer_id", "tag"], ignore_index=True)


def _counts(flags: Mapping[str, Flags], chance: Mapping[str, float]) -> pd.DataFrame:
    rows = [
        (tag, held[:, 0].sum(), held[:, 1].sum(), (held[:, 0] & ~held[:, 1]).sum(), (~held[:, 0] & held[:, 1]).sum())
        for tag, held in flags.items()
    ]
    frame = pd.DataFrame(rows, columns=["tag", *NUMBERS]).astype(dict.fromkeys(NUMBERS, "int64"))
    return frame.assign(chance=pd.Series(list(chance.values()), dtype="float64"))
