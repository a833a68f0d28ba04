"""The named segments, as the page shows them."""

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, insufficient, show_all, table
from crmlib.segmentation.customers import figures, sentences
from crmlib.segmentation.customers.base import CustomerBase
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
    if not sentences.tellable(profile, run).any():
        return insufficient(
            needed=_("a segment of {n} customers or more, with revenue").format(n=run.rules.threshold),
            found=_("none"),
            therefore=_("No segments are shown."),
        )
    run.write("segment_figures", profile.astype({"segment": "str"}), by=["segment"])
    known = "value_share" in profile
    data = _disclosed(profile, run, known=known)
    words = sentences.segments(profile, run)
    picture = figure(figures.segment_shares, data, **words, panels=(1, 3 if known else 2), size=(7.2, 3.4))
    return show_all(picture, _segment_table(profile, base, run))


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
        figures_of = figures_of.join(worth.drop(columns=["segment", "customers", "largest"]))
    if base.standing is not None:
        figures_of = figures_of.join(bought_since(base.standing, "segment"), on="segment")
    return figures_of


def _disclosed(profile: pd.DataFrame, run: Run, *, known: bool) -> Disclosed:
    shares = ["spend_share", *(["value_share"] if known else [])]
    measures = [f"{name}{end}" for name in shares for end in ("", "_low", "_high")]
    return disclose(
        profile[["segment", "customers", *measures, "largest"]],
        labels=["segment"],
        counts=["customers"],
        based_on="customers",
        measures=measures,
        largest=dict.fromkeys(("spend_share", "spend_share_low", "spend_share_high"), "largest"),
        shares={"share": "customers"},
        ranges=["share"],
        totals=True,
        rules=run.rules,
    )


def _segment_table(profile: pd.DataFrame, base: CustomerBase, run: Run) -> Shown:
    frame = profile.assign(
        name=profile["segment"].map(segment_label).astype("str"),
        meaning=profile["segment"].map(segment_meaning).astype("str"),
    )
    measures = ["orders_each", "order_value", "days_since_last"]
    then = ["were", "again"] if base.standing is not None else []
    data = disclose(
        frame[["name", "meaning", "customers", "spend", *measures, *then, "largest"]],
        labels=["name", "meaning"],
        counts=["customers", *then],
        based_on=dict.fromkeys([*measures, "spend"], "customers"),
        measures=measures,
        exact=["spend"],
        largest={"spend": "largest", "order_value": "largest"},
        shares={"since": ("again", "were")} if then else {},
        ranges=["since"] if then else [],
        totals=True,
        rules=run.rules,
    )
    said = "" if base.standing is None else sentences.told_apart(data.frame, differ(base.standing, "segment"), run)
    proof = {"since": sentences.since_column(run)} if then else {}
    columns = {
        "name": Shows(_("Segment"), swatch=True),
        "meaning": Shows(_("Who")),
        "customers": Shows(_("Customers"), "people"),
        "spend": Shows(_("Revenue so far"), "money"),
        **proof,
        "orders_each": Shows(_("Orders each"), "number", decimals=1),
        "order_value": Shows(_("Order value"), "money", decimals=0 if profile["order_value"].max() >= 100 else 2),
        "days_since_last": Shows(_("Days since last"), "number", decimals=0),
    }
    caption = _("The segments and what they are made of; days since the last purchase are medians")
    return table(data, caption, columns, currency=run.params.currency, note=said)


def _no_customers(found: int, run: Run, therefore: str) -> Shown:
    return insufficient(
        needed=_("at least {n} known customers").format(n=run.rules.threshold),
        found=_("fewer than {n}").format(n=run.rules.threshold) if found else _("none"),
        therefore=therefore,
    )
