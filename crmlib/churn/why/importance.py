"""What the model looks at: how much worse it tells leavers from stayers once a group of features is shuffled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.churn.models.contenders import contender
from crmlib.churn.why.reasons import explained_groups
from crmlib.stats.predictions import weighted_metrics
from crmlib.stats.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from crmlib.churn.models.learnt import Prediction
    from crmlib.churn.study import Study
    from crmlib.churn.why.shapley import Groups

SHUFFLES: Final = 6
JUDGED: Final = 20_000
"""So many of the test's active customers are enough to say what the score looks at."""
NORMAL_95: Final = 1.959964
METRICS: Final = {"auc": 1, "brier": -1}
"""The figures that a shuffle makes worse, and the sign that makes worse a positive number."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of all customers, and how much each of them pulls it."""

    value: float
    pulls: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Loss:
    """By how much each shuffle made a figure worse, and how much each customer pulls the mean of that."""

    shuffles: NDArray[np.float64]
    pulls: NDArray[np.float64]

    @property
    def value(self) -> float:
        """The mean over the shuffles."""
        return float(self.shuffles.mean())

    @property
    def half(self) -> float:
        """Half the 95 % interval: which customers were seen, and which shuffles."""
        shuffled = self.shuffles.var(ddof=1) / len(self.shuffles)
        return NORMAL_95 * float(np.sqrt(self.pulls @ self.pulls + shuffled))

    def less(self, other: Loss) -> Loss:
        """Give what this one is worse than another, of the same customers and shuffles."""
        return Loss(self.shuffles - other.shuffles, self.pulls - other.pulls)


def group_importance(found: Study) -> pd.DataFrame:
    """Say what the chosen model loses on the test's active customers without each group; no rows without a test.

    See `permutation_importance`.
    """
    if found.backtest is None:
        return pd.DataFrame()
    test, training = found.backtest.test, [piece.sampled() for piece in found.backtest.training]
    learnt = contender(found.model).learn(training, test)
    active = sampled(test.customers[test.customers["days_since_last"] < found.active_days], JUDGED)
    active, churned = active.reset_index(drop=True), active["churned"].to_numpy(dtype=bool)
    if learnt is None or len(np.unique(churned)) < 2:
        return pd.DataFrame()
    rng = np.random.default_rng([found.settings.seed, 30])
    return permutation_importance(learnt.predict, active, churned, explained_groups(active, test.own), rng)


def permutation_importance(
    predict: Callable[[pd.DataFrame], Prediction],
    customers: pd.DataFrame,
    churned: NDArray[np.bool_],
    groups: Groups,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Measure what a model loses when the columns of a group are shuffled together between customers.

    Breiman, Machine Learning 45, 2001; of groups, so that features that say the same cannot stand in for one another
    (Gregorutti, Michel & Saint-Pierre, Computational Statistics & Data Analysis 90, 2015). Intervals are of the
    infinitesimal jackknife (Efron 1982), each customer counted as the one judged and as the one whose values another
    was given, and of the shuffles.

    Returns
    -------
    pandas.DataFrame
        ``group, auc`` (fall of the AUC), ``brier`` (rise of the Brier score; missing without probabilities), ``behind``
        (how much less the AUC falls than with the first group), each with ``_low`` and ``_high``, and ``customers``;
        the largest fall first.
    """
    shuffles = [rng.permutation(len(customers)) for _shuffle in range(SHUFFLES)]

    def judge(rows: pd.DataFrame) -> dict[str, Figure]:
        return _figures(predict(rows), churned)

    whole = judge(customers)
    losses = {group: _lost(judge, whole, customers, list(names), shuffles) for group, names in groups.items()}
    first = max((lost["auc"] for lost in losses.values()), key=lambda loss: loss.value)
    rows = [
        {"group": group} | {
            f"{name}{end}": at
            for name, loss in (*lost.items(), ("behind", first.less(lost["auc"])))
            for end, at in (("", loss.value), ("_low", loss.value - loss.half), ("_high", loss.value + loss.half))
        }
        for group, lost in losses.items()
    ]  # fmt: skip
    ranked = pd.DataFrame(rows).assign(customers=len(customers)).sort_values("auc", ascending=False, kind="stable")
    return ranked.reset_index(drop=True)


def _figures(prediction: Prediction, churned: NDArray[np.bool_]) -> dict[str, Figure]:
    metrics = weighted_metrics(churned, prediction.score, prediction.probability)
    weights = np.ones(len(churned))
    return {name: Figure(metrics[name](weights), metrics[name].pulls()) for name in METRICS if name in metrics}


def _lost(
    judge: Callable[[pd.DataFrame], dict[str, Figure]],
    whole: dict[str, Figure],
    customers: pd.DataFrame,
    names: list[str],
    shuffles: list[NDArray[np.intp]],
) -> dict[str, Loss]:
    """Shuffle one group of columns again and again, and say what each figure loses."""
    falls: dict[str, list[float]] = {name: [] for name in whole}
    pulls = {name: np.zeros(len(customers)) for name in whole}
    for giver in shuffles:
        given = customers[names].iloc[giver].set_axis(customers.index)
        shuffled = judge(customers.assign(**{name: given[name] for name in names}))
        for name, sign in METRICS.items():
            if name in whole:
                falls[name].append(sign * (whole[name].value - shuffled[name].value))
                pulled = sign * (whole[name].pulls - shuffled[name].pulls) / len(shuffles)
                pulls[name] += pulled
                # the loss of a row is also that of whoever gave it its values
                pulls[name][giver] += pulled
    return {name: Loss(np.array(falls[name]), pulls[name]) for name in whole}
