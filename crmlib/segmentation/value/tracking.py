"""Does the model keep step: repeat purchases week by week, as they came and as the model expects them."""

from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
import pandas as pd

from crmlib.features import DAYS_PER_WEEK
from crmlib.segmentation.customers.rhythm import purchase_days


def weekly_tracking(transactions: Any, split: date, as_of: date, model: Any) -> pd.DataFrame:
    """Compare repeat purchases with those expected of customers won before the split, week by week.

    The model was fitted before the split; each customer is expected to buy as a new customer of this model does from
    their first purchase on. Weeks after the split are foreseen, not fitted.

    Parameters
    ----------
    transactions
        The clean table (Ibis).
    split
        Exclusive end of what the model saw.
    as_of
        Exclusive end of what may be seen; a last week cut off by it is left out.
    model
        A fitted purchase model.

    Returns
    -------
    pandas.DataFrame
        One row a whole week since the first purchase: ``week`` (1, 2, …), ``ends`` (its last day), ``actual,
        expected`` (repeat purchase days in it), ``actual_cumulative, expected_cumulative, held_out`` (it ends after
        the split).

    References
    ----------
    Fader, Hardie & Lee (2005), Marketing Science 24(2), figures 3 and 4.
    """
    days = purchase_days(transactions, as_of)
    first = days.day.min().over(ibis.window(group_by=days.customer_id))
    known = days.mutate(first=first).filter(lambda t: t["first"] < ibis.date(split.isoformat()))
    starts = known.filter(known.gap.isnull()).group_by("day").agg(customers=lambda t: t.count()).to_pandas()
    repeats = known.filter(known.gap.notnull()).group_by("day").agg(repeats=lambda t: t.count()).to_pandas()
    if starts.empty:
        return pd.DataFrame(columns=["week", "ends", "actual", "expected", "held_out"])
    start = pd.Timestamp(starts["day"].min())
    weeks = np.arange(1, (pd.Timestamp(as_of) - start).days // DAYS_PER_WEEK + 1)
    cumulative = _expected(starts, start, weeks, model)
    week = (pd.to_datetime(repeats["day"]) - start).dt.days // DAYS_PER_WEEK + 1
    actual = repeats["repeats"].groupby(week).sum().reindex(weeks, fill_value=0).to_numpy(dtype="float64")
    ends = [start.date() + timedelta(days=int(DAYS_PER_WEEK * number) - 1) for number in weeks]
    return pd.DataFrame(
        {
            "week": weeks,
            "ends": pd.to_datetime(pd.Series(ends)),
            "actual": actual,
            "expected": np.diff(cumulative, prepend=0.0),
            "actual_cumulative": np.cumsum(actual),
            "expected_cumulative": cumulative,
            "held_out": [end >= split for end in ends],
        }
    )


def _expected(starts: pd.DataFrame, start: pd.Timestamp, weeks: Any, model: Any) -> Any:
    """Sum over first-purchase days what a new customer of each is expected to have bought by each week's end."""
    born = (pd.to_datetime(starts["day"]) - start).dt.days.to_numpy()
    # the last day of week w is day 7 w - 1; a customer's age then is counted as in T
    ages = (weeks[None, :] * DAYS_PER_WEEK - 1 - born[:, None]).clip(min=0) / DAYS_PER_WEEK
    return starts["customers"].to_numpy(dtype="float64") @ model.expected_purchases_new(ages)
