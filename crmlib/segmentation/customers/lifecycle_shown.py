"""The stages of the customers' lives, as the page shows them."""

from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, figure, folded, insufficient, show_all, table
from crmlib.segmentation.customers import figures, sentences, since_sentences
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.lifecycle import STAGE_CODES, lifecycle_stages, stage_label, stage_meaning
from crmlib.segmentation.customers.rhythm import RHYTHMS, known_rhythm
from crmlib.segmentation.customers.since import bought_since, differ
from crmlib.words import _
from crmlib.workspace import Run

LAXER: Final = 1.25
"""Limits so many times as long, and as much shorter, show how far the stages hang on them."""


def lifecycle_counts(base: CustomerBase, loyal_days: int) -> pd.DataFrame:
    """Count the customers of each stage, also with limits a quarter longer and shorter.

    Returns
    -------
    pandas.DataFrame
        ``lifecycle, customers, span_low, span_high``, one row a stage (without prospects where they are not known).
    """
    measure, customers = base.measure, base.now
    if measure is None or measure.limits is None:
        return pd.DataFrame(columns=["lifecycle", "customers", "span_low", "span_high"])
    counts = _counted(customers["lifecycle"])
    others = [
        lifecycle_stages(customers, measure.limits.scaled(factor), loyal_days)["lifecycle"]
        for factor in (LAXER, 1 / LAXER)
    ]
    both = pd.concat([*(_counted(stages) for stages in others), counts], axis=1)
    columns = {"customers": counts, "span_low": both.min(axis=1), "span_high": both.max(axis=1)}
    counted = pd.DataFrame(columns).rename_axis("lifecycle").reset_index()
    prospect = counted["lifecycle"] == "prospect"
    if base.prospects is None:
        return counted[~prospect].reset_index(drop=True)
    counted.loc[prospect, list(columns)] = base.prospects
    return counted


def _counted(stages: pd.Series) -> pd.Series:
    return stages.value_counts().reindex(list(STAGE_CODES), fill_value=0)


def show_lifecycle(base: CustomerBase, run: Run) -> Shown:
    """Show how many customers stand in each stage, when one is overdue, and what became of those who stood there."""
    limits = base.measure.limits if base.measure is not None else None
    if limits is None or len(base.now) < run.rules.threshold:
        return insufficient(
            needed=_("{n} customers, some with two purchase days").format(n=run.rules.threshold),
            found=_("fewer"),
            therefore=_("No lifecycle stages are shown."),
        )
    counts = lifecycle_counts(base, run.params.segmentation.loyal_days)
    then = None if base.standing is None else bought_since(base.standing, "lifecycle")
    run.write("lifecycle_figures", counts if then is None else counts.join(then, on="lifecycle"), by=["lifecycle"])
    numbers = ["customers", "span_low", "span_high"]
    data = disclose(counts, labels=["lifecycle"], counts=numbers, totals=True, rules=run.rules)
    picture = figure(figures.stages, data, **sentences.lifecycle(counts, data.frame, limits, run))
    became = [] if base.standing is None or then is None else [_became(then, differ(base.standing, "lifecycle"), run)]
    return show_all(picture, *became, folded(_("When a customer is overdue"), _overdue_table(base.now, run)))


def _became(then: pd.DataFrame, p: float, run: Run) -> Shown:
    """Show which share of each stage has bought since."""
    then = then.drop(index="prospect")
    frame = then.reset_index()
    frame.insert(1, "name", frame["lifecycle"].map(stage_label).astype("str"))
    frame.insert(2, "meaning", frame["lifecycle"].map(stage_meaning).astype("str"))
    data = disclose(
        frame[["name", "meaning", "were", "again"]], labels=["name", "meaning"], counts=["were", "again"],
        shares={"since": ("again", "were")}, ranges=["since"], totals=True, rules=run.rules,
    )  # fmt: skip
    days = run.params.churn.horizon_days
    columns = {
        "name": Shows(_("Stage")),
        "meaning": Shows(_("Who")),
        "were": Shows(_("Customers {days} days ago").format(days=days), "people"),
        "since": since_sentences.since_column(run),
    }
    said = [
        since_sentences.told_apart(data, p, run),
        since_sentences.overdue_rank(data, run),
        since_sentences.lost_come_back(data, run),
    ]
    return table(data, _("What became of the customers of each stage"), columns, note=" ".join(filter(None, said)))


def _overdue_table(customers: pd.DataFrame, run: Run) -> Shown:
    """List the limits of the typical customer of each kind of rhythm."""
    limits = ["typical_gap", "limit_at_risk", "limit_dormant", "limit_lost"]
    kinds = pd.Categorical(known_rhythm(customers), categories=list(RHYTHMS))
    grouped = customers.groupby(kinds, observed=False)
    frame = grouped[limits].median().assign(customers=grouped.size())
    frame.insert(0, "name", [sentences.rhythm_label(kind) for kind in frame.index])
    data = disclose(
        frame.reset_index(drop=True), labels=["name"], counts=["customers"], based_on="customers", measures=limits,
        totals=True, rules=run.rules,
    )  # fmt: skip
    columns = {
        "name": Shows(_("What is known of the rhythm")),
        "customers": Shows(_("Customers"), "people"),
        "typical_gap": Shows(_("Typical gap"), "days", decimals=0),
        "limit_at_risk": Shows(_("At risk after"), "days", decimals=0),
        "limit_dormant": Shows(_("Dormant after"), "days", decimals=0),
        "limit_lost": Shows(_("Lost after"), "days", decimals=0),
    }
    return table(data, _("Days without a purchase; medians of the customers' own limits"), columns)
