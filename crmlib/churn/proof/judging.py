"""One table of what a cutoff says of every rule and model, each against the best rule, on the same customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.churn.history.slices import LEAST_OF_EACH
from crmlib.churn.models.contenders import contender
from crmlib.churn.proof.earnings import profit_each
from crmlib.churn.proof.groups import ACTIVE, groups_at
from crmlib.stats import Estimate, bootstrap
from crmlib.stats.calibration import calibration_error
from crmlib.stats.predictions import Linearised, Metric, resampled, weighted_metrics
from crmlib.stats.recalibration import recalibration
from crmlib.stats.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from crmlib.churn.history.slices import Slice
    from crmlib.churn.models.learnt import Prediction
    from crmlib.churn.money.profit import Campaign

TENTH: Final = 0.1
HIGHER: Final = ("auc", "lift", "gain", "profit")
LOWER: Final = ("brier", "log_loss")
"""Figures that tell the better model; slope, intercept and calibration error are right or not."""

COLUMNS: Final = (
    "cutoff", "group", "model", "metric", "value", "low", "high", "standard_error",
    "rule", "against_rule", "against_rule_low", "against_rule_high", "by_chance", "customers", "churned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms models are judged: who is active, the share that a list holds, the campaign, the resamples.

    `then` are the segments of one cutoff, by chapter 02 (`segments_then`).
    """

    active_days: int
    share: float
    campaign: Campaign | None
    resamples: int
    seed: int
    then: pd.DataFrame | None = None

    def named_at(self, cutoff: date) -> pd.DataFrame | None:
        """Give the segments if they are of this cutoff."""
        if self.then is None or self.then.empty or pd.Timestamp(self.then["as_of"].iloc[0]).date() != cutoff:
            return None
        return self.then


def judge(test: Slice, predictions: Mapping[str, Prediction], terms: Terms) -> pd.DataFrame:
    """Judge every rule and model on a cutoff's customers, group by group: one row a group, model and metric.

    ``value, low, high, standard_error`` of ``auc, lift`` (in the first tenth), ``gain`` (in the share that a list
    holds), ``brier, log_loss, expected`` (mean probability), ``slope, intercept, calibration_error`` and ``profit``
    (EMPC each); ``rule`` is the best simple rule by that metric, ``against_rule`` the distance to it from the same
    resampled customers (missing for the rule itself); ``by_chance`` is the calibration error that chance exceeds one
    time in twenty. The active customers are drawn again and again; for the other groups the normal limit is taken.
    Groups with fewer than 20 leavers or stayers are left out. Of very many customers it is the sample that models learn
    from.
    """
    places = test.customers.index.get_indexer(sampled(test.customers).index)
    customers, churned = test.customers.iloc[places], test.churned[places]
    parts = []
    groups = groups_at(customers, test.horizon_days, terms.active_days, terms.named_at(test.cutoff))
    for group, inside in groups.items():
        if np.bincount(churned[inside], minlength=2).min() >= LEAST_OF_EACH:
            rows = _judged(churned[inside], _of(predictions, places[inside]), terms, normal=group != ACTIVE)
            parts.append(rows.assign(group=group, customers=int(inside.sum()), churned=int(churned[inside].sum())))
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts, ignore_index=True).assign(cutoff=test.cutoff)[list(COLUMNS)]


def _of(predictions: Mapping[str, Prediction], places: np.ndarray) -> dict[str, Prediction]:
    """Keep what is said of some customers."""
    return {
        name: type(each)(each.score[places], None if each.probability is None else each.probability[places])
        for name, each in predictions.items()
    }


def _judged(churned: np.ndarray, predictions: Mapping[str, Prediction], terms: Terms, *, normal: bool) -> pd.DataFrame:
    """Judge every rule and model on the same customers."""
    metrics = {
        (name, metric): figure
        for name, prediction in predictions.items()
        for metric, figure in _figures(churned, prediction, terms).items()
    }
    draws = resampled(
        metrics, len(churned), rng=np.random.default_rng([terms.seed, 1]), n_resamples=terms.resamples, normal=normal
    )
    rules = {metric: best_rule(draws.iloc[0].unstack(), metric) for metric in (*HIGHER, *LOWER)}
    drawn = dict(zip(metrics, draws.to_numpy().T, strict=True))
    rows = [_row(drawn, key, rules.get(key[1]), len(churned)) for key in metrics]
    return pd.concat([pd.DataFrame(rows), _errors(churned, predictions, terms.seed)], ignore_index=True)


def _figures(churned: np.ndarray, prediction: Prediction, terms: Terms) -> dict[str, Metric]:
    """Give every figure of a rule or model as a function of the customers' weights."""
    score, probability = prediction.score, prediction.probability
    tops = {"lift": (TENTH, TENTH), "gain": (terms.share, 1.0)}
    figures = weighted_metrics(churned, score, probability, tops)
    if terms.campaign is not None:
        figures["profit"] = Linearised.mean_of(profit_each(churned, score, terms.campaign))
    if probability is not None:
        figures["expected"] = Linearised.mean_of(probability)
        figures |= recalibration(churned, probability)
    return figures


def best_rule(values: pd.DataFrame, metric: str) -> str | None:
    """Name the best simple rule by one metric, of one row a model; ``None`` where no rule has it."""
    known = values[metric].dropna() if metric in values else pd.Series(dtype=float)
    rules = known[[name for name in known.index if contender(name).simple]]
    if rules.empty:
        return None
    return str(rules.idxmax() if metric in HIGHER else rules.idxmin())


def _row(
    drawn: Mapping[tuple[str, str], np.ndarray], key: tuple[str, str], rule: str | None, n: int
) -> dict[str, object]:
    """Write a figure with its interval, and its distance to the best rule."""
    model, metric = key
    own = drawn[key]
    row: dict[str, object] = {"model": model, "metric": metric, "rule": rule, "by_chance": np.nan}
    row |= _ends("value", "", bootstrap.estimate(own, n)) | {"standard_error": float(own[1:].std(ddof=1))}
    against = bootstrap.estimate(own - drawn[rule, metric], n) if rule not in {None, model} else Estimate.unknown(n)
    return row | _ends("against_rule", "against_rule_", against)


def _ends(name: str, before: str, found: Estimate) -> dict[str, object]:
    return {name: found.value, f"{before}low": found.low, f"{before}high": found.high}


def _errors(churned: np.ndarray, predictions: Mapping[str, Prediction], seed: int) -> pd.DataFrame:
    """Give each model's calibration error beside what chance alone explains: resamples of it would lie too high."""
    rows = []
    for name, prediction in predictions.items():
        if prediction.probability is not None:
            error = calibration_error(churned, prediction.probability, rng=np.random.default_rng([seed, 2]))
            row = {"model": name, "metric": "calibration_error", "value": error.value, "by_chance": error.floor_high}
            rows.append(row)
    return pd.DataFrame(rows)
