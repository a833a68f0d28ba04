"""How much was foreseen of what was made: the luck of customers and the error of the parameters in one interval."""

from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats as distributions

from crmlib.stats import Estimate


def foreseen_of_made(foreseen: NDArray[np.float64], made: NDArray[np.float64], swings: NDArray[np.float64]) -> Estimate:
    """Estimate how much was foreseen for each unit made: 1 is right, above 1 too much.

    Parameters
    ----------
    foreseen, made
        One number a customer: purchases or money, foreseen by models that were fitted before, and made.
    swings
        Customers by directions: by how much the foreseen moves with one standard error of the parameters
        (:mod:`crmlib.segmentation.value.errors`). Without any direction the interval holds the luck of customers only.

    Returns
    -------
    Estimate
        With 95 % limits on the log scale; unknown where nothing was made, without an interval where nothing was
        foreseen or one customer was.

    Notes
    -----
    The variances add up: where the model is right, what customers make is off its expectation by luck alone, whatever
    their history was, and the parameters' error hangs on the histories.

    References
    ----------
    Luck: the linearised ratio of Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, section 5.6. The
    parameters: the delta method.

    Examples
    --------
    >>> foreseen, made = np.array([1.0, 2.0, 3.0] * 40), np.array([0.0, 2.0, 4.0] * 40)
    >>> print(format(foreseen_of_made(foreseen, made, np.zeros((120, 0))), ".2f"))
    1.00 [0.93, 1.08] (95 %, n = 120)
    >>> print(format(foreseen_of_made(foreseen, made, 0.1 * foreseen[:, None]), ".2f"))
    1.00 [0.81, 1.24] (95 %, n = 120)
    """
    n, expected, total = len(made), float(foreseen.sum()), float(made.sum())
    if total == 0:
        return Estimate.unknown(n)
    value = expected / total
    if n < 2 or expected <= 0:
        return Estimate(value, nan, nan, n)
    luck = n / (n - 1) * float(((foreseen - value * made) ** 2).sum())
    error = sqrt(luck + float((swings.sum(axis=0) ** 2).sum())) / expected
    reach = float(distributions.t.ppf(0.975, n - 1)) * error
    return Estimate(value, value * float(np.exp(-reach)), value * float(np.exp(reach)), n)
