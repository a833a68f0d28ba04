"""How many purchases a customer will make: the distribution, not only its mean."""

import numpy as np
import pandas as pd

from crmlib.btyd.histories import Array
from crmlib.btyd.model import PurchaseModel, checked_weeks


def count_probabilities(model: PurchaseModel, summary: pd.DataFrame, horizon: float, up_to: int) -> pd.DataFrame:
    """Give each customer's probability of 0, 1, 2, … purchases in the weeks ahead.

    Parameters
    ----------
    model : PurchaseModel
    summary : pandas.DataFrame
        ``frequency``, ``recency``, ``T``.
    horizon : float
        Weeks ahead.
    up_to : int
        Largest count of its own; the last column holds the probability of more.

    Returns
    -------
    pandas.DataFrame
        Columns ``0 … up_to`` and ``more``; rows sum to 1.

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD
    >>> model = BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> new = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [0.0]})
    >>> count_probabilities(model, new, 39, up_to=1).round(3)
           0      1   more
    0  0.574  0.199  0.227
    """
    histories = model.histories(summary)
    weeks = checked_weeks(horizon)
    reached = np.array([model.reaching(histories, weeks, count) for count in range(up_to + 2)])
    columns = np.vstack([reached[:-1] - reached[1:], reached[-1]])[:, histories.back]
    names = [*range(up_to + 1), "more"]
    return pd.DataFrame(np.maximum(columns, 0.0).T, index=summary.index, columns=names)


def count_intervals(
    model: PurchaseModel, summary: pd.DataFrame, horizon: float, confidence: float = 0.95
) -> pd.DataFrame:
    """Give the range in which each customer's number of purchases will lie, the parameters taken as known.

    Parameters
    ----------
    model : PurchaseModel
    summary : pandas.DataFrame
        ``frequency``, ``recency``, ``T``.
    horizon : float
        Weeks ahead.
    confidence : float
        At least this share of outcomes lies in the range; counts are whole, so that it is often more.

    Returns
    -------
    pandas.DataFrame
        ``low``, ``high``: whole numbers, on the summary's index.

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD
    >>> model = BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> customer = pd.DataFrame({"frequency": [20], "recency": [38.0], "T": [38.86]})
    >>> count_intervals(model, customer, 39)
       low  high
    0    0    29
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share between 0 and 1; got {confidence}")
    histories, weeks = model.histories(summary), checked_weeks(horizon)
    tail = (1 - confidence) / 2
    low, high = np.zeros(len(histories.count), dtype=np.int64), np.zeros(len(histories.count), dtype=np.int64)
    rows, count = np.arange(len(histories.count)), 0
    while len(rows):
        count += 1
        reached = model.reaching(histories.take(rows), weeks, count)
        # low is the largest count reached with more than 1 - tail, high that reached with more than tail.
        low[rows[reached >= 1 - tail]] = count
        high[rows[reached > tail]] = count
        rows = rows[reached > tail]
    bounds = np.array([low, high])[:, histories.back]
    return pd.DataFrame(bounds.T, index=summary.index, columns=["low", "high"])


def held_out_log_score(model: PurchaseModel, summary: pd.DataFrame, actual: pd.Series, horizon: float) -> Array:
    """Score each customer's forecast by the log probability that it gave to what happened: a proper score."""
    histories, weeks = model.histories(summary), checked_weeks(horizon)
    happened = actual.to_numpy(dtype=np.int64)
    scores = np.empty(len(happened))
    for count in np.unique(happened):
        who = np.flatnonzero(happened == count)
        places, back = np.unique(histories.back[who], return_inverse=True)
        some = histories.take(places)
        chance = model.reaching(some, weeks, int(count)) - model.reaching(some, weeks, int(count) + 1)
        scores[who] = np.log(np.maximum(chance, np.finfo(np.float64).tiny))[back]
    return scores
