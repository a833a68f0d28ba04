"""Does the model keep step: repeat purchases week by week, as they came and as the model expects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd

from crmlib.btyd import tracking
from crmlib.reporting import Shown, behind, exact, figure, gate, label, note, palette, show_all
from crmlib.reporting.figures import calendar, label_ends, write_ticks
from crmlib.segmentation.customers.rhythm import purchase_days
from crmlib.segmentation.value.errors import reading
from crmlib.segmentation.value.groups import calibration_picture, means_picture
from crmlib.segmentation.value.models import rules_of_thumb
from crmlib.segmentation.value.money import whether_money_held
from crmlib.segmentation.wording import Words, source_of
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ibis import Table
    from matplotlib.axes import Axes

    from crmlib.btyd import PurchaseModel
    from crmlib.segmentation.study import Study
    from crmlib.segmentation.value.holdout import Judged
    from crmlib.stats import Estimate
    from crmlib.workspace import Run


def weekly_tracking(transactions: Table, split: date, as_of: date, model: PurchaseModel) -> pd.DataFrame:
    """Compare repeat purchases with those expected of customers won before the split, in whole weeks.

    ``week`` (1, 2, …), ``ends`` (its last day), ``actual, expected`` (repeat purchase days in it), ``actual_cumulative,
    expected_cumulative, held_out`` (it ends after the split: foreseen, not fitted). Each customer is expected to buy as
    a new customer of this model does from their first purchase on (Fader, Hardie & Lee 2005, Marketing Science 24(2),
    figures 3 and 4).
    """
    days = purchase_days(transactions, as_of)
    first = days.day.min().over(ibis.window(group_by=days.customer_id))
    known = days.mutate(first=first).filter(lambda t: t["first"] < ibis.date(split.isoformat()))
    counts = known.group_by("day").agg(first=known.gap.isnull().sum(), repeat=known.gap.notnull().sum()).to_pandas()
    daily = counts.set_index(pd.DatetimeIndex(counts.pop("day")))
    if daily.empty or pd.Timestamp(as_of) - daily.index.min() < pd.Timedelta(weeks=1):
        return pd.DataFrame(columns=["week", "ends", "actual", "expected", "held_out"])
    until = pd.date_range(daily.index.min(), as_of, inclusive="left")
    weeks = tracking(model, daily.reindex(until, fill_value=0)).rename(columns={"week_end": "ends"})
    weeks.insert(0, "week", np.arange(1, len(weeks) + 1))
    weeks = weeks.astype({"actual": "float64", "actual_cumulative": "float64"})
    return weeks.assign(held_out=weeks["ends"] >= pd.Timestamp(split))


def show_tracking(found: Study, run: Run) -> Shown:
    """Show whether values and purchases foreseen agree with what customers did after the day of the fit."""
    forecast = found.forecast
    judged, tracked = forecast.judged, forecast.tracked
    if judged is None or tracked is None:
        return forecast.missing
    run.write("forecast_tracking", tracked, by=["week"])
    gated = gate(
        tracked.drop(columns="week"), run,
        label("ends"), label("held_out"),
        *(exact(name) for name in ("actual", "expected", "actual_cumulative", "expected_cumulative")),
    )  # fmt: skip
    said = [] if forecast.valued is None else [whether_money_held(forecast, run)]
    followed = figure(draw_tracking, gated, **tracking_words(tracked, judged, run), panels=(2, 1), size=(7.2, 4.8))
    proofs = (followed, means_picture(judged, run), calibration_picture(judged, run))
    return show_all(note(*said, rules_of_thumb(judged.compared, judged, run)), *map(behind, proofs))


def tracking_words(tracked: pd.DataFrame, judged: Judged, run: Run) -> Words:
    """Give the words around the tracking plot."""
    alt = _(
        "Two panels of lines by week up to {end:day}: repeat purchases made and expected. Of {n:count} purchases in "
        "the held-out time {model} foresaw {ratio:share0:point}."
    )
    read = _(
        "{model} was fitted on what lies before the dashed line ({day:day}); to its right, in the held-out time of "
        "{length}, it foresees what it has not seen."
    )
    luck = _("The interval holds the luck of customers only: how uncertain the model's parameters are is not known.")
    if judged.swings.shape[1]:
        luck = _("The interval holds the luck of customers and the uncertainty of the model's parameters.")
    limits = _("Only customers won before {day:day}; the model knows no season.") + " " + luck
    told = {"model": judged.label(judged.chosen), "day": judged.split}
    made = judged.held.actual.sum()
    return {
        "title": tracking_title(judged.ratio, run),
        "alt": run.say(alt, end=tracked["ends"].iloc[-1], n=made, ratio=judged.ratio, **told),
        "read": run.say(read, length=judged.length(run), **told),
        "limits": run.say(limits, **told),
        "source": source_of(run, len(judged.held.actual), "customers"),
    }


def tracking_title(ratio: Estimate, run: Run) -> str:
    """Say whether the model foresaw too much, too little or about right, or that this cannot be told."""
    if not ratio.is_known:
        return _("Whether the model keeps step cannot be told: nobody bought again in the held-out time")
    much = abs(ratio.value - 1) > 0.1
    words = _("The model foresaw {ratio:share} of the held-out purchases")
    words += {
        "open": _(": whether that is right cannot be told"),
        "right": _(": about right"),
        "low": _(": it is too cautious") if much else _(": a little cautious"),
        "high": _(": it promises too much") if much else _(": a little too many"),
    }[reading(ratio)]
    return run.say(words, ratio=ratio)


def draw_tracking(axes: Sequence[Axes], frame: pd.DataFrame) -> None:
    """Draw repeat purchases since the first week, made and expected: cumulative above, week by week below."""
    split = frame.loc[frame["held_out"], "ends"].min()
    titles = {"_cumulative": _("Repeat purchases since the start"), "": _("Repeat purchases in the week")}
    for panel, (ending, title) in zip(axes, titles.items(), strict=True):
        panel.plot(frame["ends"], frame[f"actual{ending}"], color=palette.CONTEXT, linewidth=2.4)
        panel.plot(frame["ends"], frame[f"expected{ending}"], color=palette.ACCENT, linewidth=1.8)
        panel.set_title(title, color=palette.MUTED, fontweight="normal")
        panel.set_ylim(bottom=0)
        write_ticks(panel.yaxis, "count")
        calendar(panel, frame["ends"])
        if pd.notna(split):
            panel.axvline(split, color=palette.INK, linewidth=1, linestyle=(0, (4, 3)))
    if pd.notna(split):
        axes[0].annotate(
            _("foreseen from here"), (split, 0), xytext=(5, 4), textcoords="offset points",
            va="bottom", color=palette.MUTED,
        )  # fmt: skip
    ends, made, expected = frame[["ends", "actual_cumulative", "expected_cumulative"]].iloc[-1]
    labels = [(ends, float(made), _("made"), palette.MUTED), (ends, float(expected), _("expected"), palette.ACCENT)]
    label_ends(axes[0], labels)
