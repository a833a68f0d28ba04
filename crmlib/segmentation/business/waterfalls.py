"""Pictures of change: how revenue came from there to here."""

from typing import Any, Final

import numpy as np
import pandas as pd

from crmlib.reporting import formats, palette
from crmlib.words import _

BAR: Final = 0.6
"""Height of a bar; the rows stand 1 apart."""


def step_label(code: str) -> str:
    """Name a step of the change of revenue as a reader sees it.

    Examples
    --------
    >>> step_label("orders_per_customer")
    'Orders per customer'
    """
    return {
        "before": _("Period before"),
        "after": _("This period"),
        "customers": _("Number of customers"),
        "orders_per_customer": _("Orders per customer"),
        "units_per_order": _("Units per order"),
        "price_per_unit": _("Price per unit"),
        "anonymous": _("Anonymous sales"),
        "returns": _("Returns"),
        "new": _("New customers"),
        "reactivated": _("Back after a pause"),
        "retained": _("Bought in both"),
        "lost": _("Not back this period"),
    }[code]


def waterfalls(axes: Any, data: dict[str, pd.DataFrame], currency: str) -> None:
    """Draw the same change twice: by drivers on the left, by customers on the right."""
    titles = {"drivers": _("By drivers"), "groups": _("By customers")}
    largest = max(float(each["level"].abs().max()) for each in data.values())
    scale, unit = (1e6, _("millions of {currency}")) if largest >= 1e6 else (1.0, "{currency}")
    for each, (name, title) in zip(axes, titles.items(), strict=True):
        _waterfall(each, data[name], scale)
        words = f"{title}, {unit.format(currency=currency)}"
        each.set_title(words, color=palette.MUTED, fontweight="normal")


def _waterfall(axes: Any, steps: pd.DataFrame, scale: float) -> None:
    """Mark the totals where they lie and draw the steps between them as bars, each from where the last one ended."""
    ends = (steps["level"] / scale).to_numpy()
    effects = (steps["effect"] / scale).to_numpy()
    whole = steps["whole"].to_numpy(dtype=bool)
    starts = np.where(whole, ends, ends - effects)
    places = np.arange(len(steps))
    colours = np.where(effects >= 0, palette.BLUE, palette.RED)
    axes.barh(places[~whole], (ends - starts)[~whole], left=starts[~whole], color=colours[~whole], height=BAR)
    axes.vlines(ends[whole], places[whole] - BAR / 2, places[whole] + BAR / 2, color=palette.INK, linewidth=3)
    axes.vlines(ends[:-1], places[:-1] + BAR / 2, places[1:] - BAR / 2, color=palette.MUTED, linewidth=0.8)
    for place, start, end, effect, is_whole in zip(places, starts, ends, effects, whole, strict=True):
        if np.isnan(end):
            continue
        text = _short(end) if is_whole else ("+" if effect >= 0 else formats.MINUS) + _short(abs(effect))
        axes.annotate(text, (max(start, end), place), xytext=(5, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, [step_label(code) for code in steps["step"]])
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_ylim(len(steps) - 0.4, -0.6)
    _cut(axes, np.nanmin([*starts, *ends]), np.nanmax([*starts, *ends]))


def _cut(axes: Any, low: float, high: float) -> None:
    """Show the stretch from low to high with room for words on its right, three marks on it, none at zero."""
    from matplotlib.ticker import MaxNLocator

    span = (high - low) or abs(high) or 1.0
    axes.set_xlim(low - 0.06 * span, high + 0.42 * span)
    marks = [mark for mark in MaxNLocator(3).tick_values(low, high) if low <= mark <= high]
    axes.set_xticks(marks, [_short(mark) for mark in marks])
    axes.grid(visible=False, axis="y")


def _short(value: float) -> str:
    if value >= 100:
        return formats.count(value)
    return formats.fixed(value, 2) if value < 10 else formats.fixed(value, 1)
