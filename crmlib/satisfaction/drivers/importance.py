"""What satisfaction hangs on: the key drivers, how much each explains, and how sure their order is."""

from collections.abc import Callable
from math import factorial
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from crmlib.satisfaction.drivers.moments import Moments, moments
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
METHODS: Final[dict[str, Callable[[Matrices], Matrices]]] = {"lmg": lmg, "relative_weights": relative_weights}
MOST_DRIVERS: Final = 15
"""LMG looks at 2^k subsets; beyond this many drivers Johnson's relative weights take over."""
_NUMBERS_AT_ONCE: Final = 8_000_000  # held in memory at a time, 64 MB
_FEWEST_TO_SPARE: Final = 3  # answers beyond the number of drivers: with fewer R² is 1 by construction


def relative_importance(
    X: pd.DataFrame,
    y: ArrayLike,
    weights: ArrayLike | None = None,
    method: Method = "lmg",
    *,
    people: ArrayLike | None = None,
    rng: np.random.Generator | None = None,
    n_resamples: int = 1_000,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Say how much of the differences in satisfaction each driver accounts for, and how sure its rank is.

    Parameters
    ----------
    X, y
        One row an answer, one column a driver, and overall satisfaction. Missing: not answered, or not applicable; each
        correlation is of the answers with both scores.
    method
        "lmg": R² averaged over all orders of entry, exact, up to 15 drivers. "relative_weights": Johnson's, for more.
    people
        Who gave each answer, where one person may give several: people are resampled then, not answers.
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
    outcome = np.asarray(y, dtype=float)
    if outcome.shape != (len(X),):
        raise ValueError(f"one overall score an answer: {len(X)} answers, found shape {outcome.shape}")
    data = np.column_stack([X.to_numpy(dtype=float, na_value=np.nan), outcome])
    _check(data, X, method)
    source = rng if rng is not None else np.random.default_rng(0)
    found = moments(data, checked_weights(weights, len(X)), people, source, n_resamples)
    _check_pairs(found, X)
    shares = shared_out(found, method)
    names = [str(name) for name in X.columns]
    return ranked(names, shares, confidence).sort_values(
        ["importance", "driver"], ascending=[False, True], ignore_index=True
    )


def shared_out(found: Moments, method: Method) -> Matrices:
    """Share R² out in the answers, the first row, and in every resample: rows × drivers."""
    correlations = found.correlations
    at_once = max(1, _NUMBERS_AT_ONCE // (16 << min(correlations.shape[-1], MOST_DRIVERS)))
    starts = range(0, len(correlations), at_once)
    return np.concatenate([METHODS[method](correlations[start : start + at_once]) for start in starts])


def ranked(names: list[str], shares: Matrices, confidence: float = 0.95) -> pd.DataFrame:
    """Give each driver's importance and rank with their intervals; see `relative_importance`."""
    low, high = limits(shares[1:], confidence)
    places = np.argsort(np.argsort(-shares[1:], axis=1, kind="stable"), axis=1) + 1
    first, last = np.quantile(places, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0, method="inverted_cdf")
    return pd.DataFrame({
        "driver": names, "importance": shares[0], "low": low, "high": high,
        "rank_low": first.astype(int), "rank_high": last.astype(int),
    })  # fmt: skip


def _check(data: Matrices, X: pd.DataFrame, method: str) -> None:
    k = X.shape[1]
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}; there are {', '.join(METHODS)}")
    if k == 0 or (method == "lmg" and k > MOST_DRIVERS):
        raise ValueError(f"{k} drivers: LMG takes 1 to {MOST_DRIVERS}; use method='relative_weights' for more")
    seen = (~np.isnan(data)).astype(float)
    least = int((seen.T @ seen).min())
    if least < k + _FEWEST_TO_SPARE:
        raise ValueError(f"{least} answers with some two of the scores, {k} drivers: {k + _FEWEST_TO_SPARE} are needed")


def _check_pairs(found: Moments, X: pd.DataFrame) -> None:
    names = np.array([*map(str, X.columns), "the overall score"])
    constant = np.isnan(found.deviations[0])
    undefined = np.isnan(found.correlations[0]).sum(axis=0) > constant.sum()
    wrong = names[constant] if constant.any() else names[undefined]
    if len(wrong):
        raise ValueError(f"never varies, so nothing can be explained with it: {', '.join(wrong)}")
