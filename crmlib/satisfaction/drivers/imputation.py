"""What models of whole answers need: scores drawn where they are missing, several times, and the results as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    from crmlib.satisfaction.drivers.moments import Moments
    from crmlib.surveys import Scale

    Numbers = NDArray[np.float64]

IMPUTATIONS: Final = 5
_RIDGE: Final = 1e-8


@dataclass(frozen=True, slots=True)
class Whole:
    """Answers with an overall score `y` and at least one driver: `scores` as given, `sets` of them completed.

    One row an answer, one column a driver, in the order of `names` and `scales`.
    """

    names: tuple[str, ...]
    scales: tuple[Scale, ...]
    scores: Numbers
    sets: tuple[Numbers, ...]
    y: Numbers
    weights: Numbers
    people: ArrayLike


def completed(scores: Numbers, found: Moments, limits: Numbers, rng: np.random.Generator) -> Iterator[Numbers]:
    """Draw missing scores from their normal distribution given the others, each time with other, resampled moments.

    `limits` are the ends of each score's scale, which no drawn score passes. Rubin (1987), Multiple Imputation for
    Nonresponse in Surveys; moments from a resample make the draws proper.
    """
    for resample in range(1, min(IMPUTATIONS, len(found.means) - 1) + 1):
        spread = found.deviations[resample]
        covariance = found.correlations[resample] * spread[:, np.newaxis] * spread
        yield np.clip(_drawn(scores, found.means[resample], covariance, rng), *limits)


def _drawn(scores: Numbers, means: Numbers, covariance: Numbers, rng: np.random.Generator) -> Numbers:
    filled = scores.copy()
    patterns, which = np.unique(np.isnan(scores), axis=0, return_inverse=True)
    for number, gone in enumerate(patterns):
        if not gone.any():
            continue
        rows = np.flatnonzero(which == number)
        known = covariance[np.ix_(~gone, ~gone)] + _RIDGE * np.eye(int((~gone).sum()))
        slopes = np.linalg.solve(known, covariance[np.ix_(~gone, gone)]).T
        rest = covariance[np.ix_(gone, gone)] - slopes @ covariance[np.ix_(~gone, gone)]
        values, vectors = np.linalg.eigh(rest)
        noise = rng.standard_normal((len(rows), int(gone.sum()))) @ (vectors * np.sqrt(np.maximum(values, 0))).T
        expected = means[gone] + (scores[np.ix_(rows, ~gone)] - means[~gone]) @ slopes.T
        filled[np.ix_(rows, gone)] = expected + noise
    return filled


@dataclass(frozen=True, slots=True)
class Fitted:
    """Figures of a model and how they vary together; `freedom` of each is infinite where nothing was missing."""

    values: Numbers
    covariance: Numbers
    freedom: Numbers

    def limits(self) -> tuple[Numbers, Numbers]:
        """Give the 95 % intervals of the figures."""
        reach = distributions.t.ppf(0.975, self.freedom) * np.sqrt(np.diag(self.covariance))
        return self.values - reach, self.values + reach

    def p_values(self) -> Numbers:
        """Say how likely each figure is that far from nought by chance; missing where it does not vary."""
        error = np.sqrt(np.diag(self.covariance))
        far = np.divide(np.abs(self.values), error, out=np.full(len(error), np.nan), where=error > 0)
        return np.asarray(2 * distributions.t.sf(far, self.freedom))


def pooled(parts: Sequence[tuple[Numbers, Numbers]]) -> Fitted:
    """Make one of the figures and covariances of several completed data sets (Rubin's rules)."""
    values = np.array([part[0] for part in parts])
    within = np.mean([part[1] for part in parts], axis=0)
    m = len(parts)
    between = (1 + 1 / m) * np.atleast_2d(np.cov(values, rowvar=False)) if m > 1 else np.zeros_like(within)
    ratio = np.divide(np.diag(within), np.diag(between), out=np.full(len(within), np.inf), where=np.diag(between) > 0)
    return Fitted(values.mean(axis=0), within + between, np.maximum(m - 1, 1) * (1 + ratio) ** 2)


def by_person(influence: Numbers, people: ArrayLike) -> Numbers:
    """Give the covariance of figures from what each answer adds to them, whatever goes together within a person."""
    sums = pd.DataFrame(influence).groupby(np.asarray(people)).sum().to_numpy()
    n = len(sums)
    return np.asarray(n / (n - 1) * sums.T @ sums)
