"""Complaints and the time to settle them, on the page."""

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, figure, show_all, table
from crmlib.satisfaction import figures
from crmlib.satisfaction.complaints import complaints_by, median_wait, settled_by
from crmlib.satisfaction.gaps import Gap
from crmlib.satisfaction.overview import Overview, of_last_year
from crmlib.satisfaction.population import YEAR
from crmlib.satisfaction.shown_overview import show_gap, source
from crmlib.surveys import score_name
from crmlib.words import _, formats
from crmlib.workspace import Run

SHOWN_WAIT = 30
"""Days after a complaint that the picture shows."""


def complaints_shown(run: Run, now: Overview, complaints: pd.DataFrame | Gap) -> Shown:
    """Show how fast complaints of the last year are settled, and what they are about."""
    if isinstance(complaints, Gap) or now.waits is None:
        return show_gap(complaints) if isinstance(complaints, Gap) else show_gap(_too_few(run))
    waits = of_last_year(now.waits, now.as_of)
    if run.rules.hides(waits["customer_id"].nunique()):
        return show_gap(_too_few(run))
    return show_all(_curve(run, waits), _topics(run, waits))


def _too_few(run: Run) -> Gap:
    return Gap(
        _("complaints of at least {n} customers in a year").format(n=run.rules.threshold),
        _("fewer than that"),
        _("Complaints and the time to settle them are not reported."),
    )


def _curve(run: Run, waits: pd.DataFrame) -> Shown:
    frame = settled_by(waits, tuple(range(SHOWN_WAIT + 1)))
    shown = disclose(frame, labels=["days"], based_on="people", measures=["share", "low", "high"], rules=run.rules)
    at = {day: formats.share(shown.frame["share"].iloc[day], decimals=0) for day in (3, 7, SHOWN_WAIT)}
    return figure(
        figures.settled,
        shown,
        title=_title(waits, at[SHOWN_WAIT]),
        alt=_(
            "Rising steps: {three} of complaints are settled within 3 days, {seven} within 7, {all} within {days}."
        ).format(three=at[3], seven=at[7], all=at[SHOWN_WAIT], days=SHOWN_WAIT),
        read=_("The line is the share of complaints settled by so many days; the band is its 95 % interval."),
        limits=_("Complaints still open count as waiting (Kaplan-Meier), not as settled and not as lost."),
        source=source(run, _("complaints"), int(waits["customer_id"].nunique()), YEAR),
    )


def _title(waits: pd.DataFrame, in_the_end: str) -> str:
    median = median_wait(waits)
    if not median.is_known:
        return _("Fewer than half of the complaints are settled: {share} within {days} days").format(
            share=in_the_end, days=SHOWN_WAIT
        )
    return _("Half of the complaints are settled within {median}, {share} within {days} days").format(
        median=formats.days(median.value), share=in_the_end, days=SHOWN_WAIT
    )


def _topics(run: Run, waits: pd.DataFrame) -> Shown:
    group = "topic" if waits["topic"].notna().any() else "channel"
    frame = complaints_by(waits, group)
    frame = frame.assign(**{group: frame[group].map(lambda name: score_name(str(name)))})
    shown = disclose(
        frame,
        labels=[group],
        counts=["people", "complaints", "open"],
        based_on="people",
        measures=["median", "low", "high"],
        totals=True,
        rules=run.rules,
    )
    columns = {
        group: Shows(_("About") if group == "topic" else _("Channel")),
        "people": Shows(_("Customers"), "people"),
        "complaints": Shows(_("Complaints"), "people"),
        "open": Shows(_("Still open"), "people"),
        "median": Shows(_("Half settled within"), "days", "low", "high", decimals=1),
    }
    return table(shown, _("Complaints of the last {days} days").format(days=YEAR), columns)
