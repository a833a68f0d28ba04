"""How unequally sales are spread over customers.

The intervals are linearised: what each customer contributes to the figure is written down, its spread gives the error.
That costs one sort, where a bootstrap of a million customers would cost a thousand.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats as distributions

from crmlib.stats.estimate import Estimate

_ENOUGH = 2  # a spread needs two customers


def gini(values: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Estimate how concentrated sales are: 0 where all customers spend the same, near 1 where one spends nearly all.

    Parameters
    ----------
    values
        Spend a customer, not negative; missing values are left out.
    confidence
        Coverage, 0.95 unless said.

    Returns
    -------
    Estimate
        Unknown where there are fewer than two customers or no sales.

    Raises
    ------
    ValueError
        If a value is negative: a share of a total needs parts that are not.

    References
    ----------
    Langel & Tillé (2013), Variance estimation of the Gini index, JRSS A 176, equation 15.

    Examples
    --------
    >>> gini([1, 1, 1, 1]).value
    0.0
    >>> round(gini([0, 0, 0, 4]).value, 2)
    0.75
    """
    spend = _sorted(values)
    n, total = len(spend), float(spend.sum())
    if n < _ENOUGH or total == 0:
        return Estimate.unknown(n, confidence)
    rank = np.arange(1, n + 1)
    value = float(2 * (rank * spend).sum() / (n * total) - (n + 1) / n)
    # what a customer adds: its place among the others, and the sales of those above it
    lorenz = np.cumsum(spend)
    influence = 2 * (rank * spend - lorenz) / n + total / n - spend - value * (total / n + spend)
    return _estimate(max(value, 0.0), influence / total, confidence)


def top_share(values: ArrayLike, share: float = 0.1, *, confidence: float = 0.95) -> Estimate:
    """Estimate the part of sales that the biggest customers make: the top tenth, unless said.

    Parameters
    ----------
    values
        Spend a customer, not negative; missing values are left out.
    share
        Which part of the customers counts as the top, between 0 and 1.
    confidence
        Coverage, 0.95 unless said.

    Returns
    -------
    Estimate
        A share of total spend; unknown where there are fewer than two customers or no sales.

    Raises
    ------
    ValueError
        If a value is negative or `share` is not inside (0, 1).

    References
    ----------
    Langel & Tillé (2011), Statistical inference for the quintile share ratio, J. Stat. Planning and Inference 141.

    Examples
    --------
    >>> top_share([10, 10, 10, 10, 60], share=0.2).value
    0.6
    """
    if not 0 < share < 1:
        raise ValueError(f"share is a part of the customers inside (0, 1), found {share}")
    spend = _sorted(values)
    n, total = len(spend), float(spend.sum())
    if n < _ENOUGH or total == 0:
        return Estimate.unknown(n, confidence)
    size = share * n
    whole = int(np.floor(size + 1e-9))  # 0.1 × 30 is 3.0000000000000004
    edge = float(spend[n - whole - 1]) if whole < n else 0.0
    # the customer on the edge counts in part, so that the share moves smoothly with n
    value = (float(spend[n - whole :].sum()) + max(size - whole, 0.0) * edge) / total
    influence = np.maximum(spend - edge, 0) + share * edge - value * spend
    return _estimate(value, influence / total, confidence)


def _sorted(values: ArrayLike) -> NDArray[np.float64]:
    spend = np.asarray(values, dtype=float)
    spend = np.sort(spend[~np.isnan(spend)])
    if len(spend) and spend[0] < 0:
        raise ValueError("spend is negative for a customer: use gross spend, or leave such customers out")
    return spend


def _estimate(value: float, influence: NDArray[np.float64], confidence: float) -> Estimate:
    n = len(influence)
    error = float(np.sqrt(n * influence.var(ddof=1)))
    reach = error * float(distributions.norm.ppf((1 + confidence) / 2))
    return Estimate(value, max(value - reach, 0.0), min(value + reach, 1.0), n, confidence)
