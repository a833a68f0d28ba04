"""Where a picture comes from, what several of them share, and what is said where evidence is missing: never faked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crmlib.reporting import Shown, insufficient, nothing, palette
from crmlib.reporting.figures import lines
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.workspace import Run


@dataclass(frozen=True, slots=True)
class Gap:
    """Why something is not shown: what was needed, what was found, and whether the data were there but of no use."""

    needed: str
    found: str
    therefore: str
    delivered: bool = False

    def show(self) -> Shown:
        """Say in full why data that are there do not tell; of what was not delivered one box speaks for all parts."""
        if not self.delivered:
            return self.leave_out()
        return insufficient(needed=self.needed, found=self.found, therefore=self.therefore)

    def leave_out(self) -> Shown:
        """Show nothing: another part says why."""
        return nothing(self.found)


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
