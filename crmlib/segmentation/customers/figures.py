"""Pictures of segments and stages: what is drawn, on axes that the page provides."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.reporting import palette
from crmlib.segmentation.customers.lifecycle import OVERDUE, stage_label
from crmlib.segmentation.customers.segments import segment_label
from crmlib.words import _, formats


def segment_shares(axes: Any, frame: pd.DataFrame) -> None:
    """Draw each segment's share of customers, of money so far and, where known, of value ahead, side by side."""
    parts = {"share": _("of customers"), "spend_share": _("of revenue so far"), "value_share": _("of value ahead")}
    parts = {name: words for name, words in parts.items() if name in frame}
    names = [segment_label(code) for code in frame["segment"]]
    places = np.arange(len(frame))
    for each, (column, words) in zip(np.atleast_1d(axes), parts.items(), strict=True):
        colours = [palette.colour(code) for code in frame["segment"]]
        each.barh(places, frame[column] * 100, color=colours, height=0.66)
        for place, value, high in zip(places, frame[column], frame[f"{column}_high"], strict=True):
            text = formats.share(value, decimals=0 if value >= 0.01 else 1) if pd.notna(value) else _("too few")
            each.annotate(
                text,
                (np.nan_to_num(np.nanmax([value, high, 0.0]) * 100), place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
            )
        low, high = frame[f"{column}_low"] * 100, frame[f"{column}_high"] * 100
        each.hlines(places, low, high, color=palette.INK, linewidth=1.2)
        each.set_title(words, color=palette.MUTED, fontweight="normal")
        each.set_yticks(places, names if column == "share" else [""] * len(names))
        each.tick_params(axis="y", labelcolor=palette.INK)
        each.set_ylim(len(frame) - 0.4, -0.6)
        each.set_xlim(0, np.nanmax([*(frame[[*parts, *(f"{name}_high" for name in parts)]].max() * 100), 1]) * 1.25)
        each.set_xticks([])
        each.grid(visible=False)
        each.spines["bottom"].set_visible(False)


def stages(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the customers of each lifecycle stage, the overdue in red, and the span that other limits would give."""
    places = np.arange(len(frame))
    colours = [palette.ALERT if code in OVERDUE else palette.CONTEXT for code in frame["lifecycle"]]
    axes.barh(places, frame["customers"], color=colours, height=0.66)
    axes.hlines(places, frame["span_low"], frame["span_high"], color=palette.INK, linewidth=1.4)
    drawn = frame["span_high"].where(frame["span_low"].notna())
    ends = pd.concat([frame["customers"], drawn], axis=1).max(axis=1)
    for place, count, end in zip(places, frame["customers"], ends, strict=True):
        text = formats.count(count) if pd.notna(count) else _("too few")
        axes.annotate(text, (0 if pd.isna(end) else end, place), xytext=(6, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, [stage_label(code) for code in frame["lifecycle"]])
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_ylim(len(frame) - 0.4, -0.6)
    axes.set_xlabel(_("Customers"))
    axes.xaxis.set_major_formatter(lambda value, _place: formats.count(value))
    axes.set_xlim(0, np.nanmax([*ends, 1]) * 1.12)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
