"""Many comparisons at once, without mistaking chance for a finding."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats as distributions


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
