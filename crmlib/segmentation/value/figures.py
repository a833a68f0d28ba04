"""Pictures of what customers are worth, and of how far the models can be believed."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.reporting import formats, palette
from crmlib.reporting.curves import calibration
from crmlib.reporting.figures import calendar, label_ends
from crmlib.segmentation.customers.segments import segment_label
from crmlib.words import _


def value_bars(axes: Any, frame: pd.DataFrame, currency: str) -> None:
    """Draw what each segment is worth: in total on the left, a customer on the right, with intervals."""
    names = [segment_label(code) for code in frame["segment"]]
    colours = [palette.colour(code) for code in frame["segment"]]
    places = np.arange(len(frame))
    titles = {"value": _("Value ahead of all, {currency}"), "value_each": _("Value ahead of one, {currency}")}
    for each, (column, words) in zip(axes, titles.items(), strict=True):
        each.barh(places, frame[column], color=colours, height=0.66)
        each.hlines(places, frame[f"{column}_low"], frame[f"{column}_high"], color=palette.INK, linewidth=1.4)
        for place, value, high in zip(places, frame[column], frame[f"{column}_high"], strict=True):
            text = _short(value) if pd.notna(value) else _("too few")
            end = 0 if pd.isna(value) else np.nanmax([value, high])
            each.annotate(text, (end, place), xytext=(5, 0), textcoords="offset points", va="center")
        each.set_title(words.format(currency=currency), color=palette.MUTED, fontweight="normal")
        each.set_yticks(places, names if column == "value" else [""] * len(names))
        each.tick_params(axis="y", labelcolor=palette.INK)
        each.set_ylim(len(frame) - 0.4, -0.6)
        each.set_xlim(0, np.nanmax([*frame[f"{column}_high"], *frame[column], 1e-9]) * 1.25)
        each.set_xticks([])
        each.grid(visible=False)
        each.spines["bottom"].set_visible(False)


def _short(value: float) -> str:
    """Write money without its currency, which the axis names: 1.55 M, 820,000, 42.3."""
    if value >= 1e6:
        return _("{number} M").format(number=formats.number(value / 1e6))
    return formats.count(value) if value >= 100 else formats.number(value)


def tracking(axes: Any, frame: pd.DataFrame) -> None:
    """Draw repeat purchases since the first week, made and expected: cumulative above, week by week below."""
    split = frame.loc[frame["held_out"], "ends"].min()
    for each, ending, title in (
        (axes[0], "_cumulative", _("Repeat purchases since the start")),
        (axes[1], "", _("Repeat purchases in the week")),
    ):
        each.plot(frame["ends"], frame[f"actual{ending}"], color=palette.CONTEXT, linewidth=2.4)
        each.plot(frame["ends"], frame[f"expected{ending}"], color=palette.ACCENT, linewidth=1.8)
        each.set_title(title, color=palette.MUTED, fontweight="normal")
        each.set_ylim(bottom=0)
        each.yaxis.set_major_formatter(lambda value, _place: formats.count(value))
        calendar(each, frame["ends"])
        if pd.notna(split):
            each.axvline(split, color=palette.INK, linewidth=1, linestyle=(0, (4, 3)))
    if pd.notna(split):
        axes[0].annotate(
            _("foreseen from here"), (split, 0), xytext=(5, 4), textcoords="offset points",
            va="bottom", color=palette.MUTED,
        )  # fmt: skip
    last = frame.iloc[-1]
    label_ends(
        axes[0],
        [
            (last["ends"], float(last["actual_cumulative"]), _("made"), palette.MUTED),
            (last["ends"], float(last["expected_cumulative"]), _("expected"), palette.ACCENT),
        ],
    )


def held_out_means(axes: Any, frame: pd.DataFrame) -> None:
    """Draw mean purchases in the held-out time, made and expected, by purchases before it."""
    axes.vlines(frame["frequency"] - 0.06, frame["low"], frame["high"], color=palette.CONTEXT, linewidth=3)
    axes.scatter(frame["frequency"] - 0.06, frame["actual"], s=44, color=palette.MUTED, zorder=3, label=_("made"))
    axes.scatter(
        frame["frequency"] + 0.06,
        frame["expected"],
        s=44,
        color=palette.ACCENT,
        marker="D",
        zorder=3,
        label=_("expected"),
    )
    last = int(frame["frequency"].max())
    names = [f"{n}" if n < last else _("{n} or more").format(n=n) for n in range(last + 1)]
    axes.set_xticks(range(last + 1), names)
    axes.set_xlabel(_("Repeat purchases before the held-out time"))
    axes.set_title(_("Mean purchases in the held-out time"), color=palette.MUTED, fontweight="normal")
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left")


def purchase_calibration(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the share that bought in the held-out time against the probability given, tenth by tenth."""
    calibration(axes, frame, predicted="expected", observed="observed", low="low", high="high")
    axes.set_xlabel(_("Expected to buy (mean probability of a tenth of the customers)"))
    axes.set_ylabel(_("Bought"))
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
