"""Simple rules that every model has to beat: how long since the last purchase, and how often before.

A rule gives an order, not a probability. Where earlier cutoffs with known outcomes are there, the rule's order is
turned into probabilities by isotonic regression on them, so that rules and models are judged by the same scores.
"""

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
    """What a rule or model says of each customer of a slice, in the slice's order.

    Attributes
    ----------
    score
        Higher where the customer is thought more likely to leave.
    probability
        Probability of no purchase within the horizon; ``None`` where only an order can be given.
    """

    score: NDArray[np.float64]
    probability: NDArray[np.float64] | None


def recency_order(customers: pd.DataFrame) -> NDArray[np.float64]:
    """Order customers by the days since their last purchase."""
    return customers["days_since_last"].to_numpy(dtype=float)


def rank_sum_order(customers: pd.DataFrame) -> NDArray[np.float64]:
    """Order customers by recency and frequency together: the mean of the two percentile ranks, tied ones alike.

    0 is the customer who bought most recently and most often, 1 the opposite.
    """
    n = max(len(customers), 1)
    late = average_ranks(customers["days_since_last"])
    seldom = average_ranks(-customers["purchase_days"])
    ranks: NDArray[np.float64] = (late + seldom - 1) / (2 * n)
    return ranks


def hiatus_threshold(past: Sequence[Slice], default: float) -> float:
    """Find the days of silence after which most customers did not come back within the horizon.

    The threshold that would have classified most customers of the earlier cutoffs rightly (Wübben & von Wangenheim,
    Journal of Marketing 72, 2008); the default where there are none.
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
    """Learn from earlier cutoffs what share left at each value of a rule, never falling as it rises (isotonic).

    Values outside those seen take the nearest.
    """
    from sklearn.isotonic import IsotonicRegression

    learnt = IsotonicRegression(y_min=NEVER_CERTAIN, y_max=1 - NEVER_CERTAIN, out_of_bounds="clip")
    return learnt.fit(np.concatenate(list(orders)), np.concatenate([piece.churned for piece in past]))
