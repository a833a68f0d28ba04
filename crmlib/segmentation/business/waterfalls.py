"""Pictures of change: how revenue came from there to here."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.reporting import formats, palette
from crmlib.words import _


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
        "lost": _("Did not buy again"),
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
    places = np.arange(len(steps))
    ends = (steps["level"] / scale).to_numpy()
    effects = (steps["effect"] / scale).to_numpy()
    whole = steps["whole"].to_numpy(dtype=bool)
    starts = np.where(whole, 0.0, ends - effects)
    colours = np.where(whole, palette.CONTEXT, np.where(effects >= 0, palette.BLUE, palette.RED))
    axes.barh(places, ends - starts, left=starts, color=colours, height=0.6)
    low = np.nanmin([*starts[~whole], *ends]) if (~whole).any() else 0.0
    span = np.nanmax([*ends, *starts]) - low
    left = max(low - 0.35 * span, 0.0)
    for place, start, end, effect, is_whole in zip(places, starts, ends, effects, whole, strict=True):
        if np.isnan(end):
            continue
        text = _short(end) if is_whole else ("+" if effect >= 0 else formats.MINUS) + _short(abs(effect))
        axes.annotate(text, (max(start, end), place), xytext=(4, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, [step_label(code) for code in steps["step"]])
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_ylim(len(steps) - 0.4, -0.6)
    axes.set_xlim(left, left + (np.nanmax([*ends, *starts]) - left) * 1.3)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)


def _short(value: float) -> str:
    if value >= 100:
        return formats.count(value)
    return formats.fixed(value, 2) if value < 10 else formats.fixed(value, 1)
