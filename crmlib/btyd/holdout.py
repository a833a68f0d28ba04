"""What customers did after a cutoff, set aside to judge what was expected of them."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from crmlib.btyd.summary import DAYS_PER_WEEK, customer_summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdout:
    """Customers as known at a cutoff, and their purchases after it.

    Attributes
    ----------
    summary : pandas.DataFrame
        One row a customer (see `customer_summary`), as of the cutoff.
    actual : pandas.Series
        Purchase days in the horizon, on the summary's index.
    horizon : float
        Weeks held out.
    """

    summary: pd.DataFrame
    actual: pd.Series
    horizon: float

    def __post_init__(self) -> None:
        if not self.actual.index.equals(self.summary.index):
            raise ValueError("actual purchases and the summary must have the same index")
        if self.actual.isna().any() or (self.actual < 0).any():
            raise ValueError("actual purchases are counts: none may be missing or negative")
        if not self.horizon > 0:
            raise ValueError(f"a holdout lasts some weeks; got {self.horizon}")


def hold_out(
    orders: pd.DataFrame,
    fit_end: str | dt.date | pd.Timestamp,
    observation_end: str | dt.date | pd.Timestamp,
    *,
    gaps: bool = True,
) -> Holdout:
    """Summarise customers at an earlier day and count what they bought from then to the end.

    Parameters
    ----------
    orders : pandas.DataFrame
        ``customer_id``, ``ordered_at``[, ``amount``].
    fit_end : str, date or Timestamp
        The last day that a model may see.
    observation_end : str, date or Timestamp
        The last day held out.
    gaps : bool
        Whether the summary has ``log_gaps``.

    Raises
    ------
    ValueError
        When the end is not after the cutoff.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-01-01", "2026-01-08", "2026-01-20"])
    >>> orders = pd.DataFrame({"customer_id": ["a", "a", "a"], "ordered_at": days})
    >>> held = hold_out(orders, "2026-01-14", "2026-01-28")
    >>> held.actual.tolist(), held.horizon
    ([1], 2.0)
    """
    start, end = pd.Timestamp(fit_end).normalize(), pd.Timestamp(observation_end).normalize()
    if end <= start:
        raise ValueError(f"the holdout ends {end.date()}, not after the fit at {start.date()}")
    summary = customer_summary(orders, start, gaps=gaps)
    until_end = customer_summary(orders, end)["frequency"].reindex(summary.index)
    actual = (until_end - summary["frequency"]).rename("actual")
    return Holdout(summary=summary, actual=actual, horizon=(end - start).days / DAYS_PER_WEEK)


def inner_cutoff(
    first_day: str | dt.date | pd.Timestamp, last_day: str | dt.date | pd.Timestamp, share: float = 2 / 3
) -> pd.Timestamp:
    """Give the day at which to split a fit window, so that models can be chosen without looking past it.

    Parameters
    ----------
    first_day, last_day : str, date or Timestamp
        The fit window.
    share : float
        Part of the window to fit on; two thirds of 39 weeks are 26 + 13.

    Examples
    --------
    >>> inner_cutoff("1997-01-01", "1997-09-30")
    Timestamp('1997-07-01 00:00:00')
    """
    if not 0 < share < 1:
        raise ValueError(f"share is between 0 and 1; got {share}")
    start, end = pd.Timestamp(first_day).normalize(), pd.Timestamp(last_day).normalize()
    held_out_weeks = round(((end - start).days + 1) * (1 - share) / DAYS_PER_WEEK)
    cutoff = end - pd.Timedelta(weeks=max(held_out_weeks, 1))
    if cutoff <= start:
        raise ValueError("the window is too short to hold out a week of it")
    return cutoff
