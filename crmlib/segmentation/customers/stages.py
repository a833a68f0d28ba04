"""Where customers stand in their lives, when one is overdue, and what became of those who stood there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from crmlib.reporting import estimate, figure, folded, gate, insufficient, label, palette, people, show_all
from crmlib.reporting.figures import bars
from crmlib.reporting.ticks import tick
from crmlib.segmentation.customers.lifecycle import OVERDUE, stage_label, stage_meaning
from crmlib.segmentation.customers.outcomes import (
    bought_since,
    contrast,
    differ,
    lost_come_back,
    overdue_rank,
    since_column,
)
from crmlib.segmentation.customers.rhythm import RHYTHMS, known_rhythm, rhythm_label
from crmlib.segmentation.wording import Words, source_of
from crmlib.stats.intervals import proportion
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.reporting import Gated, Shown
    from crmlib.segmentation.customers.lifecycle import LifecycleLimits
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run


def show_lifecycle(found: Study, run: Run) -> Shown:
    """Show how many customers stand in each stage, when one is overdue, and what became of those who stood there."""
    base = found.base
    limits = base.measure.limits if base.measure is not None else None
    if limits is None or run.too_few(len(base.now)):
        needed = run.say(_("{n:count} customers, some with two purchase days"), n=run.fewest)
        return insufficient(needed=needed, found=_("fewer"), therefore=_("No lifecycle stages are shown."))
    counts = found.lifecycle
    then = None if base.standing is None else bought_since(base.standing, "lifecycle")
    run.write("lifecycle_figures", counts if then is None else counts.join(then, on="lifecycle"), by=["lifecycle"])
    gated = gate(
        counts, run, label("lifecycle", _("Stage")), people("customers", _("Customers")), people("span_low"),
        people("span_high"), totals=True,
    )  # fmt: skip
    gated = gated.worded("lifecycle", stage_label)
    picture = figure(_draw, gated, **_words(counts, gated, limits, run))
    became = [] if base.standing is None or then is None else [_became(then, differ(base.standing, "lifecycle"), run)]
    return show_all(picture, *became, folded(_("When a customer is overdue"), _limits_table(base.now, run)))


def _draw(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the customers of each stage, the overdue in red, and the span that other limits would give."""
    alert = dict.fromkeys(map(stage_label, OVERDUE), palette.ALERT)
    spans = frame.assign(span_high=frame["span_high"].where(frame["span_low"].notna()))
    bars(
        axes, spans, label="lifecycle", value="customers", low="span_low", high="span_high", unit=_("Customers"),
        colour=alert, written=lambda customers: tick(customers, "count"),
    )  # fmt: skip


def _words(counts: pd.DataFrame, gated: Gated, limits: LifecycleLimits, run: Run) -> Words:
    number = counts.set_index("lifecycle")["customers"]
    buyers, overdue = int(number.drop("prospect", errors="ignore").sum()), int(number[list(OVERDUE)].sum())
    title = _("{n:people} customers are overdue but not yet lost")
    if not run.too_few(overdue):
        title = _("{n:people} customers ({share:part:point} of buyers) are overdue but not yet lost")
    known = gated.rows(lambda frame: frame["customers"].notna())
    read = _(
        "A customer is overdue by their own rhythm. Who bought on one day only is at risk after {at_risk:count} days "
        "without a purchase, dormant after {dormant:count}, lost after {lost:count}. The thin line shows where the bar "
        "would end with limits a quarter shorter or longer."
    )
    at_risk, dormant, lost = (max(days, 1) for days in limits.newcomer)
    reading = [run.say(read, at_risk=at_risk, dormant=dormant, lost=lost)]
    if number.get("prospect", 0) > 0:
        reading.append(_("Prospects are members who have not bought yet; they are not among the customers counted."))
    return {
        "title": run.say(title, n=overdue, share=proportion(overdue, buyers)),
        "alt": _("Bars by stage: {parts}.").format(parts=known.listing("{lifecycle} {customers}")),
        "read": " ".join(reading),
        "limits": f"{_limits_from(run)} {_limits_since(limits, run)}",
        "source": source_of(run, buyers, "customers"),
    }


def _limits_from(run: Run) -> str:
    """Say which shares of the returns the limits stand for, none rounded up to all: 99.9 %."""
    words = _(
        "Of those who come back, {at_risk} do so before the first limit, {dormant} before the second, {lost} before "
        "the third, waits still going on counted; and of those still waiting at the third, no more than one in ten. "
        "Who is back again had been dormant by the rhythm before that wait."
    )
    at_risk, dormant, lost = (tick(share, "share") for share in run.params.segmentation.lifecycle_quantiles)
    return words.format(at_risk=at_risk, dormant=dormant, lost=lost)


def _limits_since(limits: LifecycleLimits, run: Run) -> str:
    if limits.settled:
        return run.say(_("The limits are those of {day:day}."), day=limits.reference)
    return _("The history is too short for limits that last: they are set anew each month until it is longer.")


def _became(then: pd.DataFrame, p: float, run: Run) -> Shown:
    """Show which share of each stage has bought since."""
    frame = then.drop(index="prospect").reset_index()
    frame["name"] = frame["lifecycle"].map(stage_label).astype("str")
    frame["meaning"] = frame["lifecycle"].map(stage_meaning).astype("str")
    were = run.say(_("Customers {days:days} ago"), days=run.params.churn.horizon_days)
    gated = gate(
        frame[["name", "meaning", "were", "again"]], run, label("name", _("Stage")), label("meaning", _("Who")),
        people("were", were), people("again"), since_column(run), totals=True,
    )  # fmt: skip
    said = [contrast(gated, p, run), overdue_rank(gated, run), lost_come_back(gated, run)]
    return gated.table(_("What became of the customers of each stage"), note=" ".join(filter(None, said)))


def _limits_table(customers: pd.DataFrame, run: Run) -> Shown:
    """List the limits of the typical customer of each kind of rhythm."""
    limits = {
        "typical_gap": _("Typical gap"), "limit_at_risk": _("At risk after"), "limit_dormant": _("Dormant after"),
        "limit_lost": _("Lost after"),
    }  # fmt: skip
    grouped = customers.groupby(pd.Categorical(known_rhythm(customers), categories=list(RHYTHMS)), observed=False)
    frame = grouped[list(limits)].median().assign(customers=grouped.size())
    gated = gate(
        frame.assign(name=[rhythm_label(kind) for kind in frame.index]).reset_index(drop=True), run,
        label("name", _("What is known of the rhythm")), people("customers", _("Customers")),
        *(estimate(name, words, "days", of="customers", decimals=0) for name, words in limits.items()), totals=True,
    )  # fmt: skip
    return gated.table(_("Days without a purchase; medians of the customers' own limits"))
