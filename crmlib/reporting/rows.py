"""Drawings with one row a name: bars from zero for amounts, dots with intervals for estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmlib.privacy.rules import DisclosureRules
from crmlib.reporting import palette
from crmlib.reporting.ticks import write_ticks
from crmlib.words import _
from crmlib.words.formats import is_missing
from crmlib.words.saying import Speaker

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes

    Written = Callable[[float], str] | str


def bars(
    axes: Axes,
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    unit: str,
    low: str | None = None,
    high: str | None = None,
    kind: str = "number",
    currency: str | None = None,
    colour: str | dict[Any, str] = palette.ACCENT,
    written: Written | None = None,
) -> None:
    """Draw one horizontal bar a row, the first row on top, with its interval and its value beside it.

    Parameters
    ----------
    label, value, low, high
        Columns with the name, the length and the ends of the interval.
    unit
        What the length is, with its unit: the label of the axis.
    kind, currency
        How the axis is written: ``share``, ``money`` with its currency, or a plain number.
    colour
        One colour, or a colour by name (`palette.colours`).
    written
        How the value is written beside its bar: in a kind of `run.say` such as ``share0``, or by a function; nothing is
        written if not given.
    """
    import seaborn as sns

    places = list(range(len(frame)))
    one = {"color": colour} if isinstance(colour, str) else {"hue": places, "palette": _each(frame[label], colour)}
    sns.barplot(
        x=frame[value].astype("float64").to_numpy(), y=places, orient="h", width=0.62, saturation=1, errorbar=None,
        legend=False, ax=axes, **one,
    )  # fmt: skip
    _name_rows(axes, frame[label], unit)
    write_ticks(axes.xaxis, kind, currency)
    _mark_gaps(axes, frame[value])
    if low and high:
        # a pale line under the dark one keeps it in sight on a dark bar
        axes.hlines(places, frame[low], frame[high], color=palette.SURFACE, linewidth=3.2)
        axes.hlines(places, frame[low], frame[high], color=palette.INK, linewidth=1.2)
    if written:
        ends = frame[[value, high]].max(axis=1) if high else frame[value].clip(lower=0)
        _write_values(axes, frame[value], ends, written, currency)


def dots(
    axes: Axes,
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    unit: str,
    low: str | None = None,
    high: str | None = None,
    reference: float | None = None,
    kind: str = "number",
    currency: str | None = None,
    colour: str | dict[Any, str] = palette.ACCENT,
    written: Written | None = None,
) -> None:
    """Draw one dot with its interval a row, the first row on top: for estimates, whose zero says nothing.

    As `bars`; a thin line marks at `reference` the value of all, or no difference.
    """
    places = range(len(frame))
    shades = _each(frame[label], colour)
    if reference is not None:
        axes.axvline(reference, color=palette.CONTEXT, linewidth=1)
    if low and high:
        axes.hlines(places, frame[low], frame[high], color=shades, linewidth=2.2, alpha=0.55)
    axes.scatter(frame[value], places, s=42, color=shades, zorder=3)
    _name_rows(axes, frame[label], unit)
    write_ticks(axes.xaxis, kind, currency)
    axes.margins(x=0.06)
    _mark_gaps(axes, frame[value])
    if written:
        ends = frame[[value, high]].max(axis=1) if high else frame[value]
        _write_values(axes, frame[value], ends, written, currency)


def _each(names: Any, colour: str | dict[Any, str]) -> str | list[str]:
    """Give one colour, or one for each row."""
    return colour if isinstance(colour, str) else [colour.get(name, palette.CONTEXT) for name in names]


def _name_rows(axes: Axes, names: Any, unit: str) -> None:
    """Write the names of the rows, first on top."""
    axes.set_yticks(range(len(names)), [str(name) for name in names])
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlabel(unit)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")


def _mark_gaps(axes: Axes, values: Any) -> None:
    """Say in its row that a value is not shown: not observed, or hidden by the gate."""
    for row, value in enumerate(values):
        if is_missing(value):
            axes.text(0.01, row, _("not shown"), transform=axes.get_yaxis_transform(), va="center", color=palette.MUTED)


def _write_values(axes: Axes, values: Any, ends: Any, written: Written, currency: str | None) -> None:
    """Write each value behind the end of its bar or interval."""
    speaker = Speaker(DisclosureRules(), currency or "")
    for row, (value, end) in enumerate(zip(values, ends, strict=True)):
        if not is_missing(value):
            words = written(value) if callable(written) else speaker.written(value, written)
            axes.annotate(words, (end, row), xytext=(6, 0), textcoords="offset points", va="center", color=palette.INK)
    left, right = axes.get_xlim()
    axes.set_xlim(left, right + (right - left) * 0.12)
