"""What are today's customers worth: the value ahead by segment, in all, and whether to plan on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.reporting import Gated, Shown, behind, each, estimate, figure, gate, label, palette, people
from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.wording import Words, source_of
from crmlib.stats import Estimate
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from crmlib.segmentation.study import Study
    from crmlib.segmentation.value.forecast import Forecast
    from crmlib.workspace import Run

FAR_OFF: Final = 0.2
"""Values that were off by so much in the held-out time are nothing to plan on."""


def show_value(found: Study, run: Run) -> Shown:
    """Show what each segment is worth within the horizon, in total and a customer."""
    forecast = found.forecast
    if forecast.valued is None:
        return forecast.without_value
    by_segment = believed(found.value_by_segment, forecast)
    gated = _gated(by_segment, run)
    words = _words(gated, int(by_segment["customers"].sum()), forecast, run)
    picture = figure(partial(draw_value, run=run), gated, **words, panels=(1, 2), size=(7.2, 3.4))
    caption = _("Value ahead within {weeks} weeks, by segment; churn risk is the chance of no purchase in them")
    weeks = f"{run.params.segmentation.lifetime_weeks:g}"
    table = gated.table(caption, note=_table_note(gated, forecast, run), weeks=weeks)
    return behind(picture, table)


def believed(by_segment: pd.DataFrame, forecast: Forecast) -> pd.DataFrame:
    """Leave out the intervals that the held-out time refutes: those of money, and those of purchases."""
    refuted = {"value": forecast.money_refuted, "churn_risk": forecast.purchases_refuted}
    ends = [f"{name}_{end}" for name, off in refuted.items() if off for end in ("low", "high")]
    return by_segment.assign(**dict.fromkeys(ends, np.nan))


def _gated(by_segment: pd.DataFrame, run: Run) -> Gated:
    """Let the segments that have customers through; a mean a customer is the total over their rounded number."""
    money = [f"value{end}" for end in ("", "_low", "_high")]
    risk = [f"churn_risk{end}" for end in ("", "_low", "_high")]
    columns = ["segment", "customers", *money, "value_share", "purchases", *risk, "days_to_next", "largest"]
    return gate(
        by_segment.loc[by_segment["customers"] > 0, columns], run,
        label("segment", _("Segment"), swatch=True),
        people("customers"),
        estimate("value", kind="money", of="customers", largest="largest"),
        estimate("value_share", _("Of all value ahead"), of="customers", largest="largest", decimals=0),
        each("value_each", _("Value ahead each"), per=("value", "customers"), interval=True),
        estimate("purchases", _("Purchases expected each"), "number", of="customers", decimals=1),
        estimate("churn_risk", _("No purchase in that time"), of="customers", decimals=0),
        estimate("days_to_next", _("Days until half are back"), "days", of="customers", decimals=0, missing="–"),
        totals=True,
    ).worded("segment", segment_label)  # fmt: skip


def _table_note(gated: Gated, forecast: Forecast, run: Run) -> str:
    said = [_("Value ahead each: the total over the number of customers rounded to {base:count}.")]
    if (gated.frame["days_to_next"].isna() & ~gated.hidden["days_to_next"]).any():
        said.append(_("–: fewer than half are expected back."))
    if forecast.purchases_refuted:
        words = _(
            "The share without a purchase has no range: the purchases made in the held-out time lie outside the "
            "model's own."
        )
        said.append(words)
    return run.say(" ".join(said), base=run.params.privacy.base)


def _words(gated: Gated, n: int, forecast: Forecast, run: Run) -> Words:
    section = run.params.segmentation
    shown = gated.rows(lambda frame: frame["value"].notna())
    kind = _("revenue") if section.margin == 1 else _("margin at {margin:part} of revenue")
    read = _(
        "Expected purchases ({model}) times expected spend (Gamma-Gamma), as {kind} in {currency}, discounted by "
        "{rate:part} a year{lines}."
    )
    told = {"currency": run.params.currency, "kind": run.say(kind, margin=section.margin)}
    lines = _("; lines are 95 % intervals") if shown.frame["value_low"].notna().any() else ""
    model = "" if forecast.valued is None else forecast.valued.label
    parts = shown.listing(_("{segment} {value_each} each")) or _("all hidden")
    return {
        "title": _title(shown.frame, run),
        "alt": run.say(_("Two panels of bars by segment, in {currency}: {parts}."), parts=parts, **told),
        "read": run.say(read, model=model, rate=section.discount_rate, lines=lines, **told),
        "limits": _limits(shown.frame, forecast, run),
        "source": source_of(run, n, "customers"),
    }


def _title(shown: pd.DataFrame, run: Run) -> str:
    if shown.empty:
        return _("Too few customers in each segment to show what they are worth")
    top = shown.iloc[int(shown["value"].argmax())]
    words = _("{segment} hold {share:part} of the money expected within {weeks:number} weeks")
    weeks = run.params.segmentation.lifetime_weeks
    return run.say(words, segment=top["segment"], share=top["value_share"], weeks=weeks)


def _limits(shown: pd.DataFrame, forecast: Forecast, run: Run) -> str:
    held = _("The likelihood does not tell how uncertain the models' parameters are, so that no interval is given.")
    if forecast.money_refuted:
        held = _(
            "No interval of the money is given: what was spent in the held-out time lies outside the one that the "
            "models give themselves."
        )
    if shown["value_low"].notna().any():
        held = _(
            "The intervals hold the uncertainty of the models' parameters only (by their covariance, not by "
            "refitting), not the luck of single customers nor a change of season."
        )
    said = [held]
    if forecast.valued is not None and not forecast.valued.spend_model.has_own_mean:
        said.append(_(
            "What these customers spend gives Gamma-Gamma no mean to be believed (none exists, or one beside what was "
            "paid): whoever has no repeat purchase is taken to spend the mean of those who have, the others what they "
            "spent, drawn towards it."
        ))  # fmt: skip
    said.append(_("The money is before returns; nothing after {weeks:number} weeks is counted."))
    return run.say(" ".join(said), weeks=run.params.segmentation.lifetime_weeks)


def draw_value(axes: Sequence[Axes], frame: pd.DataFrame, run: Run) -> None:
    """Draw what each segment is worth: in total on the left, a customer on the right, with intervals."""
    colours = [palette.colour(segment) for segment in frame["segment"]]
    places = np.arange(len(frame))
    titles = {"value": _("Value ahead of all, {unit}"), "value_each": _("Value ahead of one, {unit}")}
    for panel, (column, title) in zip(axes, titles.items(), strict=True):
        size, unit, decimals = _unit(frame[column])
        value, low, high = (frame[f"{column}{end}"] / size for end in ("", "_low", "_high"))
        panel.barh(places, value, color=colours, height=0.66)
        panel.hlines(places, low, high, color=palette.INK, linewidth=1.4)
        for place, number, end in zip(places, value, np.fmax(value, high), strict=True):
            text = run.say(f"{{x:number{decimals}}}", x=number) if pd.notna(number) else _("too few")
            start = 0 if pd.isna(end) else end
            panel.annotate(text, (start, place), xytext=(5, 0), textcoords="offset points", va="center")
        unit = unit.format(currency=run.params.currency)
        panel.set_title(title.format(unit=unit), color=palette.MUTED, fontweight="normal")
        panel.set_yticks(places, frame["segment"] if column == "value" else [""] * len(frame))
        panel.tick_params(axis="y", labelcolor=palette.INK)
        panel.set_ylim(len(frame) - 0.4, -0.6)
        panel.set_xlim(0, np.nanmax([*high, *value, 1e-9]) * 1.25)
        panel.set_xticks([])
        panel.grid(visible=False)
        panel.spines["bottom"].set_visible(False)


def _unit(values: pd.Series) -> tuple[float, str, int]:
    """Choose one size for all numbers of a panel, its words, and as few decimals as leave the smallest one a number."""
    known = values[values > 0]
    largest, smallest = (known.max(), known.min()) if len(known) else (0.0, 0.0)
    size, words = 1.0, _("{currency}")
    if largest >= 1e9:
        size, words = 1e6, _("millions of {currency}")
    elif largest >= 1e5:
        size, words = 1e3, _("thousands of {currency}")
    return size, words, 0 if smallest / size >= 9.5 else 1


def value_answer(forecast: Forecast, run: Run) -> str:
    """Say what today's customers are worth, before returns, and whether to plan on it; nothing where it is hidden."""
    valued = forecast.valued
    if valued is None or run.too_few(valued.total.n, largest=valued.largest):
        return ""
    interval = _(" (no interval can be given)")
    if valued.total.has_interval:
        interval = _(" ({value:money:interval} by the uncertainty of the models' parameters alone)")
    if forecast.money_refuted:
        # the held-out time refutes the models' own interval: it is not handed on
        interval = ""
    words = _(
        "Today's customers are expected to bring {value:money:point} in the next {weeks:number} weeks, before returns"
    )
    said = run.say(f"{words}{interval}.", value=valued.total, weeks=run.params.segmentation.lifetime_weeks)
    return f"{said} {_off(forecast, run)}".strip()


def _off(forecast: Forecast, run: Run) -> str:
    """Say how far off the same method was in the held-out time; nothing where that cannot be told from right."""
    judged, ratio = forecast.judged, forecast.money
    if judged is None or not forecast.money_refuted:
        return ""
    high = ratio.value > 1
    low, high_end = sorted(abs(end - 1) for end in (ratio.low, ratio.high))
    off = Estimate(abs(ratio.value - 1), low, high_end, ratio.n)
    caution = _("That may be too much") if high else _("That may be too little")
    if off.value >= FAR_OFF:
        caution = _("Do not plan on it")
    words = _("{caution}: for {span:span} the same method foresaw {off:part:point} {way} ({off:part:interval}).")
    way = _("more than was spent") if high else _("less than was spent")
    return run.say(words, caution=caution, span=judged.span, off=off, way=way)
