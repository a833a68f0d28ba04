"""The verdict of the latest cutoff on every rule and model, all on the same customers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.churn.proof.backtest import Backtest
from crmlib.churn.proof.metrics import gain_table, resampled, weighted_metrics
from crmlib.stats import Estimate, bootstrap
from crmlib.stats.calibration import CalibrationError, calibration_curve, calibration_error
from crmlib.stats.intervals import proportion
from crmlib.stats.ranks import auc


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the test says; calibration is that of the chosen model, ``None`` where it gives no probabilities.

    `comparison` has a row for each rule and model, in the order of their AUC: ``model, chosen, auc, brier, log_loss``
    and ``auc_against_chosen`` (its AUC minus the chosen one's), each with ``_low`` and ``_high``; Brier and log loss
    missing where there are no probabilities. `auc_active, rate_active` and `gains` are of the customers still active at
    the cutoff, whom a campaign would contact: ``model, contacted, gain, low, high, lift, customers, leavers`` of the
    chosen model and the best simple rule, no rows where none of them left.
    """

    comparison: pd.DataFrame
    auc_active: Estimate
    rate_active: Estimate
    curve: pd.DataFrame | None
    error: CalibrationError | None
    gains: pd.DataFrame
    customers: int

    def estimate(self, model: str, metric: str) -> Estimate:
        """Read one figure of the comparison as an estimate."""
        row = self.comparison[self.comparison["model"] == model]
        value, low, high = (float(row[f"{metric}{end}"].iloc[0]) for end in ("", "_low", "_high"))
        return Estimate(value, low, high, self.customers)


def evaluate(backtest: Backtest, simple: Sequence[str], *, active_days: int, resamples: int, seed: int) -> Evaluation:
    """Judge every rule and model on the test's customers; the best of the simple ones stands in the gain chart too."""
    test, chosen = backtest.test, backtest.chosen
    comparison = compare(backtest, resamples=resamples, seed=seed)
    active = (test.customers["days_since_last"] < active_days).to_numpy()
    return Evaluation(
        comparison=comparison,
        auc_active=auc(test.churned[active], chosen.score[active]),
        rate_active=proportion(int(test.churned[active].sum()), int(active.sum())),
        curve=None if chosen.probability is None else calibration_curve(test.churned, chosen.probability),
        error=None
        if chosen.probability is None
        else calibration_error(test.churned, chosen.probability, rng=np.random.default_rng([seed, 2])),
        gains=_gains(backtest, comparison.loc[comparison["model"].isin(simple), "model"], active),
        customers=len(test.customers),
    )


def _gains(backtest: Backtest, rules: "pd.Series[str]", active: NDArray[np.bool_]) -> pd.DataFrame:
    """Give the gain of the chosen model and of the first rule among the active customers."""
    outcome = backtest.test.churned[active]
    if not outcome.any():
        return pd.DataFrame()
    shown = dict.fromkeys([backtest.choice.name, *rules.head(1)])
    parts = [gain_table(outcome, backtest.predictions[name].score[active]).assign(model=name) for name in shown]
    return pd.concat(parts, ignore_index=True)


def compare(backtest: Backtest, *, resamples: int, seed: int) -> pd.DataFrame:
    """Compare all rules and models on the same resampled customers; see `Evaluation.comparison`."""
    outcome = backtest.test.churned
    metrics = {
        (name, metric): function
        for name, prediction in backtest.predictions.items()
        for metric, function in weighted_metrics(outcome, prediction.score, prediction.probability).items()
    }
    draws = resampled(metrics, len(outcome), rng=np.random.default_rng([seed, 1]), n_resamples=resamples)
    chosen = draws[backtest.choice.name, "auc"]
    rows = []
    for name in backtest.predictions:
        row: dict[str, object] = {"model": name, "chosen": name == backtest.choice.name}
        for metric in ("auc", "brier", "log_loss"):
            known = (name, metric) in draws.columns
            row |= _ends(metric, draws[name, metric] if known else None, len(outcome))
        rows.append(row | _ends("auc_against_chosen", draws[name, "auc"] - chosen, len(outcome)))
    return pd.DataFrame(rows).sort_values("auc", ascending=False, kind="stable").reset_index(drop=True)


def _ends(metric: str, draws: pd.Series | None, n: int) -> dict[str, object]:
    estimate = Estimate.unknown(n) if draws is None else bootstrap.estimate(draws, n)
    return {metric: estimate.value, f"{metric}_low": estimate.low, f"{metric}_high": estimate.high}
