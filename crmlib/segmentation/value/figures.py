"""Pictures of what customers are worth, and of how far the models can be believed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmlib.reporting import palette
from crmlib.reporting.curves import calibration
from crmlib.reporting.figures import calendar, label_ends
from crmlib.segmentation.customers.segments import segment_label
from crmlib.words import _, formats


def value_bars(axes: Any, frame: pd.DataFrame, currency: str) -> None:
    """Draw what each segment is worth: in total on the left, a customer on the right, with intervals."""
    names = [segment_label(code) for code in frame["segment"]]
    colours = [palette.colour(code) for code in frame["segment"]]
    places = np.arange(len(frame))
    titles = {"value": _("Value ahead of all, {unit}"), "value_each": _("Value ahead of one, {unit}")}
    for each, (column, words) in zip(axes, titles.items(), strict=True):
        unit = _unit(frame[column])
        value, low, high = (frame[f"{column}{end}"] / unit.size for end in ("", "_low", "_high"))
        each.barh(places, value, color=colours, height=0.66)
        each.hlines(places, low, high, color=palette.INK, linewidth=1.4)
        for place, number, end in zip(places, value, np.fmax(value, high), strict=True):
            text = formats.fixed(number, unit.decimals) if pd.notna(number) else _("too few")
            start = 0 if pd.isna(end) else end
            each.annotate(text, (start, place), xytext=(5, 0), textcoords="offset points", va="center")
        title = words.format(unit=unit.words.format(currency=currency))
        each.set_title(title, color=palette.MUTED, fontweight="normal")
        each.set_yticks(places, names if column == "value" else [""] * len(names))
        each.tick_params(axis="y", labelcolor=palette.INK)
        each.set_ylim(len(frame) - 0.4, -0.6)
        each.set_xlim(0, np.nanmax([*high, *value, 1e-9]) * 1.25)
        each.set_xticks([])
        each.grid(visible=False)
        each.spines["bottom"].set_visible(False)


@dataclass(frozen=True, slots=True)
class _Unit:
    """In what the money of one panel is written: a size, the words for it and the decimals of all its numbers."""

    size: float
    words: str
    decimals: int


def _unit(values: pd.Series) -> _Unit:
    """Choose one unit for all numbers of a panel, with as few decimals as leave the smallest one a number."""
    known = values[values > 0]
    largest, smallest = (known.max(), known.min()) if len(known) else (0.0, 0.0)
    size, words = 1.0, _("{currency}")
    if largest >= 1e9:
        size, words = 1e6, _("millions of {currency}")
    elif largest >= 1e5:
        size, words = 1e3, _("thousands of {currency}")
    return _Unit(size, words, 0 if smallest / size >= 9.5 else 1)


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
    many = frame.set_index("frequency")["customers"]
    axes.set_xticks(range(last + 1), [_group_label(n, last, many.get(n)) for n in range(last + 1)])
    axes.set_xlabel(_("Repeat purchases before the held-out time"))
    axes.set_title(_("Mean purchases in the held-out time"), color=palette.MUTED, fontweight="normal")
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left")


def _group_label(n: int, last: int, customers: float | None) -> str:
    """Name a group by its purchases and, under them, say how many customers are in it, where that is shown."""
    name = f"{n}" if n < last else _("{n} or more").format(n=n)
    if customers is None or pd.isna(customers):
        return name
    return _("{name}\nn = {n}").format(name=name, n=formats.count(customers))


def purchase_calibration(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the share that bought in the held-out time against the probability given, tenth by tenth."""
    calibration(axes, frame, predicted="expected", observed="observed", low="low", high="high")
    axes.set_xlabel(_("Expected to buy (mean probability of a tenth of the customers)"))
    axes.set_ylabel(_("Bought"))
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
