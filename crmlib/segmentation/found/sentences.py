"""The words around the found segments, computed from what was found."""

from collections import Counter
from datetime import timedelta

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.found.choosing import Candidate, Choice
from crmlib.segmentation.found.finding import Found
from crmlib.segmentation.found.proof import FOUND, RFM, SPEND, Proof, standing
from crmlib.segmentation.found.wording import feature_label, verdict_label
from crmlib.segmentation.wording import Words, listed, share, source_of
from crmlib.words import _, plural
from crmlib.workspace import Run


def chosen(found: Found) -> str:
    """Say which segments there are and what makes them more than a way to cut customers up."""
    best = next(each for each in found.segments.choice.candidates if each.chosen)
    words = _(
        "In what customers had done before {day}, {k} segments are found. They come back when customers are drawn anew "
        "from the same data, and are clearer than the pieces into which any crowd can be cut."
    )
    return words.format(day=formats.day(found.segments.cutoff), k=best.groups) + _empty_today(found)


def without_proof(found: Found) -> str:
    """Say that segments were found which no decision should rest on."""
    words = _(
        "{k} groups can be found in what customers had done before {day}, but nothing of the {days} days after is told "
        "better by them than by RFM. Keep to the named segments: the groups found serve for no decision."
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


def proven(proof: Proof) -> list[str]:
    """Say for each measure whether the found segments tell more than RFM, and what that means for their use."""
    return [*(_against_rfm(proof, measure) for measure in proof.measures), _against_spend(proof), _use(proof)]


def _against_rfm(proof: Proof, measure: str) -> str:
    own, other = proof.row(measure, FOUND), proof.row(measure, RFM)
    verdict = {
        1: _("the found segments tell more than RFM"),
        -1: _("RFM tells more than the found segments"),
        0: _("the found segments and RFM cannot be told apart"),
    }[standing(other)]
    words = _(
        "{what}: {verdict}. Of the differences between customers the found segments explain {own}, RFM {other}; the "
        "difference is {low} to {high} points."
    )
    return words.format(
        what={
            "spend": _("How much customers spent afterwards"),
            "buying": _("Whether they bought"),
            "category": _("Which categories they chose"),
        }[measure],
        verdict=verdict, own=_ranged(own), other=_ranged(other),
        low=formats.fixed(100 * other["ahead_low"], 1), high=formats.fixed(100 * other["ahead_high"], 1),
    )  # fmt: skip


def _ranged(row: pd.Series) -> str:
    """Give what a grouping explains, with its interval."""
    return _("{share} ({interval})").format(
        share=formats.share(row["explained"]), interval=formats.interval(row["low"], row["high"], "share")
    )


def _against_spend(proof: Proof) -> str:
    """Say in what the found segments or a plain ranking are ahead."""
    stands = {measure: standing(proof.row(measure, SPEND)) for measure in proof.measures}
    verdicts = {
        1: _("the found segments tell more of {what}"),
        -1: _("the ranking tells more of {what}"),
        0: _("no difference is seen in {what}"),
    }
    parts = [
        words.format(what=listed([_outcome(measure) for measure, stand in stands.items() if stand == sign]))
        for sign, words in verdicts.items()
        if sign in stands.values()
    ]
    words = _("Against {groups} equal groups by spend alone: {parts}.")
    return words.format(groups=int(proof.row(proof.measures[0], SPEND)["groups"]), parts="; ".join(parts))


def _outcome(measure: str) -> str:
    return {"spend": _("how much is spent"), "buying": _("who buys"), "category": _("what is chosen")}[measure]


def _explained(proof: Proof, measure: str) -> str:
    return _("{what} ({share} of the differences)").format(
        what=_outcome(measure), share=formats.share(proof.row(measure, FOUND)["explained"])
    )


def _use(proof: Proof) -> str:
    """Say what the segments are good for, by where they stand against RFM."""
    stands = {measure: standing(proof.row(measure, RFM)) for measure in proof.measures}
    money = {stands[name] for name in ("spend", "buying") if name in stands}
    if money == {1}:
        return _("They are the better guide to who will buy.")
    if stands.get("category", 0) > 0 and 1 not in money:
        return _for_what(proof, rfm_ahead=-1 in money)
    return _beside_rfm(ahead=1 in stands.values(), behind=-1 in stands.values())


def _for_what(proof: Proof, *, rfm_ahead: bool) -> str:
    """Say that they help with what to offer, and how little or much."""
    whom = _("Whom to approach, neither tells better, and RFM is the simpler.")
    if rfm_ahead:
        whom = _("Use RFM to decide whom to approach.")
    words = _("With what, the found segments give a hint: they explain {share} of the differences in what is chosen.")
    return whom + " " + words.format(share=_ranged(proof.row("category", FOUND)))


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
    title = _("The found segments tell nothing of what came afterwards better than RFM")
    if proof.ahead_of_rfm:
        title = _("The found segments tell better than RFM {what}").format(
            what=listed([_explained(proof, measure) for measure in proof.ahead_of_rfm])
        )
    alt = "; ".join(
        _("{what}: found {own}, RFM {other}").format(
            what=_outcome(measure), own=share(proof.row(measure, FOUND)["explained"]),
            other=share(proof.row(measure, RFM)["explained"]),
        )
        for measure in proof.measures
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
