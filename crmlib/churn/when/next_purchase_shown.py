"""The time to the next purchase on the page, folded: who is expected back by when, and what goes with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.churn.evidence import source, untested
from crmlib.churn.when.next_purchase import DOUBLED, GROUPS
from crmlib.reporting import Shown, estimate, estimated_on, figure, folded, gate, label, note, palette, people, rate
from crmlib.reporting.figures import lines
from crmlib.stats.estimate import Estimate
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.churn.study import Study
    from crmlib.churn.when.next_purchase import TimeToEvent
    from crmlib.workspace import Run

SOON = 30
"""Days of which the sentence on expected returns speaks."""


def expected_back(found: Study) -> pd.Series | None:
    """Count the active customers, and those likelier than not to be back ``soon`` by chapter 02's dates."""
    if found.segments is None or "back_half" not in found.segments:
        return None
    known = found.segments[found.segments["customer_id"].isin(found.active["customer_id"])]
    days = (pd.to_datetime(known["back_half"]) - pd.Timestamp(found.plan.scoring - timedelta(days=1))).dt.days
    return pd.Series({"active": len(known), "soon": int((days <= SOON).sum())})


def show_time_to_event(found: Study, run: Run) -> Shown:
    """Show, folded, who is expected back by when, how long the next purchase took, and what made it sooner."""
    measured = found.time_to_event
    if measured is None or run.too_few(measured.customers) or measured.ratios.empty:
        return untested(found, run, _("How long the next purchase takes is not shown."))
    expected = expected_back(found)
    first = [note(_expected_sentence(expected, found, run))] if expected is not None else []
    return folded(
        _("When they buy next"), *first, _figure(found, measured, run), _dates_table(found, measured, run),
        _ratio_table(measured, run), *(note(said) for said in estimated_on(measured.customers, run)),
    )  # fmt: skip


def _expected_sentence(expected: pd.Series, found: Study, run: Run) -> str:
    words = _("Of {active:people} active customers {soon:people} are likelier than not to be back by {day:day}.")
    return run.say(words, **expected, day=found.plan.scoring + timedelta(days=SOON - 1))


def _figure(found: Study, measured: TimeToEvent, run: Run) -> Shown:
    curves = measured.curves
    curves = curves.assign(group=[_(GROUPS[group]) for group in curves["group"]])
    gated = gate(
        curves, run, label("group"), label("time"), estimate("share", of="customers", low="low", high="high")
    )  # fmt: skip
    title = _title(found, measured, run)
    ends = gated.rows(lambda rows: ~rows["group"].duplicated(keep="last")).listing("{group}: {share}")
    return figure(
        _draw,
        gated,
        title=title,
        alt=run.say(_("Rising lines by days with a purchase. {title}. At the end {ends}."), title=title, ends=ends),
        read=_("Share who have bought again by each day since the cutoff, by days with a purchase until then."),
        limits=_("Who bought on more days also bought more lately: the lines do not say which of the two counts."),
        source=source(found, run, measured.customers),
        size=(7.2, 2.9),
    )


def _title(found: Study, measured: TimeToEvent, run: Run) -> str:
    half, whole = (
        Estimate(row.share, row.low, row.high, measured.customers)
        for row in measured.all.by([found.horizon_days // 2, found.horizon_days]).itertuples()
    )
    words = _("Of the active customers {half:share0} were back within {early:days}, {whole:share0} within {late:days}")
    return run.say(words, half=half, early=found.horizon_days // 2, whole=whole, late=found.horizon_days)


def _dates_table(found: Study, measured: TimeToEvent, run: Run) -> Shown:
    """Show whether the dates of the next purchase held at the test."""
    rows = measured.dates.drop(columns=["observed", "low", "high"])
    rows = rows.assign(expected=[run.say("{share:share0}", share=share) for share in rows["expected"]])
    gated = gate(
        rows, run,
        label("expected", _("Expected back by the date")), people("customers", _("Customers with the date in sight")),
        people("back", _("Back by then")), rate("share", _("Share"), per=("back", "customers")),
    )  # fmt: skip
    words = _("Dates of the next purchase set on {cutoff:day}, and who was back by them")
    return gated.table(run.say(words, cutoff=found.slices[-1].cutoff), note=dates_verdict(measured.dates, run))


def dates_verdict(dates: pd.DataFrame, run: Run) -> str:
    """Say whether as many were back by their dates as these promise, held to each interval; nothing without dates."""
    dates = dates[[not run.too_few(n) for n in dates["customers"]]]
    if dates.empty:
        return ""
    off = dates[(dates["low"] > dates["expected"]) | (dates["high"] < dates["expected"])]
    if off.empty:
        return _("The dates hold: each promised share lies within the interval of what came.")
    early = off["observed"] < off["expected"]
    if early.all():
        words = _("The dates set for {shares:list} were too early: fewer were back by then.")
    elif not early.any():
        words = _("The dates set for {shares:list} were too late: more were back by then.")
    else:
        words = _("The dates do not hold: some were too early, some too late ({shares:list}).")
    return run.say(words, shares=[run.say("{share:share0}", share=share) for share in off["expected"]])


def _ratio_table(measured: TimeToEvent, run: Run) -> Shown:
    """Show the hazard ratios of Cox's regression, and whether they stay the same over time."""
    ratios = measured.ratios
    drift = [
        (_("grows") if row.drift > 0 else _("falls")) if row.drift_q < 0.05 else _("steady")
        for row in ratios.itertuples()
    ]
    rows = ratios[["feature", "ratio", "low", "high"]].assign(
        feature=[_(DOUBLED[name]) for name in ratios["feature"]], over_time=drift, customers=measured.customers
    )
    gated = gate(
        rows, run,
        label("feature", _("Twice as many")),
        estimate("ratio", _("Hazard ratio"), "number", of="customers", low="low", high="high", decimals=2),
        label("over_time", _("Over time")),
    )  # fmt: skip
    words = _(
        "A ratio that grows or falls with time (Schoenfeld residuals against the logarithm of time, false discoveries "
        "held to 5 %) is an average over the horizon."
    )
    return gated.table(_("What goes with coming back sooner (Cox regression; above 1: sooner)"), note=words)


def _draw(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw who was back by each day, by days with a purchase."""
    shades = dict(zip(dict.fromkeys(frame["group"]), (palette.ORANGE, palette.GREEN, palette.BLUE), strict=False))
    unit = _("Active customers who have bought again")
    lines(
        axes, frame, x="time", y="share", low="low", high="high", series="group", unit=unit, kind="share", colour=shades
    )
    axes.set_ylim(0, 1)
    axes.set_xlabel(_("Days since the cutoff"))
