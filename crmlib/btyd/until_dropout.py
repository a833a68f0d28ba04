"""Purchases expected until a customer with an unknown rate and dropout probability leaves."""

import numpy as np
from scipy.linalg import eigh_tridiagonal

from crmlib.btyd.grouping import Array

TINY = 1e-200
"""A node that rounding put at or below 0."""

NODES = ((1.5, 20), (4.0, 40), (12.0, 64), (40.0, 128), (np.inf, 384))
"""How many nodes keep the relative error under 1e-9, by horizon over (alpha + age).

Tried against hypergeometric functions in 40 digits, for counts up to 5,000 in the first two rows and up to 50 in the
others (a horizon forty times as long as the history)."""


def purchases_until_dropout(n: Array, age: Array, a: Array, b: Array, horizon: Array) -> Array:
    """Expect so many purchases within the horizon of a customer who is here now.

    The mean of ``(1 - exp(-rate * p * horizon)) / p`` over a gamma rate (shape ``n``, scale parameter ``age``) and a
    beta dropout probability ``p``. The closed form is a hypergeometric function that overflows for frequent buyers
    and is 0/0 at a = 1; integrating over the beta distribution by a Gauss-Jacobi rule of its own is neither.

    Parameters
    ----------
    n, age, a, b, horizon : arrays of one shape
        For BG/NBD ``r + x``, ``alpha + T``, ``a``, ``b + x``; weeks.

    Returns
    -------
    array

    Notes
    -----
    Fader, Hardie & Lee (2005), equations 6 to 10, before the integral is named.

    Examples
    --------
    >>> one = np.ones(1)
    >>> purchases_until_dropout(2.243 * one, 43.274 * one, 0.793 * one, 4.426 * one, 39 * one).round(4)
    array([1.6874])
    """
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
    """Give nodes in (0, 1) and weights that integrate polynomials against a beta distribution exactly.

    Golub & Welsch (1969) with the recurrence of the Jacobi polynomials.

    Examples
    --------
    >>> p, weight = beta_rule(0.8, 2.4, 16)
    >>> round(float((p * weight).sum()), 12)  # a / (a + b)
    0.25
    """
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
