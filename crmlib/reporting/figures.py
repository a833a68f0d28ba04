"""Drawings that several chapters share: plain functions of axes and a frame, called inside a chapter's own `draw`.

Each draws on the styled axes that `figure` provides and labels directly rather than with a legend. Columns are named by
the caller; missing values (not observed, or hidden by the gate) leave a gap.
"""

from crmlib.reporting.grids import heatmap
from crmlib.reporting.lines import calendar, calibration, label_ends, lines
from crmlib.reporting.rows import bars, dots
from crmlib.reporting.ticks import write_ticks

__all__ = [
    "bars",
    "calendar",
    "calibration",
    "dots",
    "heatmap",
    "label_ends",
    "lines",
    "write_ticks",
]
