"""What the pictures of chapter 04 share: shares in per cent, and a score month by month."""

from typing import Any

import pandas as pd

from crmlib.reporting import palette
from crmlib.reporting.figures import lines


def percent(frame: pd.DataFrame, name: str, low: str | None = None, high: str | None = None) -> pd.DataFrame:
    """Give a column and its interval (`<name>_low`, `<name>_high` where not said) times 100."""
    columns = (name, low or f"{name}_low", high or f"{name}_high")
    return frame.assign(**{column: frame[column] * 100 for column in columns})


def month_line(axes: Any, frame: pd.DataFrame, value: str, unit: str) -> None:
    """Draw a value month by month, a dot a month, with the band of its interval."""
    lines(axes, frame, x="month", y=value, low=f"{value}_low", high=f"{value}_high", unit=unit)
    axes.scatter(frame["month"], frame[value], s=18, color=palette.ACCENT, zorder=4)
