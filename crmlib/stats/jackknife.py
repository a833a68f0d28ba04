"""How sure a figure is that was counted from many things of each customer: leave a group of customers out at a time."""

from __future__ import annotations

from math import isnan, nan
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats as distributions

from crmlib.stats.estimate import Estimate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def delete_a_group(
    value: float, without: ArrayLike, n: int, *, least: float = -np.inf, most: float = np.inf
) -> Estimate:
    """Give an estimate its interval from the same figure without each of some random groups of customers.

    Parameters
    ----------
    value
        The figure of all customers.
    without
        The figure without each group in turn; the groups are drawn at random and of about equal size.
    n
        How many customers it rests on.
    least, most
        Where the figure's scale ends.

    Returns
    -------
    Estimate
        With a 95 % interval of Student's t, without one where a group decides whether there is a figure at all.

    References
    ----------
    Kott (2001), Journal of Official Statistics 17: the delete-a-group jackknife.

    Examples
    --------
    >>> f"{delete_a_group(0.5, [0.49, 0.51, 0.5, 0.5], n=80):.3f}"
    '0.500 [0.461, 0.539] (95 %, n = 80)'
    """
    left = np.asarray(without, dtype=float)
    if isnan(value):
        return Estimate.unknown(n)
    if len(left) < 2 or np.isnan(left).any():
        return Estimate(value, nan, nan, n)
    groups = len(left)
    error = np.sqrt((groups - 1) / groups * ((left - value) ** 2).sum())
    reach = float(distributions.t.ppf(0.975, groups - 1) * error)
    return Estimate(value, max(value - reach, least), min(value + reach, most), n)
