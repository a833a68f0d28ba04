"""Purchases to come of customers who are here: counted in phases, with a chance to leave after each purchase."""

import numpy as np
from scipy import special

from crmlib.btyd.geometric import Geometric, stages
from crmlib.btyd.grouping import Array
from crmlib.btyd.histories import Histories

ENOUGH = 1e-11
"""A further purchase whose chance is this small against what was summed ends the sum."""


def reaching_while_here(kind: Geometric, h: Histories, params: Array, horizon: float | Array, count: int) -> Array:
    """Give the probability that a customer who is here buys at least ``count`` times within the horizon.

    Parameters
    ----------
    kind : Geometric
    h : Histories
    params : array
        ``r, alpha, a, b`` by histories, or by 1.
    horizon : float
        Weeks.
    count : int
        1 or more.

    Notes
    -----
    From phase j, ``k count - j`` phases must pass; with a gamma rate their number is negative binomial. The customer
    must have stayed at the ``count - 1`` purchases before.

    Examples
    --------
    >>> import pandas as pd
    >>> h = Histories.of(pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}))
    >>> params = np.array([[0.243], [4.414], [0.793], [2.426]])
    >>> reaching_while_here(Geometric(at_first=False), h, params, 39, 1).round(3)
    array([0.763])
    """
    r, alpha, a, b = params
    phase = stages(kind, h, params)
    n = r + kind.k * h.x
    z = horizon / (alpha + h.T + horizon)
    passed = kind.chances(h.x)
    stayed = np.exp(
        special.gammaln(b + passed + count - 1) - special.gammaln(b + passed)
        + special.gammaln(a + b + passed) - special.gammaln(a + b + passed + count - 1)
    )  # fmt: skip
    reached = sum(phase[j] * special.betainc(kind.k * count - j, n + j, z) for j in range(kind.k))
    values: Array = stayed * reached
    return values


def expected_by_phase(k: int, n: Array, age: Array, a: Array, b: Array, horizon: Array) -> Array:  # noqa: PLR0917
    """Expect so many purchases within the horizon of customers who are here, by the phase that they stand in.

    Parameters
    ----------
    k : int
        Phases a purchase.
    n, age : arrays
        Shape and scale (weeks) of each customer's gamma rate, standing in phase 0.
    a, b : arrays
        Beta distribution of leaving after the next purchase.
    horizon : array
        Weeks.

    Returns
    -------
    array, k by customers

    Notes
    -----
    The sum of the probabilities of a first, second, third … purchase, until nothing is added.

    Examples
    --------
    >>> one = np.ones(1)
    >>> expected_by_phase(1, 2.243 * one, 43.274 * one, 0.793 * one, 4.426 * one, 39 * one).round(4)
    array([[1.6874]])
    """
    n, age, a, b, horizon = np.broadcast_arrays(n, age, a, b, horizon)
    z = horizon / (age + horizon)
    total, stayed = np.zeros((k, len(n))), np.ones(len(n))
    rows, count = np.arange(len(n)), 0
    while len(rows):
        count += 1
        chance = [special.betainc(k * count - j, n[rows] + j, z[rows]) for j in range(k)]
        added = stayed[rows] * np.array(chance)
        total[:, rows] += added
        stayed[rows] *= (b[rows] + count - 1) / (a[rows] + b[rows] + count - 1)
        rows = rows[(added > ENOUGH * total[:, rows]).any(axis=0)]
    return total
