"""The pictures of chapter 01: plain functions of axes and disclosed frames."""

from typing import Any, Final

import pandas as pd

from crmlib.reporting import palette
from crmlib.reporting.figures import bars, calendar
from crmlib.words import _, formats

_WHOLE: Final = 10
"""An axis that reaches this far has whole numbers only."""


def days(axes: Any, frames: dict[str, pd.DataFrame]) -> None:
    """Draw lines and money of every day (two panels), days without a line in amber, the period's last day marked."""
    lines, money = axes
    by_day, gaps, end = frames["days"], frames["gaps"], frames["end"]
    for panel, name, unit in ((lines, "lines", _("Order lines a day")), (money, "revenue", _("Money a day"))):
        panel.plot(by_day["day"], by_day[name], color=palette.CONTEXT, linewidth=0.8)
        panel.plot(by_day["day"], by_day[name].rolling(28, min_periods=28).mean(), color=palette.ACCENT)
        panel.set_title(unit, color=palette.MUTED, fontweight="normal", loc="left")
        panel.axvline(end["day"].iloc[0], color=palette.MUTED, linewidth=1.0, linestyle=":")
        for start, stop in zip(gaps["start"], gaps["end"], strict=True):
            panel.axvspan(start, stop + pd.Timedelta(days=1), color=palette.ORANGE, alpha=0.5, linewidth=0)
        panel.set_ylim(bottom=min(0, panel.get_ylim()[0]))
        decimals = 0 if panel.get_ylim()[1] >= _WHOLE else 2
        panel.yaxis.set_major_formatter(lambda value, _place, decimals=decimals: formats.fixed(value, decimals))
        calendar(panel, by_day["day"])


def completeness(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the share of order lines that have a value, a bar a column."""
    shades = {
        name: palette.ACCENT if share >= 0.5 else palette.CONTEXT
        for name, share in zip(frame["label"], frame["share"], strict=True)
    }
    bars(
        axes,
        frame,
        label="label",
        value="share",
        unit=_("Share of lines with a value"),
        kind="share",
        colour=shades,
        written=formats.share,
    )
    axes.set_xlim(0, 1.12)
