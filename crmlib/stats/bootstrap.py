"""Intervals by resampling, for figures that have no formula of their own."""

from collections.abc import Callable
from math import nan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crmlib.stats.estimate import Estimate


def interval(
    statistic: Callable[..., float],
    *arrays: ArrayLike,
    rng: np.random.Generator,
    n_resamples: int = 1_000,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate any statistic of customers by drawing customers again, with the percentile interval.

    Parameters
    ----------
    statistic
        Takes as many one-dimensional arrays as are given and returns a number.
    *arrays
        Arrays of equal length, one value a customer; drawn together, so what belongs to one customer stays together.
    rng
        The source of randomness.
    n_resamples
        Number of resamples.
    confidence
        Coverage, 0.95 unless said.

    Returns
    -------
    Estimate
        Resamples where the statistic is not defined (NaN) are left out. With fewer than two observations there is no
        interval.

    Raises
    ------
    ValueError
        If no array is given or their lengths differ.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> estimate = interval(np.median, np.arange(101.0), rng=rng)
    >>> estimate.value, estimate.low < 50 < estimate.high
    (50.0, True)
    """
    samples = _paired(arrays)
    n = len(samples[0])
    value = float(statistic(*samples))
    if n <= 1:
        return Estimate(value, nan, nan, n, confidence)
    draws = resamples(statistic, *samples, rng=rng, n_resamples=n_resamples)
    draws = draws[~np.isnan(draws)]
    if len(draws) == 0:
        return Estimate(value, nan, nan, n, confidence)
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Estimate(value, float(low), float(high), n, confidence)


def paired_difference(
    metric: Callable[[NDArray[np.float64], NDArray[np.float64]], float],
    truth: ArrayLike,
    prediction_a: ArrayLike,
    prediction_b: ArrayLike,
    *,
    rng: np.random.Generator,
    n_resamples: int = 1_000,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate by how much prediction a beats prediction b on the same customers.

    Both are scored on the same resampled customers, so that what makes a sample easy or hard for both cancels out: a
    difference far smaller than either one's own interval can still be decided.

    Returns
    -------
    Estimate
        Metric of a minus metric of b.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> truth = np.arange(50.0)
    >>> error = lambda y, p: float(np.abs(y - p).mean())
    >>> paired_difference(error, truth, truth + 1, truth + 3, rng=rng).value
    -2.0
    """

    def difference(y: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
        return metric(y, a) - metric(y, b)

    return interval(
        difference, truth, prediction_a, prediction_b, rng=rng, n_resamples=n_resamples, confidence=confidence
    )


def resamples(
    statistic: Callable[..., float], *arrays: ArrayLike, rng: np.random.Generator, n_resamples: int = 1_000
) -> NDArray[np.float64]:
    """Give the statistic of every resample: the distribution an interval is read from.

    Raises
    ------
    ValueError
        If no array is given or their lengths differ.

    Examples
    --------
    >>> resamples(np.mean, [2.0, 2.0], rng=np.random.default_rng(1), n_resamples=3)
    array([2., 2., 2.])
    """
    samples = _paired(arrays)
    n = len(samples[0])
    # scipy.stats.bootstrap warns and gives up where a resample has no value, and its indices fill the memory
    positions = (rng.integers(0, n, n) for _ in range(n_resamples))
    return np.array([statistic(*(sample[drawn] for sample in samples)) for drawn in positions], dtype=float)


def _paired(arrays: tuple[ArrayLike, ...]) -> list[NDArray[np.float64]]:
    if not arrays:
        raise ValueError("give at least one array to draw from")
    samples = [np.asarray(array) for array in arrays]
    if len({len(sample) for sample in samples}) > 1:
        raise ValueError(f"arrays drawn together have one length, found {[len(sample) for sample in samples]}")
    return samples
