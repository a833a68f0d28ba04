"""Pictures of the found segments: what they are like, and what they tell of later behaviour."""

from typing import Any, Final

import numpy as np
import pandas as pd

from crmlib.reporting import palette
from crmlib.reporting.figures import heatmap
from crmlib.segmentation.found.proof import FOUND
from crmlib.segmentation.found.wording import feature_label, grouping_label, measure_label
from crmlib.words import _, formats

REACH: Final = 2.0
"""Indices beyond a quarter and four times are coloured alike."""


def index_grid(axes: Any, frame: pd.DataFrame) -> None:
    """Draw a grid of indices against all customers: rows are features, columns segments; coloured by doublings.

    A cell that is not surely different from all customers has the colour of the middle, and its number is muted.
    """
    doublings = np.log2(frame["index"].clip(lower=1) / 100).clip(-REACH, REACH)
    steps = frame.assign(
        step=doublings.where(frame["found"] | frame["index"].isna(), 0.0),
        words=frame["feature"].map(feature_label),
        sure=frame["found"].astype("float64"),
    )
    order = list(dict.fromkeys(steps["words"]))
    grid, written, sure = (
        steps.pivot_table(index="words", columns="name", values=values, dropna=False).reindex(order)
        for values in ("step", "index", "sure")
    )
    heatmap(axes, grid, unit=_("Index, 100 = as all customers"), middle=0.0)
    for text in axes.texts:
        column, row = (int(place) for place in text.get_position())
        value = written.iloc[row, column]
        text.set_text("" if pd.isna(value) else formats.fixed(value, 0))
        if sure.iloc[row, column] == 0:
            text.set_color(palette.MUTED)


def proof_dots(axes: Any, frame: pd.DataFrame) -> None:
    """Draw, for each measure, what each grouping explains, with its interval."""
    measures = list(dict.fromkeys(frame["measure"]))
    for each, measure in zip(np.atleast_1d(axes), measures, strict=True):
        part = frame[frame["measure"] == measure].reset_index(drop=True)
        places = np.arange(len(part))
        shades = [palette.ACCENT if name == FOUND else palette.MUTED for name in part["grouping"]]
        each.hlines(places, 100 * part["low"], 100 * part["high"], color=shades, linewidth=2)
        each.scatter(100 * part["explained"], places, color=shades, s=42, zorder=3)
        for place, row in part.iterrows():
            text = formats.fixed(100 * row["explained"], 1)
            each.annotate(text, (100 * row["high"], place), xytext=(5, 0), textcoords="offset points", va="center")
        each.axvline(0, color=palette.CONTEXT, linewidth=0.8)
        first = measure == measures[0]
        each.set_yticks(places, [grouping_label(name) for name in part["grouping"]] if first else [""] * len(part))
        each.tick_params(axis="y", labelcolor=palette.INK)
        each.set_ylim(len(part) - 0.4, -0.6)
        each.set_xlim(min(0, 100 * part["low"].min()) * 1.1 - 0.2, 100 * part["high"].max() * 1.3 + 0.2)
        each.set_title(measure_label(measure), color=palette.MUTED, fontweight="normal")
        each.grid(visible=False, axis="y")
        each.grid(visible=True, axis="x")
