"""The calendar of the chain: a mild season, a weekly rhythm, and the clock in which customers really buy.

Purchases follow a Poisson process in *season time*, which runs faster in busy months and at weekends. A year of season
time is as long as a year of the calendar, so rates per week keep their meaning.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from crmlib.demo.plan import Plan

Days = npt.NDArray[np.float64]

MONTH_FACTORS: Final = (1.05, 0.95, 0.95, 0.98, 1.0, 1.05, 0.98, 0.97, 1.0, 1.02, 1.05, 1.0)
"""Trade by month, January to December: the new year, 18 June and 11 November are busy."""

WEEKDAY_FACTORS: Final = (0.90, 0.88, 0.90, 0.93, 1.05, 1.20, 1.14)
"""Trade by weekday, Monday to Sunday."""

CLOSED: Final = (date(2025, 1, 29), date(2026, 2, 17))
"""Chinese New Year's Day: the stores are shut, only web and mini-programme sell."""


@dataclass(frozen=True, slots=True)
class Season:
    """Season time against calendar days: ``passed[d]`` is the season time gone at the start of day ``d``."""

    passed: Days

    def until(self, days: npt.ArrayLike) -> Days:
        """Season time (in days) gone since the first day of trading.

        Examples
        --------
        >>> season = make_season(Plan())
        >>> round(float(season.until(365.0)), 1)
        365.1
        """
        grid = np.arange(len(self.passed), dtype=float)
        return np.asarray(np.interp(np.asarray(days, dtype=float), grid, self.passed))

    def calendar(self, season_time: npt.ArrayLike) -> Days:
        """Calendar days at which that much season time has gone; past the extract's end it runs at pace one."""
        grid = np.arange(len(self.passed), dtype=float)
        late = np.maximum(np.asarray(season_time, dtype=float) - self.passed[-1], 0.0)
        return np.asarray(np.interp(np.asarray(season_time, dtype=float), self.passed, grid) + late)


def make_season(plan: Plan, months_beyond: int = 14) -> Season:
    """Lay out season time for the plan's days and some months beyond, for horizons after the extract.

    Examples
    --------
    >>> season = make_season(Plan())
    >>> round(float(season.calendar(season.until(100.5))), 6)
    100.5
    """
    days = [plan.start + timedelta(days=d) for d in range(plan.horizon + 31 * months_beyond)]
    pace = np.array([MONTH_FACTORS[d.month - 1] * WEEKDAY_FACTORS[d.weekday()] for d in days])
    return Season(np.concatenate([[0.0], np.cumsum(pace)]))
