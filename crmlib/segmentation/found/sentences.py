"""The words around the found segments, computed from what was found."""

from collections import Counter
from datetime import timedelta

import pandas as pd

from crmlib.segmentation.found.behaviour import AMOUNTS
from crmlib.segmentation.found.choosing import Candidate, Choice
from crmlib.segmentation.found.finding import Found
from crmlib.segmentation.found.naming import feature_value
from crmlib.segmentation.found.wording import feature_label, verdict_label
from crmlib.segmentation.wording import Words, share, source_of
from crmlib.words import _, formats, plural
from crmlib.workspace import Run


def chosen(found: Found) -> str:
    """Say which segments there are and what makes them more than a way to cut customers up."""
    best = next(each for each in found.segments.choice.candidates if each.chosen)
    words = _(
        "In what customers had done before {day}, {k} segments are found. The same groups appear when the analysis is "
        "repeated on random samples of customers, and are more distinct than chance would make them."
    )
    return words.format(day=formats.day(found.segments.cutoff), k=best.groups) + _empty_today(found)


def without_proof(found: Found) -> str:
    """Say that segments were found which no decision should rest on."""
    words = _(
        "{k} groups can be found in what customers had done before {day}, but they tell nothing of the {days} days "
        "after better than the named segments do. Keep to the named segments: the groups found serve for no decision."
    )
    said = words.format(k=found.segments.groups, day=formats.day(found.segments.cutoff), days=found.horizon_days)
    return said + _empty_today(found)


def _empty_today(found: Found) -> str:
    """Say how many segments no customer is in any more, and are therefore not in the table."""
    empty = found.segments.groups - found.customers["found_segment"].nunique()
    if not empty:
        return ""
    words = plural(
        "{n} of them has no customer today and is not listed.",
        "{n} of them have no customer today and are not listed.",
        empty,
    )
    return " " + words.format(n=empty)


def none_stable(choice: Choice) -> str:
    """Say why there are no segments."""
    failed = Counter(each.fails for each in choice.candidates)
    parts = [
        _("{n} for: {reason}").format(n=count, reason=verdict_label(reason)) for reason, count in failed.most_common()
    ]
    return _("{n} ways to divide customers were tried and all failed ({parts})").format(
        n=len(choice.candidates), parts="; ".join(parts)
    )


def rule(found: Found, run: Run) -> str:
    """State the rule by which segments are chosen."""
    rules = run.params.segmentation.found
    best = next((each for each in found.segments.choice.candidates if each.chosen), None)
    words = _(
        "The rule: no group under {smallest} of customers; a silhouette above a limit that, of Gaussian clouds with "
        "the same covariance, about one in twenty beats with any number of groups; an adjusted Rand index (1: the same "
        "groups, 0: as by chance) of {stability} or more with groups found in resamples. Of those left the most useful "
        "for the {days} days after {day} counts, judged on one customer in three; of all as useful within one standard "
        "error, the one with the fewest groups."
    )
    said = words.format(
        smallest=formats.share(rules.smallest, decimals=0), stability=formats.fixed(rules.stability, 2),
        days=found.horizon_days, day=formats.day(found.segments.cutoff - timedelta(days=1)),
    )  # fmt: skip
    if best is None:
        return said
    return said + " " + _("Chosen: {method} with {k} groups.").format(method=_(best.method), k=best.groups)


def grid(shown: pd.DataFrame, found: Found, run: Run, *, nominal: bool) -> Words:
    """Give the words around the grid of indices.

    Parameters
    ----------
    shown
        The indices that passed the gate: ``feature, name, share, share_all, index, found``.
    found
        The segments.
    run
        The run.
    nominal
        Whether a share is one of customers, by their main value, and not of orders.
    """
    known = shown.dropna(subset=["index"])
    sure = known[known["found"]]
    parts = []
    for name, part in sure.groupby("name"):
        strongest = part.loc[part["index"].sub(100).abs().idxmax()]
        parts.append(f"{name}: {feature_label(strongest['feature'])} {formats.fixed(strongest['index'], 0)}")
    read = _("200 means twice as much as all customers (means of amounts, shares of orders), 50 half as much.")
    if nominal:
        read = _(
            "200 means twice as much as all customers (means of amounts, shares of customers by their main value), 50 "
            "half as much."
        )
    alt = _("Grid of indices, features by segments. Furthest from 100 in each: {parts}.").format(parts="; ".join(parts))
    return {
        "title": _stands_out(sure.loc[sure["index"].idxmax()], nominal=nominal) if len(sure) else _no_difference(),
        "alt": alt if parts else _("Grid of indices, features by segments; none surely differs from 100."),
        "read": read + " " + _("Letters are the segments of the table above."),
        "limits": _grid_limits(shown),
        "source": source_of(run, len(found.customers), "customers"),
    }


def _grid_limits(shown: pd.DataFrame) -> str:
    """Say what pale and blank cells are, where there are any."""
    said = []
    if (shown["index"].notna() & ~shown["found"]).any():
        said.append(_("Pale, in grey: not surely different from 100 (false discoveries held to 5 %)."))
    if shown["index"].isna().any():
        said.append(_("Blank: too few customers."))
    return " ".join([*said, _("An index says how a segment differs, not why.")])


def _no_difference() -> str:
    return _("No segment surely differs from all customers in a single feature")


def _stands_out(top: pd.Series, *, nominal: bool) -> str:
    """Say in what the most particular segment differs: in how many of its orders, or how many times the mean."""
    feature = top["feature"]
    words = _("{feature}: {share} of segment {name}'s orders, {all} of all (index {index})")
    if feature in AMOUNTS:
        words = _("{feature}: segment {name} has {times} times the mean of all customers (index {index})")
    elif nominal:
        words = _("{feature}: the main one for {share} of segment {name}, for {all} of all customers (index {index})")
    elif feature.startswith("category: "):
        words = _("{value} is in {share} of segment {name}'s orders, in {all} of all (index {index})")
    return words.format(
        feature=feature_label(feature), value=feature_value(feature), name=top["name"], share=share(top["share"]),
        all=share(top["share_all"]), times=formats.fixed(top["index"] / 100, 1), index=formats.fixed(top["index"], 0),
    )  # fmt: skip


def candidate_reason(candidate: Candidate) -> str:
    """Say what became of a candidate."""
    return _("chosen") if candidate.chosen else verdict_label(candidate.fails)
