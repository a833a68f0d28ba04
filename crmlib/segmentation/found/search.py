"""How segments were looked for in the data: the ways to divide customers that were tried, and the features."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import estimate, folded, gate, label
from crmlib.segmentation.found.behaviour import AMOUNTS
from crmlib.segmentation.found.naming import feature_label, part_label
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.reporting import Shown
    from crmlib.segmentation.found.choosing import Choice
    from crmlib.segmentation.found.finding import Found
    from crmlib.segmentation.found.transforms import Feature
    from crmlib.workspace import Run

_FAILS: Final = {
    "small": N_("a group is too small"),
    "cloud": N_("no more distinct than chance would make them"),
    "unstable": N_("other groups in random samples of customers"),
    "": N_("passes"),
}
_TRANSFORMS: Final = {
    "log": N_("log of 1 + x"),
    "rank": N_("normal scores of ranks"),
    "root": N_("square root of the share"),
    "none": N_("as it is"),
}


def search_shown(found: Found, run: Run) -> Shown:
    """Fold how the segments were looked for: a manager reads what was found."""
    return folded(_("How they were looked for"), _candidates(found, run), _features(found, run))


def why_none(choice: Choice, run: Run) -> str:
    """Say why there are no segments."""
    failed = Counter(candidate.fails for candidate in choice.candidates)
    parts = [run.say(_("{n:count} for: {reason}"), n=n, reason=_(_FAILS[fails])) for fails, n in failed.most_common()]
    return run.say(
        _("{n:count} ways to divide customers were tried and all failed ({parts})"),
        n=len(choice.candidates),
        parts="; ".join(parts),
    )


def _candidates(found: Found, run: Run) -> Shown:
    ways = sorted(found.segments.choice.candidates, key=lambda way: (not way.chosen, bool(way.fails)))
    numbers = ["stability", "silhouette", "without_groups", "smallest", "useful"]
    frame = pd.DataFrame([{name: getattr(way, name) for name in numbers} for way in ways], dtype="float64").assign(
        way=[run.say(_("{method}, {k:count} groups"), method=_(way.method), k=way.groups) for way in ways],
        verdict=[_("chosen") if way.chosen else _(_FAILS[way.fails]) for way in ways],
        people=len(found.customers),
    )
    return gate(
        frame, run,
        label("way", _("Way to divide")), label("verdict", _("Verdict")),
        estimate("stability", _("Stability"), "number", of="people", decimals=2, missing=_("not tried")),
        estimate("silhouette", _("Silhouette"), "number", of="people", decimals=2),
        estimate("without_groups", _("Of a cloud"), "number", of="people", decimals=2),
        estimate("smallest", _("Smallest group"), of="people", decimals=0),
        estimate("useful", _("Usefulness"), of="people", missing=_("not tried")),
    ).table(_("What was tried and what became of it"), note=_rule(found, run))  # fmt: skip


def _rule(found: Found, run: Run) -> str:
    """State the rule by which segments are chosen."""
    rules = run.params.segmentation.found
    words = _(
        "The rule: no group under {smallest:share0} of customers; a silhouette above a limit that, of Gaussian clouds "
        "with the same covariance, about one in twenty beats with any number of groups; an adjusted Rand index (1: the "
        "same groups, 0: as by chance) of {stability:number2} or more with groups found in resamples. Of those left "
        "the most useful for the {days:count} days after {day:day} counts, judged on one customer in three; of all as "
        "useful within one standard error, the one with the fewest groups."
    )
    said = run.say(
        words, smallest=rules.smallest, stability=rules.stability, days=found.horizon_days,
        day=found.segments.cutoff - timedelta(days=1),
    )  # fmt: skip
    best = found.segments.choice.partition
    if best is None:
        return said
    chosen = run.say(_("Chosen: {method} with {k:count} groups."), method=_(best.method), k=best.groups)
    return said + " " + chosen


def _features(found: Found, run: Run) -> Shown:
    rows = feature_rows(found.segments.recipe.features, run)
    words = _(
        "All are drawn in at their 0.5 and 99.5 % quantiles and standardised; a block of features weighs as much as it "
        "is reliable, however many columns it has; components that hold {share:share0} of the variance enter."
    )
    columns = label("feature", _("Features")), label("transform", _("Transform")), label("why", _("Why"))
    return gate(rows, run, *columns).table(
        _("Features looked at and how they enter"), note=run.say(words, share=found.segments.recipe.explained)
    )


def feature_rows(features: Sequence[Feature], run: Run) -> pd.DataFrame:
    """Say of each group of features how it enters, and why: ``feature`` (their names), ``transform, why``.

    Amounts of one transform, and the values of one part (all categories, all channels), stand together.
    """
    groups: dict[tuple[str, str, str], list[Feature]] = {}
    for feature in features:
        groups.setdefault((_kind(feature), feature.transform, feature.dropped), []).append(feature)
    rows = [(_names(part), _(_TRANSFORMS[part[0].transform]), _reason(part, run)) for part in groups.values()]
    return pd.DataFrame(rows, columns=["feature", "transform", "why"])


def _kind(feature: Feature) -> str:
    return "" if feature.name in AMOUNTS else feature.name.split(": ", 1)[0]


def _names(part: list[Feature]) -> str:
    if ": " in part[0].name:
        return part_label([feature.name for feature in part])
    return ", ".join(feature_label(feature.name) for feature in part)


def _reason(part: list[Feature], run: Run) -> str:
    """Say why features are transformed as they are, or left out."""
    first = part[0]
    if first.dropped:
        return _left_out(first, run)
    if first.transform == "root" and first.prior == 0:
        return _("main value of each customer, yes or no")
    if first.transform == "root":
        words = _(
            "share drawn to the average by {n:number0} orders, reliability {x:number2}; the root evens out rare and "
            "common"
        )
        return run.say(words, n=first.prior, x=first.habit)
    before = _between([feature.skewness for feature in part], run)
    if first.transform == "none":
        return _("skewness {before}: not needed").format(before=before)
    after = _between([feature.after for feature in part], run)
    return _("skewness {before}, {after} afterwards").format(before=before, after=after)


def _between(values: list[float], run: Run) -> str:
    low, high = (run.say("{x:number1}", x=end) for end in (min(values), max(values)))
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def _left_out(feature: Feature, run: Run) -> str:
    if feature.dropped == "chance":
        words = _("left out: customers differ in it hardly more than by chance (reliability {x:number2})")
        return run.say(words, x=feature.habit)
    if feature.dropped == "constant":
        return _("left out: it does not vary")
    return _("left out: says the same as “{other}”").format(other=feature_label(feature.dropped))
