"""The verdict of the cutoffs on every rule and model, all on the same customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.churn.history.slices import LEAST_OF_EACH
from crmlib.churn.proof.backtest import predict_all
from crmlib.churn.proof.groups import ACTIVE, KNOWN
from crmlib.churn.proof.judging import Terms, best_rule, judge
from crmlib.stats import Estimate
from crmlib.stats.calibration import CalibrationError, calibration_curve, calibration_error
from crmlib.stats.intervals import proportion
from crmlib.stats.predictions import gain_table

if TYPE_CHECKING:
    from crmlib.churn.money.profit import Campaign
    from crmlib.churn.proof.backtest import Backtest
    from crmlib.churn.study import Study

LEAST_SHARE: Final = 0.1
"""A list is judged by at least so large a share of the active customers: of a few it tells nothing."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the test says of every rule and model.

    `table` is from `crmlib.churn.proof.judging.judge`. `group` is whom a page speaks of: the active customers, whom a
    list would hold, or all known ones where too few of the active left or stayed. `share` is the part of them that
    would have been called likely to leave. `curve` and `error` are the chosen model's calibration among them, ``None``
    where it gives no probabilities. `gains` are of the active customers: ``model, contacted, gain, low, high, lift,
    customers, leavers`` of the chosen model and the best simple rule, no rows where none of them left.
    """

    table: pd.DataFrame
    group: str
    share: float
    rate_active: Estimate
    curve: pd.DataFrame | None
    error: CalibrationError | None
    gains: pd.DataFrame
    customers: int

    def estimate(self, model: str, metric: str, group: str = KNOWN) -> Estimate:
        """Read one figure of the table; unknown where it has none."""
        return self._read(model, metric, group, ("value", "low", "high"))

    def against_rule(self, model: str, metric: str, group: str = "") -> Estimate:
        """Read by how much a model lies above the best simple rule; unknown for that rule itself."""
        ends = ("against_rule", "against_rule_low", "against_rule_high")
        return self._read(model, metric, group or self.group, ends)

    def values(self, group: str = "") -> pd.DataFrame:
        """Give one row a rule or model and one column a metric, the best AUC first."""
        rows = self.table[self.table["group"] == (group or self.group)]
        wide = rows.pivot_table(index="model", columns="metric", values="value", sort=False)
        return wide.sort_values("auc", ascending=False, kind="stable") if len(wide) else wide

    def best_rule(self, metric: str = "auc", group: str = "") -> str | None:
        """Name the best simple rule."""
        return best_rule(self.values(group), metric)

    def _read(self, model: str, metric: str, group: str, columns: tuple[str, str, str]) -> Estimate:
        rows = self.table[["group", "model", "metric"]] == [group, model, metric]
        found = self.table[rows.all(axis=1)]
        if found.empty:
            return Estimate.unknown()
        value, low, high = (float(found[name].iloc[0]) for name in columns)
        return Estimate(value, low, high, int(found["customers"].iloc[0]))


def evaluate(
    backtest: Backtest,
    *,
    active_days: int,
    least_risk: float,
    campaign: Campaign | None,
    resamples: int,
    seed: int,
    then: pd.DataFrame | None = None,
) -> Evaluation:
    """Judge every rule and model on the test's customers, and the chosen one's probabilities on the active."""
    test, chosen = backtest.test, backtest.chosen
    active = (test.customers["days_since_last"] < active_days).to_numpy()
    enough = np.bincount(test.churned[active], minlength=2).min() >= LEAST_OF_EACH
    whom = active if enough else np.ones(len(active), dtype=bool)
    outcome, given = test.churned[whom], None if chosen.probability is None else chosen.probability[whom]
    share = LEAST_SHARE if given is None else max(float((given > least_risk).mean()), LEAST_SHARE)
    return Evaluation(
        table=judge(test, backtest.predictions, Terms(active_days, share, campaign, resamples, seed, then)),
        group=ACTIVE if enough else KNOWN,
        share=share,
        rate_active=proportion(int(test.churned[active].sum()), int(active.sum())),
        curve=None if given is None else calibration_curve(outcome, given),
        error=None if given is None else calibration_error(outcome, given, rng=np.random.default_rng([seed, 2])),
        gains=_gains(backtest, active),
        customers=len(test.customers),
    )


def backtest_table(found: Study) -> pd.DataFrame:
    """Judge every rule and model at every cutoff in one call: the table of `judge`, the test last.

    A model stands at the cutoffs that it could be learnt for, each time from those before alone; the test's rows are
    those of the page. No rows where the history is too short.

    Examples
    --------
    In a notebook: ``churn.backtest_table(found).query("group == 'active' and metric == 'auc'")``.
    """
    backtest, judged = found.backtest, found.judged
    if backtest is None or judged is None:
        return pd.DataFrame()
    settings, past = found.settings, [piece.sampled() for piece in backtest.training]
    terms = Terms(found.active_days, judged.share, found.campaign, settings.resamples, settings.seed)
    earlier = [
        judge(piece, predict_all(past[:place], piece), terms)
        for place, piece in enumerate(backtest.training) if place
    ]  # fmt: skip
    return pd.concat([*earlier, judged.table], ignore_index=True)


def _gains(backtest: Backtest, active: np.ndarray) -> pd.DataFrame:
    """Give the gain of the chosen model and of the best rule among the active customers, tenth by tenth."""
    outcome = backtest.test.churned[active]
    if not outcome.any():
        return pd.DataFrame()
    reached = {name: gain_table(outcome, each.score[active]) for name, each in backtest.predictions.items()}
    means = pd.DataFrame({"gain": {name: rows["gain"].mean() for name, rows in reached.items()}})
    shown = dict.fromkeys([backtest.choice.name, best_rule(means, "gain")])
    parts = [reached[name].assign(model=name) for name in shown if name is not None]
    return pd.concat(parts, ignore_index=True)
