"""The drawing that judges a score: whether a probability holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmlib.reporting import palette
from crmlib.reporting.ticks import write_ticks
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd


def calibration(axes: Any, frame: pd.DataFrame, *, predicted: str, observed: str, low: str, high: str) -> None:
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
