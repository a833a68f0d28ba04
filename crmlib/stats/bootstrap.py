"""Resampling: the same customers drawn again for every figure, and the limits between which the figures then lie."""

from collections.abc import Iterator
from math import nan
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crmlib.stats.estimate import Estimate

NORMAL_ABOVE: Final = 50_000
"""Customers above which resampled figures are drawn from the normal distribution that they then have."""


def times_drawn(n: int, rng: np.random.Generator, n_resamples: int) -> Iterator[NDArray[np.intp]]:
    """Draw n of n customers with replacement, again and again: how often each of them was drawn.

    Figures computed with one draw's numbers as weights are of the same customers: what makes a sample easy or hard for
    two models cancels out of their difference, and nothing needs to be copied or sorted again.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.

    Examples
    --------
    >>> [int(times.sum()) for times in times_drawn(5, np.random.default_rng(1), 2)]
    [5, 5]
    """
    for _ in range(n_resamples):
        yield np.bincount(rng.integers(0, n, n), minlength=n)


def limits(draws: ArrayLike, confidence: float = 0.95) -> NDArray[np.float64]:
    """Read the percentile interval of each figure from its resamples.

    Parameters
    ----------
    draws
        One row a resample; rows with an undefined figure are left out.

    Returns
    -------
    numpy.ndarray
        The lower limits, and the upper ones; NaN where no resample is left.

    Examples
    --------
    >>> limits(np.arange(41.0)).round(6).tolist()
    [1.0, 39.0]
    """
    figures = np.asarray(draws, dtype=float)
    seen = figures[np.isfinite(figures).all(axis=tuple(range(1, figures.ndim)))]
    if not len(seen):
        return np.full((2, *figures.shape[1:]), nan)
    return np.asarray(np.quantile(seen, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0))


def estimate(draws: ArrayLike, n: int, confidence: float = 0.95) -> Estimate:
    """Read an estimate from a figure's draws: the first is of the sample itself, the others give the interval."""
    figures = np.asarray(draws, dtype=float)
    value = float(figures[0])
    low, high = limits(figures[1:], confidence) if np.isfinite(value) else (nan, nan)
    return Estimate(value, float(low), float(high), n, confidence)
