"""Pictures of price sensitivity: customers by promotion share, and elasticities."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.reporting import palette
from crmlib.words import _, formats


def share_bands(axes: Any, frame: pd.DataFrame, average: float) -> None:
    """Draw how many customers have a promotion share in each band, and where the average lies."""
    axes.bar(100 * frame["from"], frame["customers"], width=95 * (frame["to"] - frame["from"]).iloc[0], align="edge",
             color=palette.ACCENT)  # fmt: skip
    axes.axvline(100 * average, color=palette.INK, linewidth=1.2)
    axes.annotate(_("average"), (100 * average, 1), xycoords=("data", "axes fraction"), xytext=(4, 2),
                  textcoords="offset points")  # fmt: skip
    axes.set_xlabel(_("Share of a customer's orders with something on promotion, %"))
    axes.set_ylabel(_("Customers"))
    axes.yaxis.set_major_formatter(lambda value, _place: formats.count(value))


def elasticity_dots(axes: Any, frame: pd.DataFrame) -> None:
    """Draw each category's elasticity with its interval, the most sensitive first."""
    places = np.arange(len(frame))
    axes.axvline(0, color=palette.CONTEXT, linewidth=1)
    axes.axvline(-1, color=palette.CONTEXT, linewidth=1, linestyle=(0, (4, 3)))
    axes.hlines(places, frame["low"], frame["high"], color=palette.ACCENT, linewidth=2)
    axes.scatter(frame["elasticity"], places, color=palette.ACCENT, s=42, zorder=3)
    for place, (value, high) in enumerate(zip(frame["elasticity"], frame["high"], strict=True)):
        axes.annotate(formats.fixed(value, 1), (high, place), xytext=(5, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, frame["category"])
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_ylim(len(frame) - 0.4, -0.6)
    axes.set_xlim(min(float(frame["low"].min()) * 1.1, -1.2), max(float(frame["high"].max()) * 1.1, 0.6))
    axes.set_xlabel(_("Difference of units, %, that goes with a price 1 % higher"))
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
