"""Ranks, and how well a score puts customers in order."""

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats as distributions

from crmlib.stats.estimate import Estimate

_ENOUGH = 2  # a spread needs two observations on either side


@dataclass(frozen=True, slots=True)
class _Placements:
    """How each customer's score stands among the customers of the other kind."""

    area: float
    positives: NDArray[np.float64]
    negatives: NDArray[np.float64]


def average_ranks(values: ArrayLike) -> NDArray[np.float64]:
    """Rank from 1 upwards, equal values sharing the mean of their ranks, so that equal customers stay equal."""
    return np.asarray(distributions.rankdata(values, method="average"), dtype=float)


def auc(outcome: ArrayLike, score: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Estimate how often a customer with the outcome scores above one without it: 0.5 is a coin, 1 is perfect.

    Equal scores count half. The interval is built on the logit of the area, so that it stays inside (0, 1).

    Parameters
    ----------
    outcome
        1 or True for customers with the outcome (for example churned), else 0.
    score
        One number a customer, higher where the outcome is thought more likely.

    Returns
    -------
    Estimate
        Unknown where all outcomes are alike.

    Raises
    ------
    ValueError
        If outcomes are other than 0 and 1, a score is missing, or the lengths differ.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44; computed from mid-ranks as in Sun & Xu (2014), IEEE SPL 21.

    Examples
    --------
    >>> f"{auc([0, 0, 0, 1, 1, 1], [0.1, 0.4, 0.35, 0.8, 0.3, 0.9]):.2f}"
    '0.78 [0.17, 0.98] (95 %, n = 6)'
    """
    happened, scores = _checked(outcome, score)
    n = len(happened)
    if happened.all() or not happened.any():
        return Estimate.unknown(n, confidence)
    placed = _placements(happened, scores)
    error = sqrt(_variance(placed.positives) + _variance(placed.negatives))
    if min(happened.sum(), n - happened.sum()) < _ENOUGH or not 0 < placed.area < 1:
        return Estimate(placed.area, float("nan"), float("nan"), n, confidence)
    centre = log(placed.area / (1 - placed.area))
    reach = _z(confidence) * error / (placed.area * (1 - placed.area))
    return Estimate(placed.area, _logistic(centre - reach), _logistic(centre + reach), n, confidence)


def _checked(outcome: ArrayLike, score: ArrayLike) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    given, scores = np.asarray(outcome, dtype=float), np.asarray(score, dtype=float)
    if scores.shape != given.shape:
        raise ValueError("outcome and score have one length, one value a customer")
    if not np.isin(given, (0, 1)).all():
        raise ValueError("an outcome is 0 or 1 (or False or True) for every customer")
    if np.isnan(scores).any():
        raise ValueError("a score is missing: customers without a score cannot be put in order")
    return given == 1, scores


def _placements(happened: NDArray[np.bool_], score: NDArray[np.float64]) -> _Placements:
    n_positive, n_negative = int(happened.sum()), int((~happened).sum())
    overall = average_ranks(score)
    above = (overall[happened] - average_ranks(score[happened])) / n_negative
    below = 1 - (overall[~happened] - average_ranks(score[~happened])) / n_positive
    return _Placements(float(above.mean()), above, below)


def _variance(placements: NDArray[np.float64]) -> float:
    """Give the variance of a mean of placements, 0 where there is only one."""
    return float(placements.var(ddof=1)) / len(placements) if len(placements) >= _ENOUGH else 0.0


def _z(confidence: float) -> float:
    return float(distributions.norm.ppf((1 + confidence) / 2))


def _logistic(x: float) -> float:
    return 1 / (1 + exp(-x))
