"""When members buy, and when they stop: the clock in which customers really buy, and the MBG/NBD process of each.

Purchases follow a Poisson process in *season time*, which runs faster in busy months and at weekends. A year of season
time is as long as a year of the calendar, so rates per week keep their meaning.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

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
        """Season time (in days) gone since the first day of trading."""
        grid = np.arange(len(self.passed), dtype=float)
        return np.asarray(np.interp(np.asarray(days, dtype=float), grid, self.passed))

    def calendar(self, season_time: npt.ArrayLike) -> Days:
        """Calendar days at which that much season time has gone; past the extract's end it runs at pace one."""
        grid = np.arange(len(self.passed), dtype=float)
        late = np.maximum(np.asarray(season_time, dtype=float) - self.passed[-1], 0.0)
        return np.asarray(np.interp(np.asarray(season_time, dtype=float), self.passed, grid) + late)


def make_season(plan: Plan, months_beyond: int = 14) -> Season:
    """Lay out season time for the plan's days and some months beyond, for horizons after the extract."""
    days = [plan.start + timedelta(days=d) for d in range(plan.horizon + 31 * months_beyond)]
    pace = np.array([MONTH_FACTORS[d.month - 1] * WEEKDAY_FACTORS[d.weekday()] for d in days])
    return Season(np.concatenate([[0.0], np.cumsum(pace)]))


def make_visits(plan: Plan, people: pd.DataFrame) -> pd.DataFrame:
    """Let every member buy, and after each purchase, the first included, stay or leave for good (MBG/NBD).

    One row a purchase: ``person``, ``at`` (calendar days since the first day of trading, fractional), ``leaves``.
    """
    # Batislam, Denizel & Filiztekin (2007): a Poisson process at the person's rate, and a coin after each purchase
    rng = plan.stream("visits")
    season = make_season(plan)
    buyers = people.index[~people["prospect"]].to_numpy()
    clock = season.until(people.loc[buyers, "first_day"])
    per_day = people.loc[buyers, "rate"].to_numpy() / 7
    dropout = people.loc[buyers, "dropout"].to_numpy()
    end = float(season.until(float(plan.horizon)))
    rows = []
    while len(buyers):
        leaves = rng.random(len(buyers)) < dropout
        rows.append(pd.DataFrame({"person": buyers, "clock": clock, "leaves": leaves}))
        following = clock + rng.exponential(1 / per_day)
        goes_on = ~leaves & (following < end)
        buyers, clock, per_day, dropout = buyers[goes_on], following[goes_on], per_day[goes_on], dropout[goes_on]
    visits = pd.concat(rows, ignore_index=True)
    visits["at"] = season.calendar(visits.pop("clock"))
    return visits.sort_values(["person", "at"], ignore_index=True)[["person", "at", "leaves"]]
