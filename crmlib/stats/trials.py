"""Arms drawn at random: whether they were alike before, and what that makes of their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.stats.skewed import mean_difference

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmlib.stats.estimate import Estimate

    Floats = NDArray[np.float64]

UNLIKE: Final = 0.001
"""Arms so unlike would come of chance less often than this: they were not drawn at random."""


def chance_of_imbalance(known: Floats, treated: NDArray[np.bool_]) -> float:
    """Give the chance of arms at least so unlike in all that was known before, had lots been drawn; 1 without any.

    Parameters
    ----------
    known
        One row a customer, one column a number known before.
    treated
        Who was contacted.

    References
    ----------
    Hansen & Bowers (2008), Statistical Science 23: the distance of the arms' means against what drawing lots leaves.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> known, lots = rng.normal(size=(1000, 3)), rng.random(1000) < 0.5
    >>> chance_of_imbalance(known, lots) > UNLIKE, chance_of_imbalance(known, known[:, 0] > 0) > UNLIKE
    (True, False)
    """
    from scipy import stats as distributions

    spread = known.std(axis=0)
    known = (known - known.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    sizes = treated.sum(), (~treated).sum()
    if not min(sizes) or not known.shape[1]:
        return 1.0
    apart = known[treated].mean(axis=0) - known[~treated].mean(axis=0)
    covariance = np.atleast_2d(np.cov(known, rowvar=False)) * (1 / sizes[0] + 1 / sizes[1])
    distance = float(apart @ np.linalg.pinv(covariance, hermitian=True) @ apart)
    return float(distributions.chi2.sf(distance, np.linalg.matrix_rank(covariance, hermitian=True)))


def less_known(after: Floats, before: Floats) -> Floats:
    """Take from an outcome what a number known before explains of it, both arms together (CUPED).

    The mean stays, the variance falls by the share r² that is explained; a difference of arms drawn at random keeps its
    meaning (Deng, Xu, Kohavi & Walker 2013, Improving the sensitivity of online controlled experiments, eq. 4 and 5).

    Examples
    --------
    >>> less_known(np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0])).tolist()
    [4.0, 4.0, 4.0]
    """
    spread = before - before.mean()
    total = float(spread @ spread)
    return after - (float(spread @ after) / total) * spread if total > 0 else after.copy()


def arms_differ(after: Floats, treated: NDArray[np.bool_], before: Floats | None = None) -> Estimate:
    """Estimate what a contact changed in a mean, its limits moved by skewness; with a number from before by CUPED.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> before, treated = rng.gamma(2.0, size=4000), rng.random(4000) < 0.5
    >>> after = before + rng.normal(size=4000) + 0.5 * treated
    >>> plain, less = arms_differ(after, treated), arms_differ(after, treated, before)
    >>> less.low < 0.5 < less.high, less.high - less.low < plain.high - plain.low
    (True, True)
    """
    told = after if before is None else less_known(after, before)
    return mean_difference(told[treated], told[~treated])
