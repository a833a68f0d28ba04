"""The experiment that would tell whether contacting keeps customers, and how many customers it takes."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize


def customers_needed(churn_rate: float, reduction: float, power: float = 0.8, alpha: float = 0.05) -> int | None:
    """Say how many customers each arm needs to show that contacting lowers the churn rate by so much.

    Two equal arms (Cohen 1988, arcsine transformation, through statsmodels), two-sided; ``None`` where the rate cannot
    fall by so much.
    """
    if not 0 < churn_rate - reduction < churn_rate < 1:
        return None
    effect = proportion_effectsize(churn_rate, churn_rate - reduction)
    return math.ceil(float(NormalIndPower().solve_power(effect, power=power, alpha=alpha)))


def smallest_reduction(churn_rate: float, customers: int, power: float = 0.8, alpha: float = 0.05) -> float | None:
    """Say what reduction an experiment with so many customers, half of them contacted, would show.

    To a tenth of a percentage point; ``None`` where no reduction could be shown.
    """
    half = customers // 2
    reductions = np.arange(1, math.floor(churn_rate * 1000)) / 1000
    if half < 1 or not len(reductions):
        return None
    effects = proportion_effectsize(churn_rate, churn_rate - reductions)
    shown = NormalIndPower().power(effects, nobs1=half, alpha=alpha) >= power
    return float(reductions[shown.argmax()]) if shown.any() else None


def experiment_sizes(churn_rate: float, reductions: Sequence[float]) -> pd.DataFrame:
    """Set out how many customers an experiment needs for each effect: ``reduction, per_arm, both_arms``.

    Missing where the rate cannot fall by so much.
    """
    needed = [customers_needed(churn_rate, reduction) for reduction in reductions]
    per_arm = pd.Series(needed, dtype="Int64")
    return pd.DataFrame({"reduction": list(reductions), "per_arm": per_arm, "both_arms": per_arm * 2})
