"""Means and correlations of scores, of which many answers lack some, in the answers and in resamples of the people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

GROUPS: Final = 2_000
"""More people than this are resampled in so many random groups: as wide, to some three in a hundred, and quick."""
_NO_SPREAD: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Moments:
    """What is known of each score and each two: the first row is of the answers themselves, the others of resamples.

    `means, deviations`: rows × scores, of all who gave the score. `correlations`: rows × scores × scores, each of all
    who gave both, cut to what can be where different people gave different scores. Resamples in which
    a score never varies are left out.
    """

    means: Numbers
    deviations: Numbers
    correlations: Numbers

    def of(self, names: list[int]) -> Moments:
        """Give those of some of the scores."""
        return Moments(self.means[:, names], self.deviations[:, names], self.correlations[:, names][:, :, names])


def moments(
    scores: Numbers, weights: Numbers, people: ArrayLike | None, rng: np.random.Generator, n_resamples: int
) -> Moments:
    """Measure scores (missing: NaN), one row an answer, and in resamples of whole people, as each one's go together.

    Pairwise: what does not apply to somebody has no true value that could be filled in, and who answers all that can be
    asked is nobody's average customer.
    """
    columns = scores.shape[1]
    seen = ~np.isnan(scores)
    given = np.maximum(seen.sum(axis=0), 1)
    centre = np.where(seen, scores, 0).sum(axis=0) / given  # keeps sums of squares small next to what they differ by
    sums = _sums_by_group(np.where(seen, scores - centre, 0.0), seen, weights, _groups(people, len(scores), rng))
    # how often each group is drawn, instead of the groups drawn: no copies of the data
    times = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=n_resamples)
    totals = np.concatenate([sums.sum(axis=0, keepdims=True), times @ sums])
    found = _pairwise(totals.reshape(-1, 3, columns, 2, columns), centre)
    defined = np.isfinite(found.correlations[1:]).all(axis=(1, 2))
    usable = np.concatenate([[True], defined])
    return Moments(found.means[usable], found.deviations[usable], _possible(found.correlations[usable]))


def _groups(people: ArrayLike | None, n: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Give each answer the number of its person, or one of random groups of people where there are many."""
    who = np.arange(n) if people is None else pd.factorize(np.asarray(people))[0]
    number = int(who.max()) + 1
    return who if number <= GROUPS else rng.permutation(number)[who] % GROUPS


def _sums_by_group(values: Numbers, seen: NDArray[np.bool_], weights: Numbers, groups: NDArray[np.intp]) -> Numbers:
    """Sum weighted products over each group: given, score and its square, each times given and score of another."""
    order = np.argsort(groups, kind="stable")
    ends = np.flatnonzero(np.diff(groups[order], append=-1)) + 1
    given, scored = seen[order].astype(float), values[order]
    left = np.hstack([given, scored, scored**2]) * weights[order, np.newaxis]
    right = np.hstack([given, scored])
    starts = np.concatenate([[0], ends[:-1]])
    return np.array([(left[a:b].T @ right[a:b]).ravel() for a, b in zip(starts, ends, strict=True)])


def _pairwise(totals: Numbers, centre: Numbers) -> Moments:
    """Turn the sums of products into means, deviations and correlations."""
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = totals[:, 0, :, 0]
        mean, square, product = (totals[:, i, :, j] / weight for i, j in ((1, 0), (2, 0), (1, 1)))
        variance = square - mean**2
        variance = np.where(variance < _NO_SPREAD, np.nan, variance)
        covariance = product - mean * mean.swapaxes(1, 2)
        correlations = covariance / np.sqrt(variance * variance.swapaxes(1, 2))
    own = np.arange(totals.shape[2])
    return Moments(mean[:, own, own] + centre, np.sqrt(variance[:, own, own]), correlations)


def _possible(correlations: Numbers) -> Numbers:
    """Cut negative eigenvalues, which correlations of different people may have, and scale the diagonal back to 1."""
    if not np.isfinite(correlations).all():
        return correlations
    values, vectors = np.linalg.eigh(correlations)
    wrong = values[:, 0] < 0
    cut = np.einsum("dij,dj,dkj->dik", vectors[wrong], np.maximum(values[wrong], 0), vectors[wrong])
    scale = np.sqrt(np.diagonal(cut, axis1=1, axis2=2))
    possible = correlations.copy()
    possible[wrong] = cut / (scale[:, :, np.newaxis] * scale[:, np.newaxis, :])
    return possible
