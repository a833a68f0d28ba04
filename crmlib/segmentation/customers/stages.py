"""Where customers stand in their lives, when one is overdue, and what became of those who stood there."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.reporting import estimate, figure, folded, gate, insufficient, label, note, palette, people, rate, show_all
from crmlib.reporting.figures import bars
from crmlib.reporting.ticks import tick
from crmlib.segmentation.customers.lifecycle import FEW_RETURN, OVERDUE, stage_label, stage_meaning
from crmlib.segmentation.customers.rhythm import RHYTHMS, known_rhythm, rhythm_label
from crmlib.segmentation.wording import Words, source_of
from crmlib.stats.intervals import proportion, proportions
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.reporting import Gated, Shown
    from crmlib.reporting.columns import Column
    from crmlib.segmentation.customers.lifecycle import LifecycleLimits
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run


FEWEST_EXPECTED: Final = 5


def outcomes(then: pd.DataFrame, now: pd.DataFrame, days: int) -> pd.DataFrame:
    """Put beside where each customer of so many days ago stood (``segment, lifecycle``) who ``bought`` since."""
    silent = now.set_index("customer_id")["days_since_last"].reindex(then["customer_id"])
    return then[["segment", "lifecycle"]].assign(bought=(silent < days).to_numpy())


def bought_since(standing: pd.DataFrame, by: str) -> pd.DataFrame:
    """Give the share of each segment or stage that has bought since, empty ones included.

    Indexed by ``by``: ``were`` (customers then), ``again`` (of them, bought since), ``since, since_low, since_high``
    (their share, Wilson; missing where nobody stood).
    """
    counted = standing.groupby(by, observed=False)["bought"].agg(["size", "sum"])
    share = proportions(counted["sum"], counted["size"])
    return pd.DataFrame({
        "were": share["n"], "again": counted["sum"],
        "since": share["value"], "since_low": share["low"], "since_high": share["high"],
    })  # fmt: skip


def differ(standing: pd.DataFrame, by: str) -> float:
    """Give the p-value that buying since does not hang on where a customer stood (chi-squared; NaN without a contrast).

    Rows that would be expected to hold fewer than five of either kind are taken together (Cochran 1954).
    """
    counted = np.asarray(pd.crosstab(standing[by], standing["bought"]))
    if min(counted.shape) < 2:
        return float("nan")
    few = distributions.contingency.expected_freq(counted).min(axis=1) < FEWEST_EXPECTED
    counted = np.vstack([counted[~few], counted[few].sum(axis=0, keepdims=True)]) if few.any() else counted
    return float(distributions.chi2_contingency(counted).pvalue) if len(counted) > 1 else float("nan")


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
    limits_are = note(_limits_from(run)), _limits_table(base.now, run)
    return show_all(picture, folded(_("What became of them, and when a customer is overdue"), *became, *limits_are))


def _draw(axes: Axes, frame: pd.DataFrame) -> None:
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
        "A customer is overdue by their own rhythm. Who bought on one day only is slipping after {at_risk:count} days "
        "without a purchase, dormant after {dormant:count}, lost after {lost:count}. The thin line shows where the bar "
        "would end with limits a quarter shorter or longer."
    )
    at_risk, dormant, lost = (max(days, 1) for days in limits.newcomer)
    reading = [run.say(read, at_risk=at_risk, dormant=dormant, lost=lost)]
    if number.get("prospect", 0) > 0:
        reading.append(_("Prospects are members who have not bought yet; they are not among the customers counted."))
    since = _("The history is too short for limits that last: they are set anew each month until it is longer.")
    if limits.settled:
        since = run.say(_("The limits are those of {day:day}."), day=limits.reference)
    return {
        "title": run.say(title, n=overdue, share=proportion(overdue, buyers)),
        "alt": _("Bars by stage: {parts}.").format(parts=known.listing("{lifecycle} {customers}")),
        "read": " ".join(reading),
        "limits": since,
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


def _became(then: pd.DataFrame, p: float, run: Run) -> Shown:
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
    limits = {
        "typical_gap": _("Typical gap"), "limit_at_risk": _("Slipping after"), "limit_dormant": _("Dormant after"),
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


def since_column(run: Run) -> Column:
    """Declare the share that has bought since, made of ``again`` and ``were``."""
    heading = run.say(_("Bought since, of those here {days:days} ago"), days=run.params.churn.horizon_days)
    return rate("since", heading, per=("again", "were"), decimals=0, missing=_("none here then"))


def contrast(shown: Gated, p: float, run: Run) -> str:
    """Say whether where a customer stood told anything about who has bought since; ``p`` is of `differ`."""
    seen = shown.frame.dropna(subset=["since"]).sort_values("since", kind="stable")
    if not p < 0.05 or len(seen) < 2:
        return _("Who has bought since does not hang on where customers stood, as far as can be seen.")
    words = _(
        "Where a customer stood told what came next: {shown}{high:share0} of {best} have bought in the {days:days} "
        "since, {low:share0} of {worst}."
    )
    worst, best = seen.iloc[0], seen.iloc[-1]
    return run.say(
        words, shown=_("of those that can be shown, ") if shown.hidden["since"].any() else "", high=best["since"],
        best=best["name"], days=run.params.churn.horizon_days, low=worst["since"], worst=worst["name"],
    )  # fmt: skip


def overdue_rank(shown: Gated, run: Run) -> str:
    """Warn where customers of a later stage of being overdue came back no less than those of an earlier one."""
    since = shown.frame.set_index("name")["since"]
    stages = [stage_label(code) for code in ("at_risk", "dormant", "lost")]
    wrong = [(late, early) for early, late in pairwise(stages) if since.get(late, 0) >= since.get(early, 1) > 0]
    if not wrong:
        return ""
    late, early = wrong[0]
    words = _(
        "In these {days:days} the overdue stages did not rank: {late} came back no less ({more:share0}) than {early} "
        "({less:share0})."
    )
    days = run.params.churn.horizon_days
    return run.say(words, days=days, late=late, early=early, more=since[late], less=since[early])


def lost_come_back(shown: Gated, run: Run) -> str:
    """Warn where more of the lost have bought since than the word allows; empty where they have not."""
    lost = shown.frame[shown.frame["name"] == stage_label("lost")]
    if lost.empty or not lost["since_low"].iloc[0] > FEW_RETURN:
        return ""
    words = _(
        "{share:share0} of the lost have come back: here lost means long overdue, not gone, or these {days:days} lay "
        "in a season that brings customers back."
    )
    return run.say(words, share=lost["since"].iloc[0], days=run.params.churn.horizon_days)
