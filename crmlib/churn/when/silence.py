"""Who still comes back after so many days of silence, and from which day on most do not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import nan
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.churn.evidence import source
from crmlib.reporting import Shown, estimate, figure, gate, insufficient, label, palette, people
from crmlib.reporting.figures import lines
from crmlib.stats.estimate import Estimate
from crmlib.stats.intervals import proportion
from crmlib.stats.jackknife import delete_a_group
from crmlib.stats.survival import KaplanMeier
from crmlib.words import N_, _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.churn.study import Study
    from crmlib.workspace import Run

LEAST: Final = 100
"""The chance to return is told as far as so many silences were seen for as long, and a horizon longer."""

ZONES: Final = {
    "back": N_("likely back"), "away": N_("likely away"), "past": N_("no longer active"),
}  # fmt: skip

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReturnBySilence:
    """Who comes back within a horizon, by days of silence so far.

    ``curve`` has a row a day of silence: ``silent, seen`` (silences that lasted so long or longer), ``chance, low,
    high``. ``due`` is the first day from which on the chance stays below what was asked; unknown where it never does.
    """

    curve: pd.DataFrame
    due: Estimate

    def chance_after(self, days: pd.Series) -> pd.Series:
        """Read the chance to return after so many days of silence, of longer ones the last that is told."""
        told = self.curve["chance"].to_numpy()
        return pd.Series(told[days.clip(upper=len(told) - 1)], index=days.index)


def return_by_silence(waits: pd.DataFrame, horizon_days: int, below: float, least: int = LEAST) -> ReturnBySilence:
    """Learn the chance to return from all silences, those still going on counted for as long as they were seen.

    Of those who were silent for d days, 1 - S(d + horizon) / S(d) come back within the horizon, where S is
    Kaplan-Meier's curve of who still waits.

    Parameters
    ----------
    waits
        Counts of :func:`crmlib.churn.history.silences.count_waits`: ``part, wait, ended, waits``.
    horizon_days
        The horizon.
    below
        From the day on which the chance stays below this, a customer is likely away.
    least
        Days that fewer silences reached are left out.
    """
    seen = waits[waits["wait"] > 0]
    longer = seen.groupby("wait")["waits"].sum().iloc[::-1].cumsum()
    told = longer.index[longer >= least]
    days = np.arange(max(int(told.max()) - horizon_days, 0) if len(told) else 0)
    if not len(days):
        return ReturnBySilence(pd.DataFrame(columns=["silent", "seen", "chance", "low", "high"]), Estimate.unknown())
    chance = _chance(seen, days, horizon_days)
    left = np.array([_chance(seen[seen["part"] != part], days, horizon_days) for part in sorted(set(seen["part"]))])
    customers = int(waits.loc[~waits["ended"], "waits"].sum())
    intervals = [delete_a_group(*row, customers, least=0, most=1) for row in zip(chance, left.T, strict=True)]
    curve = pd.DataFrame({
        "silent": days, "seen": longer.iloc[::-1].reindex(days, method="bfill").to_numpy(), "chance": chance,
        "low": [interval.low for interval in intervals], "high": [interval.high for interval in intervals],
    })  # fmt: skip
    # a day of the curve has the interval at which its band crosses
    early, due, late = (_stays_below(curve[name].to_numpy(), below) for name in ("low", "chance", "high"))
    known = not np.isnan([early, due, late]).any()
    return ReturnBySilence(curve, Estimate(due, *((early, late) if known else (nan, nan)), customers))


def _chance(waits: pd.DataFrame, days: NDArray[np.int64], horizon_days: int) -> Floats:
    curve = KaplanMeier.of(waits["wait"], waits["ended"], waits["waits"])
    still, later = (1 - curve.by(day)["share"].to_numpy() for day in (days, days + horizon_days))
    return np.asarray(1 - np.divide(later, still, out=np.ones(len(days)), where=still > 0))


def _stays_below(chance: Floats, below: float) -> float:
    """Give the first day from which on the chance is below a share; NaN where it is not at the end."""
    above = np.flatnonzero(~(chance < below))
    first = int(above[-1]) + 1 if len(above) else 0
    return float(first) if first < len(chance) else nan


def zones(silent: pd.Series, due: float, active_days: int) -> pd.DataFrame:
    """Count customers by how long they have been silent: ``zone, start, customers``, empty zones included.

    They are likely back until the chance stays below what was asked; after the active window nobody is active any more.
    """
    first = active_days if np.isnan(due) else min(due, active_days)
    place = np.searchsorted([first, active_days], silent, side="right")
    return pd.DataFrame({
        "zone": list(ZONES), "start": [0.0, first, active_days],
        "customers": np.bincount(place, minlength=len(ZONES)),
    })  # fmt: skip


def last_check(found: Study) -> pd.Series:
    """Compare what the curve says of the active customers of the last cutoff with what they did.

    ``cutoff, customers, returned, expected`` (a share).
    """
    chosen = found.returned[found.returned["horizon_days"] == found.horizon_days]
    last = chosen[(chosen["cutoff"] == chosen["cutoff"].max()) & (chosen["silent"] < found.active_days)]
    expected = (found.return_by_silence.chance_after(last["silent"]) * last["customers"]).sum()
    totals = last[["customers", "returned"]].sum()
    return pd.Series({"cutoff": chosen["cutoff"].max(), **totals, "expected": expected / max(totals["customers"], 1)})


def show_return(found: Study, run: Run) -> Shown:
    """Show who still comes back after how many days of silence, and from when on most do not."""
    learnt, customers = found.return_by_silence, len(found.current.customers)
    if learnt.curve.empty or found.returned.empty or run.too_few(customers):
        return insufficient(
            needed=run.say(_("{n:count} silences seen for more than {days:days}"), n=LEAST, days=found.horizon_days),
            found=run.say("{days:days}", days=found.coverage.days),
            therefore=_("Who still comes back after how many days is not shown."),
        )
    today = zones(found.current.customers["days_since_last"], learnt.due.value, found.active_days)
    today["zone"] = [_(ZONES[zone]) for zone in today["zone"]]
    now = gate(today, run, label("zone"), label("start"), people("customers"), totals=True)
    curve = learnt.curve.drop(columns="seen").assign(customers=customers)
    chances = gate(curve, run, label("silent"), estimate("chance", of="customers", low="low", high="high"))
    read = _("Line: share back within {horizon:days}; numbers: customers today.")
    limits = _("Averages: after {cutoff:day} {seen:share0:point} of the active came back, the line says {said:share0}.")
    check, title = last_check(found), _title(found, run)
    alt = _("Falling line by days of silence: {title}. Customers today: {zones}.")
    return figure(
        partial(_draw, run=run),
        {"chances": chances, "today": now},
        title=title,
        alt=run.say(alt, title=title, zones=now.listing("{zone} {customers}")),
        read=run.say(read, horizon=found.horizon_days),
        limits=run.say(
            limits, cutoff=check["cutoff"], seen=proportion(check["returned"], check["customers"]),
            said=check["expected"],
        ),
        source=source(found, run, customers),
        size=(7.2, 3.2),
    )  # fmt: skip


def _title(found: Study, run: Run) -> str:
    """Say from when on most do not come back."""
    chance, due = 1 - found.least_risk, found.return_by_silence.due
    if not due.is_known or due.value >= found.active_days:
        words = _("As far as seen, {chance:share0} of active customers or more come back within {horizon:days}")
    elif due.value == 0:
        words = _("Fewer than {chance:share0} come back within {horizon:days} even after a purchase")
    else:
        words = _("After {due:days} of silence fewer than {chance:share0} come back within {horizon:days}")
    return run.say(words, due=due, chance=chance, horizon=found.horizon_days)


def _draw(axes: Axes, frames: dict[str, pd.DataFrame], run: Run) -> None:
    """Draw the chance to return by days of silence, over the three zones with the customers in them today."""
    frame, today = frames["chances"], frames["today"]
    # what is long past needs no room
    longest = min(float(frame["silent"].max()), 2 * float(today["start"].iloc[-1]))
    unit = _("Customers who come back")
    lines(axes, frame, x="silent", y="chance", low="low", high="high", unit=unit, kind="share")
    axes.set_ylim(0, 1)
    axes.set_xlim(0, longest)
    axes.set_xlabel(_("Days of silence"))
    shades, ends = (palette.GREEN, palette.ORANGE, palette.CONTEXT), [*today["start"].iloc[1:], longest]
    for row, shade, until in zip(today.itertuples(), shades, ends, strict=True):
        end = min(until, longest)
        if end <= row.start:
            continue
        axes.axvspan(row.start, end, color=shade, alpha=0.13, linewidth=0)
        zone = row.zone.replace(" ", "\n", 1) if end - row.start < longest / 4 else row.zone
        number = _("hidden") if pd.isna(row.customers) else run.say("{n:count}", n=int(row.customers))
        axes.annotate(f"{zone}\n{number}", ((row.start + end) / 2, 0.97), ha="center", va="top", color=palette.INK)
