"""Intervals for one figure, a share, a mean, a ratio of totals; and what the weights of a survey cost."""

from math import nan

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats as distributions

from crmlib.stats.estimate import Estimate

_ENOUGH = 2  # a spread needs two observations


def proportion(successes: float, n: float, *, effective_n: float | None = None, confidence: float = 0.95) -> Estimate:
    """Estimate a share of customers, answers or orders, with Wilson's score interval.

    Parameters
    ----------
    successes
        How many of the `n` had the property; a weighted count may be fractional.
    n
        How many were looked at, counted the same way.
    effective_n
        Size of the equally weighted sample worth as much, where weights or clusters make `n` worth less.

    Returns
    -------
    Estimate
        A share between 0 and 1; unknown where `n` is 0.

    Raises
    ------
    ValueError
        If `successes` is negative or above `n`, or `effective_n` is not positive.

    References
    ----------
    Wilson, E. B. (1927), JASA 22, through `statsmodels.stats.proportion.proportion_confint`.

    Examples
    --------
    >>> f"{proportion(30, 100):.3f}"
    '0.300 [0.219, 0.396] (95 %, n = 100)'
    """
    size = n if effective_n is None else effective_n
    if not 0 <= successes <= n:
        raise ValueError(f"successes must lie between 0 and n: found {successes} of {n}")
    if n == 0:
        return Estimate.unknown(confidence=confidence)
    if not size > 0:
        raise ValueError(f"the effective n must be positive, found {size}")
    share = successes / n
    low, high = _wilson(np.array([share * size]), np.array([size]), confidence)
    return Estimate(share, float(low[0]), float(high[0]), round(n), confidence)


def proportions(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> pd.DataFrame:
    """Estimate many shares at once, one row each: the cells of a cohort chart, the stores of a chain.

    Returns
    -------
    pandas.DataFrame
        `value, low, high` (shares; NaN where n is 0) and `n`; indexed like `successes` where that is a Series.

    Raises
    ------
    ValueError
        If a number of successes is negative or above its n.

    Examples
    --------
    >>> proportions([30, 0], [100, 0]).round(3)
       value    low   high    n
    0    0.3  0.219  0.396  100
    1    NaN    NaN    NaN    0
    """
    hits, sizes = np.asarray(successes, dtype=float), np.asarray(n)
    if np.any(hits < 0) or np.any(hits > sizes):
        raise ValueError("each number of successes must lie between 0 and its n")
    known = sizes > 0
    low, high = np.full(len(hits), nan), np.full(len(hits), nan)
    if known.any():
        low[known], high[known] = _wilson(hits[known], sizes[known], confidence)
    value = np.divide(hits, sizes, out=np.full(len(hits), nan), where=known)
    index = successes.index if isinstance(successes, pd.Series) else None
    return pd.DataFrame({"value": value, "low": low, "high": high, "n": sizes}, index=index)


def mean(values: ArrayLike, weights: ArrayLike | None = None, *, confidence: float = 0.95) -> Estimate:
    """Estimate a mean with Student's interval; with weights, by linearisation as in survey statistics.

    Missing values are left out. Without weights this is the textbook interval.

    References
    ----------
    Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, section 5.7 (the ratio-type mean).

    Examples
    --------
    >>> f"{mean([1, 2, 3, 4, 5]):.2f}"
    '3.00 [1.04, 4.96] (95 %, n = 5)'
    """
    return ratio(values, np.ones(np.shape(values)), weights, confidence=confidence)


def ratio(
    numerator: ArrayLike, denominator: ArrayLike, weights: ArrayLike | None = None, *, confidence: float = 0.95
) -> Estimate:
    """Estimate a ratio of totals whose unit of sampling is the customer, such as spend per order.

    One customer's orders resemble one another; linearising over customers, rather than counting orders as independent,
    keeps the interval honest.

    Parameters
    ----------
    numerator, denominator
        One number a customer each, for example spend and orders; a pair with a missing value is left out.
    weights
        One weight a customer.

    Returns
    -------
    Estimate
        The sum of the numerator over the sum of the denominator; unknown where that sum is 0. `n` counts customers.

    References
    ----------
    Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, section 5.6.

    Examples
    --------
    >>> f"{ratio([20, 90, 30], [1, 3, 1]):.1f}"
    '28.0 [17.3, 38.7] (95 %, n = 3)'
    """
    top, bottom = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    weight = checked_weights(weights, len(top))
    seen = ~(np.isnan(top) | np.isnan(bottom))
    top, bottom, weight = top[seen], bottom[seen], weight[seen]
    n, total = len(top), float((weight * bottom).sum())
    if total == 0:
        return Estimate.unknown(n, confidence)
    value = float((weight * top).sum()) / total
    influence = weight * (top - value * bottom) / total
    return _student(value, influence, confidence)


def checked_weights(weights: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """Give one valid weight per observation: ones where none were given.

    Raises
    ------
    ValueError
        If a weight is negative or missing, all are zero, or their number is not `n`.
    """
    if weights is None:
        return np.ones(n)
    checked = np.asarray(weights, dtype=float)
    if checked.shape != (n,):
        raise ValueError(f"expected {n} weights, one an observation, found shape {checked.shape}")
    if not np.all(np.isfinite(checked)) or np.any(checked < 0):
        raise ValueError("weights must be finite and not negative")
    if n and not checked.sum() > 0:
        raise ValueError("all weights are zero: nothing is left to estimate from")
    return checked


def effective_sample_size(weights: ArrayLike) -> float:
    """Say how many equally weighted answers would give the same precision (Kish 1965)."""
    given = np.asarray(weights, dtype=float)
    checked = checked_weights(given, len(given))
    return float(checked.sum() ** 2 / (checked**2).sum()) if len(checked) else 0.0


def design_effect(weights: ArrayLike) -> float:
    """Say by what factor weighting widens the variance of a mean (Kish 1965): 1 where the weights are equal."""
    checked = np.asarray(weights, dtype=float)
    return len(checked) / effective_sample_size(checked) if len(checked) else 1.0


def _wilson(
    successes: NDArray[np.float64], n: NDArray[np.float64], confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(successes, n, alpha=1 - confidence, method="wilson")
    # rounding may leave a limit a hair outside the unit interval
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def _student(value: float, influence: NDArray[np.float64], confidence: float) -> Estimate:
    """Turn what each observation contributes into an interval."""
    n = len(influence)
    if n < _ENOUGH:
        return Estimate(value, nan, nan, n, confidence)
    error = float(np.sqrt(n / (n - 1) * (influence**2).sum()))
    reach = error * float(distributions.t.ppf((1 + confidence) / 2, n - 1))
    return Estimate(value, value - reach, value + reach, n, confidence)
