"""What weights cost: how many equally weighted observations the weighted ones are worth."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def checked_weights(weights: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """Give one valid weight per observation: ones where none were given.

    Raises
    ------
    ValueError
        If a weight is negative or missing, all are zero, or their number is not `n`.

    Examples
    --------
    >>> checked_weights(None, 3)
    array([1., 1., 1.])
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
    """Say how many equally weighted answers would give the same precision.

    Kish (1965): the square of the sum of the weights over the sum of their squares.

    Examples
    --------
    >>> effective_sample_size([1, 1, 1, 1])
    4.0
    >>> effective_sample_size([3, 1])
    1.6
    """
    given = np.asarray(weights, dtype=float)
    checked = checked_weights(given, len(given))
    return float(checked.sum() ** 2 / (checked**2).sum()) if len(checked) else 0.0


def design_effect(weights: ArrayLike) -> float:
    """Say by what factor weighting widens the variance of a mean (Kish 1965): 1 where the weights are equal.

    Examples
    --------
    >>> design_effect([3, 1])
    1.25
    """
    checked = np.asarray(weights, dtype=float)
    return len(checked) / effective_sample_size(checked) if len(checked) else 1.0
