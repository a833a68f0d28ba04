"""The combination: the mean log odds of several models, calibrated on cutoffs that none of them had learnt from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from crmlib.churn.history.slices import remembered
from crmlib.churn.models.boosting import learn_boosting
from crmlib.churn.models.learnt import Prediction
from crmlib.churn.models.logistic import learn_logistic
from crmlib.churn.models.purchases import learn_mbg_nbd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from crmlib.churn.history.slices import Slice
    from crmlib.churn.models.learnt import Learn, Learnt

PARTS: Final[tuple[Learn, ...]] = (learn_mbg_nbd, learn_logistic, learn_boosting)
_NEVER_CERTAIN: Final = 1e-4


@dataclass(frozen=True, slots=True)
class LearntCombination:
    """Models, and the line that turns the mean of their log odds into a probability: `intercept` and `slope`."""

    parts: tuple[Learnt, ...]
    intercept: float
    slope: float

    def predict(self, customers: pd.DataFrame) -> Prediction:
        """Give each customer's probability of no purchase within the horizon."""
        probability = np.asarray(expit(self.intercept + self.slope * mean_log_odds(self.parts, customers)), dtype=float)
        return Prediction(probability, probability)


def mean_log_odds(parts: Sequence[Learnt], customers: pd.DataFrame) -> NDArray[np.float64]:
    """Give the mean log odds of what several models say."""
    said = [part.predict(customers).probability for part in parts]
    odds = [logit(np.clip(each, _NEVER_CERTAIN, 1 - _NEVER_CERTAIN)) for each in said if each is not None]
    return np.asarray(np.mean(odds, axis=0), dtype=float)


def learn_combination(past: Sequence[Slice], now: Slice) -> LearntCombination | None:
    """Learn all parts, and calibrate on the earlier cutoffs as models of the ones before those foresaw them."""
    parts = _parts(past, now)
    if parts is None:
        return None
    intercept, slope = _line(past)
    return LearntCombination(parts, intercept, slope)


def _parts(past: Sequence[Slice], now: Slice) -> tuple[Learnt, ...] | None:
    learnt = [learn(past, now) for learn in PARTS]
    found = tuple(part for part in learnt if part is not None)
    return found if len(found) == len(PARTS) else None


def _line(past: Sequence[Slice]) -> tuple[float, float]:
    """Fit the calibration line; 0 and 1 where no cutoff has another before it."""
    foreseen = [(_foreseen(past[:k], past[k]), past[k].churned) for k in range(1, len(past))]
    known = [(odds, churned) for odds, churned in foreseen if odds is not None]
    if not known:
        return 0.0, 1.0
    odds, churned = (np.concatenate(side) for side in zip(*known, strict=True))

    def loss(line: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        at = line[0] + line[1] * odds
        missed = expit(at) - churned
        return float(np.mean(np.logaddexp(0, at) - churned * at)), np.array([missed.mean(), (missed * odds).mean()])

    best = minimize(loss, np.array([0.0, 1.0]), jac=True, method="BFGS").x
    return float(best[0]), float(best[1])


def _foreseen(past: Sequence[Slice], later: Slice) -> NDArray[np.float64] | None:
    """Give what the parts, learnt from the cutoffs before, said of a later one."""

    def foresee() -> NDArray[np.float64] | None:
        parts = _parts(past, later)
        return None if parts is None else mean_log_odds(parts, later.customers)

    odds: NDArray[np.float64] | None = remembered([*past, later], "foreseen", foresee)
    return odds
