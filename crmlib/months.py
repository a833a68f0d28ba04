"""Months: numbers for them, the day some months earlier, how many lie between two days, and which are cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from datetime import date

    from ibis import Value
    from numpy.typing import ArrayLike

MONTHS_PER_YEAR = 12


def month_number(column: Value) -> Value:
    """Give consecutive numbers to the months of a timestamp column (year x 12 + month - 1), alike on every engine."""
    return (column.year() * MONTHS_PER_YEAR + column.month() - 1).cast("int64")


def number_of(day: date) -> int:
    """Give the number of the month that a day lies in."""
    return day.year * MONTHS_PER_YEAR + day.month - 1


def month_start(numbers: ArrayLike) -> pd.Series:
    """Give the first day of each numbered month."""
    since_1970 = np.atleast_1d(np.asarray(numbers, dtype="int64")) - 1970 * MONTHS_PER_YEAR
    return pd.Series(since_1970.astype("datetime64[M]").astype("datetime64[us]"))


def last_month(as_of: date) -> int:
    """Give the number of the last month that a report sees anything of."""
    return number_of(as_of) - (as_of.day == 1)


def last_months(as_of: date, months: int) -> pd.Timestamp:
    """Give the first day of the last so many calendar months that a report sees anything of."""
    first: pd.Timestamp = month_start(last_month(as_of) - months + 1).iloc[0]
    return first


def cut_off(months: pd.Series, as_of: date) -> pd.Series:
    """Say of months, by their first days, whether the report ends before they do."""
    ends: pd.Series = pd.to_datetime(months) + pd.offsets.MonthBegin(1)
    return ends > pd.Timestamp(as_of)


def earlier(day: date, months: int) -> date:
    """Give the same day of a month so many months before; the last day of it where it is shorter."""
    return (pd.Timestamp(day) - pd.DateOffset(months=months)).date()


def months_before(as_of: date, months: int) -> date:
    """Move the exclusive end of a period back by months: of whole months the first of one, else by its last day."""
    if as_of.day == 1:
        return earlier(as_of, months)
    last = pd.Timestamp(as_of) - pd.Timedelta(days=1)
    return (last - pd.DateOffset(months=months) + pd.Timedelta(days=1)).date()


def whole_months(start: date, end: date) -> int:
    """Count the whole months from one day to another."""
    return number_of(end) - number_of(start) - (end.day < start.day)
