"""What the found segments are good for: what they tell of later behaviour, beside the named ones and a ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from crmlib.reporting import estimate, figure, gate, label, palette
from crmlib.reporting.figures import dots
from crmlib.segmentation.found.proof import FOUND, RFM, SPEND, standing
from crmlib.segmentation.wording import source_of
from crmlib.words import N_, _

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.reporting import Shown
    from crmlib.segmentation.found.finding import Found
    from crmlib.segmentation.found.proof import Proof
    from crmlib.workspace import Run

_GROUPINGS: Final = {
    "found": N_("Found segments"),
    "rfm": N_("Named segments"),
    "score_sum": N_("Sum of the three scores"),
    "spend_rank": N_("Spend ranking"),
}
_MEASURES: Final = {
    "spend": N_("how much they spent, %"),
    "buying": N_("whether they bought, %"),
    "category": N_("what they chose, %"),
}
_OUTCOMES: Final = {"spend": N_("how much is spent"), "buying": N_("who buys"), "category": N_("what is chosen")}
_AFTERWARDS: Final = {
    "spend": N_("How much customers spent afterwards"),
    "buying": N_("Whether they bought"),
    "category": N_("Which categories they chose"),
}
_DIFFERENCES: Final = {
    1: N_("The found ones explain {low:gap} to {high:gap} points more."),
    -1: N_("The found ones explain {low:gap} to {high:gap} points less."),
    0: N_("No difference is seen ({low:gap} to {high:gap} points)."),
}
_AGAINST_SPEND: Final = {
    1: N_("the found segments tell more of {what:list}"),
    -1: N_("the ranking tells more of {what:list}"),
    0: N_("no difference is seen in {what:list}"),
}


def advice(proof: Proof, run: Run) -> str:
    """Say what the found segments are good for, by where they stand against the named ones."""
    stands = {measure: standing(proof.row(measure, RFM)) for measure in proof.measures}
    money = {stands[name] for name in ("spend", "buying") if name in stands}
    if money == {1}:
        return _("Use the found segments to decide whom to approach: they tell better than the named ones who buys.")
    if stands.get("category", 0) > 0 and 1 not in money:
        return _for_what(proof, run, named_ahead=-1 in money)
    return _beside_the_named(ahead=1 in stands.values(), behind=-1 in stands.values())


def _for_what(proof: Proof, run: Run, *, named_ahead: bool) -> str:
    whom = _("For whom to approach neither the named nor the found segments tell better, and the named are simpler.")
    if named_ahead:
        whom = _("Use the named segments to decide whom to approach.")
    words = _(
        "For what to offer, the found segments give a hint: they explain {share} of the differences in what is chosen."
    )
    return whom + " " + words.format(share=_ranged(proof.row("category", FOUND), run))


def _ranged(row: pd.Series, run: Run) -> str:
    return run.say(_("{explained:share} ({low:share} to {high:share})"), **row[["explained", "low", "high"]])


def _beside_the_named(*, ahead: bool, behind: bool) -> str:
    if ahead and behind:
        return _("The found segments add something to the named ones but do not replace them.")
    if ahead:
        return _("The found segments tell more than the named ones in part of this, and nowhere less.")
    if behind:
        return _("The found segments do not improve on the named ones: keep to the named segments for decisions.")
    return _("The found segments do not improve on the named ones, and these are simpler: keep to the named segments.")


def in_numbers(proof: Proof, run: Run) -> list[str]:
    """Say for each measure what both kinds of segments explain, and how the found ones stand to a plain ranking."""
    return [*(_against_the_named(proof, measure, run) for measure in proof.measures), _against_spend(proof, run)]


def _against_the_named(proof: Proof, measure: str, run: Run) -> str:
    words = _("{what}: of the differences between customers the found segments explain {own}, the named ones {other}.")
    own, named = (proof.row(measure, grouping) for grouping in (FOUND, RFM))
    said = words.format(what=_(_AFTERWARDS[measure]), own=_ranged(own, run), other=_ranged(named, run))
    sign = standing(named)
    low, high = sorted(named[end] if sign >= 0 else -named[end] for end in ("ahead_low", "ahead_high"))
    return said + " " + run.say(_(_DIFFERENCES[sign]), low=low, high=high)


def _against_spend(proof: Proof, run: Run) -> str:
    stands = _by_standing(proof, SPEND)
    parts = [
        run.say(_(_AGAINST_SPEND[sign]), what=[_(_OUTCOMES[measure]) for measure in stands[sign]])
        for sign in _AGAINST_SPEND
        if stands[sign]
    ]
    words = _("Against {groups:count} equal groups by spend alone: {parts}.")
    return run.say(words, groups=proof.row(proof.measures[0], SPEND)["groups"], parts="; ".join(parts))


def _by_standing(proof: Proof, grouping: str) -> dict[int, list[str]]:
    """Give the measures in which the found segments are ahead of a grouping (1), behind it (-1), or neither (0)."""
    stands = {measure: standing(proof.row(measure, grouping)) for measure in proof.measures}
    return {sign: [measure for measure, stand in stands.items() if stand == sign] for sign in (1, 0, -1)}


def proof_shown(proof: Proof, found: Found, run: Run) -> Shown:
    """Show, for each measure, what each grouping explains."""
    gated = gate(
        proof.table[["measure", "grouping", "explained", "low", "high"]].assign(people=proof.customers), run,
        label("measure"), label("grouping"), estimate("explained", of="people", low="low", high="high"),
    )  # fmt: skip
    words = _("{what}: found {own:part}, named {other:part}")
    parts = [
        run.say(words, what=_(_OUTCOMES[measure]), own=proof.row(measure, FOUND)["explained"],
                other=proof.row(measure, RFM)["explained"])
        for measure in proof.measures
    ]  # fmt: skip
    return figure(
        _draw, gated,
        title=title(proof, run),
        alt=_("Dots with intervals, the share of later differences that each grouping explains; {parts}.").format(
            parts="; ".join(parts)
        ),
        read=run.say(
            _(
                "All groupings are of what customers had done before {day:day}; a dot is the share of the differences "
                "between them in the {days:count} days after that a grouping explains, with its 95 % bootstrap "
                "interval; 0 is no better than all as one."
            ), day=found.proof_from, days=found.horizon_days,
        ),
        limits=_(
            "Only customers who took no part in judging usefulness count; each customer is predicted from others of "
            "the group."
        ),
        source=source_of(run, proof.customers, "customers"),
        panels=(1, len(proof.measures)), size=(7.2, 2.4),
    )  # fmt: skip


def title(proof: Proof, run: Run) -> str:
    """Say in what the named and in what the found segments tell more, with what each explains."""
    stands = _by_standing(proof, RFM)
    told = {
        "ahead": [_more_than(proof, measure, (FOUND, RFM), run) for measure in stands[1]],
        "behind": [_more_than(proof, measure, (RFM, FOUND), run) for measure in stands[-1]],
        "alike": [_(_OUTCOMES[measure]) for measure in stands[0]],
    }
    if not (told["ahead"] or told["behind"]):
        words = _("No difference is seen between the found and the named segments in telling {alike:list}")
    elif told["ahead"] and told["behind"]:
        words = _("The named segments tell more of {behind:list}, the found ones of {ahead:list}")
    elif told["ahead"]:
        words = _("The found segments tell more than the named ones of {ahead:list}")
    else:
        words = _("The named segments tell more than the found ones of {behind:list}")
    if told["alike"] and (told["ahead"] or told["behind"]):
        words += "; " + _("no difference is seen in {alike:list}")
    return run.say(words, **told)


def _more_than(proof: Proof, measure: str, groupings: tuple[str, str], run: Run) -> str:
    """Say what the one explains against the other, in tenths where whole per cent are the same."""
    more, less = (proof.row(measure, grouping)["explained"] for grouping in groupings)
    words = _("{what} ({more:part} against {less:part})")
    if run.say("{x:part}", x=more) == run.say("{x:part}", x=less):
        words = _("{what} ({more:share} against {less:share})")
    return run.say(words, what=_(_OUTCOMES[measure]), more=more, less=less)


def _draw(axes: Any, frame: pd.DataFrame) -> None:
    frame = frame.assign(grouping=[_(_GROUPINGS[name]) for name in frame["grouping"]])
    frame[["explained", "low", "high"]] *= 100
    shades = dict.fromkeys(frame["grouping"], palette.MUTED) | {_(_GROUPINGS[FOUND]): palette.ACCENT}
    for place, (panel, (measure, own)) in enumerate(
        zip(np.atleast_1d(axes), frame.groupby("measure", sort=False), strict=True)
    ):
        dots(
            panel, own, label="grouping", value="explained", low="low", high="high", unit="", reference=0,
            colour=shades, written="number1",
        )  # fmt: skip
        panel.set_title(_(_MEASURES[str(measure)]), color=palette.MUTED, fontweight="normal")
        panel.tick_params(labelleft=place == 0)
