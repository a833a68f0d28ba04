"""How good predictions are: order, probabilities, leavers reached, and intervals from the same resampled customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from crmlib.stats.bootstrap import NORMAL_ABOVE, times_drawn
from crmlib.stats.intervals import proportions
from crmlib.stats.ranks import average_ranks

Weights = NDArray[np.float64]
LEAST = 1e-6
"""Probabilities are kept this far from 0 and 1 in the log loss, which would be infinite otherwise."""


def brier_score(churned: ArrayLike, probability: ArrayLike) -> float:
    """Give the mean squared distance between probability and outcome (Brier, 1950): 0 is perfect."""
    return float(np.mean(_squared(np.asarray(churned, dtype=float), np.asarray(probability, dtype=float))))


class Metric(Protocol):
    """A figure of customers for any weights of them."""

    def __call__(self, weights: Weights) -> float:
        """Give the figure."""

    def pulls(self) -> NDArray[np.float64]:
        """Say by how much a little more weight of each customer moves the figure, all weighing 1."""


@dataclass(frozen=True, slots=True)
class Linearised:
    """A figure that moves with each customer's weight alone: a mean exactly, a fitted number to the first order."""

    value: float
    effects: NDArray[np.float64]

    @classmethod
    def mean_of(cls, each: NDArray[np.float64]) -> "Linearised":
        """Take the mean of one number a customer."""
        mean = float(each.mean())
        return cls(mean, (each - mean) / len(each))

    def __call__(self, weights: Weights) -> float:
        """Give the figure."""
        return self.value + float(weights @ self.effects)

    def pulls(self) -> NDArray[np.float64]:
        """Say by how much each customer moves it."""
        return self.effects


@dataclass(slots=True)
class Ranking:
    """Customers from the lowest score up, sorted once for all resamples and all figures of the order."""

    order: NDArray[np.intp]
    churned: NDArray[np.float64]
    ties: NDArray[np.intp]
    _last: tuple[Weights, Weights, Weights] | None = None

    @classmethod
    def of(cls, churned: ArrayLike, score: ArrayLike) -> "Ranking":
        """Sort the customers by their score."""
        values = np.asarray(score, dtype=float)
        order = np.argsort(values, kind="stable")
        starts = np.concatenate([[0], np.flatnonzero(np.diff(values[order])) + 1])
        return cls(order, np.asarray(churned, dtype=float)[order], starts)

    def counted(self, weights: Weights) -> tuple[Weights, Weights]:
        """Sum the weights of leavers and of stayers by group of equal scores; kept for the next figure of the same."""
        if self._last is None or self._last[0] is not weights:
            drawn = weights[self.order]
            left = np.add.reduceat(drawn * self.churned, self.ties)
            self._last = weights, left, np.add.reduceat(drawn, self.ties) - left
        return self._last[1:]


@dataclass(frozen=True, slots=True)
class WeightedAuc:
    """The area under the ROC curve for any weights of the customers; ties count half."""

    ranking: Ranking

    @classmethod
    def of(cls, churned: ArrayLike, score: ArrayLike) -> "WeightedAuc":
        """Sort the customers by their score."""
        return cls(Ranking.of(churned, score))

    def __call__(self, weights: Weights) -> float:
        """Give the area; NaN where only leavers or only stayers have weight."""
        left, stayed = self.ranking.counted(weights)
        pairs = left.sum() * stayed.sum()
        if pairs == 0:
            return float("nan")
        below = np.cumsum(stayed) - stayed
        return float((left * (below + stayed / 2)).sum() / pairs)

    def pulls(self) -> NDArray[np.float64]:
        """Say by how much each customer moves the area (DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44)."""
        churned, ties = self.ranking.churned, self.ranking.ties
        left, stayed = (np.add.reduceat(each, ties) for each in (churned, 1 - churned))
        group = np.repeat(np.arange(len(left)), np.diff(ties, append=len(churned)))
        ahead = ((np.cumsum(stayed) - stayed / 2) / stayed.sum())[group]
        behind = (1 - (np.cumsum(left) - left / 2) / left.sum())[group]
        area = float(ahead @ churned / left.sum())
        moved = np.empty(len(churned))
        moved[self.ranking.order] = np.where(churned > 0, (ahead - area) / left.sum(), (behind - area) / stayed.sum())
        return moved


@dataclass(frozen=True, slots=True)
class WeightedTop:
    """The share of all leavers among the given share of customers at highest risk (gain), over `per`; ties are spread.

    Over the share itself it is the lift.
    """

    ranking: Ranking
    share: float
    per: float = 1.0

    def __call__(self, weights: Weights) -> float:
        """Give the gain or lift; NaN where no leaver has weight."""
        left, stayed = self.ranking.counted(weights)
        customers, leavers = (np.concatenate([[0.0], np.cumsum(each)]) for each in (left + stayed, left))
        if leavers[-1] == 0:
            return float("nan")
        below = np.interp((1 - self.share) * customers[-1], customers, leavers)
        return float((1 - below / leavers[-1]) / self.per)

    def pulls(self) -> NDArray[np.float64]:
        """Say by how much each customer moves it: who is contacted counts, and the cut moves with everybody."""
        churned, ties = self.ranking.churned, self.ranking.ties
        n = len(churned)
        cut, places = (1 - self.share) * n, np.arange(n)
        group = max(int(np.searchsorted(ties, cut, side="right")) - 1, 0)
        start, end = int(ties[group]), int(np.append(ties, n)[group + 1])
        contacted = np.where(places >= end, 1.0, np.where(places < start, 0.0, (end - cut) / (end - start)))
        around = int(n**0.8 / 2)  # the share of leavers near the cut, where single customers say only 0 or 1
        near = churned[max(min(start, int(cut) - around), 0) : max(end, int(cut) + around)].mean()
        gain = float(contacted @ churned / churned.sum())
        moved = np.empty(n)
        moved[self.ranking.order] = contacted * churned + (self.share - contacted) * near - gain * churned
        return moved / churned.sum() / self.per


def weighted_metrics(
    churned: NDArray[np.bool_],
    score: NDArray[np.float64],
    probability: NDArray[np.float64] | None,
    tops: Mapping[str, tuple[float, float]] = MappingProxyType({}),
) -> dict[str, Metric]:
    """Give AUC, Brier score and log loss as functions of the customers' weights; ``tops`` are `WeightedTop` by name."""
    outcome, ranking = churned.astype(float), Ranking.of(churned, score)
    metrics: dict[str, Metric] = {"auc": WeightedAuc(ranking)}
    metrics |= {name: WeightedTop(ranking, share, per) for name, (share, per) in tops.items()}
    if probability is not None:
        metrics["brier"] = Linearised.mean_of(_squared(outcome, probability))
        metrics["log_loss"] = Linearised.mean_of(_surprise(outcome, probability))
    return metrics


def resampled(
    metrics: Mapping[tuple[str, str], Metric],
    n: int,
    *,
    rng: np.random.Generator,
    n_resamples: int,
    normal: bool = False,
) -> pd.DataFrame:
    """Compute every metric of every model on the same resampled customers (paired bootstrap).

    One row a resample, the first the sample itself; one column a pair of model and metric. Of very many customers, or
    where asked for, the resamples are drawn from the normal distribution that the figures have by their pulls.
    """
    rows = [[metric(np.ones(n)) for metric in metrics.values()]]
    if normal or n > NORMAL_ABOVE:
        pulls = np.array([metric.pulls() for metric in metrics.values()])
        rows += rng.multivariate_normal(rows[0], pulls @ pulls.T, size=n_resamples, method="eigh").tolist()
        n_resamples = 0
    for times in times_drawn(n, rng, n_resamples):
        drawn = times.astype(float)
        rows.append([metric(drawn) for metric in metrics.values()])
    return pd.DataFrame(rows, columns=pd.MultiIndex.from_tuples(list(metrics), names=["model", "metric"]))


def _squared(outcome: NDArray[np.float64], probability: NDArray[np.float64]) -> NDArray[np.float64]:
    return (probability - outcome) ** 2


def _surprise(outcome: NDArray[np.float64], probability: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(probability, LEAST, 1 - LEAST)
    return -(outcome * np.log(inside) + (1 - outcome) * np.log1p(-inside))


def gain_table(churned: ArrayLike, score: ArrayLike, parts: int = 10) -> pd.DataFrame:
    """Count the leavers among the customers at highest risk, part by part; those of tied customers are spread evenly.

    ``contacted`` (share of customers, highest risk first), ``customers, leavers`` up to there (fractional where a tie
    is cut), ``gain`` (share of all leavers reached) with ``low, high`` (Wilson), ``lift`` (leavers among them over
    leavers among all).
    """
    outcome = np.asarray(churned, dtype=float)
    reached, left = _cumulative(outcome, np.asarray(score, dtype=float))
    n, total = len(outcome), outcome.sum()
    contacted = np.arange(1, parts + 1) / parts
    leavers = np.interp(contacted * n, reached, left)
    shares = proportions(np.minimum(leavers, total), np.full(parts, total))
    return pd.DataFrame(
        {
            "contacted": contacted,
            "customers": contacted * n,
            "leavers": leavers,
            "gain": shares["value"],
            "low": shares["low"],
            "high": shares["high"],
            "lift": leavers / total / contacted if total else np.nan,
        }
    )


def leavers_among_top(churned: ArrayLike, score: ArrayLike, share: float) -> float:
    """Count the leavers among the given share of customers at highest risk; ties are spread evenly."""
    outcome = np.asarray(churned, dtype=float)
    reached, left = _cumulative(outcome, np.asarray(score, dtype=float))
    return float(np.interp(share * len(outcome), reached, left))


def _cumulative(
    outcome: np.ndarray[tuple[int], np.dtype[np.float64]], score: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Give customers and leavers reached after each group of equal scores, from nobody on."""
    _, group = np.unique(average_ranks(-score), return_inverse=True)
    customers = np.concatenate([[0.0], np.cumsum(np.bincount(group))])
    leavers = np.concatenate([[0.0], np.cumsum(np.bincount(group, weights=outcome))])
    return customers, leavers
