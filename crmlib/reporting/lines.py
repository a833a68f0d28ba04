"""Drawings over time or another order, each line named where it ends, and of how far a prediction holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmlib.reporting import palette
from crmlib.reporting.ticks import write_ticks
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

MOST_SERIES = 6


def lines(
    axes: Axes,
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    unit: str,
    series: str | None = None,
    low: str | None = None,
    high: str | None = None,
    kind: str = "number",
    currency: str | None = None,
    colour: dict[Any, str] | None = None,
    context: Sequence[Any] = (),
) -> None:
    """Draw up to six lines over time or another order, each named at its end, with the band of its interval.

    Parameters
    ----------
    x, y, low, high
        Columns with the place, the value and the ends of the interval; dates become a date axis.
    series
        Column with the name of the line; one line if not given.
    unit
        What is drawn, with its unit: written over the axis.
    kind, currency
        How the axis is written: ``share``, ``money`` with its currency, or a plain number.
    colour
        Colour by name; else the palette's for that name.
    context
        Names drawn in grey behind the others.
    """
    names = list(dict.fromkeys(frame[series])) if series else [None]
    if len(names) > MOST_SERIES:
        raise ValueError(
            f"{len(names)} lines in one picture; {MOST_SERIES} at most: show the rest as panels or a table"
        )
    ends = []
    for name in names:
        part = frame if name is None else frame[frame[series] == name]
        shade = palette.ACCENT if name is None else (colour or {}).get(name, palette.colour(name))
        shade = palette.CONTEXT if name in context else shade
        if low and high:
            axes.fill_between(part[x], part[low], part[high], color=shade, alpha=0.15, linewidth=0)
        axes.plot(part[x], part[y], color=shade, zorder=2 if name in context else 3)
        known = part.dropna(subset=[y])
        if name is not None and len(known):
            ends.append((known[x].iloc[-1], float(known[y].iloc[-1]), str(name), shade))
    axes.set_title(unit, color=palette.MUTED, fontweight="normal")
    calendar(axes, frame[x])
    write_ticks(axes.yaxis, kind, currency)
    label_ends(axes, ends)


def label_ends(axes: Axes, ends: Sequence[tuple[Any, float, str, str]]) -> None:
    """Write the name of each line beside its end (place, value, name, colour), moved apart where they would touch."""
    bottom, top = axes.get_ylim()
    line = (top - bottom) * 14 / max(axes.get_window_extent().height * 72 / axes.figure.dpi, 1)
    floor = float("-inf")
    for place, value, name, shade in sorted(ends, key=lambda end: end[1]):
        height = max(value, floor)
        floor = height + line
        axes.annotate(
            name,
            (place, height),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=palette.INK if shade in {palette.SKY, palette.ORANGE} else shade,
            annotation_clip=False,
        )


def calendar(axes: Axes, values: Any) -> None:
    """Write dates on the axis as a reader does, if they are dates: no more than eight."""
    if getattr(values.dtype, "kind", "") != "M":
        return
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=8)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))


def calibration(axes: Axes, frame: pd.DataFrame, *, predicted: str, observed: str, low: str, high: str) -> None:
    """Draw what happened against what was predicted, group by group; on the diagonal the prediction holds.

    Columns with the mean prediction of a group, the share it happened to and the ends of its interval, 0 to 1.
    """
    top = float(frame[[predicted, high]].max().max()) * 1.05
    axes.plot([0, top], [0, top], color=palette.CONTEXT, linewidth=1, linestyle=(0, (4, 3)))
    axes.vlines(frame[predicted], frame[low], frame[high], color=palette.ACCENT, linewidth=2.2, alpha=0.55)
    axes.scatter(frame[predicted], frame[observed], s=42, color=palette.ACCENT, zorder=3)
    axes.set_xlabel(_("Predicted"))
    axes.set_ylabel(_("Observed"))
    for axis in (axes.xaxis, axes.yaxis):
        write_ticks(axis, "share")
