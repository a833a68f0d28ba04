"""Repeat purchases week by week, as they came and as a model expects them."""

import numpy as np
import pandas as pd

from crmlib.btyd.model import PurchaseModel
from crmlib.btyd.summary import DAYS_PER_WEEK


def daily_purchases(orders: pd.DataFrame) -> pd.DataFrame:
    """Count customers' first and repeat purchase days by day.

    Parameters
    ----------
    orders : pandas.DataFrame
        ``customer_id``, ``ordered_at``; rows without a customer are left out.

    Returns
    -------
    pandas.DataFrame
        Indexed by day: ``first``, ``repeat``.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-01-01", "2026-01-03", "2026-01-03"])
    >>> daily_purchases(pd.DataFrame({"customer_id": ["a", "a", "b"], "ordered_at": days}))["repeat"].tolist()
    [0, 1]
    """
    known = orders[orders["customer_id"].notna()]
    days = pd.DataFrame(
        {"customer_id": known["customer_id"], "day": pd.to_datetime(known["ordered_at"]).dt.normalize()}
    )
    days = days.drop_duplicates()
    first = days["day"] == days.groupby("customer_id")["day"].transform("min")
    counts = pd.DataFrame({"first": first.astype("int64"), "repeat": (~first).astype("int64")})
    return counts.groupby(days["day"]).sum()


def tracking(model: PurchaseModel, daily: pd.DataFrame) -> pd.DataFrame:
    """Set the repeat purchases of each week beside those that the model expects.

    Parameters
    ----------
    model : PurchaseModel
        Fitted on the first part of these days, so that the rest shows whether it holds.
    daily : pandas.DataFrame
        Indexed by day: ``first``, the customers who bought for the first time, and ``repeat``, the customers who
        bought again (see `daily_purchases`). To follow the fitted customers only, count no later arrivals.

    Returns
    -------
    pandas.DataFrame
        One row a whole week from the first day: ``week_end``, ``actual``, ``expected``, ``actual_cumulative``,
        ``expected_cumulative``. A last week that is not complete is left out.

    Raises
    ------
    ValueError
        When the days span less than a week.

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD
    >>> model = BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> days = pd.date_range("1997-01-01", periods=28)
    >>> daily = pd.DataFrame({"first": [100] + [0] * 27, "repeat": [0, 1] * 14}, index=days)
    >>> tracking(model, daily)["expected"].round(1).tolist()
    [4.6, 5.1, 4.8, 4.6]
    """
    days = pd.date_range(daily.index.min(), daily.index.max(), freq="D")
    weeks = len(days) // DAYS_PER_WEEK
    if weeks == 0:
        raise ValueError("less than a week of days: nothing to track")
    by_day = daily.reindex(days, fill_value=0).iloc[: weeks * DAYS_PER_WEEK]
    # Who first bought on day d is e - d days old at the end of day e, as customer_summary counts.
    ages = np.arange(len(by_day)) / DAYS_PER_WEEK
    curve = model.expected_purchases_new(ages)
    cumulative = np.convolve(by_day["first"].to_numpy(dtype=np.float64), curve)[: len(by_day)]
    ends = np.arange(1, weeks + 1) * DAYS_PER_WEEK - 1
    actual = by_day["repeat"].to_numpy().reshape(weeks, DAYS_PER_WEEK).sum(axis=1)
    return pd.DataFrame(
        {
            "week_end": by_day.index[ends],
            "actual": actual,
            "expected": np.diff(cumulative[ends], prepend=0.0),
            "actual_cumulative": np.cumsum(actual),
            "expected_cumulative": cumulative[ends],
        }
    )
