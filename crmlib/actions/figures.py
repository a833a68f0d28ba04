"""The pictures of chapter 05."""

from typing import Any

import pandas as pd

from crmlib.reporting import palette
from crmlib.reporting.figures import bars, dots
from crmlib.words import _
from crmlib.words.formats import count, fixed


def reasons(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the customers on the list by reason."""
    bars(axes, frame, label="why", value="customers", unit=_("Customers on the list"), written=count)


def effects(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the effect of each campaign with its interval, and the line of no effect."""
    points = frame.assign(**{name: frame[name] * 100 for name in ("effect", "low", "high")})
    dots(
        axes,
        points,
        label="campaign_id",
        value="effect",
        low="low",
        high="high",
        unit=_("Response of those contacted less that of the control group, points"),
        written=lambda value: fixed(value, 1),
    )
    axes.axvline(0, color=palette.MUTED, linewidth=1, zorder=0)
