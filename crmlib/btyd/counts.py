"""How many purchases a customer will make: the distribution, not only its mean."""

import numpy as np
import pandas as pd

from crmlib.btyd.draws import drawn
from crmlib.btyd.grouping import Array
from crmlib.btyd.histories import Histories
from crmlib.btyd.model import PurchaseModel, checked_weeks
from crmlib.stats import Estimate

NEGLIGIBLE = 1e-9
"""Chance of a further purchase below which a customer's distribution ends."""


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


def total_to_come(
    model: PurchaseModel,
    summary: pd.DataFrame,
    horizon: float,
    rng: np.random.Generator,
    *,
    draws: int = 100,
    confidence: float = 0.95,
) -> Estimate:
    """Forecast how many purchases all customers together will make, with the range in which it will lie.

    The interval holds both that the parameters are estimated (drawn as in `intervals`) and that customers vary.

    Parameters
    ----------
    model : PurchaseModel
        Fitted.
    summary : pandas.DataFrame
    horizon : float
        Weeks ahead.
    rng : numpy.random.Generator
    draws : int
    confidence : float

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD, simulate
    >>> rng = np.random.default_rng(1)
    >>> truth = BetaGeoNBD(r=1.0, alpha=5.0, a=0.8, b=2.5)
    >>> summary = simulate(truth, pd.DataFrame({"T": [40.0] * 2000}), rng, horizon=13)
    >>> forecast = total_to_come(BetaGeoNBD.fit(summary), summary, 13, rng, draws=20)
    >>> bool(forecast.low < summary["future"].sum() < forecast.high)
    True
    """
    histories, weeks = model.histories(summary), checked_weeks(horizon)
    value = float(histories.count @ model.expected(histories, weeks))
    means = np.array(
        [
            histories.count @ model.with_coefficients(one).expected(histories, weeks)
            for one in drawn(model, summary, draws, rng).coefficients
        ]
    )
    spread = np.sqrt(histories.count @ _variance(model, histories, weeks))
    outcomes = means[:, None] + spread * rng.standard_normal((draws, 50))
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    low, high = np.quantile(outcomes, tails, method="weibull")
    return Estimate(value, min(max(float(low), 0.0), value), max(float(high), value), len(summary), confidence)


def held_out_log_score(model: PurchaseModel, summary: pd.DataFrame, actual: pd.Series, horizon: float) -> Array:
    """Score each customer's forecast by the logarithm of the probability that it gave to what happened.

    A proper score: in expectation no forecast beats the true distribution.

    Parameters
    ----------
    model : PurchaseModel
    summary : pandas.DataFrame
    actual : pandas.Series
        Purchases within the horizon, on the summary's index.
    horizon : float

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD
    >>> model = BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> new = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [0.0]})
    >>> held_out_log_score(model, new, pd.Series([0]), 39).round(3)  # log .574
    array([-0.555])
    """
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


def _variance(model: PurchaseModel, histories: Histories, horizon: float) -> Array:
    """Sum (2 m - 1) P(at least m) to the second moment, less the squared mean."""
    rows = np.arange(len(histories.count))
    mean, square, count = np.zeros(len(rows)), np.zeros(len(rows)), 0
    while len(rows):
        count += 1
        reached = model.reaching(histories.take(rows), horizon, count)
        mean[rows] += reached
        square[rows] += (2 * count - 1) * reached
        rows = rows[reached > NEGLIGIBLE]
    variance: Array = np.maximum(square - mean**2, 0.0)
    return variance
