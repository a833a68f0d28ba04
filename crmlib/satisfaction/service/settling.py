"""How fast complaints are answered and settled, and after how many days one that is open stays open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import Gated, Shown, estimate, figure, gate, label, palette
from crmlib.reporting.lines import label_ends
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.evidence import percent, source
from crmlib.satisfaction.service.complaints import median_wait, settled_by, waiting
from crmlib.stats import Estimate, intervals
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from matplotlib.axes import Axes

    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

LATER: Final = 30
"""Days after which is asked whether what was open has been settled."""
SELDOM: Final = 0.1
"""Fewer than one in ten of what is open, by the upper limit, is settled in so many days: it stays open."""
LATEST: Final = 60
READ_AT: Final = (LATER, 90)
ANSWERED: Final = "answered"
SETTLED: Final = "settled"


@dataclass(frozen=True, slots=True)
class Standstill:
    """The first day after which hardly anything open is settled, and what is within :data:`LATER` days of it."""

    day: int
    settled: Estimate


def standstill(waits: pd.DataFrame, as_of: date, fewest: int) -> Standstill | None:
    """Find the day after which complaints that are open stay open; `None` where there is none by :data:`LATEST`.

    Of those open on a day and made :data:`LATER` days before it at the least: fewer than :data:`SELDOM`, interval
    (Wilson's) and all, were settled in these, though half of all complaints were settled by then.
    """
    old = (pd.Timestamp(as_of) - waits["at"]).dt.total_seconds() / 86_400
    days, settled = waits["days"], waits["settled"]
    reached = settled_by(waits, range(LATEST + 1))["share"]
    for day in range(1, LATEST + 1):
        still = (days > day) & (old >= day + LATER)
        if still.sum() < fewest:
            return None
        later = intervals.proportion(int((still & settled & (days <= day + LATER)).sum()), int(still.sum()))
        if later.high < SELDOM and reached[day] >= 0.5:
            return Standstill(day, later)
    return None


def answered(complaints: pd.DataFrame, as_of: date) -> pd.DataFrame | None:
    """Give the complaints with the `days` until the first answer; what is settled has been answered by then.

    `None` where no first answer was ever noted.
    """
    if complaints["first_response_at"].isna().all():
        return None
    first = complaints["first_response_at"].fillna(complaints["resolved_at"])
    return waiting(complaints.assign(first=first), as_of, "first")


def settling_curves(waits: pd.DataFrame, as_of: date, until: int) -> pd.DataFrame:
    """Estimate by quarters of days the share of complaints answered, where that is noted, and settled (Kaplan-Meier).

    `event` (:data:`ANSWERED`, :data:`SETTLED`), `days, share, share_low, share_high, people`.
    """
    frames = {ANSWERED: answered(waits, as_of), SETTLED: waits}
    days = [quarter / 4 for quarter in range(4 * until + 1)]
    return pd.concat(
        [settled_by(frame, days).assign(event=event) for event, frame in frames.items() if frame is not None],
        ignore_index=True,
    )


def draw_settling(found: Study, waits: pd.DataFrame, run: Run) -> Shown:
    """Show how fast the last year's complaints are answered and settled, in one picture."""
    still = found.standstill
    until = max(LATER, still.day + LATER if still else 0)
    curves = settling_curves(waits, run.as_of, until)
    gated = gate(curves, run, label("event"), label("days"), estimate("share", of="people", decimals=0))
    alt = _("Rising steps over {n:count} days of complaints: settled {settled}; answered {answered}.")
    days = gated.rows(lambda frame: frame["days"].isin((3, 7, until)))
    said = {event: _listed(days, event) for event in (ANSWERED, SETTLED)}
    return figure(
        partial(_steps, mark=still.day if still else None),
        gated,
        title=_title(waits, still, run),
        alt=run.say(alt, n=until, **said),
        read=_read(waits, still, run),
        limits=_("Open complaints count as waiting (Kaplan-Meier). Bands: 95 % intervals."),
        source=source(run, _("complaints"), int(waits["customer_id"].nunique()), YEAR),
        size=(7.2, 2.9),
    )


def _listed(days: Gated, event: str) -> str:
    return days.rows(lambda frame: frame["event"] == event).listing(_("{share} in {days} days"), ", ") or _("not noted")


def _title(waits: pd.DataFrame, still: Standstill | None, run: Run) -> str:
    if still is not None:
        words = _(
            "What is not settled in {day:count} days stays open: fewer than one in ten is settled in the next {n:count}"
        )
        return run.say(words, day=still.day, n=LATER)
    median, by_then = median_wait(waits), settled_by(waits, [LATER])["share"].iloc[0]
    if median.is_known:
        words = _("Half of the complaints are settled within {median:days:point}, {share:share0} within {n:count} days")
    else:
        words = _("Fewer than half of the complaints are settled: {share:share0} within {n:count} days")
    return run.say(words, median=median, share=by_then, n=LATER)


def _read(waits: pd.DataFrame, still: Standstill | None, run: Run) -> str:
    """Say how much is settled by the days that matter."""
    days = [*([still.day] if still else []), *READ_AT]
    shares = settled_by(waits, days)["share"]
    told = [run.say(_("{x:share0} by day {n:count}"), x=x, n=day) for x, day in zip(shares, days, strict=True)]
    return run.say(_("Settled: {shares:list}."), shares=told)


def _steps(axes: Axes, frame: pd.DataFrame, mark: int | None) -> None:
    """Draw the shares of complaints answered and settled by the days waited."""
    frame = percent(frame, "share")
    names = {ANSWERED: _("First answer"), SETTLED: _("Settled")}
    shades = {ANSWERED: palette.ORANGE, SETTLED: palette.ACCENT}
    if mark is not None:
        axes.axvline(mark, color=palette.CONTEXT, linewidth=1, linestyle=(0, (4, 3)))
    ends = []
    for event, part in frame.groupby("event", sort=False):
        band = (part["days"], part["share_low"], part["share_high"])
        axes.fill_between(*band, step="post", color=shades[event], alpha=0.15, linewidth=0)
        axes.step(part["days"], part["share"], where="post", color=shades[event])
        ends.append((part["days"].iloc[-1], part["share"].iloc[-1], names[event], shades[event]))
    axes.set_title(_("Complaints (%)"), color=palette.MUTED, fontweight="normal")
    axes.set_xlabel(_("Days since the complaint"))
    axes.set_ylim(0, 100)
    label_ends(axes, ends)
