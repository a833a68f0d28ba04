"""The weeks, months or quarters that cohorts are made of, numbered so that an age is a difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.features import DAYS_PER_WEEK
from crmlib.months import month_number, month_start, number_of
from crmlib.words import N_, _

if TYPE_CHECKING:
    from ibis import Value
    from numpy.typing import ArrayLike

    from crmlib.workspace import Run

_MONTHS: Final = {"month": 1, "quarter": 3}
_A_MONDAY: Final = date(1970, 1, 5)


@dataclass(frozen=True, slots=True)
class Period:
    """What a cohort is won in and followed by: a week from Monday, a calendar month or a quarter."""

    code: str
    one: str
    several: str

    def number(self, column: Value) -> Value:
        """Give consecutive numbers to the periods of a timestamp column, alike on every engine."""
        if self.code in _MONTHS:
            return (month_number(column) // _MONTHS[self.code]).cast("int64")
        days = column.date().delta(ibis.date(_A_MONDAY.isoformat()), unit="day")
        return (days // DAYS_PER_WEEK).cast("int64")

    def start(self, numbers: ArrayLike) -> pd.Series:
        """Give the first day of each numbered period."""
        counted = np.asarray(numbers, dtype="int64")
        if self.code in _MONTHS:
            return month_start(counted * _MONTHS[self.code])
        days = np.datetime64(_A_MONDAY, "D") + counted * DAYS_PER_WEEK
        return pd.Series(days.astype("datetime64[us]"))

    def last(self, as_of: date) -> int:
        """Give the number of the last period that a report sees anything of."""
        day = as_of - timedelta(days=1)
        if self.code in _MONTHS:
            return number_of(day) // _MONTHS[self.code]
        return (day - _A_MONDAY).days // DAYS_PER_WEEK

    def is_cut(self, as_of: date) -> bool:
        """Say whether the report's date cuts the last period off."""
        return bool(self.start([self.last(as_of) + 1]).iloc[0] > pd.Timestamp(as_of))

    def named(self, day: pd.Timestamp, run: Run) -> str:
        """Name the period that begins on a day: its month, its quarter, or a week by its Monday."""
        if self.code == "quarter":
            return _("{year} Q{quarter}").format(year=day.year, quarter=day.quarter)
        return run.say("{day:month}" if self.code == "month" else "{day:day}", day=day)

    @property
    def words(self) -> dict[str, str]:
        """Its name and its plural in the report's language, as ``period`` and ``periods``."""
        return {"period": _(self.one), "periods": _(self.several)}


PERIODS: Final = {
    "week": Period("week", N_("week"), N_("weeks")),
    "month": Period("month", N_("month"), N_("months")),
    "quarter": Period("quarter", N_("quarter"), N_("quarters")),
}
"""By the code of `segmentation.cohort_by`."""
MONTH: Final = PERIODS["month"]
