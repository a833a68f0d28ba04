"""Who the customers are, as the page shows it: segments and stages."""

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, insufficient, show_all, table
from crmlib.segmentation.customers import figures, sentences
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.lifecycle import STAGE_CODES, lifecycle_stages
from crmlib.segmentation.customers.segments import segment_label, segment_meaning
from crmlib.segmentation.value.forecast import Forecast
from crmlib.segmentation.value.valuation import value_by_segment
from crmlib.words import _
from crmlib.workspace import Run

LAXER = 1.25
"""Limits so many times as long, and as much shorter, show how far the stages hang on them."""


def show_segments(base: CustomerBase, forecast: Forecast, run: Run) -> Shown:
    """Show what share of customers, of revenue and of the value ahead each segment has, and what it is made of."""
    if len(base.now) < run.rules.threshold:
        return _no_customers(len(base.now), run, _("No segments are shown."))
    profile = base.profile
    if forecast.valued is not None:
        worth = value_by_segment(forecast.valued, base.now.set_index("customer_id")["segment"])
        profile = profile.assign(value_share=worth["value_share"])
    known = "value_share" in profile
    data = _disclosed(profile, run, known=known)
    words = sentences.segments(profile, run)
    picture = figure(figures.segment_shares, data, **words, panels=(1, 3 if known else 2), size=(7.2, 3.4))
    return show_all(picture, _segment_table(profile, run))


def _disclosed(profile: pd.DataFrame, run: Run, *, known: bool) -> Disclosed:
    measures = ["share_low", "share_high", "spend_share", *(["value_share"] if known else [])]
    return disclose(
        profile[["segment", "customers", *measures]],
        labels=["segment"],
        counts=["customers"],
        based_on="customers",
        measures=measures,
        shares={"share": "customers"},
        totals=True,
        rules=run.rules,
    )


def _segment_table(profile: pd.DataFrame, run: Run) -> Shown:
    frame = profile.assign(
        name=profile["segment"].map(segment_label).astype("str"),
        meaning=profile["segment"].map(segment_meaning).astype("str"),
    )
    measures = ["orders_each", "order_value", "spend_each", "days_since_last"]
    data = disclose(
        frame[["name", "meaning", "customers", "spend", *measures, "largest"]],
        labels=["name", "meaning"],
        counts=["customers"],
        based_on="customers",
        measures=measures,
        exact=["spend"],
        largest={"spend": "largest"},
        totals=True,
        rules=run.rules,
    )
    columns = {
        "name": Shows(_("Segment"), swatch=True),
        "meaning": Shows(_("Who")),
        "customers": Shows(_("Customers"), "people"),
        "spend": Shows(_("Revenue so far"), "money"),
        "orders_each": Shows(_("Orders each"), "number", decimals=1),
        "order_value": Shows(_("Order value"), "money", decimals=0 if profile["order_value"].max() >= 100 else 2),
        "days_since_last": Shows(_("Days since last"), "number", decimals=0),
    }
    return table(
        data,
        _("The segments and what they are made of; days since the last purchase are medians"),
        columns,
        currency=run.params.currency,
    )


def lifecycle_counts(base: CustomerBase, loyal_days: int) -> pd.DataFrame:
    """Count the customers of each stage, also with limits a quarter longer and shorter.

    Returns
    -------
    pandas.DataFrame
        ``lifecycle, customers, span_low, span_high``, one row a stage (without prospects where they are not known).
    """
    measure, customers = base.measure, base.now
    if measure is None:
        return pd.DataFrame(columns=["lifecycle", "customers", "span_low", "span_high"])
    counts = _counted(customers["lifecycle"])
    others = [
        lifecycle_stages(customers, measure.limits.scaled(factor), measure.population, loyal_days)["lifecycle"]
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
    """Show how many customers stand in each stage, and how far that hangs on the limits."""
    if base.measure is None or not base.measure.population.customers:
        return insufficient(
            needed=_("customers with two purchase days"),
            found=_("none"),
            therefore=_("No lifecycle stages are shown."),
        )
    counts = lifecycle_counts(base, run.params.segmentation.loyal_days)
    numbers = ["customers", "span_low", "span_high"]
    data = disclose(counts, labels=["lifecycle"], counts=numbers, totals=True, rules=run.rules)
    return figure(figures.stages, data, **sentences.lifecycle(counts, base.measure.limits, run))


def _no_customers(found: int, run: Run, therefore: str) -> Shown:
    return insufficient(
        needed=_("at least {n} known customers").format(n=run.rules.threshold),
        found=_("fewer than {n}").format(n=run.rules.threshold) if found else _("none"),
        therefore=therefore,
    )
