"""Ordinal logistic regression of the overall score on the drivers, its check, and what one step of a driver brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_ROUNDS: Final = 50
_CLOSE: Final = 1e-9
_LEAST: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Logit:
    """A fitted model: `thresholds` between the levels, `slopes` of the drivers, and each answer's pull on both."""

    thresholds: Numbers
    slopes: Numbers
    influence: Numbers


def fit(X: Numbers, level: NDArray[np.intp], weights: Numbers) -> Logit:
    """Fit the proportional-odds model to levels 0, 1, …, each of which somebody answered; two make a binary logit.

    By Newton's method, weighted, which statsmodels' OrderedModel cannot be; the tests hold it to that. The likelihood
    is concave (Pratt 1981). McCullagh (1980), JRSS B 42.
    """
    thresholds = int(level.max())
    at = np.eye(thresholds + 1)[level]
    upper, lower = at[:, :-1], at[:, 1:]
    designs = np.hstack([upper, -X]), np.hstack([lower, -X])
    below = np.cumsum(np.bincount(level, weights))[:-1] / weights.sum()
    found = np.concatenate([np.log(below / (1 - below)), np.zeros(X.shape[1])])
    likelihood = -np.inf
    step = np.zeros_like(found)
    for _round in range(_ROUNDS):
        now, score, information = _slope(found, designs, upper, lower, weights)
        if not now >= likelihood - _CLOSE:
            step = step / 2
            found = found - step
            continue
        likelihood, step = now, np.linalg.solve(information, score.sum(axis=0))
        found = found + step
        if np.abs(step).max() < _CLOSE:
            break
    else:
        raise ValueError("no finite slopes: the drivers tell some levels apart without a mistake")
    return Logit(found[:thresholds], found[thresholds:], score @ np.linalg.inv(information))


def _slope(
    found: Numbers, designs: tuple[Numbers, Numbers], upper: Numbers, lower: Numbers, weights: Numbers
) -> tuple[float, Numbers, Numbers]:
    """Give the log-likelihood, each answer's score and the observed information."""
    ends = [expit(design @ found) for design in designs]
    high = np.where(upper.any(axis=1), ends[0], 1.0)
    low = np.where(lower.any(axis=1), ends[1], 0.0)
    chance = np.maximum(high - low, _LEAST)
    pulls = [sign * end * (1 - end) / chance for sign, end in ((1, high), (-1, low))]
    bends = [pull * (1 - 2 * end) - pull**2 for pull, end in zip(pulls, (high, low), strict=True)]
    first, second = designs
    score = weights[:, np.newaxis] * (pulls[0][:, np.newaxis] * first + pulls[1][:, np.newaxis] * second)
    cross = first.T @ ((weights * pulls[0] * pulls[1])[:, np.newaxis] * second)
    squares = [d.T @ ((weights * bend)[:, np.newaxis] * d) for d, bend in zip(designs, bends, strict=True)]
    value = float(weights @ np.log(chance)) if (high > low).all() else -np.inf
    return value, score, -(squares[0] + squares[1] - cross - cross.T)


def gains(
    model: Logit, X: Numbers, rise: Numbers, worths: Sequence[Numbers], weights: Numbers
) -> tuple[Numbers, Numbers]:
    """Say what means gain if one driver after the other rises by so much, answer by answer, and each answer's pull.

    Each of `worths` says what a threshold adds once passed: a step of the score, or 1 at the top box. Worth by worth,
    driver by driver.
    """
    part = weights / weights.sum()
    middle = X @ model.slopes
    before = expit(middle[:, np.newaxis] - model.thresholds)
    values = np.empty((len(worths), X.shape[1]))
    pulls = np.empty((len(worths), X.shape[1], len(X)))
    for driver, slope in enumerate(model.slopes):
        after = expit((middle + rise[:, driver] * slope)[:, np.newaxis] - model.thresholds)
        for place, worth in enumerate(worths):
            each = (after - before) @ worth
            bends = [(p * (1 - p)) * worth for p in (before, after)]
            of_thresholds = part @ (bends[0] - bends[1])
            of_slopes = (part * (bends[1] - bends[0]).sum(axis=1)) @ X
            of_slopes[driver] += (part * bends[1].sum(axis=1)) @ rise[:, driver]
            values[place, driver] = part @ each
            pull = model.influence @ np.concatenate([of_thresholds, of_slopes])
            pulls[place, driver] = pull + part * (each - values[place, driver])
    return values.ravel(), pulls.reshape(-1, len(X)).T


def by_threshold(X: Numbers, level: NDArray[np.intp], weights: Numbers) -> tuple[Numbers, Numbers]:
    """Fit a binary logit at each threshold: the slopes, threshold by threshold, and each answer's pull on them.

    Where odds are proportional they differ by chance alone (Brant 1990, Biometrics 46).
    """
    models = [fit(X, (level > cut).astype(int), weights) for cut in range(int(level.max()))]
    return np.concatenate([m.slopes for m in models]), np.hstack([m.influence[:, 1:] for m in models])
