"""What a campaign is assumed to cost and to bring, in words, and how own campaigns were turned into a share kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmlib.churn.money.assumptions import Assumptions, Range
    from crmlib.churn.study import Study
    from crmlib.workspace import Run

CALLED: Mapping[str, str] = {
    "kept": N_("Share of leavers kept"),
    "kept_value": N_("Value of a customer kept"),
    "incentive": N_("Cost of an offer"),
    "contact": N_("Cost of a contact"),
}
"""The assumptions by their names in `Assumptions`."""


def end_words(name: str, value: float, run: Run) -> str:
    """Say one end of an assumption's range."""
    return run.say("{value:part}" if name == "kept" else "{value:money}", value=value)


def range_words(name: str, ends: Range, run: Run) -> str:
    """Say the likely value of an assumption and its range, if it has one."""
    low, likely, high = (end_words(name, end, run) for end in ends)
    return likely if low == high else _("{likely} ({low} to {high})").format(likely=likely, low=low, high=high)


def assumption_words(assumed: Assumptions, found: Study, run: Run) -> list[str]:
    """Say what a customer kept brings, what costs, what share is kept and who says so, and how the band is made."""
    told = {name: range_words(name, getattr(assumed, name), run) for name in CALLED}
    who = {
        "campaigns": _("as own campaigns measured"),
        "parameters": _("as the parameters say"),
        "nobody": _("an assumption: no own campaign with a control group is old enough to tell"),
    }
    own = run.say(_("what each usually spends in {horizon:days} × margin"), horizon=found.horizon_days)
    words = _(
        "A customer kept brings {own}, on average {kept_value}; an offer taken costs {incentive}, a contact {contact}. "
        "A contact keeps {kept} of those who would leave, {who}."
    )
    value = own if assumed.margin is not None else _("what the parameters say")
    band = _(
        "The band adds the effects of all ranges as independent errors; the luck of this one test is not in it. The "
        "lower picture moves one range at a time for the same customers."
    )
    return [run.say(words, own=value, who=who[assumed.told_by], **told), band]


def response_words(found: Study, run: Run) -> list[str]:
    """Say how the fall that own campaigns measured became a share of leavers kept."""
    measured = found.response
    if measured is None:
        return []
    words = _(
        "Of the active customers whom own campaigns contacted ({n:count} a whole horizon old, with a control group) "
        "{fall:gap} points fewer bought nothing within {horizon:days} than of those left out at random. That is a fall "
        "of the churn rate, not a share of leavers: over the churn rate of those left out it is {kept} of the leavers, "
        "taken to be the same at any risk. Chapter 05 counts responses of all contacted, in the campaign's own time."
    )
    kept = range_words("kept", (measured.kept.low, measured.kept.value, measured.kept.high), run)
    return [run.say(words, n=measured.campaigns, fall=measured.fall, kept=kept, horizon=found.horizon_days)]
