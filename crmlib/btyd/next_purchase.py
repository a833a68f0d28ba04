"""When a customer will buy next, if ever."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize.elementwise import find_root

from crmlib.btyd.histories import Array, Histories
from crmlib.btyd.model import PurchaseModel
from crmlib.btyd.summary import DAYS_PER_WEEK

FIRST, LAST = 1e-3, 5_200.0
"""Weeks between which a next purchase is looked for: ten minutes and a hundred years."""

PRECISION = 1e-12
"""Relative to the time."""


def weeks_to_next_purchase(
    model: PurchaseModel, summary: pd.DataFrame, quantiles: Sequence[float] = (0.25, 0.5, 0.75)
) -> pd.DataFrame:
    """Give the weeks within which each customer buys again with these probabilities; infinite where never likely."""
    wrong = [quantile for quantile in quantiles if not 0 < quantile < 1]
    if wrong:
        raise ValueError(f"quantiles are probabilities between 0 and 1; got {wrong}")
    histories = model.histories(summary)
    weeks = {quantile: _reached(model, histories, quantile)[histories.back] for quantile in quantiles}
    return pd.DataFrame(weeks, index=summary.index)


def _reached(model: PurchaseModel, histories: Histories, quantile: float) -> Array:
    """Find for each history the weeks within which the probability of a purchase reaches the quantile."""
    weeks: Array = np.full(len(histories.count), np.inf)
    at_once = model.returning(histories, np.full(len(weeks), FIRST)) >= quantile
    weeks[at_once] = FIRST
    (likely,) = np.nonzero(~at_once & (model.returning(histories, np.full(len(weeks), LAST)) >= quantile))
    if len(likely):
        found = find_root(
            lambda log_weeks, places: model.returning(histories.take(places), np.exp(log_weeks)) - quantile,
            (np.log(FIRST), np.log(LAST)),
            args=(likely,),
            tolerances={"xatol": PRECISION, "xrtol": 0, "fatol": 0, "frtol": 0},
        )
        weeks[likely] = np.exp(found.x)
    return weeks


def next_purchase_dates(
    model: PurchaseModel,
    summary: pd.DataFrame,
    observation_end: str | dt.date | pd.Timestamp,
    quantiles: Sequence[float] = (0.25, 0.5, 0.75),
) -> pd.DataFrame:
    """Give the days by which each customer buys again with these probabilities.

    Parameters
    ----------
    model : PurchaseModel
    summary : pandas.DataFrame
        ``frequency``, ``recency``, ``T``.
    observation_end : str, date or Timestamp
        The last day observed, from which the weeks count.
    quantiles : sequence of float
        Probabilities between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        One column of days a quantile; missing where the customer is less likely than that to come back at all.

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD
    >>> model = BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> customers = pd.DataFrame({"frequency": [20, 2], "recency": [38.0, 10.0], "T": [38.86, 38.86]})
    >>> next_purchase_dates(model, customers, "1997-09-30", [0.5])[0.5].dt.strftime("%Y-%m-%d").tolist()
    ['1997-10-12', nan]
    """
    weeks = weeks_to_next_purchase(model, summary, quantiles)
    end = pd.Timestamp(observation_end).normalize()
    days = {quantile: np.ceil(column.where(column < np.inf) * DAYS_PER_WEEK) for quantile, column in weeks.items()}
    return pd.DataFrame({quantile: end + pd.to_timedelta(column, unit="D") for quantile, column in days.items()})
