"""Which drivers only punish, which only reward: what low and high scores do to satisfaction, against those between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.satisfaction.drivers.imputation import by_person, pooled
from crmlib.stats.comparisons import benjamini_hochberg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from crmlib.satisfaction.drivers.imputation import Whole
    from crmlib.surveys import Scale

    Numbers = NDArray[np.float64]

LOW, HIGH = 0.5, 0.8
"""Parts of a scale: a low score lies below its middle, a high one above four fifths (5 of 1 to 5, 9 of 0 to 10)."""
FEWEST: Final = 30
"""Low answers, high ones and those between, below which an effect is not told."""
_CHANCE: Final = 0.05


def penalty_reward(whole: Whole) -> pd.DataFrame:
    """Regress satisfaction on low and high scores of the drivers, in completed answers.

    `driver, kind`, `penalty` and `reward` (points of satisfaction, what a low score takes and a high one gives) with
    `_low` and `_high`, missing where too few scored so. The kind: ``basic`` where there is a penalty and it is larger,
    ``excitement`` where the reward is (false discovery rate .05), ``performance`` where both are there and neither is
    larger, else ``unsettled``. Brandt (1987), A procedure for identifying value-enhancing service components using
    customer satisfaction survey data.
    """
    k = len(whole.names)
    contrast = np.vstack([np.eye(2 * k), np.hstack([np.eye(k), -np.eye(k)])])
    parts = []
    for X in whole.sets:
        values, pulls = _effects(_dummies(X, whole.scales), whole.y, whole.weights)
        parts.append((contrast @ values, contrast @ by_person(pulls, whole.people) @ contrast.T))
    found = pooled(parts)
    enough = _enough(whole.sets[0], whole.scales)
    values, low, high = (np.where(enough, figures[: 2 * k], np.nan) for figures in (found.values, *found.limits()))
    both = enough[:k] & enough[k:]
    larger = benjamini_hochberg(np.where(both, found.p_values()[2 * k :], np.nan)) < _CHANCE
    punishes, rewards = low[:k] > 0, low[k:] > 0
    kind = np.select(
        [
            larger & punishes & (found.values[2 * k :] > 0),
            larger & rewards & (found.values[2 * k :] < 0),
            both & punishes & rewards,
        ],
        ["basic", "excitement", "performance"],
        default="unsettled",
    )
    return pd.DataFrame({
        "driver": list(whole.names), "kind": kind,
        "penalty": values[:k], "penalty_low": low[:k], "penalty_high": high[:k],
        "reward": values[k:], "reward_low": low[k:], "reward_high": high[k:],
    })  # fmt: skip


def _dummies(X: Numbers, scales: Sequence[Scale]) -> Numbers:
    """Say who scored low (−1, so that its effect is a penalty) and who scored high, drawn scores as the next whole."""
    X = np.rint(X)
    middle, great = (np.array([scale.upto(part) for scale in scales]) for part in (LOW, HIGH))
    return np.hstack([-(middle > X).astype(float), (great < X).astype(float)])


def _enough(X: Numbers, scales: Sequence[Scale]) -> NDArray[np.bool_]:
    """Say which dummies have enough answers, and enough between low and high to hold them against."""
    counts = np.abs(_dummies(X, scales)).sum(axis=0)
    between = len(X) - counts.reshape(2, -1).sum(axis=0)
    return np.asarray(np.minimum(counts, np.tile(between, 2)) >= FEWEST)


def _effects(dummies: Numbers, y: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Fit least squares: the effects, and each answer's pull on them."""
    design = np.hstack([np.ones((len(y), 1)), dummies])
    inverse = np.linalg.pinv(design.T @ (weights[:, np.newaxis] * design), hermitian=True)
    values = inverse @ (design.T @ (weights * y))
    pulls = (weights * (y - design @ values))[:, np.newaxis] * design @ inverse
    return values[1:], pulls[:, 1:]
