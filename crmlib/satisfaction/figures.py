"""The pictures of chapter 04: functions of axes and a disclosed frame."""

from typing import Any, Final

import pandas as pd

from crmlib.reporting import palette
from crmlib.reporting.figures import bars, dots, lines
from crmlib.satisfaction.groups import ABOVE, BELOW
from crmlib.words import _
from crmlib.words.formats import fixed, points

_STANDS: Final = {ABOVE: palette.BLUE, BELOW: palette.RED}


def score_by_month(axes: Any, frame: pd.DataFrame) -> None:
    """Draw a score by month with its interval; the scale's zero is where promoters and detractors balance."""
    lines(axes, frame, x="month", y="nps", low="nps_low", high="nps_high", unit=_("Net promoter score (points)"))
    axes.scatter(frame["month"], frame["nps"], s=18, color=palette.ACCENT, zorder=4)
    axes.axhline(0, color=palette.CONTEXT, linewidth=1, zorder=1)


def top_box_by_month(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the share of very satisfied customers by month with its interval."""
    percent = _percent(frame, "top_box", "top_box_low", "top_box_high")
    lines(axes, percent, x="month", y="top_box", low="top_box_low", high="top_box_high", unit=_("Very satisfied (%)"))
    axes.scatter(percent["month"], percent["top_box"], s=18, color=palette.ACCENT, zorder=4)


def places(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the score of each place with its interval, in colour where it stands apart from the others."""
    shades = _shades(frame)
    unit = _("Net promoter score (points)")
    low, high = "nps_low", "nps_high"
    dots(axes, frame, label="name", value="nps", low=low, high=high, unit=unit, colour=shades, written=points)


def places_by_top_box(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the share of the very satisfied in each place, where recommendation was not asked."""
    percent = _percent(frame, "top_box", "top_box_low", "top_box_high")
    unit, low, high = _("Very satisfied (%)"), "top_box_low", "top_box_high"
    dots(axes, percent, label="name", value="top_box", low=low, high=high, unit=unit, colour=_shades(frame))


def _shades(frame: pd.DataFrame) -> dict[Any, str]:
    return {
        name: _STANDS.get(str(stands), palette.CONTEXT) for name, stands in zip(frame.name, frame.stands, strict=True)
    }


def drivers(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the part of the differences in satisfaction that each driver accounts for."""
    percent = _percent(frame, "importance", "low", "high")
    unit = _("Part of the differences in satisfaction accounted for (%)")
    bars(
        axes,
        percent,
        label="driver",
        value="importance",
        low="low",
        high="high",
        unit=unit,
        written=lambda x: fixed(x, 1),
    )


def bought_again(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the share that bought again by the score they had given."""
    percent = _percent(frame, "share", "low", "high")
    unit = _("Bought again (% of the customers)")
    dots(axes, percent, label="group", value="share", low="low", high="high", unit=unit, written=lambda x: fixed(x, 0))


def settled(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the share of complaints settled by the days waited."""
    percent = _percent(frame, "share", "low", "high")
    axes.fill_between(
        percent["days"], percent["low"], percent["high"], step="post", color=palette.ACCENT, alpha=0.15, linewidth=0
    )
    axes.step(percent["days"], percent["share"], where="post", color=palette.ACCENT)
    axes.set_title(_("Complaints settled (%)"), color=palette.MUTED, fontweight="normal")
    axes.set_xlabel(_("Days since the complaint"))
    axes.set_ylim(0, 100)


def returns_by_month(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the money taken back over the money sold, by month."""
    percent = _percent(frame, "rate", "low", "high")
    lines(axes, percent, x="month", y="rate", low="low", high="high", unit=_("Money taken back (% of money sold)"))
    axes.scatter(percent["month"], percent["rate"], s=18, color=palette.ACCENT, zorder=4)
    axes.set_ylim(bottom=0)


def _percent(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame.assign(**{name: frame[name] * 100 for name in names})
