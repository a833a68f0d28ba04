"""The integral behind Pareto/NBD: how likely a silence of some length is, when rates are gamma distributed."""

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from crmlib.btyd.histories import Array

CUT = 36.0
"""What decays below e**-36 of its start adds nothing in double precision."""

SHORT = (6.0, 1.5, 10)
"""Decay and logarithmic length up to which 10 Gauss-Legendre nodes are exact to 1e-12; otherwise 32."""

LONG = 32

ROWS = 2048
"""Rows at a time, so that rows by nodes stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Silence:
    """An integral over y of ``(1 + y/A)**-p * (1 + y/B)**-q`` and averages under that weight.

    Attributes
    ----------
    log_integral : array
    log_first, log_second : arrays
        Averages of ``log(1 + y/A)`` and ``log(1 + y/B)``.
    per_first, per_second : arrays
        Averages of ``1 / (A + y)`` and ``1 / (B + y)``.
    """

    log_integral: Array
    log_first: Array
    log_second: Array
    per_first: Array
    per_second: Array

    def shifted(self, log_first: Array, log_second: Array) -> "Silence":
        """Turn the average logarithms from relative to absolute: add log A and log B."""
        return Silence(
            self.log_integral,
            self.log_first + log_first,
            self.log_second + log_second,
            self.per_first,
            self.per_second,
        )


def silence(p: Array, q: Array, A: Array, B: Array, length: Array) -> Silence:
    """Integrate ``(1 + y/A)**-p * (1 + y/B)**-q`` over y from 0 to ``length``; of none, averages at y = 0."""
    # Gauss-Legendre in the logarithm of min(A, B) + y: there the integrand has no singularity nearer than pi on the
    # imaginary axis; cut where a factor has died away, or a density that underflows everywhere would have no average
    p, q, A, B, length = (np.ascontiguousarray(v) for v in np.broadcast_arrays(p, q, A, B, length))
    end = np.minimum(length, np.minimum(_until(p, A), _until(q, B)))
    decay = p * np.log1p(end / A) + q * np.log1p(end / B)
    short = (decay <= SHORT[0]) & (np.log1p(end / np.minimum(A, B)) <= SHORT[1])
    found = np.empty((len(fields(Silence)), len(p)))
    for where, nodes in ((short, int(SHORT[2])), (~short, LONG)):
        rows = np.flatnonzero(where)
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            found[:, part] = _integrate(p[part], q[part], A[part], B[part], end[part], nodes=nodes)
    return Silence(*found)


def _until(power: Array, scale: Array) -> Array:
    """Give where ``(1 + y/scale)**-power`` has died away; beyond 1e304 scales it is all the same where."""
    with np.errstate(over="ignore"):  # infinitely far is as far as any length
        end: Array = scale * np.expm1(np.minimum(CUT / np.maximum(power, CUT / 700.0), 700.0))
    return end


def _integrate(p: Array, q: Array, A: Array, B: Array, end: Array, *, nodes: int) -> Array:
    """Integrate some rows with one rule; rows of the result as the fields of Silence."""
    at, weight = _rule(nodes)
    small, large = np.minimum(A, B), np.maximum(A, B)
    width = np.log1p(end / small)
    log_small = at * width
    y = small * np.expm1(log_small)
    log_large = np.log1p(y / large)
    first_is_small = A <= B
    if first_is_small.all():
        log_first, log_second = log_small, log_large
    else:
        log_first = np.where(first_is_small, log_small, log_large)
        log_second = np.where(first_is_small, log_large, log_small)
    density = np.exp(log_small - p * log_first - q * log_second)
    density *= weight
    total = density.sum(axis=0)
    with np.errstate(divide="ignore"):
        log_integral = np.log(small * width * total)
    averages = [
        (density * log_first).sum(axis=0) / total,
        (density * log_second).sum(axis=0) / total,
        (density / (A + y)).sum(axis=0) / total,
        (density / (B + y)).sum(axis=0) / total,
    ]
    return np.array([log_integral, *averages])


@lru_cache
def _rule(nodes: int) -> tuple[Array, Array]:
    """Give Gauss-Legendre nodes and weights on (0, 1), as columns."""
    at, weight = np.polynomial.legendre.leggauss(nodes)
    return (1 + at)[:, None] / 2, weight[:, None] / 2
