"""Differences between two groups, treated and control, this store and that, and many comparisons at once."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats as distributions

from crmlib.stats.estimate import Estimate

_ENOUGH = 2  # a spread needs two observations


def proportion_difference(
    successes_a: float, n_a: float, successes_b: float, n_b: float, *, confidence: float = 0.95
) -> Estimate:
    """Estimate how much larger a share is in group a than in an independent group b.

    Returns
    -------
    Estimate
        Share of a minus share of b; unknown where a group is empty. `n` counts both groups.

    Raises
    ------
    ValueError
        If a number of successes is negative or above its n.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, method 10, through `statsmodels`' `confint_proportions_2indep`.

    Examples
    --------
    >>> f"{proportion_difference(56, 70, 48, 80):.4f}"
    '0.2000 [0.0524, 0.3339] (95 %, n = 150)'
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    if not (0 <= successes_a <= n_a and 0 <= successes_b <= n_b):
        raise ValueError("each number of successes must lie between 0 and its n")
    n = round(n_a + n_b)
    if n_a == 0 or n_b == 0:
        return Estimate.unknown(n, confidence)
    low, high = confint_proportions_2indep(
        successes_a, n_a, successes_b, n_b, method="newcomb", compare="diff", alpha=1 - confidence
    )
    return Estimate(successes_a / n_a - successes_b / n_b, float(low), float(high), n, confidence)


def welch_difference(a: ArrayLike, b: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Estimate how much larger a mean is in group a than in an independent group b.

    Missing values are left out; the spreads need not be equal, nor need there be any in one group (Welch 1947). For
    scores: what a few large customers decide, such as spend, is for :func:`crmlib.stats.skewed.mean_difference`.

    Examples
    --------
    >>> f"{welch_difference([5, 6, 7, 8], [1, 2, 3, 4]):.2f}"
    '4.00 [1.77, 6.23] (95 %, n = 8)'
    """
    first, second = (np.asarray(values, dtype=float) for values in (a, b))
    first, second = first[~np.isnan(first)], second[~np.isnan(second)]
    n = len(first) + len(second)
    if min(len(first), len(second)) < _ENOUGH:
        return Estimate.unknown(n, confidence)
    value = float(first.mean() - second.mean())
    parts = [group.var(ddof=1) / len(group) for group in (first, second)]
    variance = float(sum(parts))
    if variance == 0:
        return Estimate(value, value, value, n, confidence)
    # by hand: SciPy's test warns of a group in which all are alike, which is nothing to warn of here
    freedom = variance**2 / sum(
        float(part) ** 2 / (len(group) - 1) for part, group in zip(parts, (first, second), strict=True)
    )
    reach = float(distributions.t.ppf((1 + confidence) / 2, freedom)) * variance**0.5
    return Estimate(value, value - reach, value + reach, n, confidence)


def p_of_interval(difference: Estimate) -> float:
    """Give the two-sided p-value that a 95 % interval stands for; 1 where there is none.

    Examples
    --------
    >>> round(p_of_interval(Estimate(1.96, 0.0, 3.92, n=9)), 2), p_of_interval(Estimate.unknown())
    (0.05, 1.0)
    """
    if not difference.has_interval or not difference.high > difference.low:
        return 1.0
    error = (difference.high - difference.low) / 2 / distributions.norm.ppf(0.975)
    return float(2 * distributions.norm.sf(abs(difference.value) / error))


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """Adjust p-values so that, among what is then called a finding at 0.05, at most 5 % is expected to be chance.

    Parameters
    ----------
    p_values
        One p-value a comparison; a missing one (not tested) stays missing and does not count.

    Returns
    -------
    numpy.ndarray
        Adjusted p-values in the order given.

    Raises
    ------
    ValueError
        If a p-value lies outside [0, 1].

    References
    ----------
    Benjamini & Hochberg (1995), JRSS B 57, through `scipy.stats.false_discovery_control`.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03, np.nan])
    array([0.03, 0.04, 0.04,  nan])
    """
    given = np.asarray(p_values, dtype=float)
    tested = ~np.isnan(given)
    adjusted = np.full(given.shape, np.nan)
    if tested.any():
        adjusted[tested] = distributions.false_discovery_control(given[tested], method="bh")
    return adjusted
