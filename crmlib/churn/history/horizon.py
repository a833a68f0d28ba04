"""Why this horizon: how long customers stay away between purchases, and how the churn rate hangs on the choice."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from crmlib.churn.evidence import source
from crmlib.features import days_bought
from crmlib.reporting import Shown, estimate, figure, gate, insufficient, label, palette, people, rate
from crmlib.reporting.figures import lines
from crmlib.stats.intervals import proportion
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from crmlib.churn.history.cutoffs import Coverage
    from crmlib.churn.study import Study
    from crmlib.workspace import Run

_STEPS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
"""Multiples of the horizon at which the churn rate is shown."""


def purchase_gaps(transactions: ibis.Table, as_of: date) -> ibis.Table:
    """Count gaps between purchase days that ended: ``gap_days, gaps, customers`` (Ibis in, Ibis out)."""
    days = days_bought(transactions, as_of)
    gaps = days.filter(days.gap.notnull()).select("customer_id", gap_days="gap")
    return gaps.group_by("gap_days").agg(gaps=gaps.count(), customers=gaps.customer_id.nunique())


def gap_shares(gaps: pd.DataFrame) -> pd.DataFrame:
    """Turn counted gaps into the ``share`` that had ended by each day, with ``gap_days, gaps``, sorted by length."""
    ordered = gaps.sort_values("gap_days").reset_index(drop=True)[["gap_days", "gaps"]]
    return ordered.assign(share=ordered["gaps"].cumsum() / ordered["gaps"].sum())


def days_to_next_purchase(transactions: ibis.Table, cutoff: date, until: date) -> ibis.Table:
    """Count the customers known at a cutoff by ``days`` until they bought again: ``days, customers`` (Ibis in and out).

    0 on the cutoff's own day; missing for those who did not buy before the end.
    """
    bought = days_bought(transactions, until)
    day = ibis.date(cutoff.isoformat())
    waited = bought.group_by("customer_id").agg(first=bought.day.min(), next=bought.day.min(where=bought.day >= day))
    waited = waited.filter(waited["first"] < day)
    days = waited.select(days=waited["next"].delta(day, unit="day").cast("int64"))
    return days.group_by("days").agg(customers=days.count())


def churn_by_horizon(waits: pd.DataFrame, horizons: Sequence[int]) -> pd.DataFrame:
    """Count who left by horizon, the same customers at the same cutoff: ``horizon_days, churned, customers``."""
    total = int(waits["customers"].sum())
    back = [int(waits.loc[waits["days"] < horizon, "customers"].sum()) for horizon in horizons]
    churned = [total - returned for returned in back]
    return pd.DataFrame({"horizon_days": list(horizons), "churned": churned, "customers": total})


def comparable_horizons(coverage: Coverage, horizon_days: int) -> tuple[date, tuple[int, ...]]:
    """Choose one cutoff and several horizons, in days, that were all observed whole after it; none where none was.

    Up to twice the horizon where at least as much history lies before the cutoff, else up to the horizon.
    """
    for longest in (2.0, 1.0):
        horizons = tuple(round(horizon_days * step) for step in _STEPS if step <= longest)
        cutoff = coverage.observed_until - timedelta(days=horizons[-1])
        enough_before = (cutoff - coverage.first_day).days >= horizon_days
        if enough_before and coverage.covers(cutoff, coverage.observed_until):
            return cutoff, horizons
    return coverage.observed_until, ()


def show_horizon(found: Study, run: Run) -> Shown:
    """Show why this horizon: absences that ended, and the churn rate it leads to."""
    days, rates = found.horizon_days, found.rates_by_horizon
    repeat = int((found.current.customers["purchase_days"] > 1).sum())
    if rates.empty or run.too_few(repeat):
        return insufficient(
            needed=run.say(_("{days:days} of sales and customers who bought on several days"), days=2 * days),
            found=run.say("{days:days}", days=found.coverage.days),
            therefore=run.say(_("Whether {days:days} is a good horizon cannot be shown."), days=days),
        )
    ended = gap_shares(found.gaps).assign(customers=repeat)[["gap_days", "share", "customers"]]
    ended = ended[ended["gap_days"] <= 3 * days]
    gaps = gate(ended, run, label("gap_days"), estimate("share", of="customers"))
    churn = gate(
        rates, run,
        label("horizon_days"), people("churned"), people("customers"), rate("rate", per=("churned", "customers")),
    )  # fmt: skip
    absences, gone = _absences_sentence(ended, days, run), _rates_sentence(rates, days, run)
    alt = _("Two lines. Left, the share of absences that ended by day: {absences}. Right: {gone}.")
    read = _(
        "Left, absences between two purchases, of those that ended; the red line is the horizon. Right, the same "
        "customers counted with other horizons, with 95 % intervals. {gone}."
    )
    limits = _(
        "Nobody cancels in a shop: gone means silent for {days:days}, and some come back later. Absences that never "
        "ended are not in the left picture."
    )
    return figure(
        partial(_draw, days=days, run=run),
        {"gaps": gaps, "churn": churn},
        title=absences,
        alt=run.say(alt, absences=absences, gone=gone),
        read=run.say(read, gone=gone),
        limits=run.say(limits, days=days),
        source=source(found, run, int(rates["customers"].iloc[0])),
        size=(7.2, 3.0),
        panels=(1, 2),
    )


def _share_within(ended: pd.DataFrame, days: int) -> float:
    """Give the share of the absences that had ended within so many days."""
    within = ended.loc[ended["gap_days"] <= days, "share"]
    return float(within.iloc[-1]) if len(within) else 0.0


def _absences_sentence(ended: pd.DataFrame, days: int, run: Run) -> str:
    """Say how many absences had ended within the horizon."""
    words = _("{share:share0} of the absences that ended were shorter than {days:days}")
    return run.say(words, share=_share_within(ended, days), days=days)


def _rates_sentence(rates: pd.DataFrame, days: int, run: Run) -> str:
    """Say how the churn rate hangs on the horizon, as far as enough people count as gone."""
    shortest, *_between, longest = rates["horizon_days"]
    shown = rates[rates["horizon_days"].isin({shortest, days, longest})]
    shown = shown[[not run.too_few(churned) for churned in shown["churned"]]]
    if shown.empty:
        return run.say(_("Fewer than {n:count} count as gone, whatever the horizon"), n=run.fewest)
    words = _("{rate:share0:point} with {days:days}")
    parts = [
        run.say(words, rate=proportion(row.churned, row.customers), days=row.horizon_days) for row in shown.itertuples()
    ]
    return run.say(_("How many count as gone hangs on the horizon: {rates}"), rates=", ".join(parts))


def _draw(panels: Sequence[Axes], frames: dict[str, pd.DataFrame], days: int, run: Run) -> None:
    """Draw the absences that ended, and the churn rate by the horizon, the chosen one in red."""
    absences, rates = panels
    gaps, churn = frames["gaps"], frames["churn"]
    lines(absences, gaps, x="gap_days", y="share", unit=_("Absences that had ended"), kind="share")
    absences.set_xlabel(_("Days between two purchase days"))
    unit = _("Customers who count as gone")
    lines(rates, churn, x="horizon_days", y="rate", low="rate_low", high="rate_high", unit=unit, kind="share")
    rates.lines[0].set(marker="o", markersize=4)
    rates.set_xlabel(_("Horizon, days"))
    heights = _share_within(gaps, days), float(churn.loc[churn["horizon_days"] == days, "rate"].iloc[0])
    for panel, height, below in zip(panels, heights, (-16, 8), strict=True):
        panel.set_ylim(0, 1.02)
        panel.axvline(days, color=palette.RED, linewidth=1.2)
        if pd.notna(height):
            place, words = (days, height), run.say("{days:days}: {height:share0}", days=days, height=height)
            panel.scatter([days], [height], s=36, color=palette.RED, zorder=4)
            panel.annotate(words, place, xytext=(8, below), textcoords="offset points", color=palette.RED)
