"""When a customer will buy next, if ever."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlib.btyd.model import PurchaseModel
from crmlib.btyd.summary import DAYS_PER_WEEK

FIRST, LAST = 1e-3, 5_200.0
"""Weeks between which a next purchase is looked for: ten minutes and a hundred years."""

HALVINGS = 45
"""Halvings of that range in logarithms: exact to 1e-12 of the time."""


def weeks_to_next_purchase(
    model: PurchaseModel, summary: pd.DataFrame, quantiles: Sequence[float] = (0.25, 0.5, 0.75)
) -> pd.DataFrame:
    """Give the weeks within which each customer buys again with these probabilities.

    Parameters
    ----------
    model : PurchaseModel
    summary : pandas.DataFrame
        ``frequency``, ``recency``, ``T``.
    quantiles : sequence of float
        Probabilities between 0 and 1.

    Returns
    -------
    pandas.DataFrame
        One column a quantile; infinite where the customer is less likely than that to come back at all.

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD
    >>> model = BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> customers = pd.DataFrame({"frequency": [20, 2], "recency": [38.0, 10.0], "T": [38.86, 38.86]})
    >>> weeks_to_next_purchase(model, customers, [0.5]).round(1)
       0.5
    0  1.6
    1  inf
    """
    wrong = [quantile for quantile in quantiles if not 0 < quantile < 1]
    if wrong:
        raise ValueError(f"quantiles are probabilities between 0 and 1; got {wrong}")
    histories = model.histories(summary)
    weeks = {}
    for quantile in quantiles:
        low, high = (np.full(len(histories.count), limit) for limit in (FIRST, LAST))
        never = model.returning(histories, high) < quantile
        for _ in range(HALVINGS):
            middle = np.sqrt(low * high)
            bought = model.returning(histories, middle) >= quantile
            low, high = np.where(bought, low, middle), np.where(bought, middle, high)
        weeks[quantile] = np.where(never, np.inf, high)[histories.back]
    return pd.DataFrame(weeks, index=summary.index)


def next_purchase_dates(
    model: PurchaseModel,
    summary: pd.DataFrame,
    observation_end: str | dt.date | pd.Timestamp,
    quantiles: Sequence[float] = (0.25, 0.5, 0.75),
) -> pd.DataFrame:
    """Give the days by which each customer buys again with these probabilities.

    Parameters
    ----------
    model, summary, quantiles
        As in `weeks_to_next_purchase`.
    observation_end : str, date or Timestamp
        The last day observed, from which the weeks count.

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
