"""The named segments, as the page shows them."""

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, figure, insufficient, note, show_all, table
from crmlib.segmentation.customers import figures, sentences, since_sentences
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.disclosed import segment_shares
from crmlib.segmentation.customers.segments import segment_label, segment_meaning
from crmlib.segmentation.customers.since import bought_since, differ
from crmlib.segmentation.value.forecast import Forecast
from crmlib.segmentation.value.valuation import value_by_segment
from crmlib.words import _
from crmlib.workspace import Run


def show_segments(base: CustomerBase, forecast: Forecast, run: Run) -> Shown:
    """Show what share of customers, of revenue and of the value ahead each segment has, and what it is made of."""
    if len(base.now) < run.rules.threshold:
        return _no_customers(len(base.now), run, _("No segments are shown."))
    profile = segment_figures(base, forecast)
    run.write("segment_figures", profile.astype({"segment": "str"}), by=["segment"])
    nobody = profile.loc[profile["customers"] == 0, "segment"]
    profile = profile[profile["customers"] > 0]
    data = segment_shares(profile, run)
    if data.frame[["share", "spend_share"]].dropna().empty:
        return insufficient(
            needed=_("a segment of {n} customers or more, with revenue").format(n=run.rules.threshold),
            found=_("none"),
            therefore=_("No segments are shown."),
        )
    words = sentences.segments(data.frame, len(base.now), run)
    picture = figure(
        figures.segment_shares, data, **words, panels=(1, 3 if "value_share" in profile else 2), size=(7.2, 3.4)
    )
    empty = [note(sentences.empty_segments(nobody))] if len(nobody) else []
    return show_all(picture, _segment_table(profile, base, run), *empty)


def segment_figures(base: CustomerBase, forecast: Forecast) -> pd.DataFrame:
    """Put together what is known of each segment: what it is made of, what it is worth, who has bought since.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`crmlib.segmentation.customers.segments.segment_profile`, of
        :func:`crmlib.segmentation.value.valuation.value_by_segment` where customers were valued, and of
        :func:`crmlib.segmentation.customers.since.bought_since` where the history reaches back so far.
    """
    figures_of = base.profile
    if forecast.valued is not None:
        worth = value_by_segment(forecast.valued, base.now.set_index("customer_id")["segment"])
        worth = worth.rename(columns={"largest": "value_largest"})
        figures_of = figures_of.join(worth.drop(columns=["segment", "customers"]))
    if base.standing is not None:
        figures_of = figures_of.join(bought_since(base.standing, "segment"), on="segment")
    return figures_of


def _segment_table(profile: pd.DataFrame, base: CustomerBase, run: Run) -> Shown:
    frame = profile.assign(
        name=profile["segment"].map(segment_label).astype("str"),
        meaning=profile["segment"].map(segment_meaning).astype("str"),
    )
    measures = ["order_value", "days_since_last"]
    then = ["were", "again"] if base.standing is not None else []
    data = disclose(
        frame[["name", "meaning", "customers", "spend", "orders", *measures, *then, "largest"]],
        labels=["name", "meaning"],
        counts=["customers", *then],
        based_on=dict.fromkeys([*measures, "spend", "orders"], "customers"),
        measures=measures,
        exact=["spend", "orders"],
        means={"orders_each": ("orders", "customers")},
        largest={"spend": "largest", "order_value": "largest"},
        shares={"since": ("again", "were")} if then else {},
        ranges=["since"] if then else [],
        totals=True,
        rules=run.rules,
    )
    said = "" if base.standing is None else since_sentences.told_apart(data, differ(base.standing, "segment"), run)
    proof = {"since": since_sentences.since_column(run)} if then else {}
    columns = {
        "name": Shows(_("Segment"), swatch=True),
        "meaning": Shows(_("Who")),
        "customers": Shows(_("Customers"), "people"),
        "spend": Shows(_("Revenue so far"), "money"),
        **proof,
        "days_since_last": Shows(_("Days since last, median"), "number", decimals=0),
        "orders_each": Shows(_("Orders each"), "number", decimals=1),
        "order_value": Shows(_("Order value"), "money", decimals=0 if profile["order_value"].max() >= 100 else 2),
    }
    caption = _("The segments and what they are made of")
    return table(data, caption, columns, currency=run.params.currency, note=said)


def _no_customers(found: int, run: Run, therefore: str) -> Shown:
    return insufficient(
        needed=_("at least {n} known customers").format(n=run.rules.threshold),
        found=_("fewer than {n}").format(n=run.rules.threshold) if found else _("none"),
        therefore=therefore,
    )
