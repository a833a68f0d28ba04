"""What satisfaction hangs on: the key drivers, how much each explains, and how sure their order is."""

from collections.abc import Callable
from math import factorial
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from crmlib.stats.bootstrap import limits
from crmlib.stats.intervals import checked_weights

Matrices = NDArray[np.float64]
_COLLINEAR: Final = 1e-10  # variance left of a driver once the others are known, of which nothing can be learned


def lmg(correlations: Matrices) -> Matrices:
    """Share R² out over drivers, each one's gain averaged over all orders of entry (Lindeman, Merenda & Gold 1980).

    `correlations` are of k drivers and, last, of what they explain: shape (…, k + 1, k + 1). The last axis of what is
    given back, (…, k), sums to R².
    """
    k = correlations.shape[-1] - 1
    explained = subset_r_squared(correlations)
    masks = np.arange(1 << k)
    sizes = np.bitwise_count(masks).astype(int)
    chance = np.array([factorial(m) * factorial(k - m - 1) / factorial(k) for m in range(k)])
    shares = np.empty((*correlations.shape[:-2], k))
    for driver in range(k):
        without = masks[(masks >> driver) & 1 == 0]
        gain = explained[..., without | (1 << driver)] - explained[..., without]
        shares[..., driver] = gain @ chance[sizes[without]]
    return shares


def subset_r_squared(correlations: Matrices) -> Matrices:
    """Give R² of every subset of the drivers: shape (…, 2^k), the subset in binary, driver 0 the lowest bit.

    Each step either drops the first driver left or takes it out of all the others (a Schur complement): about 6 · 2^k
    multiplications in all, where solving each subset anew costs k³ of them.
    """
    states = correlations[..., np.newaxis, :, :]
    while states.shape[-1] > 1:
        rest, pivot, cross = states[..., 1:, 1:], states[..., 0, 0], states[..., 1:, 0]
        usable = pivot > _COLLINEAR
        scale = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=usable)
        reduced = rest - scale[..., np.newaxis, np.newaxis] * cross[..., :, np.newaxis] * cross[..., np.newaxis, :]
        states = np.concatenate([rest, reduced], axis=-3)
    return 1.0 - states[..., 0, 0]


def relative_weights(correlations: Matrices) -> Matrices:
    """Share R² out by way of uncorrelated stand-ins of the drivers: close to LMG, for any number; shapes as in `lmg`.

    Johnson (2000), A heuristic method for estimating the relative weight, Multivariate Behavioral Research 35(1).
    """
    drivers, outcome = correlations[..., :-1, :-1], correlations[..., :-1, -1]
    values, vectors = np.linalg.eigh(drivers)
    usable = values > _COLLINEAR
    roots = np.sqrt(np.where(usable, values, 0.0))
    inverse = np.divide(1.0, roots, out=np.zeros_like(roots), where=usable)
    projected = np.einsum("...ji,...j->...i", vectors, outcome)
    stand_in = np.einsum("...ij,...j->...i", vectors, inverse * projected)
    loadings = np.einsum("...ij,...j,...kj->...ik", vectors, roots, vectors)
    shares: Matrices = np.einsum("...ij,...j->...i", loadings**2, stand_in**2)
    return shares


Method = Literal["lmg", "relative_weights"]
METHODS: Final[dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]]] = {
    "lmg": lmg,
    "relative_weights": relative_weights,
}
MOST_DRIVERS: Final = 16
"""LMG looks at 2^k subsets; beyond this many drivers Johnson's relative weights take over."""
_NUMBERS_AT_ONCE: Final = 8_000_000  # held in memory at a time, 64 MB
_FEWEST_TO_SPARE: Final = 3  # answers beyond the number of drivers: with fewer R² is 1 by construction


def relative_importance(
    X: pd.DataFrame,
    y: ArrayLike,
    weights: ArrayLike | None = None,
    method: Method = "lmg",
    *,
    rng: np.random.Generator | None = None,
    n_resamples: int = 500,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Say how much of the differences in satisfaction each driver accounts for, and how sure its rank is.

    Parameters
    ----------
    X, y
        One row an answer, one column a driver, and overall satisfaction; incomplete answers are left out.
    method
        "lmg": R² averaged over all orders of entry, exact, up to 16 drivers. "relative_weights": Johnson's, for more.
    rng
        The source of the resamples; a fixed one where not given, so that a report does not change when run again.

    Returns
    -------
    pandas.DataFrame
        One row a driver, the most important first: `driver, importance, low, high` (parts of R²; they sum to R²) and
        `rank_low, rank_high` (1 is first), percentile bootstrap.

    References
    ----------
    Lindeman, Merenda & Gold (1980); Grömping (2007), The American Statistician 61(2); Johnson (2000).
    """
    data, weight = _complete(X, y, weights)
    _check(data, X, method)
    share_out = METHODS[method]
    importance = share_out(_correlations(data, weight[np.newaxis, :]))[0]
    source = rng if rng is not None else np.random.default_rng(0)
    drawn = _resampled(data, weight, share_out, source, n_resamples)
    low, high = limits(drawn, confidence)
    places = np.argsort(np.argsort(-drawn, axis=1, kind="stable"), axis=1) + 1
    first, last = np.quantile(places, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0, method="inverted_cdf")
    return (
        pd.DataFrame(
            {
                "driver": [str(name) for name in X.columns],
                "importance": importance,
                "low": low,
                "high": high,
                "rank_low": first.astype(int),
                "rank_high": last.astype(int),
            }
        )
        .sort_values(["importance", "driver"], ascending=[False, True])
        .reset_index(drop=True)
    )


def complete_answers(X: pd.DataFrame, y: ArrayLike) -> int:
    """Count the answers that give every driver and the overall score."""
    return int((X.notna().all(axis=1).to_numpy() & ~np.isnan(np.asarray(y, dtype=float))).sum())


def _complete(
    X: pd.DataFrame, y: ArrayLike, weights: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give drivers and outcome in one array, complete answers only, and their weights."""
    outcome = np.asarray(y, dtype=float)
    if outcome.shape != (len(X),):
        raise ValueError(f"one overall score an answer: {len(X)} answers, found shape {outcome.shape}")
    data = np.column_stack([X.to_numpy(dtype=float, na_value=np.nan), outcome])
    seen = ~np.isnan(data).any(axis=1)
    return data[seen], checked_weights(weights, len(X))[seen]


def _check(data: NDArray[np.float64], X: pd.DataFrame, method: str) -> None:
    k = X.shape[1]
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}; there are {', '.join(METHODS)}")
    if k == 0 or (method == "lmg" and k > MOST_DRIVERS):
        raise ValueError(f"{k} drivers: LMG takes 1 to {MOST_DRIVERS}; use method='relative_weights' for more")
    if len(data) < k + _FEWEST_TO_SPARE:
        raise ValueError(f"{len(data)} complete answers for {k} drivers: at least {k + _FEWEST_TO_SPARE} are needed")
    names = [*X.columns, "the overall score"]
    constant = [str(names[j]) for j in np.flatnonzero(np.ptp(data, axis=0) == 0)]
    if constant:
        raise ValueError(f"never varies, so nothing can be explained with it: {', '.join(constant)}")


def _resampled(
    data: NDArray[np.float64],
    weight: NDArray[np.float64],
    share_out: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    rng: np.random.Generator,
    n_resamples: int,
) -> NDArray[np.float64]:
    """Share R² out in every resample of the answers."""
    n, columns = data.shape
    at_once = max(1, _NUMBERS_AT_ONCE // (n + 4 * (1 << min(columns, MOST_DRIVERS))))
    parts = []
    for start in range(0, n_resamples, at_once):
        # how often each answer is drawn, instead of the answers drawn: no copies of the data
        times = rng.multinomial(n, np.full(n, 1 / n), size=min(at_once, n_resamples - start))
        parts.append(_correlations(data, times * weight))
    correlations = np.concatenate(parts)
    # a resample in which a score never varies has no correlations
    defined = correlations[~np.isnan(correlations).any(axis=(1, 2))]
    blocks = range(0, len(defined), at_once)
    return np.concatenate([share_out(defined[start : start + at_once]) for start in blocks])


def _correlations(data: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the weighted correlation matrix for each row of weights."""
    columns = data.shape[1]
    centred = data - data.mean(axis=0)  # keeps the sums of squares small next to what they differ by
    left, right = np.triu_indices(columns)
    total = weights.sum(axis=1, keepdims=True)
    means = weights @ centred / total
    products = weights @ (centred[:, left] * centred[:, right]) / total
    covariance = np.empty((len(weights), columns, columns))
    covariance[:, left, right] = covariance[:, right, left] = products - means[:, left] * means[:, right]
    spread = np.sqrt(np.maximum(np.diagonal(covariance, axis1=1, axis2=2), 0))
    scale = np.divide(1.0, spread, out=np.full_like(spread, np.nan), where=spread > 0)
    return covariance * scale[:, :, np.newaxis] * scale[:, np.newaxis, :]
