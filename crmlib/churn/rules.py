"""Simple rules that every model has to beat: an order, made probabilities by isotonic regression on earlier cutoffs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.churn.slices import Slice
from crmlib.stats.ranks import average_ranks

NEVER_CERTAIN = 0.005
"""Learnt probabilities stay this far from 0 and 1: a few hundred customers cannot prove certainty."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a rule or model says of each customer: a score, higher where leaving is likelier, or a probability too."""

    score: NDArray[np.float64]
    probability: NDArray[np.float64] | None


def recency_order(customers: pd.DataFrame) -> NDArray[np.float64]:
    """Order customers by the days since their last purchase."""
    return customers["days_since_last"].to_numpy(dtype=float)


def rank_sum_order(customers: pd.DataFrame) -> NDArray[np.float64]:
    """Order customers by recency and frequency together: the mean of the two percentile ranks, 1 late and seldom."""
    n = max(len(customers), 1)
    late = average_ranks(customers["days_since_last"])
    seldom = average_ranks(-customers["purchase_days"])
    ranks: NDArray[np.float64] = (late + seldom - 1) / (2 * n)
    return ranks


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


def hiatus_order(customers: pd.DataFrame, threshold: float) -> NDArray[np.float64]:
    """Say 1 of customers silent for at least so many days, else 0."""
    return (recency_order(customers) >= threshold).astype(float)


def learn_probability(past: Sequence[Slice], orders: Sequence[NDArray[np.float64]]) -> Any:
    """Learn what share left at each value of a rule, never falling as it rises; values outside take the nearest."""
    from sklearn.isotonic import IsotonicRegression

    learnt = IsotonicRegression(y_min=NEVER_CERTAIN, y_max=1 - NEVER_CERTAIN, out_of_bounds="clip")
    return learnt.fit(np.concatenate(list(orders)), np.concatenate([piece.churned for piece in past]))
