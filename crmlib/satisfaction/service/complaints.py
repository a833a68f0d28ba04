"""Complaints: how many, about what, and how long until they are settled, counting those that still wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.features import before, known_purchases
from crmlib.orders import as_orders, count_orders
from crmlib.reporting import Shown, estimate, figure, gate, label, palette, people, show_all
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.evidence import Gap, percent, source
from crmlib.stats import Estimate, intervals
from crmlib.stats.survival import KaplanMeier
from crmlib.surveys import score_name
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ibis import Table
    from matplotlib.axes import Axes

    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

COMPLAINT: Final = "complaint"
SHOWN_WAIT: Final = 30
"""Days after a complaint that the picture shows."""
_SECONDS: Final = 86_400


def read_complaints(run: Run) -> pd.DataFrame | Gap:
    """Read the complaints of a run before `as_of`, or say why there are none to read.

    `customer_id, at, channel, touchpoint, store_id, topic, first_response_at, resolved_at`.
    """
    needed = _("a table of customers' contacts with complaints in it")
    therefore = _("Complaints and the time to settle them are not reported.")
    if not run.has("interactions"):
        return Gap(needed, _("no table of contacts by customers among the sources"), therefore)
    rows = run.table("interactions")
    named = rows.filter(rows.kind.lower() == COMPLAINT)
    found: pd.DataFrame = before(named, run.as_of, "at").drop("text").to_pandas()
    if found.empty:
        return Gap(needed, _("contacts, but no complaint among them"), therefore)
    return found.sort_values(["at", "customer_id"], kind="stable", ignore_index=True)


def waiting(complaints: pd.DataFrame, as_of: date, event: str = "resolved_at") -> pd.DataFrame:
    """Give the complaints before `as_of` with `days` (waited so far) and `settled` (or waiting still)."""
    end = pd.Timestamp(as_of)
    made = complaints[complaints["at"] < end]
    settled = made[event] < end
    days = (made[event].where(settled, end) - made["at"]).dt.total_seconds() / _SECONDS
    # a settlement noted before the complaint is a slip of the clock, not a negative wait
    return made.assign(days=days.clip(lower=0.0).astype(float), settled=settled.astype(bool))


def median_wait(waits: pd.DataFrame) -> Estimate:
    """Estimate the median days until a complaint is settled (Kaplan-Meier); unknown where fewer than half are."""
    return KaplanMeier.of(waits["days"], waits["settled"]).median


def settled_by(waits: pd.DataFrame, days: Sequence[int]) -> pd.DataFrame:
    """Estimate the share of complaints settled within so many days, those that wait still counted as such.

    `days, share, share_low, share_high` (Kaplan-Meier, log-log interval), `people` with complaints.
    """
    read = KaplanMeier.of(waits["days"], waits["settled"]).by(days)
    named = read.rename(columns={"low": "share_low", "high": "share_high"}).drop(columns="time")
    named.insert(0, "days", list(days))
    return named.assign(people=waits["customer_id"].nunique())


def complaints_by(waits: pd.DataFrame, group: str) -> pd.DataFrame:
    """Count complaints of each topic, store or touchpoint, the most frequent first.

    The group, `people, complaints, open` and the `median, median_low, median_high` days until settled.
    """
    rows = []
    for name, part in waits.groupby(group, dropna=True, sort=True):
        median = median_wait(part)
        counted = {
            "people": part["customer_id"].nunique(),
            "complaints": len(part),
            "open": int((~part["settled"]).sum()),
        }
        rows.append({group: name, **counted, "median": median.value,
                     "median_low": median.low, "median_high": median.high})  # fmt: skip
    columns = [group, "people", "complaints", "open", "median", "median_low", "median_high"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["complaints", group], ascending=[False, True], ignore_index=True
    )


def complaint_rate(complaints: pd.DataFrame, transactions: Table, as_of: date, days: int) -> Estimate:
    """Estimate complaints, without a customer too, per 1,000 orders of members (Wilson; one complaint an order)."""
    start = pd.Timestamp(as_of) - pd.Timedelta(days=days)
    recent = complaints[(complaints["at"] >= start) & (complaints["at"] < pd.Timestamp(as_of))]
    bought = known_purchases(as_orders(transactions), as_of)
    bought = bought.filter(bought.ordered_at >= start)
    orders = int(count_orders(bought).to_pandas())
    return intervals.proportion(min(len(recent), orders), orders).scaled(1_000)


def show_complaints(found: Study, run: Run) -> Shown:
    """Show how fast complaints of the last year are settled, and what they are about."""
    if isinstance(found.complaints, Gap):
        return found.complaints.show()
    if found.waits is None or run.too_few(found.waits["customer_id"].nunique()):
        return Gap(
            run.say(_("complaints of at least {n:count} customers in a year"), n=run.fewest),
            _("fewer than that"),
            _("Complaints and the time to settle them are not reported."),
        ).show()
    return show_all(_curve(found.waits, run), _topics(found.waits, run))


def _curve(waits: pd.DataFrame, run: Run) -> Shown:
    gated = gate(
        settled_by(waits, range(SHOWN_WAIT + 1)), run, label("days"), estimate("share", of="people", decimals=0)
    )
    alt = _("Rising steps: {three} of complaints are settled within 3 days, {seven} within 7, {all} within {n:count}.")
    at = {name: gated.cell(day, "share") for name, day in (("three", 3), ("seven", 7), ("all", SHOWN_WAIT))}
    median = median_wait(waits)
    title = (
        _("Half of the complaints are settled within {median:days:point}, {share:share0} within {n:count} days")
        if median.is_known
        else _("Fewer than half of the complaints are settled: {share:share0} within {n:count} days")
    )
    return figure(
        _steps,
        gated,
        title=run.say(title, median=median, share=gated.frame["share"].iloc[SHOWN_WAIT], n=SHOWN_WAIT),
        alt=run.say(alt, **at, n=SHOWN_WAIT),
        read=_("The line is the share of complaints settled by so many days; the band is its 95 % interval."),
        limits=_("Complaints still open count as waiting (Kaplan-Meier), not as settled and not as lost."),
        source=source(run, _("complaints"), int(waits["customer_id"].nunique()), YEAR),
    )


def _steps(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw the share of complaints settled by the days waited."""
    frame = percent(frame, "share")
    band = (frame["days"], frame["share_low"], frame["share_high"])
    axes.fill_between(*band, step="post", color=palette.ACCENT, alpha=0.15, linewidth=0)
    axes.step(frame["days"], frame["share"], where="post", color=palette.ACCENT)
    axes.set_title(_("Complaints settled (%)"), color=palette.MUTED, fontweight="normal")
    axes.set_xlabel(_("Days since the complaint"))
    axes.set_ylim(0, 100)


def _topics(waits: pd.DataFrame, run: Run) -> Shown:
    group = "topic" if waits["topic"].notna().any() else "channel"
    gated = gate(
        complaints_by(waits, group), run,
        label(group, _("About") if group == "topic" else _("Channel")),
        people("people", _("Customers")),
        people("complaints", _("Complaints")),
        people("open", _("Still open")),
        estimate("median", _("Half settled within"), "days", of="people", decimals=1),
        totals=True,
    )  # fmt: skip
    named = gated.worded(group, lambda name: score_name(str(name)))
    return named.table(run.say(_("Complaints of the last {days:count} days"), days=YEAR))
