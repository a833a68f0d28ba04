"""The experiment that would tell whether contacting keeps customers, and how many customers it takes."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize


def customers_needed(churn_rate: float, reduction: float, power: float = 0.8, alpha: float = 0.05) -> int | None:
    """Say how many customers each arm needs to show that contacting lowers the churn rate.

    Parameters
    ----------
    churn_rate
        Share of the customers without contact who leave.
    reduction
        By how much the contact lowers it (0.05: five percentage points).
    power, alpha
        Probability to find the effect if it is there; probability to find one where none is (two-sided).

    Returns
    -------
    int or None
        Customers in each of two equal arms (Cohen 1988, arcsine transformation, through statsmodels); ``None`` where
        the rate cannot fall by so much.

    Examples
    --------
    >>> customers_needed(0.7, 0.05)
    1376
    >>> customers_needed(0.03, 0.05) is None
    True
    """
    if not 0 < churn_rate - reduction < churn_rate < 1:
        return None
    effect = proportion_effectsize(churn_rate, churn_rate - reduction)
    return math.ceil(float(NormalIndPower().solve_power(effect, power=power, alpha=alpha)))


def smallest_reduction(churn_rate: float, customers: int, power: float = 0.8, alpha: float = 0.05) -> float | None:
    """Say what reduction an experiment with so many customers, half of them contacted, would show.

    Returns
    -------
    float or None
        In shares, to a tenth of a percentage point; ``None`` where no reduction could be shown.

    Examples
    --------
    >>> smallest_reduction(0.7, 2752)
    0.05
    """
    half = customers // 2
    reductions = np.arange(1, math.floor(churn_rate * 1000)) / 1000
    if half < 1 or not len(reductions):
        return None
    effects = proportion_effectsize(churn_rate, churn_rate - reductions)
    shown = NormalIndPower().power(effects, nobs1=half, alpha=alpha) >= power
    return float(reductions[shown.argmax()]) if shown.any() else None


def experiment_sizes(churn_rate: float, reductions: Sequence[float]) -> pd.DataFrame:
    """Set out how many customers an experiment needs for each effect.

    Returns
    -------
    pandas.DataFrame
        ``reduction, per_arm, both_arms``; missing where the rate cannot fall by so much.

    Examples
    --------
    >>> experiment_sizes(0.7, [0.1])["both_arms"].tolist()
    [712]
    """
    needed = [customers_needed(churn_rate, reduction) for reduction in reductions]
    per_arm = pd.Series(needed, dtype="Int64")
    return pd.DataFrame({"reduction": list(reductions), "per_arm": per_arm, "both_arms": per_arm * 2})
