"""Where a picture comes from, what several of them share, and what is said where evidence is missing: never faked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crmlib.reporting import Shown, insufficient, note, palette
from crmlib.reporting.figures import lines
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.workspace import Run


@dataclass(frozen=True, slots=True)
class Gap:
    """Why something is not shown: what was needed, what was found, and whether a table was there but of no use."""

    needed: str
    found: str
    therefore: str
    delivered: bool = False

    def show(self) -> Shown:
        """Say it in full."""
        return insufficient(needed=self.needed, found=self.found, therefore=self.therefore)

    def show_briefly(self) -> Shown:
        """Say in one line that a part of the chapter needs the survey that is not there, or cannot be used."""
        if self.delivered:
            return note(_("Not shown: it needs a score of the survey that can be told."))
        return note(_("Not shown: it needs a survey of customers, and none was delivered."))


def source(run: Run, what: str, people: int, days: int | None = None) -> str:
    """Say where a picture comes from: the data, the days, and how many people."""
    period = _("up to {day:day}") if days is None else _("{days:count} days up to {day:day}")
    size = _("fewer than {n:count} people") if run.too_few(people) else _("n = {n:people}")
    n = run.fewest if run.too_few(people) else people
    return ", ".join([what, run.say(period, day=run.as_of - timedelta(days=1), days=days), run.say(size, n=n)])


def percent(frame: pd.DataFrame, name: str, low: str | None = None, high: str | None = None) -> pd.DataFrame:
    """Give a column and its interval (`<name>_low`, `<name>_high` where not said) times 100."""
    columns = (name, low or f"{name}_low", high or f"{name}_high")
    return frame.assign(**{column: frame[column] * 100 for column in columns})


def month_line(axes: Axes, frame: pd.DataFrame, value: str, unit: str) -> None:
    """Draw a value month by month, a dot a month, with the band of its interval."""
    lines(axes, frame, x="month", y=value, low=f"{value}_low", high=f"{value}_high", unit=unit)
    axes.scatter(frame["month"], frame[value], s=18, color=palette.ACCENT, zorder=4)
