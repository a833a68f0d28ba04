"""The words of the customers: segments, stages and how unequal they are, computed from the numbers."""

from math import isnan

import pandas as pd

from crmlib.segmentation.customers.disclosed import segment_shares
from crmlib.segmentation.customers.lifecycle import stage_label
from crmlib.segmentation.customers.limits import LifecycleLimits
from crmlib.segmentation.customers.segments import BEST, segment_label
from crmlib.segmentation.wording import Words, listed, people, rounded_share, share, source_of
from crmlib.words import _, formats
from crmlib.workspace import Run


def segments_answer(profile: pd.DataFrame, run: Run) -> str:
    """Say how the best segments stand against all: their share of customers and revenue; empty where one is hidden."""
    shown = segment_shares(profile, run).frame
    best = shown[shown["segment"].isin(BEST)]
    if best[["share", "spend_share"]].isna().any(axis=None):
        return ""
    return _("{names} are {share} of all customers and brought {spend} of their revenue.").format(
        names=listed([segment_label(code) for code in best["segment"]]),
        share=share(best["share"].sum()),
        spend=share(best["spend_share"].sum()),
    )


def segments(shown: pd.DataFrame, everybody: int, run: Run) -> Words:
    """Give the words around the picture of segments.

    Parameters
    ----------
    shown
        What the picture shows, past the gate: ``segment, share, spend_share``; one segment at least has both.
    everybody
        The number of customers.
    run
        The run.
    """
    told = shown.dropna(subset=["share", "spend_share"])
    words = _("{segment} are {share} of customers and {spend} of revenue so far")
    parts = [
        words.format(segment=segment_label(row["segment"]), share=share(row["share"]), spend=share(row["spend_share"]))
        for _index, row in told.iterrows()
    ]
    return {
        "title": parts[int(told["spend_share"].argmax())],
        "alt": _("Bars by segment: {parts}.").format(parts="; ".join(parts)),
        "read": _("Every customer is in exactly one segment; the thin lines are 95 % intervals."),
        "limits": _("The segments say what customers have done, not why; revenue so far is all of the history seen."),
        "source": source_of(run, everybody, "customers"),
    }


def empty_segments(nobody: pd.Series) -> str:
    """Say which segments hold nobody."""
    return _("No customer is in {names}.").format(names=listed([segment_label(code) for code in nobody]))


def rhythm_label(kind: str) -> str:
    """Name what is known of a customer's rhythm.

    Examples
    --------
    >>> rhythm_label("newcomer")
    'one purchase day'
    """
    return {
        "newcomer": _("one purchase day"),
        "few": _("two to four purchase days"),
        "uneven": _("five or more, uneven gaps"),
        "steady": _("five or more, even gaps"),
    }[kind]


def lifecycle(counts: pd.DataFrame, shown: pd.DataFrame, limits: LifecycleLimits, run: Run) -> Words:
    """Give the words around the picture of lifecycle stages; single stages are told as the picture shows them."""
    going = counts.loc[counts["lifecycle"].isin(["at_risk", "dormant"]), "customers"].sum()
    buyers = counts.loc[counts["lifecycle"] != "prospect", "customers"].sum()
    part = rounded_share(going, buyers, run)
    title = _("{n} are overdue but not yet lost").format(n=people(run, going))
    if not isnan(part):
        title = _("{n} ({share} of buyers) are overdue but not yet lost").format(
            n=people(run, going), share=share(part)
        )
    parts = [
        f"{stage_label(row['lifecycle'])} {formats.count(row['customers'])}"
        for _index, row in shown.dropna(subset=["customers"]).iterrows()
    ]
    read = _(
        "A customer is overdue by their own rhythm. Who bought on one day only is at risk after {at_risk} days without "
        "a purchase, dormant after {dormant}, lost after {lost}. The thin line shows where the bar would end with "
        "limits a quarter shorter or longer."
    )
    at_risk, dormant, lost = (formats.count(max(days, 1)) for days in limits.newcomer)
    return {
        "title": title,
        "alt": _("Bars by stage: {parts}.").format(parts="; ".join(parts)),
        "read": " ".join([read.format(at_risk=at_risk, dormant=dormant, lost=lost), *_prospects(counts)]),
        "limits": f"{_limits_from(run)} {_limits_since(limits)}",
        "source": source_of(run, int(buyers), "customers"),
    }


def _prospects(counts: pd.DataFrame) -> list[str]:
    if not counts.loc[counts["lifecycle"] == "prospect", "customers"].sum() > 0:
        return []
    return [_("Prospects are members who have not bought yet; they are not among the customers counted.")]


def _limits_from(run: Run) -> str:
    at_risk, dormant, lost = (_percent(each) for each in run.params.segmentation.lifecycle_quantiles)
    return _(
        "Of those who come back, {at_risk} do so before the first limit, {dormant} before the second, {lost} before "
        "the third, waits still going on counted; and of those still waiting at the third, no more than one in ten. "
        "Who is back again had been dormant by the rhythm before that wait."
    ).format(at_risk=at_risk, dormant=dormant, lost=lost)


def _percent(share_of: float) -> str:
    """Write a share without rounding it up to all: 99.9 %."""
    return formats.share(share_of, decimals=0 if round(share_of * 100, 6) == round(share_of * 100) else 1)


def _limits_since(limits: LifecycleLimits) -> str:
    if limits.settled:
        return _("The limits are those of {day}.").format(day=formats.day(limits.reference))
    return _("The history is too short for limits that last: they are set anew each month until it is longer.")


def concentration(top_tenth: float) -> str:
    """Name the table of concentration by its finding, where that is shown."""
    if isnan(top_tenth):
        return _("How revenue so far is spread over customers")
    return _("The tenth of customers with the highest spend brought {share} of revenue so far").format(
        share=share(top_tenth)
    )
