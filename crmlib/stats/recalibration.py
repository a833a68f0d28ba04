"""By which line probabilities would have to be corrected: the slope and the intercept of logistic recalibration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import special

from crmlib.stats.predictions import LEAST, Linearised

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

STEPS: Final = 50
CLOSE: Final = 1e-10


def recalibration(churned: ArrayLike, probability: ArrayLike) -> dict[str, Linearised]:
    """Fit the outcome to the logit of the probability: ``slope`` and ``intercept``, with each customer's effect.

    A slope of 1 is right; below 1 the probabilities are too extreme, above 1 too timid. The intercept is that with the
    slope held at 1 (calibration in the large): above 0 more left than expected. The root of the summed squared effects
    is the standard error that holds whatever the right model is (Huber-White). Nothing where all probabilities are
    alike or the likelihood has no maximum.

    References
    ----------
    Cox (1958), Biometrika 45; Van Calster, McLernon, van Smeden, Wynants & Steyerberg (2019), BMC Medicine 17:230.

    Examples
    --------
    >>> probability = np.repeat([0.2, 0.8], 10)
    >>> fitted = recalibration(np.repeat([1, 0, 1, 0], [2, 8, 8, 2]), probability)
    >>> {name: abs(round(each.value, 6)) for name, each in fitted.items()}
    {'slope': 1.0, 'intercept': 0.0}
    """
    outcome = np.asarray(churned, dtype=float)
    logit = special.logit(np.clip(np.asarray(probability, dtype=float), LEAST, 1 - LEAST))
    ones = np.ones((len(logit), 1))
    line = _fitted(np.column_stack([ones, logit]), outcome, np.zeros(len(logit)), start=[0.0, 1.0])
    shift = _fitted(ones, outcome, logit, start=[0.0])
    found = {"slope": line[1]} if line else {}
    return found | ({"intercept": shift[0]} if shift else {})


def _fitted(
    columns: NDArray[np.float64], outcome: NDArray[np.float64], offset: NDArray[np.float64], start: list[float]
) -> list[Linearised] | None:
    """Fit a logistic regression by Newton's steps; ``None`` where they do not end."""
    weights = np.array(start)
    for _step in range(STEPS):
        expected = special.expit(offset + columns @ weights)
        curvature = columns.T @ (columns * (expected * (1 - expected))[:, None])
        if not np.isfinite(curvature).all() or np.linalg.cond(curvature) > 1 / CLOSE:
            return None
        effects = np.linalg.solve(curvature, (columns * (outcome - expected)[:, None]).T)
        step = effects.sum(axis=1)
        if np.abs(step).max() < CLOSE:
            return [Linearised(float(weight), effect) for weight, effect in zip(weights, effects, strict=True)]
        weights = weights + step
    return None
