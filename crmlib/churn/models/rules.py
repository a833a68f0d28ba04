"""The simple rules: each puts customers in an order, and learns from earlier cutoffs what share left at each place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.churn.models.learnt import Prediction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.churn.history.slices import Slice

NEVER_CERTAIN: Final = 0.005
"""Learnt probabilities stay this far from 0 and 1: a few hundred customers cannot prove certainty."""

Order: TypeAlias = Callable[[pd.DataFrame], NDArray[np.float64]]
"""Gives each customer a number, higher where leaving is likelier."""


@dataclass(frozen=True, slots=True)
class LearntRule:
    """An order and, where earlier cutoffs taught it, the share that left at each of its values (an isotonic map)."""

    order: Order
    shares: Any | None

    def predict(self, customers: pd.DataFrame) -> Prediction:
        """Order customers, and give the learnt share as their probability."""
        score = self.order(customers)
        if self.shares is None:
            return Prediction(score, None)
        return Prediction(score, np.asarray(self.shares.predict(score), dtype=float))


def recency_order(customers: pd.DataFrame) -> NDArray[np.float64]:
    """Order customers by the days since their last purchase."""
    return customers["days_since_last"].to_numpy(dtype=float)


def rank_sum_order(customers: pd.DataFrame, among: pd.DataFrame | None = None) -> NDArray[np.float64]:
    """Order customers by recency and frequency together: the mean of two percentile ranks among all, 1 late and seldom.

    All are the customers of the cutoff, where those to be ordered are others.
    """
    known = customers if among is None else among
    late = _ranks(customers["days_since_last"], known["days_since_last"])
    seldom = _ranks(-customers["purchase_days"], -known["purchase_days"])
    ranks: NDArray[np.float64] = (late + seldom - 1) / (2 * max(len(known), 1))
    return ranks


def past_rate_order(customers: pd.DataFrame) -> NDArray[np.float64]:
    """Order customers by the purchase days a day since the first one, which is not counted; 0 last, often first."""
    rate = (customers["purchase_days"] - 1) / (customers["days_since_first"] + 1)
    return -rate.to_numpy(dtype=float)


def hiatus_order(customers: pd.DataFrame, threshold: float) -> NDArray[np.float64]:
    """Say 1 of customers silent for at least so many days, else 0."""
    return (recency_order(customers) >= threshold).astype(float)


def hiatus_threshold(past: Sequence[Slice], default: float) -> float:
    """Find the days of silence after which most customers did not come back; the default without earlier cutoffs.

    The threshold that would have classified most customers rightly (Wübben & von Wangenheim, Journal of Marketing 72,
    2008).
    """
    if not past:
        return default
    silent = np.concatenate([recency_order(piece.customers) for piece in past])
    churned = np.concatenate([piece.churned for piece in past])
    order = np.argsort(silent, kind="stable")
    days, left = silent[order], churned[order]
    # a threshold before position i calls the first i customers staying and the others leaving
    right = np.concatenate([[0], np.cumsum(~left)]) + (left.sum() - np.concatenate([[0], np.cumsum(left)]))
    starts = np.concatenate([[0], np.flatnonzero(np.diff(days)) + 1])
    return float(days[starts[np.argmax(right[starts])]])


def learn_hiatus(past: Sequence[Slice], now: Slice) -> LearntRule:
    """Call those leavers who were silent for longer than the threshold learnt from earlier cutoffs."""
    threshold = hiatus_threshold(past, default=float(now.horizon_days))
    return _learn_rule(past, now, lambda _known: lambda customers: hiatus_order(customers, threshold))


def learn_recency(past: Sequence[Slice], now: Slice) -> LearntRule:
    """Order customers by how long they have been silent."""
    return _learn_rule(past, now, lambda _known: recency_order)


def learn_rank_sum(past: Sequence[Slice], now: Slice) -> LearntRule:
    """Order customers by how long they have been silent and how seldom they bought, ranks added."""
    return _learn_rule(past, now, lambda known: lambda customers: rank_sum_order(customers, known))


def learn_past_rate(past: Sequence[Slice], now: Slice) -> LearntRule:
    """Order customers by how seldom they bought again since their first purchase."""
    return _learn_rule(past, now, lambda _known: past_rate_order)


def learn_shares(past: Sequence[Slice], orders: Sequence[NDArray[np.float64]]) -> Any:
    """Learn what share left at each value of a rule, never falling as it rises; values outside take the nearest."""
    from sklearn.isotonic import IsotonicRegression

    learnt = IsotonicRegression(y_min=NEVER_CERTAIN, y_max=1 - NEVER_CERTAIN, out_of_bounds="clip")
    return learnt.fit(np.concatenate(list(orders)), np.concatenate([piece.churned for piece in past]))


def _learn_rule(past: Sequence[Slice], now: Slice, order_among: Callable[[pd.DataFrame], Order]) -> LearntRule:
    """Learn the shares of an order that may hang on who is known at a cutoff."""
    orders = [order_among(piece.customers)(piece.customers) for piece in past]
    return LearntRule(order_among(now.customers), learn_shares(past, orders) if past else None)


def _ranks(values: pd.Series, known: pd.Series) -> NDArray[np.float64]:
    """Rank values among known ones from 1 upwards, equal ones at the mean of their ranks."""
    there = np.sort(known.to_numpy())
    below, up_to = (np.searchsorted(there, values.to_numpy(), side=side) for side in ("left", "right"))
    return np.asarray((below + up_to + 1) / 2, dtype=float)
