"""Is a day missing? Every day of the report: lines, money, the days without a line, the end of the period."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import Shown, exact, figure, gate, insufficient, label, palette, show_all
from crmlib.reporting.figures import calendar, write_ticks
from crmlib.words import _, plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from matplotlib.axes import Axes

    from crmlib.prep.study import Study
    from crmlib.workspace import Run

MOST_GAPS: Final = 100
"""So many stretches of days without a line are listed, the latest ones."""


def show_days(found: Study, run: Run) -> Shown:
    """Show lines and money by day; where days are missing, which."""
    if found.days.empty:
        return insufficient(
            needed=run.say(_("an order line before {day:day}"), day=run.as_of),
            found=_("none"),
            therefore=_("There is no day to show."),
        )
    drawn = _figure(found, run)
    return show_all(drawn, _gaps_table(found.gaps, run)) if len(found.gaps) else drawn


def _figure(found: Study, run: Run) -> Shown:
    days, gaps = found.days, found.gaps
    frames = {
        "days": gate(
            days[["day", "lines", "revenue"]], run, label("day"), exact("lines"), exact("revenue", kind="money")
        ),
        "gaps": gate(gaps, run, label("start"), label("end"), exact("days")),
    }
    alt = _(
        "Two line charts by day, {first:day} to {last:day}: order lines (median {lines:count} a day) and money (median "
        "{money:money}). {gaps:count} stretches in which sales are missing are marked."
    )
    return figure(
        partial(_draw, end=run.as_of),
        frames,
        title=_title(int(gaps["days"].sum()), run),
        alt=run.say(
            alt,
            first=days["day"].min(),
            last=days["day"].max(),
            lines=int(days["lines"].median()),
            money=float(days["revenue"].median()),
            gaps=len(gaps),
        ),
        read=_("Grey: each day. Coloured: mean of 28 days. Amber: sales are missing. Dotted: the end of the period."),
        limits=_limits(run),
        source=run.say(
            _("Clean order lines before {day:day}, n = {n:count}."), day=run.as_of, n=int(days["lines"].sum())
        ),
        size=(7.2, 4.4),
        panels=(2, 1),
    )


def _title(missing: int, run: Run) -> str:
    if not missing:
        return _("Every day that usually has sales has some")
    words = plural(
        "{n:count} day that usually has sales has none", "{n:count} days that usually have sales have none", missing
    )
    return run.say(words, n=missing)


def _limits(run: Run) -> str:
    limits = _("A day without a sale may be a closed shop or a missing file; only the source can tell.")
    if run.as_of.day == 1:
        return limits
    partly = run.say(_("The last month ends on {day:day} and is partial."), day=run.as_of - timedelta(days=1))
    return f"{limits} {partly}"


def _gaps_table(gaps: pd.DataFrame, run: Run) -> Shown:
    latest = gaps.tail(MOST_GAPS)
    notes = [_("Ask the source whether the shop was closed or a file is missing."), _excused(run)]
    left = len(gaps) - len(latest)
    if left:
        words = _(
            "The latest {shown:count} of {all:count} stretches of days; {left:count} earlier ones are not listed."
        )
        notes.append(run.say(words, shown=len(latest), all=len(gaps), left=left))
    columns = label("start", _("First"), "day"), label("end", _("Last"), "day"), exact("days", _("Days"))
    caption = _("Where sales are missing: days without any that usually have some")
    return gate(latest, run, *columns).table(caption, note=" ".join(notes))


def _excused(run: Run) -> str:
    """Say which days without a sale are no fault."""
    if run.params.country is None:
        return _("Weekly and yearly closings are no fault; public holidays are known only of a country that is named.")
    words = _("Weekly and yearly closings and the public holidays of {country} are no fault.")
    return run.say(words, country=run.params.country)


def _draw(panels: Sequence[Axes], frames: dict[str, pd.DataFrame], end: date) -> None:
    """Draw lines and money of every day, days without a line in amber, the period's end marked."""
    days, gaps = frames["days"], frames["gaps"]
    columns = (("lines", _("Order lines a day")), ("revenue", _("Money a day")))
    for panel, (name, unit) in zip(panels, columns, strict=True):
        panel.plot(days["day"], days[name], color=palette.CONTEXT, linewidth=0.8)
        panel.plot(days["day"], days[name].rolling(28, min_periods=28).mean(), color=palette.ACCENT)
        panel.set_title(unit, color=palette.MUTED, fontweight="normal", loc="left")
        panel.axvline(pd.Timestamp(end), color=palette.MUTED, linewidth=1.0, linestyle=":")
        for start, stop in zip(gaps["start"], gaps["end"], strict=True):
            panel.axvspan(start, stop + pd.Timedelta(days=1), color=palette.ORANGE, alpha=0.5, linewidth=0)
        panel.set_ylim(bottom=min(0, panel.get_ylim()[0]))
        write_ticks(panel.yaxis, "number")
        calendar(panel, days["day"])
