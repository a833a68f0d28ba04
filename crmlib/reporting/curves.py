"""Drawings that judge a score: how much a ranking finds, and whether a probability holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmlib.reporting import palette
from crmlib.reporting.lines import MOST_SERIES
from crmlib.reporting.ticks import write_ticks
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd


def gain(axes: Any, frame: pd.DataFrame, *, reached: str, found: str, series: str, best: str = "") -> None:
    """Draw how many of those who left are found among the first so many of a list, against chance.

    Parameters
    ----------
    reached, found
        Columns with the share of customers contacted and the share found, both 0 to 1.
    series
        Column with the name of the ranking.
    best
        The ranking in colour; the others are grey (all in colour if not given).

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> curve = pd.DataFrame({"reached": [0.0, 1.0], "found": [0.0, 1.0], "ranking": ["recency", "recency"]})
    >>> gain(axes, curve, reached="reached", found="found", series="ranking")
    >>> axes.get_xlabel()
    'Customers contacted, highest risk first'
    """
    names = list(dict.fromkeys(frame[series]))
    axes.plot([0, 1], [0, 1], color=palette.CONTEXT, linewidth=1, linestyle=(0, (4, 3)))
    axes.annotate(_("by chance"), (0.72, 0.69), color=palette.MUTED, rotation=0, va="top")
    for name in names:
        part = frame[frame[series] == name]
        shade = palette.CONTEXT if best and name != best else palette.SERIES[names.index(name) % MOST_SERIES]
        axes.plot(part[reached], part[found], color=palette.ACCENT if name == best else shade, label=str(name))
    axes.legend(loc="lower right")
    axes.set_xlabel(_("Customers contacted, highest risk first"))
    axes.set_ylabel(_("Found of those who left"))
    for axis in (axes.xaxis, axes.yaxis):
        write_ticks(axis, "share")


def calibration(axes: Any, frame: pd.DataFrame, *, predicted: str, observed: str, low: str, high: str) -> None:
    """Draw what happened against what was predicted, group by group; on the diagonal the prediction holds.

    Parameters
    ----------
    predicted, observed, low, high
        Columns with the mean prediction of a group, the share it happened to and the ends of its interval, 0 to 1.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> groups = pd.DataFrame({"p": [0.2, 0.7], "y": [0.25, 0.66], "low": [0.2, 0.6], "high": [0.3, 0.72]})
    >>> calibration(axes, groups, predicted="p", observed="y", low="low", high="high")
    >>> axes.get_ylabel()
    'Observed'
    """
    top = float(frame[[predicted, high]].max().max()) * 1.05
    axes.plot([0, top], [0, top], color=palette.CONTEXT, linewidth=1, linestyle=(0, (4, 3)))
    axes.vlines(frame[predicted], frame[low], frame[high], color=palette.ACCENT, linewidth=2.2, alpha=0.55)
    axes.scatter(frame[predicted], frame[observed], s=42, color=palette.ACCENT, zorder=3)
    axes.set_xlabel(_("Predicted"))
    axes.set_ylabel(_("Observed"))
    for axis in (axes.xaxis, axes.yaxis):
        write_ticks(axis, "share")
