"""The words around the proof: what the found segments tell of later behaviour, beside the named ones and a ranking."""

import pandas as pd

from crmlib.segmentation.found.finding import Found
from crmlib.segmentation.found.proof import FOUND, RFM, SPEND, Proof, standing
from crmlib.segmentation.wording import Words, listed, share, source_of
from crmlib.words import _, formats
from crmlib.workspace import Run


def advice(proof: Proof) -> str:
    """Say what the found segments are good for, by where they stand against the named ones."""
    stands = {measure: standing(proof.row(measure, RFM)) for measure in proof.measures}
    money = {stands[name] for name in ("spend", "buying") if name in stands}
    if money == {1}:
        return _("Use the found segments to decide whom to approach: they tell better than the named ones who buys.")
    if stands.get("category", 0) > 0 and 1 not in money:
        return _for_what(proof, named_ahead=-1 in money)
    return _beside_the_named(ahead=1 in stands.values(), behind=-1 in stands.values())


def _for_what(proof: Proof, *, named_ahead: bool) -> str:
    """Say that they help with what to offer, and how little or much."""
    whom = _("For whom to approach neither the named nor the found segments tell better, and the named are simpler.")
    if named_ahead:
        whom = _("Use the named segments to decide whom to approach.")
    words = _(
        "For what to offer, the found segments give a hint: they explain {share} of the differences in what is chosen."
    )
    return whom + " " + words.format(share=_ranged(proof.row("category", FOUND)))


def _beside_the_named(*, ahead: bool, behind: bool) -> str:
    if ahead and behind:
        return _("The found segments add something to the named ones but do not replace them.")
    if ahead:
        return _("The found segments tell more than the named ones in part of this, and nowhere less.")
    if behind:
        return _("The found segments do not improve on the named ones: keep to the named segments for decisions.")
    return _("The found segments do not improve on the named ones, and these are simpler: keep to the named segments.")


def in_numbers(proof: Proof) -> list[str]:
    """Say for each measure what both kinds of segments explain, and how the found ones stand to a plain ranking."""
    return [*(_against_the_named(proof, measure) for measure in proof.measures), _against_spend(proof)]


def _against_the_named(proof: Proof, measure: str) -> str:
    own, other = proof.row(measure, FOUND), proof.row(measure, RFM)
    words = _("{what}: of the differences between customers the found segments explain {own}, the named ones {other}.")
    said = words.format(
        what={
            "spend": _("How much customers spent afterwards"),
            "buying": _("Whether they bought"),
            "category": _("Which categories they chose"),
        }[measure],
        own=_ranged(own), other=_ranged(other),
    )  # fmt: skip
    return said + " " + _difference(other)


def _difference(row: pd.Series) -> str:
    """Say by how many points the found segments explain more or less than a grouping."""
    sign = standing(row)
    ends = sorted(100 * (row[name] if sign >= 0 else -row[name]) for name in ("ahead_low", "ahead_high"))
    words = {
        1: _("The found ones explain {low} to {high} points more."),
        -1: _("The found ones explain {low} to {high} points less."),
        0: _("No difference is seen ({low} to {high} points)."),
    }[sign]
    return words.format(low=formats.fixed(ends[0], 1), high=formats.fixed(ends[1], 1))


def _ranged(row: pd.Series) -> str:
    """Give what a grouping explains, with its interval."""
    return _("{share} ({interval})").format(
        share=formats.share(row["explained"]), interval=formats.interval(row["low"], row["high"], "share")
    )


def _against_spend(proof: Proof) -> str:
    """Say in what the found segments or a plain ranking are ahead."""
    verdicts = {
        1: _("the found segments tell more of {what}"),
        -1: _("the ranking tells more of {what}"),
        0: _("no difference is seen in {what}"),
    }
    by_standing = _by_standing(proof, SPEND)
    parts = [
        words.format(what=listed([_outcome(measure) for measure in by_standing[sign]]))
        for sign, words in verdicts.items()
        if by_standing[sign]
    ]
    words = _("Against {groups} equal groups by spend alone: {parts}.")
    return words.format(groups=int(proof.row(proof.measures[0], SPEND)["groups"]), parts="; ".join(parts))


def _by_standing(proof: Proof, grouping: str) -> dict[int, list[str]]:
    """Give the measures in which the found segments are ahead of a grouping (1), behind it (-1), or neither (0)."""
    stands = {measure: standing(proof.row(measure, grouping)) for measure in proof.measures}
    return {sign: [measure for measure, stand in stands.items() if stand == sign] for sign in (1, 0, -1)}


def _outcome(measure: str) -> str:
    return {"spend": _("how much is spent"), "buying": _("who buys"), "category": _("what is chosen")}[measure]


def picture(found: Found, run: Run) -> Words:
    """Give the words around the picture of the proof.

    Raises
    ------
    ValueError
        If there are no segments.
    """
    proof = found.proof
    if proof is None:
        raise ValueError("there are no segments to prove")
    parts = "; ".join(
        _("{what}: found {own}, named {other}").format(
            what=_outcome(measure), own=share(proof.row(measure, FOUND)["explained"]),
            other=share(proof.row(measure, RFM)["explained"]),
        )
        for measure in proof.measures
    )  # fmt: skip
    return {
        "title": title(proof),
        "alt": _("Dots with intervals, the share of later differences that each grouping explains; {parts}.").format(
            parts=parts
        ),
        "read": _(
            "All groupings are of what customers had done before {day}; a dot is the share of the differences between "
            "them in the {days} days after that a grouping explains, with its 95 % bootstrap interval; 0 is no better "
            "than all as one."
        ).format(day=formats.day(found.proof_from), days=found.horizon_days),
        "limits": _(
            "Only customers who took no part in judging usefulness count; each customer is predicted from others of "
            "the group."
        ),
        "source": source_of(run, proof.customers, "customers"),
    }


def title(proof: Proof) -> str:
    """Say in what the named and in what the found segments tell more, with what each explains."""
    stands = _by_standing(proof, RFM)
    ahead = listed([_more_than(proof, measure, FOUND, RFM) for measure in stands[1]])
    behind = listed([_more_than(proof, measure, RFM, FOUND) for measure in stands[-1]])
    alike = listed([_outcome(measure) for measure in stands[0]])
    if not (ahead or behind):
        return _("No difference is seen between the found and the named segments in telling {alike}").format(
            alike=alike
        )
    if ahead and behind:
        words = _("The named segments tell more of {behind}, the found ones of {ahead}")
    elif ahead:
        words = _("The found segments tell more than the named ones of {ahead}")
    else:
        words = _("The named segments tell more than the found ones of {behind}")
    said = words.format(ahead=ahead, behind=behind)
    return said + "; " + _("no difference is seen in {alike}").format(alike=alike) if alike else said


def _more_than(proof: Proof, measure: str, more: str, less: str) -> str:
    values = [float(proof.row(measure, name)["explained"]) for name in (more, less)]
    written = [share(value) for value in values]
    if written[0] == written[1]:
        written = [formats.share(value) for value in values]
    return _("{what} ({more} against {less})").format(what=_outcome(measure), more=written[0], less=written[1])
