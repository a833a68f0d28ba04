"""Every day of the report: lines, money, the days without a line, the end of the period."""

from datetime import timedelta
from typing import Final

import pandas as pd

from crmlib.prep import figures
from crmlib.prep.measuring import Quality
from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Shown, Shows, figure, insufficient, show_all, table
from crmlib.words import _, formats, plural
from crmlib.workspace import Run

MOST_GAPS: Final = 100
"""So many stretches of days without a line are listed, the latest ones."""


def _days_figure(quality: Quality, run: Run) -> Shown:
    """Draw lines and money by day, with the days without a line and the end of the period."""
    days, gaps = quality.days, quality.gaps
    end = pd.DataFrame({"day": [pd.Timestamp(run.as_of)]})
    missing = int(gaps["days"].sum()) if len(gaps) else 0
    last_day = run.as_of - timedelta(days=1)
    partial = run.as_of.day != 1
    title = (
        _("Every day that usually has sales has some")
        if not missing
        else plural("{n} day that usually has sales has none", "{n} days that usually have sales have none", missing)
    )
    limits = _("A day without a sale may be a closed shop or a missing file; only the source can tell.")
    if partial:
        limits += " " + _("The last month ends on {day} and is partial.").format(day=formats.day(last_day))
    return figure(
        figures.days,
        {
            "days": disclose(
                days[["day", "lines", "revenue"]], labels=["day"], exact=["lines", "revenue"], rules=run.rules
            ),
            "gaps": disclose(gaps, labels=["start", "end"], exact=["days"], rules=run.rules),
            "end": disclose(end, labels=["day"], rules=run.rules),
        },
        title=title.format(n=formats.count(missing)),
        alt=_(
            "Two line charts by day, {first} to {last}: order lines (median {lines} a day) and money (median {money}). "
            "{gaps} stretches in which sales are missing are marked."
        ).format(
            first=formats.day(days["day"].min()),
            last=formats.day(days["day"].max()),
            lines=formats.count(int(days["lines"].median())),
            money=formats.money(float(days["revenue"].median()), run.params.currency),
            gaps=len(gaps),
        ),
        read=_("Grey: each day. Coloured: mean of 28 days. Amber: sales are missing. Dotted: the end of the period."),
        limits=limits,
        source=_("Clean order lines before {day}, n = {n}.").format(
            day=formats.day(run.as_of), n=formats.count(int(days["lines"].sum()))
        ),
        size=(7.2, 4.4),
        panels=(2, 1),
    )


def days_shown(quality: Quality, run: Run) -> Shown:
    """Show lines and money by day; where days are missing, which."""
    if quality.days.empty:
        return insufficient(
            needed=_("an order line before {day}").format(day=formats.day(run.as_of)),
            found=_("none"),
            therefore=_("There is no day to show."),
        )
    drawn = _days_figure(quality, run)
    return show_all(drawn, _gaps_table(quality, run)) if len(quality.gaps) else drawn


def _gaps_table(quality: Quality, run: Run) -> Shown:
    latest = quality.gaps.tail(MOST_GAPS)
    said = [_("Ask the source whether the shop was closed or a file is missing."), _excused(run)]
    left = len(quality.gaps) - len(latest)
    if left:
        words = _("The latest {shown} of {all} stretches of days; {left} earlier ones are not listed.")
        said.append(words.format(shown=len(latest), all=formats.count(len(quality.gaps)), left=formats.count(left)))
    return table(
        disclose(latest, labels=["start", "end"], exact=["days"], rules=run.rules),
        _("Where sales are missing: days without any that usually have some"),
        {
            "start": Shows(_("First"), "day"),
            "end": Shows(_("Last"), "day"),
            "days": Shows(_("Days"), "count"),
        },
        note=" ".join(said),
    )


def _excused(run: Run) -> str:
    """Say which days without a sale are no fault."""
    if run.params.country is None:
        return _("Weekly and yearly closings are no fault; public holidays are known only of a country that is named.")
    words = _("Weekly and yearly closings and the public holidays of {country} are no fault.")
    return words.format(country=run.params.country)
