"""From orders to one row a customer: how often, how recently, for how long, how much."""

import datetime as dt

import numpy as np
import pandas as pd

DAYS_PER_WEEK = 7


def customer_summary(
    orders: pd.DataFrame, observation_end: str | dt.date | pd.Timestamp, *, gaps: bool = False
) -> pd.DataFrame:
    """Condense each customer's purchases into what the purchase models need to know.

    Purchases of one day count once; time is days / 7, fractional. Purchases after the last observed day are
    ignored, and so are rows without a customer.

    Parameters
    ----------
    orders : pandas.DataFrame
        One row a purchase (or order line) with ``customer_id``, ``ordered_at`` and, if spend is wanted, ``amount``.
        Returns are not purchases: leave them out.
    observation_end : str, date or Timestamp
        The last day observed, inclusive.
    gaps : bool
        Add ``log_gaps``, the sum of the logarithms of the weeks between purchase days: what
        `ModifiedBetaGeoCNBD` learns the regularity of purchases from.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``customer_id``, sorted: ``frequency`` (repeat purchase days), ``recency`` (weeks from first to last
        purchase), ``T`` (weeks from first purchase to ``observation_end``) and, where there is an amount,
        ``monetary_value`` (mean amount of a repeat purchase day, missing at frequency 0).

    Raises
    ------
    ValueError
        When a column or a purchase's time is missing.

    Notes
    -----
    The convention of Fader, Hardie & Lee, "Counting your customers the easy way", Marketing Science 24(2), 2005.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["a", "a", "a", "b"],
    ...     "ordered_at": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-01-15", "2026-01-08"]),
    ...     "amount": [10.0, 5.0, 30.0, 8.0],
    ... })
    >>> customer_summary(orders, "2026-01-29").reset_index()
      customer_id  frequency  recency    T  monetary_value
    0           a          1      2.0  4.0            30.0
    1           b          0      0.0  3.0             NaN
    """
    days = _purchase_days(orders, pd.Timestamp(observation_end).normalize())
    by_customer = days.groupby("customer_id", sort=True)
    spans = by_customer["day"].agg(["min", "max", "count"])
    end = pd.Timestamp(observation_end).normalize()
    summary = pd.DataFrame(
        {
            "frequency": spans["count"] - 1,
            "recency": (spans["max"] - spans["min"]).dt.days / DAYS_PER_WEEK,
            "T": (end - spans["min"]).dt.days / DAYS_PER_WEEK,
        }
    )
    if "amount" in days:
        repeats = days[days["day"] > days["customer_id"].map(spans["min"])]
        spend = repeats.groupby("customer_id")["amount"].sum().reindex(summary.index)
        summary["monetary_value"] = spend / summary["frequency"].where(summary["frequency"] > 0)
    if gaps:
        weeks = by_customer["day"].diff().dt.days / DAYS_PER_WEEK
        summary["log_gaps"] = np.log(weeks).groupby(days["customer_id"]).sum()
    return summary


def _purchase_days(orders: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Give one row a customer and day, sorted, with the day's amount where there is one."""
    missing = [column for column in ("customer_id", "ordered_at") if column not in orders.columns]
    if missing:
        raise ValueError(f"orders lack {missing}; found the columns {list(orders.columns)}")
    orders = orders[orders["customer_id"].notna()]
    times = pd.to_datetime(orders["ordered_at"])
    if times.isna().any():
        raise ValueError(f"{int(times.isna().sum())} orders have no ordered_at: set them aside before the summary")
    if times.dt.tz is not None:
        times = times.dt.tz_localize(None)
    days = pd.DataFrame({"customer_id": orders["customer_id"], "day": times.dt.normalize()})
    if "amount" in orders.columns:
        days["amount"] = orders["amount"].astype("float64")
    days = days[days["day"] <= end]
    if "amount" in days:
        return days.groupby(["customer_id", "day"], sort=True)["amount"].sum().reset_index()
    return days.drop_duplicates().sort_values(["customer_id", "day"], ignore_index=True)
