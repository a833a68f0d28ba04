"""The words of the customers: segments, stages and how unequal they are, computed from the numbers."""

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.customers.lifecycle import LifecycleLimits, stage_label
from crmlib.segmentation.customers.segments import BEST, segment_label
from crmlib.segmentation.wording import Words, listed, people, share, source_of
from crmlib.words import _
from crmlib.workspace import Run


def segments_answer(profile: pd.DataFrame) -> str:
    """Say how the best segments stand against all: their share of customers and of revenue."""
    best = profile[profile["segment"].isin(BEST)]
    return _("{names} are {share} of all customers and brought {spend} of their revenue.").format(
        names=listed([segment_label(code) for code in best["segment"]]),
        share=share(best["share"].sum()),
        spend=share(best["spend_share"].sum()),
    )


def segments(profile: pd.DataFrame, run: Run) -> Words:
    """Give the words around the picture of segments."""
    shown = profile[profile["customers"] >= run.rules.threshold]
    top = shown.iloc[int(shown["spend_share"].argmax())]
    title = _("{segment} are {share} of customers and {spend} of revenue so far").format(
        segment=segment_label(top["segment"]), share=share(top["share"]), spend=share(top["spend_share"])
    )
    parts = [
        _("{name} {share} of customers, {spend} of revenue").format(
            name=segment_label(row["segment"]), share=share(row["share"]), spend=share(row["spend_share"])
        )
        for _index, row in shown.iterrows()
    ]
    return {
        "title": title,
        "alt": _("Bars by segment: {parts}.").format(parts="; ".join(parts)),
        "read": _("Every customer is in exactly one segment; the thin line on the first bars is the 95 % interval."),
        "limits": _("The segments say what customers have done, not why; revenue so far is all of the history seen."),
        "source": source_of(run, int(profile["customers"].sum()), "customers"),
    }


def lifecycle(counts: pd.DataFrame, limits: LifecycleLimits, run: Run) -> Words:
    """Give the words around the picture of lifecycle stages."""
    going = counts.loc[counts["lifecycle"].isin(["at_risk", "dormant"]), "customers"].sum()
    buyers = counts.loc[counts["lifecycle"] != "prospect", "customers"].sum()
    title = _("{n} ({share} of buyers) are overdue but not yet lost").format(
        n=people(run, going), share=share(going / max(buyers, 1))
    )
    parts = [f"{stage_label(row['lifecycle'])} {people(run, row['customers'])}" for _index, row in counts.iterrows()]
    read = _(
        "A customer is overdue by their own rhythm: with an average one, at risk after {at_risk} days without a "
        "purchase, dormant after {dormant}, lost after {lost}. The thin line shows where the bar would end with limits "
        "a quarter shorter or longer."
    )
    return {
        "title": title,
        "alt": _("Bars by stage: {parts}.").format(parts="; ".join(parts)),
        "read": read.format(
            at_risk=formats.number(limits.at_risk), dormant=formats.number(limits.dormant),
            lost=formats.number(limits.lost),
        ),
        "limits": _(
            "The limits come from gaps after which customers did return; customers with few purchases are measured by "
            "the rhythm of all. Who is back again had been dormant by the rhythm before that wait."
        ),
        "source": source_of(run, int(buyers), "customers"),
    }  # fmt: skip


def concentration(shares: pd.DataFrame) -> str:
    """Name the table of concentration by its finding."""
    top = shares.loc[shares["part"] == 0.1].iloc[0]
    return _("The tenth of customers with the highest spend brought {share} of revenue so far").format(
        share=share(top["value"])
    )
