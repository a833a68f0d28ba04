"""Drivers' importances in a whole population, from its covariance: what an estimate from a sample should find."""

from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def population_importance(drivers: Floats, outcome: Floats) -> Floats:
    """Split R² of a linear regression among the drivers by LMG (Lindeman, Merenda & Gold, 1980).

    The importance of a driver is its mean contribution to R² over all orders of entry: the Shapley value of R².
    It is computed from its definition over all subsets, apart from the estimator of the satisfaction chapter.

    Parameters
    ----------
    drivers
        One column a driver.
    outcome
        What they drive, one value a row.

    Returns
    -------
    numpy.ndarray
        One importance a driver; they add up to R².

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(200, 3))
    >>> importance = population_importance(x, x @ [2.0, 1.0, 0.0])
    >>> round(float(importance.sum()), 6), int(importance.argmax())
    (1.0, 0)
    """
    correlation: Floats = np.atleast_2d(np.corrcoef(np.column_stack([drivers, outcome]), rowvar=False))
    k = drivers.shape[1]
    explained = {
        subset: _r_squared(correlation, subset) for size in range(k + 1) for subset in combinations(range(k), size)
    }
    importance = np.zeros(k)
    for driver in range(k):
        others = [d for d in range(k) if d != driver]
        for size in range(k):
            for subset in combinations(others, size):
                gain = explained[tuple(sorted((*subset, driver)))] - explained[subset]
                importance[driver] += gain / (k * comb(k - 1, size))
    return importance


def _r_squared(correlation: Floats, subset: tuple[int, ...]) -> float:
    if not subset:
        return 0.0
    rows = list(subset)
    with_outcome = correlation[rows, -1]
    return float(with_outcome @ np.linalg.solve(correlation[np.ix_(rows, rows)], with_outcome))
