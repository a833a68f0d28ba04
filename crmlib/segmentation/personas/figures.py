"""A picture of each persona: what sets the segment apart, as indices with intervals around 100."""

from textwrap import fill
from typing import Any, Final

import numpy as np
import pandas as pd

from crmlib.reporting import formats, palette
from crmlib.words import _

TITLE: Final = 34
"""Letters in a line of a panel's title."""


def persona_panels(axes: Any, frame: pd.DataFrame) -> None:
    """Draw a panel a segment: its strongest indices against all customers, on a scale of doublings."""
    names = list(dict.fromkeys(frame["segment"]))
    known = frame.dropna(subset=["index"])
    low = min(known["low"].min() if len(known) else 50.0, 50.0)
    high = max(known["high"].max() if len(known) else 200.0, 200.0)
    for each, name in zip(np.atleast_1d(axes).flat, names, strict=False):
        _panel(each, frame[frame["segment"] == name].reset_index(drop=True), (low / 1.2, high * 2.2))
        each.set_title(fill(name, TITLE), color=palette.INK, fontweight="bold")
    for each in list(np.atleast_1d(axes).flat)[len(names) :]:
        each.set_axis_off()


def _panel(axes: Any, part: pd.DataFrame, limits: tuple[float, float]) -> None:
    places = np.arange(len(part))
    shades = [palette.ACCENT if index >= 100 else palette.RED for index in part["index"].fillna(100)]
    axes.set_xscale("log", base=2)
    axes.axvline(100, color=palette.CONTEXT, linewidth=1)
    axes.hlines(places, part["low"], part["high"], color=shades, linewidth=2)
    axes.scatter(part["index"], places, color=shades, s=30, zorder=3)
    for place, row in part.iterrows():
        if pd.notna(row["index"]):
            text = formats.fixed(row["index"], 0)
            axes.annotate(text, (row["high"], place), xytext=(5, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, part["label"])
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_ylim(len(part) - 0.4, -0.6)
    ticks = [tick for tick in (6, 25, 100, 400, 1600) if limits[0] <= tick <= limits[1]]
    axes.set_xlim(*limits)
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel(_("Index, 100 = all customers"))
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
