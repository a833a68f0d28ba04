"""A logistic regression on the features: each has a visible weight, with an error that knows customers come twice."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import expit

from crmlib.churn.history.slices import remembered
from crmlib.churn.models.design import can_teach, stacked
from crmlib.churn.models.learnt import Prediction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from crmlib.churn.history.slices import Slice


@dataclass(frozen=True, slots=True)
class LearntLogistic:
    """A fitted regression: of each feature, standardised by `means` and `spreads`, its `weights` in the log odds.

    `errors` are clustered by customer, who stands at several cutoffs (Liang & Zeger, Biometrika 73, 1986). There are
    none where the likelihood has no maximum, a feature telling leavers from stayers without error: the weights are then
    held by a mild penalty (ridge).
    """

    names: tuple[str, ...]
    means: NDArray[np.float64]
    spreads: NDArray[np.float64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    intercept: float
    weights: NDArray[np.float64]
    errors: NDArray[np.float64] | None
    customers: int

    def predict(self, customers: pd.DataFrame) -> Prediction:
        """Give each customer's probability of no purchase within the horizon."""
        seen = customers[list(self.names)].to_numpy(dtype=float).clip(self.least, self.most)
        standard = (seen - self.means) / self.spreads
        probability = np.asarray(expit(self.intercept + standard @ self.weights), dtype=float)
        return Prediction(probability, probability)


def learn_logistic(past: Sequence[Slice], now: Slice) -> LearntLogistic | None:  # noqa: ARG001 - learns from the past
    """Learn from earlier cutoffs how features go with leaving."""
    if not past or not can_teach(past):
        return None
    learnt: LearntLogistic = remembered(past, "logistic", lambda: fit_logistic(past))
    return learnt


def fit_logistic(past: Sequence[Slice]) -> LearntLogistic:
    """Fit the regression on earlier cutoffs (statsmodels), without a penalty where the likelihood has a maximum."""
    if not past:
        raise ValueError("a regression learns from earlier cutoffs with labels, and there is none")
    features, churned, whose = stacked(past)
    means, spreads = features.mean().to_numpy(), features.std(ddof=0).to_numpy()
    standard, clusters = (features.to_numpy() - means) / spreads, pd.factorize(whose)[0]
    fitted = _maximised(standard, churned, clusters)
    at = _penalised(standard, churned) if fitted is None else np.asarray(fitted.params)
    return LearntLogistic(
        names=tuple(features.columns),
        means=means,
        spreads=spreads,
        least=features.min().to_numpy(),
        most=features.max().to_numpy(),
        intercept=float(at[0]),
        weights=at[1:],
        errors=None if fitted is None else np.asarray(fitted.bse)[1:],
        customers=int(clusters.max()) + 1,
    )


def _maximised(standard: NDArray[np.float64], churned: NDArray[np.bool_], clusters: NDArray[np.intp]) -> Any | None:
    """Find the maximum of the likelihood, if it has one."""
    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

    no_maximum = (ConvergenceWarning, PerfectSeparationWarning, RuntimeWarning)
    with warnings.catch_warnings():
        for category in no_maximum:
            warnings.simplefilter("error", category)
        try:
            return Logit(churned.astype(float), np.column_stack([np.ones(len(standard)), standard])).fit(
                disp=0, cov_type="cluster", cov_kwds={"groups": clusters}
            )
        except (*no_maximum, np.linalg.LinAlgError):
            return None


def _penalised(standard: NDArray[np.float64], churned: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Hold the weights by scikit-learn's mild default penalty."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=1_000).fit(standard, churned)
    return np.concatenate([model.intercept_, model.coef_[0]])
