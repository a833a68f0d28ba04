"""Segments found in the data: what to use them for, what they are like, and how they were looked for."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import estimate, estimated_on, folded, gate, insufficient, label, note, show_all
from crmlib.segmentation.found.advice import advice, in_numbers, proof_shown
from crmlib.segmentation.found.behaviour import AMOUNTS
from crmlib.segmentation.found.finding import LEAST_CUSTOMERS
from crmlib.segmentation.found.naming import feature_label, part_label
from crmlib.segmentation.found.profile import indices_shown, sizes_shown
from crmlib.words import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.reporting import Shown
    from crmlib.segmentation.found.choosing import Choice
    from crmlib.segmentation.found.finding import Found
    from crmlib.segmentation.found.recipe import Feature
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

COLUMNS: Final = ("customer_id", "found_segment", "found_name", "proven")
"""Columns of the table ``found_segments``, one row a customer."""

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


def show_found_segments(found: Study, run: Run) -> Shown:
    """Show the segments found in the data and whether they matter; write ``found_segments`` and ``found_proof``.

    Where they tell nothing of later behaviour better than the named segments, that is said and they are folded away.
    """
    segments = found.found_segments
    if segments is None or segments.proof is None:
        run.write("found_segments", pd.DataFrame(columns=list(COLUMNS), dtype="str"), by=["customer_id"])
        return _too_few(run) if segments is None else show_all(_none_stable(segments, run), search_shown(segments, run))
    run.write("found_proof", segments.proof.table, by=["measure", "grouping"])
    table = segments.customers.assign(proven=segments.proven)[list(COLUMNS)]
    run.write("found_segments", table, by=["customer_id"])
    parts = (
        sizes_shown(segments, run),
        indices_shown(segments.indices, segments, run),
        proof_shown(segments.proof, segments, run),
    )
    numbers = note(*in_numbers(segments.proof, run))
    if segments.proven:
        first = note(what_was_found(segments, run), advice(segments.proof, run))
        numbers = folded(_("What each explains, in numbers"), numbers)
        aside = folded(_("The segments found, and what each grouping explains"), *parts, numbers)
        return show_all(first, aside, search_shown(segments, run))
    aside = folded(_("The groups that were found, and what they tell of later behaviour"), *parts, numbers)
    return show_all(note(what_was_found(segments, run)), aside, search_shown(segments, run))


def _too_few(run: Run) -> Shown:
    return insufficient(
        needed=run.say(_("{n:count} known customers who had bought before the last period"), n=LEAST_CUSTOMERS),
        found=_("fewer"),
        therefore=_("No segments are looked for in the data."),
    )


def _none_stable(found: Found, run: Run) -> Shown:
    return insufficient(
        needed=_("groups that appear again in random samples of customers, more distinct than chance would make them"),
        found=why_none(found.segments.choice, run),
        therefore=_("No stable segments: the data do not divide into groups beyond the named ones."),
    )


def what_was_found(found: Found, run: Run) -> str:
    """Say which segments there are and what makes them more than a way to cut customers up, or that nothing does."""
    words = _(
        "{k:count} groups can be found in what customers had done before {day:day}, but they tell nothing of the "
        "{days:count} days after better than the named segments do. Keep to the named segments: the groups found serve "
        "for no decision."
    )
    if found.proven:
        words = _(
            "In what customers had done before {day:day}, {k:count} segments are found. The same groups appear when "
            "the analysis is repeated on random samples of customers, and are more distinct than chance would make "
            "them."
        )
    groups = found.segments.groups
    said = run.say(words, k=groups, day=found.segments.cutoff, days=found.horizon_days)
    empty = groups - found.customers["found_segment"].nunique()
    if not empty:
        return said
    unlisted = plural(
        "{n:count} of them has no customer today and is not listed.",
        "{n:count} of them have no customer today and are not listed.",
        empty,
    )
    return said + " " + run.say(unlisted, n=empty)


def search_shown(found: Found, run: Run) -> Shown:
    """Fold how the segments were looked for: a manager reads what was found."""
    sample = estimated_on(len(found.customers), run)
    said = [note(*sample)] if sample else []
    return folded(_("How they were looked for"), _candidates(found, run), _features(found, run), *said)


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
    """Say how each group of features enters, and why; those of one transform, or of one part, stand together."""
    groups: dict[tuple[str, str, str], list[Feature]] = {}
    for feature in features:
        kind = "" if feature.name in AMOUNTS else feature.name.split(": ", 1)[0]
        groups.setdefault((kind, feature.transform, feature.dropped), []).append(feature)
    rows = [(_names(part), _(_TRANSFORMS[part[0].transform]), _reason(part, run)) for part in groups.values()]
    return pd.DataFrame(rows, columns=["feature", "transform", "why"])


def _names(part: list[Feature]) -> str:
    if ": " in part[0].name:
        return part_label([feature.name for feature in part])
    return ", ".join(feature_label(feature.name) for feature in part)


def _reason(part: list[Feature], run: Run) -> str:
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
