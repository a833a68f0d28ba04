"""The arithmetic of relative importance: R² shared out over drivers, for many correlation matrices at once."""

from math import factorial
from typing import Final

import numpy as np
from numpy.typing import NDArray

Matrices = NDArray[np.float64]
_COLLINEAR: Final = 1e-10  # variance left of a driver once the others are known, of which nothing can be learned


def lmg(correlations: Matrices) -> Matrices:
    """Share R² out over drivers, each one's gain averaged over all orders of entry (Lindeman, Merenda & Gold 1980).

    `correlations` are of k drivers and, last, of what they explain: shape (…, k + 1, k + 1). The last axis of what is
    given back, (…, k), sums to R².
    """
    k = correlations.shape[-1] - 1
    explained = subset_r_squared(correlations)
    masks = np.arange(1 << k)
    sizes = np.bitwise_count(masks).astype(int)
    chance = np.array([factorial(m) * factorial(k - m - 1) / factorial(k) for m in range(k)])
    shares = np.empty((*correlations.shape[:-2], k))
    for driver in range(k):
        without = masks[(masks >> driver) & 1 == 0]
        gain = explained[..., without | (1 << driver)] - explained[..., without]
        shares[..., driver] = gain @ chance[sizes[without]]
    return shares


def subset_r_squared(correlations: Matrices) -> Matrices:
    """Give R² of every subset of the drivers: shape (…, 2^k), the subset in binary, driver 0 the lowest bit.

    Each step either drops the first driver left or takes it out of all the others (a Schur complement): about 6 · 2^k
    multiplications in all, where solving each subset anew costs k³ of them.
    """
    states = correlations[..., np.newaxis, :, :]
    while states.shape[-1] > 1:
        rest, pivot, cross = states[..., 1:, 1:], states[..., 0, 0], states[..., 1:, 0]
        usable = pivot > _COLLINEAR
        scale = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=usable)
        reduced = rest - scale[..., np.newaxis, np.newaxis] * cross[..., :, np.newaxis] * cross[..., np.newaxis, :]
        states = np.concatenate([rest, reduced], axis=-3)
    return 1.0 - states[..., 0, 0]


def relative_weights(correlations: Matrices) -> Matrices:
    """Share R² out by way of uncorrelated stand-ins of the drivers: close to LMG, for any number; shapes as in `lmg`.

    Johnson (2000), A heuristic method for estimating the relative weight, Multivariate Behavioral Research 35(1).
    """
    drivers, outcome = correlations[..., :-1, :-1], correlations[..., :-1, -1]
    values, vectors = np.linalg.eigh(drivers)
    usable = values > _COLLINEAR
    roots = np.sqrt(np.where(usable, values, 0.0))
    inverse = np.divide(1.0, roots, out=np.zeros_like(roots), where=usable)
    projected = np.einsum("...ji,...j->...i", vectors, outcome)
    stand_in = np.einsum("...ij,...j->...i", vectors, inverse * projected)
    loadings = np.einsum("...ij,...j,...kj->...ik", vectors, roots, vectors)
    shares: Matrices = np.einsum("...ij,...j->...i", loadings**2, stand_in**2)
    return shares
