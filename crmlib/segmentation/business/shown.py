"""How the business goes, as the page shows it."""

from functools import partial

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, folded, insufficient, show_all, table
from crmlib.segmentation.business import figures, sentences
from crmlib.words import _
from crmlib.workspace import Run

SHOWN_MONTHS = 13


def show_business(months: pd.DataFrame, run: Run) -> Shown:
    """Show revenue and customers by month as a picture and as a table.

    Parameters
    ----------
    months
        From :func:`crmlib.segmentation.business.monthly.monthly_figures`.
    run
        The run, for the gate, the currency and the period.
    """
    if months.empty:
        return insufficient(
            needed=_("purchases before the report's date"), found=_("none"), therefore=_("No figures are shown.")
        )
    if months["buyers"].max() < run.rules.threshold:
        return insufficient(
            needed=_("a month with at least {n} buyers").format(n=run.rules.threshold),
            found=_("fewer in each"),
            therefore=_("No figures by month are shown."),
        )
    latest = months.tail(sentences.LATEST)
    picture = figure(
        partial(figures.business, currency=run.params.currency),
        {"months": _money(latest, run), "kinds": _kinds(latest, run)},
        **sentences.business(months, run),
        size=(7.2, 5.0),
        panels=(2, 1),
    )
    return show_all(picture, folded(_("Month by month"), _table(months.tail(SHOWN_MONTHS).iloc[::-1], run)))


def _money(months: pd.DataFrame, run: Run) -> Disclosed:
    frame = months[["month", "partial", "net", "buyers"]]
    return disclose(frame, labels=["month", "partial"], exact=["net"], based_on={"net": "buyers"}, rules=run.rules)


def _kinds(months: pd.DataFrame, run: Run) -> Disclosed:
    """Split each month's customers by where they come from; no hidden part can be computed back from the month."""
    kinds = months.rename(columns={"again": "bought_last_month"})
    long = kinds.melt(
        id_vars="month", value_vars=["bought_last_month", "reactivated", "new"], var_name="kind", value_name="customers"
    )
    return disclose(long, labels=["month", "kind"], counts=["customers"], totals=False, rules=run.rules)


def _table(months: pd.DataFrame, run: Run) -> Shown:
    nobody = months["before"] == 0
    frame = months.assign(
        month_label=[_label(m, p) for m, p in zip(months["month"], months["partial"], strict=True)],
        before=months["before"].mask(nobody),
        again=months["again"].mask(nobody),
    )
    averages = ["average_order_value", "units_per_order"]
    measures = [f"{name}{end}" for name in averages for end in ("", "_low", "_high")]
    exact, counts = ["net", "net_per_day", "orders"], ["active", "new", "before", "again"]
    data = disclose(
        frame[["month_label", *exact, *counts, *measures, "buyers"]],
        labels=["month_label"],
        counts=counts,
        measures=measures,
        exact=exact,
        based_on=dict.fromkeys([*measures, *exact], "buyers"),
        shares={"repurchase_rate": ("again", "before")},
        ranges=["repurchase_rate"],
        rules=run.rules,
    )
    shown = {
        "month_label": Shows(_("Month")),
        "net": Shows(_("Net revenue"), "money"),
        "net_per_day": Shows(_("Per day"), "money"),
        "orders": Shows(_("Orders"), "count"),
        "active": Shows(_("Active customers"), "people"),
        "new": Shows(_("New customers"), "people"),
        "average_order_value": Shows(_("Order value"), "money", "average_order_value_low", "average_order_value_high"),
        "repurchase_rate": Shows(_("Repurchase rate"), "share", "repurchase_rate_low", "repurchase_rate_high"),
        "units_per_order": Shows(_("Units per order"), "number", "units_per_order_low", "units_per_order_high"),
    }
    return table(data, sentences.months_caption(run), shown, currency=run.params.currency)


def _label(month: pd.Timestamp, partial: bool) -> str:
    from crmlib.words import formats

    return _("{month} (partial)").format(month=formats.month(month)) if partial else formats.month(month)
