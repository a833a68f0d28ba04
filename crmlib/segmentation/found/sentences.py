"""The words around the found segments, computed from what was found."""

from collections import Counter
from datetime import timedelta

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.found.choosing import Candidate, Choice
from crmlib.segmentation.found.finding import Found
from crmlib.segmentation.found.proof import FOUND, RFM, SPEND, Proof
from crmlib.segmentation.found.transforms import Feature
from crmlib.segmentation.found.wording import feature_label, verdict_label
from crmlib.segmentation.wording import Words, listed, share, source_of
from crmlib.words import _
from crmlib.workspace import Run


def chosen(found: Found) -> str:
    """Say which segments there are and what makes them more than a way to cut a cloud."""
    best = next(each for each in found.segments.choice.candidates if each.chosen)
    words = _(
        "In what customers had done before {day}, {method} finds {k} segments that come back in resampled customers "
        "(adjusted Rand index {index}, 1 being the same groups) and are clearer than groups cut from a Gaussian cloud."
    )
    return words.format(
        day=formats.day(found.segments.cutoff), method=_(best.method), k=best.groups,
        index=formats.fixed(best.stability, 2),
    )  # fmt: skip


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
    words = _(
        "The rule: no group under {smallest} of customers; a silhouette above a limit that, of Gaussian clouds with "
        "the same covariance, about one in twenty beats with any number of groups; an adjusted Rand index of "
        "{stability} or more with groups found in resamples. Of those left the most useful for the {days} days after "
        "{day} counts, judged on one customer in three; of all as useful within one standard error, the one with the "
        "fewest groups."
    )
    return words.format(
        smallest=formats.share(rules.smallest, decimals=0), stability=formats.fixed(rules.stability, 2),
        days=found.horizon_days, day=formats.day(found.segments.cutoff - timedelta(days=1)),
    )  # fmt: skip


def proven(proof: Proof) -> list[str]:
    """Say for each measure whether the found segments tell more than RFM, and what that means for their use."""
    measures = list(dict.fromkeys(proof.table["measure"]))
    sentences = [_against_rfm(proof, measure) for measure in measures]
    return [*sentences, _against_spend(proof, measures), _use(proof, measures)]


def standing(row: pd.Series) -> int:
    """Give 1 where the found segments are ahead of a grouping, −1 where behind, 0 where that cannot be told.

    Examples
    --------
    >>> standing(pd.Series({"ahead_low": -0.2, "ahead_high": -0.1}))
    -1
    """
    return int(row["ahead_low"] > 0) - int(row["ahead_high"] < 0)


def _against_rfm(proof: Proof, measure: str) -> str:
    own, other = proof.row(measure, FOUND), proof.row(measure, RFM)
    verdict = {
        1: _("the found segments tell more than RFM"),
        -1: _("RFM tells more than the found segments"),
        0: _("the found segments and RFM cannot be told apart"),
    }[standing(other)]
    words = _(
        "{what}: {verdict} (of the differences the found segments explain {own}, RFM {other}; difference {low} to "
        "{high})."
    )
    return words.format(
        what={
            "spend": _("How much customers spent afterwards"),
            "buying": _("Whether they bought"),
            "category": _("Which categories they chose"),
        }[measure],
        verdict=verdict, own=formats.share(own["explained"]), other=formats.share(other["explained"]),
        low=_points(other["ahead_low"]), high=_points(other["ahead_high"]),
    )  # fmt: skip


def _points(difference: float) -> str:
    return _("{n} points").format(n=formats.fixed(100 * difference, 1))


def _against_spend(proof: Proof, measures: list[str]) -> str:
    """Say in how many measures the found segments or a plain ranking are ahead."""
    stands = [standing(proof.row(measure, SPEND)) for measure in measures]
    words = _(
        "Against a plain ranking by spend in {groups} groups, the found segments tell more in {ahead} of these {n} and "
        "less in {behind}; in {same} the two cannot be told apart."
    )
    return words.format(
        groups=int(proof.row(measures[0], SPEND)["groups"]), n=len(stands), ahead=stands.count(1),
        behind=stands.count(-1), same=stands.count(0),
    )  # fmt: skip


def _use(proof: Proof, measures: list[str]) -> str:
    """Say what the segments are good for, by where they stand against RFM."""
    stands = {measure: standing(proof.row(measure, RFM)) for measure in measures}
    money = {stands[name] for name in ("spend", "buying") if name in stands}
    if money == {1}:
        return _("They are the better guide to who will buy.")
    if stands.get("category", 0) > 0 and 1 not in money:
        return _for_what(rfm_ahead=-1 in money)
    return _beside_rfm(ahead=1 in stands.values(), behind=-1 in stands.values())


def _for_what(*, rfm_ahead: bool) -> str:
    if rfm_ahead:
        return _("Use RFM to decide whom to approach, and the found segments to decide with what.")
    return _(
        "Whom to approach, neither tells better, and RFM is the simpler; use the found segments to decide with what."
    )


def _beside_rfm(*, ahead: bool, behind: bool) -> str:
    if ahead and behind:
        return _("They add something to RFM but do not replace it.")
    if ahead:
        return _("They tell more than RFM in part of this, and nowhere less.")
    if behind:
        return _("They do not improve on RFM here: keep to RFM for decisions.")
    return _("They do not improve on RFM here, and RFM is the simpler: keep to RFM for decisions.")


def grid(frame: pd.DataFrame, found: Found, run: Run) -> Words:
    """Give the words around the grid of indices."""
    known = frame.dropna(subset=["index"])
    top = known.loc[known["index"].idxmax()]
    title = _("Segment {segment} stands out most: {feature} at {index}, 100 being all customers").format(
        segment=top["name"], feature=feature_label(top["feature"]), index=formats.fixed(top["index"], 0)
    )
    parts = []
    for name, part in known.groupby("name"):
        strongest = part.loc[part["index"].sub(100).abs().idxmax()]
        parts.append(f"{name}: {feature_label(strongest['feature'])} {formats.fixed(strongest['index'], 0)}")
    return {
        "title": title,
        "alt": _("Grid of indices, features by segments. Furthest from 100 in each: {parts}.").format(
            parts="; ".join(parts)
        ),
        "read": _(
            "200 means twice as much as all customers (means of amounts, shares of orders), 50 half as much; letters "
            "are the segments of the table above."
        ),
        "limits": _("Blank: too few customers. An index says how a segment differs, not why."),
        "source": source_of(run, len(found.customers), "customers"),
    }


def proof_picture(found: Found, run: Run) -> Words:
    """Give the words around the picture of the proof."""
    proof = found.proof
    if proof is None:
        raise ValueError("there are no segments to prove")
    measures = list(dict.fromkeys(proof.table["measure"]))
    ahead = [measure for measure in measures if standing(proof.row(measure, RFM)) > 0]
    what = {"spend": _("how much is spent"), "buying": _("who buys"), "category": _("what is chosen")}
    title = _("Nothing afterwards do the found segments tell better than RFM")
    if ahead:
        title = _("The found segments tell better than RFM {what}").format(
            what=listed([what[measure] for measure in ahead])
        )
    alt = "; ".join(
        _("{what}: found {own}, RFM {other}").format(
            what=what[measure], own=share(proof.row(measure, FOUND)["explained"]),
            other=share(proof.row(measure, RFM)["explained"]),
        )
        for measure in measures
    )  # fmt: skip
    return {
        "title": title,
        "alt": _("Dots with intervals, the share of later differences explained. {parts}.").format(parts=alt),
        "read": _(
            "All groupings were fixed before {day}; a dot is the share of the differences between customers in the "
            "{days} days after that they explain, with its 95 % bootstrap interval; 0 is no better than all as one."
        ).format(day=formats.day(found.proof_from), days=found.horizon_days),
        "limits": _(
            "Only customers who took no part in judging usefulness count; each customer is predicted from others of "
            "the group."
        ),
        "source": source_of(run, proof.customers, "customers"),
    }


def candidate_reason(candidate: Candidate) -> str:
    """Say what became of a candidate."""
    return _("chosen") if candidate.chosen else verdict_label(candidate.fails)


def feature_reason(feature: Feature) -> str:
    """Say why a feature is transformed as it is, or left out."""
    if feature.dropped:
        return _left_out(feature)
    if feature.transform == "root" and feature.prior == 0:
        return _("main value of each customer, yes or no")
    if feature.transform == "root":
        return _(
            "share drawn to the average by {n} orders, reliability {x}; the root evens out rare and common"
        ).format(n=formats.fixed(feature.prior, 0), x=formats.fixed(feature.habit, 2))
    if feature.transform == "none":
        return _("skewness {before}: not needed").format(before=formats.fixed(feature.skewness, 1))
    return _("skewness {before}, {after} afterwards").format(
        before=formats.fixed(feature.skewness, 1), after=formats.fixed(feature.after, 1)
    )


def _left_out(feature: Feature) -> str:
    if feature.dropped == "chance":
        return _("left out: customers differ in it hardly more than by chance (reliability {x})").format(
            x=formats.fixed(feature.habit, 2)
        )
    if feature.dropped == "constant":
        return _("left out: it does not vary")
    return _("left out: says the same as “{other}”").format(other=feature_label(feature.dropped))
