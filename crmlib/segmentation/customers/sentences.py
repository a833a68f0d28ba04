"""The words of the customers: segments, stages and how unequal they are, computed from the numbers."""

from math import isnan

import pandas as pd

from crmlib.privacy.rules import DOMINANCE
from crmlib.reporting import Shows, formats
from crmlib.segmentation.customers.lifecycle import stage_label
from crmlib.segmentation.customers.limits import FEW_RETURN, LifecycleLimits
from crmlib.segmentation.customers.segments import BEST, segment_label
from crmlib.segmentation.wording import Words, listed, people, rounded_share, share, source_of
from crmlib.words import _
from crmlib.workspace import Run


def segments_answer(profile: pd.DataFrame, run: Run) -> str:
    """Say how the best segments stand against all: their share of customers and revenue; empty where one is hidden."""
    best = profile[profile["segment"].isin(BEST)]
    if not tellable(best, run).all():
        return ""
    return _("{names} are {share} of all customers and brought {spend} of their revenue.").format(
        names=listed([segment_label(code) for code in best["segment"]]),
        share=share(rounded_share(best["customers"].sum(), profile["customers"].sum(), run)),
        spend=share(best["spend_share"].sum()),
    )


def tellable(profile: pd.DataFrame, run: Run) -> pd.Series:
    """Say of which segments revenue may be told: customers enough, and none with more than half of it."""
    return (profile["customers"] >= run.rules.threshold) & (profile["largest"] <= DOMINANCE)


def segments(profile: pd.DataFrame, run: Run) -> Words:
    """Give the words around the picture of segments; one segment at least is :func:`tellable`."""
    shown = profile[tellable(profile, run)]
    everybody = profile["customers"].sum()
    shares = [share(rounded_share(each, everybody, run)) for each in shown["customers"]]
    top = int(shown["spend_share"].argmax())
    title = _("{segment} are {share} of customers and {spend} of revenue so far").format(
        segment=segment_label(shown["segment"].iloc[top]),
        share=shares[top],
        spend=share(shown["spend_share"].iloc[top]),
    )
    parts = [
        _("{name} {share} of customers, {spend} of revenue").format(
            name=segment_label(row["segment"]), share=part, spend=share(row["spend_share"])
        )
        for (_index, row), part in zip(shown.iterrows(), shares, strict=True)
    ]
    return {
        "title": title,
        "alt": _("Bars by segment: {parts}.").format(parts="; ".join(parts)),
        "read": _("Every customer is in exactly one segment; the thin lines are 95 % intervals."),
        "limits": _("The segments say what customers have done, not why; revenue so far is all of the history seen."),
        "source": source_of(run, int(everybody), "customers"),
    }


def since_column(run: Run) -> Shows:
    """Give the column of the share that has bought since, of those who stood somewhere one horizon ago."""
    label = _("Bought since, of those here {days} days ago").format(days=run.params.churn.horizon_days)
    return Shows(label, "share", "since_low", "since_high", decimals=0, missing=_("none here then"))


def told_apart(shown: pd.DataFrame, p: float, run: Run) -> str:
    """Say whether where a customer stood told anything about who has bought since.

    Parameters
    ----------
    shown
        What the table shows: ``name, since``.
    p
        From :func:`crmlib.segmentation.customers.since.differ`.
    run
        The run.
    """
    seen = shown.dropna(subset=["since"]).sort_values("since", kind="stable")
    if not p < 0.05 or len(seen) < 2:
        return _("Who has bought since does not hang on where customers stood, as far as can be seen.")
    low, high = seen.iloc[0], seen.iloc[-1]
    return _(
        "Where a customer stood told what came next: {high} of {best} have bought in the {days} days since, "
        "{low} of {worst}."
    ).format(
        high=share(high["since"]), best=high["name"], days=run.params.churn.horizon_days, low=share(low["since"]),
        worst=low["name"],
    )  # fmt: skip


def lost_come_back(shown: pd.DataFrame, run: Run) -> str:
    """Warn where more of the lost have bought since than the word allows; empty where they have not."""
    lost = shown[shown["name"] == stage_label("lost")]
    if lost.empty or not lost["since_low"].iloc[0] > FEW_RETURN:
        return ""
    return _(
        "{share} of the lost have come back: here lost means long overdue, not gone, or these {days} days lay in a "
        "season that brings customers back."
    ).format(share=share(lost["since"].iloc[0]), days=run.params.churn.horizon_days)


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


def lifecycle(counts: pd.DataFrame, limits: LifecycleLimits, run: Run) -> Words:
    """Give the words around the picture of lifecycle stages."""
    going = counts.loc[counts["lifecycle"].isin(["at_risk", "dormant"]), "customers"].sum()
    buyers = counts.loc[counts["lifecycle"] != "prospect", "customers"].sum()
    part = rounded_share(going, buyers, run)
    title = _("{n} are overdue but not yet lost").format(n=people(run, going))
    if not isnan(part):
        title = _("{n} ({share} of buyers) are overdue but not yet lost").format(
            n=people(run, going), share=share(part)
        )
    parts = [f"{stage_label(row['lifecycle'])} {people(run, row['customers'])}" for _index, row in counts.iterrows()]
    read = _(
        "A customer is overdue by their own rhythm. Who bought on one day only is at risk after {at_risk} days without "
        "a purchase, dormant after {dormant}, lost after {lost}. The thin line shows where the bar would end with "
        "limits a quarter shorter or longer."
    )
    at_risk, dormant, lost = (formats.count(max(days, 1)) for days in limits.newcomer)
    return {
        "title": title,
        "alt": _("Bars by stage: {parts}.").format(parts="; ".join(parts)),
        "read": read.format(at_risk=at_risk, dormant=dormant, lost=lost),
        "limits": f"{_limits_from(run)} {_limits_since(limits)}",
        "source": source_of(run, int(buyers), "customers"),
    }


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
