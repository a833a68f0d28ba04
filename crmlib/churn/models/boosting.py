"""Gradient boosting: many small trees, none of which may bend a feature against the sign that is declared for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crmlib.churn.history.features import SIGNS
from crmlib.churn.history.slices import remembered
from crmlib.churn.models.design import can_teach, stacked
from crmlib.churn.models.learnt import Prediction

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from crmlib.churn.history.slices import Slice

SETTINGS: Final = {
    "max_iter": 60, "learning_rate": 0.1, "max_leaf_nodes": 8, "min_samples_leaf": 40, "l2_regularization": 1.0,
    "early_stopping": False, "random_state": 0,
}  # fmt: skip
"""Small trees, few of them, and nothing held back to stop early: the backtest says whether they are any good."""


@dataclass(frozen=True, slots=True)
class LearntBoosting:
    """Fitted trees and the features they ask for."""

    names: tuple[str, ...]
    model: Any

    def predict(self, customers: pd.DataFrame) -> Prediction:
        """Give each customer's probability of no purchase within the horizon."""
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        with threadpool_limits(1, user_api="openmp"):
            probability = self.model.predict_proba(customers[list(self.names)].to_numpy(dtype=float))[:, 1]
        return Prediction(probability, probability)


def learn_boosting(past: Sequence[Slice], now: Slice) -> LearntBoosting | None:  # noqa: ARG001 - learns from the past
    """Learn from earlier cutoffs how features, together, go with leaving."""
    if not past or not can_teach(past):
        return None
    learnt: LearntBoosting = remembered(past, "boosting", lambda: fit_boosting(past))
    return learnt


def fit_boosting(past: Sequence[Slice]) -> LearntBoosting:
    """Fit the trees on earlier cutoffs; the same slices give the same trees."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    features, churned, _ = stacked(past)
    signs = [SIGNS.get(name, 0) for name in features.columns]
    model = HistGradientBoostingClassifier(monotonic_cst=signs, **SETTINGS)
    # threads that wait for one another cost more than they save here, most of all where another chapter runs beside
    with threadpool_limits(1, user_api="openmp"):
        model.fit(features.to_numpy(), churned)
    return LearntBoosting(tuple(features.columns), model)
