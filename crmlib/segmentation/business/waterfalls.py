"""Pictures of change: how revenue came from there to here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.reporting import palette
from crmlib.reporting.ticks import tick
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

BAR: Final = 0.6  # height of a bar; the rows stand 1 apart
STEPS: Final = {
    "before": N_("Period before"),
    "after": N_("This period"),
    "customers": N_("Number of customers"),
    "orders_per_customer": N_("Orders per customer"),
    "units_per_order": N_("Units per order"),
    "price_per_unit": N_("Price per unit"),
    "order_value": N_("Order value"),
    "anonymous": N_("Anonymous sales"),
    "returns": N_("Returns"),
    "new": N_("New customers"),
    "reactivated": N_("Back after a pause"),
    "retained": N_("Bought in both"),
    "lost": N_("Not back this period"),
}


def step_label(code: str) -> str:
    """Name a step of the change of revenue as a reader sees it."""
    return _(STEPS[code])


def unit_of(then: float, now: float) -> float:
    """Choose the unit that revenue and its steps are rounded to, so fine that few of them vanish in it."""
    largest = max(abs(then), abs(now))
    if largest < 1e3:
        return 0.01
    return 1.0 if largest < 1e7 else 1e3 if largest < 1e10 else 1e6


def waterfalls(axes: Sequence[Axes], data: dict[str, pd.DataFrame], currency: str) -> None:
    """Draw the same change twice, of known customers by drivers and by groups, each with the rest behind it."""
    titles = {"drivers": _("Known customers by driver"), "groups": _("Known customers by group")}
    levels = data["drivers"]["level"]
    unit = unit_of(levels.iloc[0], levels.iloc[-1])
    words = {1e3: _("thousand {currency}"), 1e6: _("million {currency}")}.get(unit, "{currency}")
    for panel, (name, title) in zip(axes, titles.items(), strict=True):
        _waterfall(panel, data[name], max(unit, 1.0))
        panel.set_title(f"{title}, {words.format(currency=currency)}", color=palette.MUTED, fontweight="normal")


def _waterfall(axes: Axes, steps: pd.DataFrame, unit: float) -> None:
    """Mark the totals where they lie and draw the steps between them as bars, each from where the last one ended."""
    ends, effects = steps["level"].to_numpy(), steps["effect"].to_numpy()
    whole = steps["whole"].to_numpy(dtype=bool)
    starts = np.where(whole, ends, ends - effects)
    places = np.arange(len(steps))
    colours = np.where(effects >= 0, palette.BLUE, palette.RED)
    axes.barh(places[~whole], (ends - starts)[~whole], left=starts[~whole], color=colours[~whole], height=BAR)
    axes.vlines(ends[whole], places[whole] - BAR / 2, places[whole] + BAR / 2, color=palette.INK, linewidth=3)
    axes.vlines(ends[:-1], places[:-1] + BAR / 2, places[1:] - BAR / 2, color=palette.MUTED, linewidth=0.8)
    for place, start, end, text in zip(places, starts, ends, steps["written"], strict=True):
        if not np.isnan(end):
            axes.annotate(text, (max(start, end), place), xytext=(5, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, [step_label(code) for code in steps["step"]])
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_ylim(len(steps) - 0.4, -0.6)
    _cut(axes, np.nanmin([*starts, *ends]), np.nanmax([*starts, *ends]), unit)


def _cut(axes: Axes, low: float, high: float, unit: float) -> None:
    """Show the stretch from low to high with room for words on its right, three marks on it, none at zero."""
    from matplotlib.ticker import MaxNLocator

    span = (high - low) or abs(high) or 1.0
    axes.set_xlim(low - 0.06 * span, high + 0.42 * span)
    marks = [mark for mark in MaxNLocator(3).tick_values(low, high) if low <= mark <= high]
    axes.set_xticks(marks, [tick(mark / unit, "count") for mark in marks])
    axes.grid(visible=False, axis="y")
