"""How a count goes with a price: Poisson pseudo-maximum-likelihood within articles and weeks."""

from typing import Final

import numpy as np

from crmlib.segmentation.prices.jackknife import Fit, jackknife_error
from crmlib.segmentation.prices.within import Cells, Numbers, within
from crmlib.stats import Estimate

STEPS: Final = 100
"""Newton steps at most; five to ten do."""

SETTLED: Final = 1e-12
"""Change of the deviance, as a part of all units, at which the estimate stands."""


def poisson_slope(price: Numbers, units: Numbers, cells: Cells) -> Estimate:
    """Estimate how the mean of the units goes with the log price, effects of article and week set aside.

    The mean is modelled, not the logarithm, so that the luck of small counts does not matter; units need not be
    Poisson.

    Notes
    -----
    The interval is that of the jackknife over articles (:func:`crmlib.segmentation.prices.jackknife.jackknife_error`)
    with Student's t, articles less one degrees of freedom. The usual error clustered by article is too small where a
    few large articles decide.

    References
    ----------
    Santos Silva & Tenreyro (2006), The Log of Gravity, Review of Economics and Statistics 88. Correia, Guimarães &
    Zylkin (2020), Fast Poisson estimation with high-dimensional fixed effects, Stata Journal 20. MacKinnon, Nielsen &
    Webb (2023), Cluster-robust inference: a guide to empirical practice, Journal of Econometrics 232.
    """
    from scipy.stats import t

    found = fitted(price, units, cells)
    reach = float(t.ppf(0.975, cells.articles - 1)) * jackknife_error(found, units, cells)
    return Estimate(found.slope, found.slope - reach, found.slope + reach, cells.articles)


def fitted(price: Numbers, units: Numbers, cells: Cells) -> Fit:
    """Fit by iteratively reweighted least squares, effects taken out at each step."""
    eta, loss, enough = np.log(units), np.inf, SETTLED * units.sum()
    for _step in range(STEPS):
        mean = np.exp(eta)
        working = eta + units / mean - 1
        without = within(np.column_stack([price, working]), cells, mean)
        slope = float((mean * without[:, 0] * without[:, 1]).sum() / (mean * without[:, 0] ** 2).sum())
        aim = working - without[:, 1] + slope * without[:, 0]
        lower = _deviance(aim, units)
        while lower > loss + enough:
            aim = (aim + eta) / 2
            lower = _deviance(aim, units)
        if loss - lower <= enough:
            return Fit(slope, mean, without[:, 0])
        eta, loss = aim, lower
    raise ArithmeticError(f"the elasticity has not settled after {STEPS} steps: look for extreme prices or units")


def _deviance(eta: Numbers, units: Numbers) -> float:
    return float(2 * (units * (np.log(units) - eta) - units + np.exp(eta)).sum())
