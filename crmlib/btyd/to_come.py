"""Purchases to come of customers who are here, with a chance to leave after each purchase: by phase, and in all."""

import numpy as np
from scipy import special
from scipy.linalg import eigh_tridiagonal

from crmlib.btyd.geometric import Geometric, stages
from crmlib.btyd.histories import Array, Histories

TINY = 1e-200
"""A node that rounding put at or below 0."""

NODES = ((1.5, 20), (4.0, 40), (12.0, 64), (40.0, 128), (np.inf, 384))
"""How many nodes keep the relative error under 1e-9, by horizon over (alpha + age).

Tried against hypergeometric functions in 40 digits, for counts up to 5,000 in the first two rows and up to 50 in the
others (a horizon forty times as long as the history)."""

ENOUGH = 1e-11
"""A further purchase whose chance is this small against what was summed ends the sum."""


def reaching_while_here(kind: Geometric, h: Histories, params: Array, horizon: float | Array, count: int) -> Array:
    """Give the probability that a customer who is here buys at least ``count`` times (1 or more) within the horizon."""
    # from phase j, k * count - j phases must pass: with a gamma rate their number is negative binomial
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
    """Expect so many purchases within the horizon of customers who are here, by the phase that they stand in."""
    # the sum of the probabilities of a first, second, third … purchase, until nothing is added
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


def purchases_until_dropout(n: Array, age: Array, a: Array, b: Array, horizon: Array) -> Array:
    """Expect so many purchases of customers who are here: gamma rate ``n, age``, beta dropout ``a, b``, in weeks."""
    # the mean of (1 - exp(-rate * p * horizon)) / p (Fader, Hardie & Lee 2005, equations 6 to 10): their closed form
    # overflows for frequent buyers and is 0/0 at a = 1, a Gauss-Jacobi rule does neither
    n, age, a, b, horizon = np.broadcast_arrays(n, age, a, b, horizon)
    times = horizon / age
    size = np.array([count for _, count in NODES])[np.searchsorted([limit for limit, _ in NODES], times)]
    expected = np.empty(len(n))
    order = np.lexsort((a, b, size))
    keys = np.array([a[order], b[order], size[order]])
    changes = np.flatnonzero((np.diff(keys) != 0).any(axis=0)) + 1
    for rows in np.split(order, changes):
        p, weight = beta_rule(float(a[rows[0]]), float(b[rows[0]]), int(size[rows[0]]))
        expected[rows] = _average(n[rows], times[rows], p, weight)
    return expected


def _average(n: Array, times: Array, p: Array, weight: Array) -> Array:
    """Average over the nodes, some thousand rows at a time to stay in the processor's cache."""
    parts = []
    for start in range(0, len(n), 2048):
        rows = slice(start, start + 2048)
        parts.append(-np.expm1(-n[rows, None] * np.log1p(times[rows, None] * p)) @ (weight / p))
    return np.concatenate(parts)


def beta_rule(a: float, b: float, size: int) -> tuple[Array, Array]:
    """Give nodes in (0, 1) and weights that integrate polynomials against a beta distribution exactly."""
    # Golub & Welsch (1969) with the recurrence of the Jacobi polynomials
    k = np.arange(size, dtype=np.float64)
    s = 2 * k + a + b - 2
    first = (a - b) / (a + b)
    diagonal = np.full(size, first)
    diagonal[1:] = (a - b) * (a + b - 2) / (s[1:] * (s[1:] + 2))
    i, t = k[1:], s[1:]
    squares = 4 * i * (i + b - 1) * (i + a - 1) * (i + a + b - 2)
    denominators = t**2 * (t + 1) * (t - 1)
    squares[0], denominators[0] = 4 * a * b, (a + b) ** 2 * (a + b + 1)
    nodes, vectors = eigh_tridiagonal(diagonal, np.sqrt(squares / denominators))
    return np.maximum((1 + nodes) / 2, TINY), vectors[0] ** 2
