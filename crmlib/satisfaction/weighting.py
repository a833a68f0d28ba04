"""Who answers is not who buys: weights that bring the answers back to the shape of the customer base."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.stats.weights import design_effect, effective_sample_size

FEWEST = 10
"""A category with fewer answers than this is joined to the others: one answer must not speak for a crowd."""
OTHERS = "(others)"
UNKNOWN = "(unknown)"
_ROUNDS = 200
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights of answers (mean 1), the attributes in fact used, and what they cost.

    The answers stand for the `covered` share of the customer base, without categories nobody answered from.
    `design_effect` is by what factor weighting widens the variance of a mean (Kish 1965), `largest_gap` the largest
    difference left between a weighted share and its target: 0 where raking converged.
    """

    weights: pd.Series
    by: tuple[str, ...]
    covered: float
    design_effect: float
    effective_n: float
    largest_gap: float


def rake(
    answers: pd.DataFrame, population: pd.DataFrame, by: Sequence[str], *, fewest: int = FEWEST, cap: float = 8.0
) -> Raked:
    """Weight answers so that each attribute is spread over them as over all customers, scaled to one after the other.

    Iterative proportional fitting (Deming & Stephan 1940, Annals of Mathematical Statistics 11). An attribute that is
    missing, or has one category, is left out. Categories with fewer answers than `fewest` are joined; those still too
    small leave the population that is spoken for. Weights above `cap` times the mean are cut to it, so that no answer
    speaks for too many (Kalton & Flores-Cervantes 2003, J. Off. Stat. 19).
    """
    answered = answers.loc[:, [name for name in by if name in answers and name in population]].astype("string")
    known = population.loc[:, answered.columns].astype("string").fillna(UNKNOWN)
    answered = answered.fillna(UNKNOWN)
    covered = pd.Series(data=True, index=known.index)
    for name in answered.columns:
        answered[name], known[name] = _joined(answered[name], known[name], fewest)
        covered &= known[name].isin(answered[name].unique())
    used = [name for name in answered.columns if len(answered[name].unique()) > 1]
    weights = _fitted(answered[used], known.loc[covered, used], cap)
    return Raked(
        weights=pd.Series(weights, index=answers.index, name="weight"),
        by=tuple(used),
        covered=float(covered.mean()) if len(covered) else 1.0,
        design_effect=design_effect(weights) if len(weights) else 1.0,
        effective_n=effective_sample_size(weights),
        largest_gap=_largest_gap(answered[used], known.loc[covered, used], weights),
    )


def _joined(answered: pd.Series, known: pd.Series, fewest: int) -> tuple[pd.Series, pd.Series]:
    """Join categories with too few answers into one."""
    counts = answered.value_counts()
    large = counts.index[counts >= fewest]
    return answered.where(answered.isin(large), OTHERS), known.where(known.isin(large), OTHERS)


def _fitted(answered: pd.DataFrame, known: pd.DataFrame, cap: float) -> NDArray[np.float64]:
    weights = np.ones(len(answered))
    margins = [_margin(answered[name], known[name]) for name in answered.columns]
    for _round in range(_ROUNDS if margins and len(known) else 0):
        before = weights
        for codes, target in margins:
            have = np.bincount(codes, weights, minlength=len(target)) / weights.sum()
            weights = weights * np.divide(target, have, out=np.ones(len(target)), where=have > 0)[codes]
        # cut inside the rounds, so that the other answers make up for what is cut
        weights = np.minimum(weights / weights.mean(), cap)
        if np.abs(weights - before).max() < _CLOSE:
            break
    return weights / weights.mean() if len(weights) else weights


def _margin(answered: pd.Series, known: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    codes, names = pd.factorize(answered, sort=True)
    shares = known.value_counts(normalize=True).reindex(names, fill_value=0.0)
    return np.asarray(codes, dtype=np.int64), np.asarray(shares, dtype=np.float64)


def _largest_gap(answered: pd.DataFrame, known: pd.DataFrame, weights: NDArray[np.float64]) -> float:
    gaps = [0.0]
    for name in answered.columns if len(known) else ():
        codes, target = _margin(answered[name], known[name])
        gaps.append(float(np.abs(np.bincount(codes, weights, minlength=len(target)) / weights.sum() - target).max()))
    return max(gaps)
