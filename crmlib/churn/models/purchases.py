"""Purchase models as contenders: fitted on the purchase histories at the cutoff itself, they need no known outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmlib.btyd import BetaGeoNBD, PurchaseModel
from crmlib.churn.models.learnt import Prediction
from crmlib.features import DAYS_PER_WEEK
from crmlib.stats.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from crmlib.churn.history.slices import Slice


@dataclass(frozen=True, slots=True)
class LearntPurchases:
    """A purchase model with the horizon it is asked about, in weeks."""

    model: PurchaseModel
    weeks: float

    def predict(self, customers: pd.DataFrame) -> Prediction:
        """Give the probability of no purchase within the horizon."""
        probability = 1 - self.model.probability_of_purchase(customers, self.weeks).to_numpy(dtype=float)
        return Prediction(probability, probability)


def fit_purchases(kind: type[PurchaseModel], customers: pd.DataFrame) -> PurchaseModel | None:
    """Fit a purchase model to the histories known at a cutoff; ``None`` where nobody bought on a second day."""
    if not (customers["frequency"] > 0).any():
        return None
    return kind.fit(sampled(customers)[["frequency", "recency", "T"]])


def learn_bg_nbd(past: Sequence[Slice], now: Slice) -> LearntPurchases | None:  # noqa: ARG001 - needs no labels
    """Fit a BG/NBD model."""
    return _learnt(fit_purchases(BetaGeoNBD, now.customers), now)


def learn_mbg_nbd(past: Sequence[Slice], now: Slice) -> LearntPurchases | None:  # noqa: ARG001 - needs no labels
    """Take the cutoff's MBG/NBD model, in which a customer may leave after the very first purchase too."""
    return _learnt(now.purchases, now)


def _learnt(model: PurchaseModel | None, now: Slice) -> LearntPurchases | None:
    return None if model is None else LearntPurchases(model, now.horizon_days / DAYS_PER_WEEK)
