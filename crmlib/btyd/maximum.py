"""Finding the parameters under which what customers did is most likely."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from crmlib.btyd.histories import Array

Objective = Callable[[Array], tuple[float, Array]]
"""Coefficients to log-likelihood and its gradient."""

LIMIT = 25.0
"""Coefficients are logarithms of parameters; beyond e**25 a distribution is a point for all purposes."""

STEP = 1e-4
"""Central differences of an analytic gradient: truncation 1e-8, rounding 1e-12."""

NEWTON_STEPS = 25

NEAR = 1e-3
"""A step after which the likelihood's own curvature does better than the rehearsal's."""

FAR = 0.01
"""A step after which the curvature is computed anew."""

SETTLED = 1e-9
"""Newton stops when no coefficient would move by more."""

FLAT = 1e-7
"""Curvature, relative to the sharpest, below which a direction counts as flat: differences cannot tell it from none."""

LOST = 5.0
"""A standard error above which a direction counts as flat, whatever the sharpest is: a parameter known to a factor of
e**5 either way is not known, and far out the differences of the gradient are rounding (on one processor a slope, on the
next none)."""

OPEN = 0.1
"""Share of a flat direction from which a coefficient counts as left open by the data."""

ROUNDED = 1e-6
"""Steps that stop shrinking below this are rounding: nothing is left to gain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum:
    """Where a log-likelihood is highest, and how sharply it falls away.

    Attributes
    ----------
    coefficients : array
        Logarithms of the parameters, then covariate effects.
    covariance : array
        Of the coefficients, from the observed information; missing for those in which the likelihood is flat.
    log_likelihood : float
    n : float
        Customers fitted on.
    """

    coefficients: Array
    covariance: Array
    log_likelihood: float
    n: float


def maximise(objective: Objective, starts: Sequence[Array], *, n: float, rehearsal: Objective | None = None) -> Maximum:
    """Maximise a log-likelihood from several starts; ``n`` customers give its scale.

    Every start is followed to its end on the rehearsal (a coarse, cheap likelihood). The best end is carried over to
    the likelihood itself by Newton steps with the rehearsal's curvature, and settled with its own.
    """
    ends = [_climb(rehearsal or objective, start, n) for start in starts]
    ends = [end for end in ends if np.isfinite(end[1])]
    if not ends:
        raise ValueError("no start leads to a finite likelihood: look at the summary's frequency, recency and T")
    best = max(ends, key=lambda end: end[1])[0]
    if rehearsal is not None:
        carried, settled = _newton(objective, best, _hessian(rehearsal, best), NEAR)
        best = carried if settled else _climb(objective, best, n)[0]
    return _finish(objective, best, n)


def _climb(objective: Objective, start: Array, n: float) -> tuple[Array, float]:
    """Follow one start uphill."""

    def downhill(coefficients: Array) -> tuple[float, Array]:
        value, gradient = objective(coefficients)
        return -value / n, -gradient / n

    result = optimize.minimize(
        downhill,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-LIMIT, LIMIT)] * len(start),
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-6},
    )
    return result.x, -float(result.fun) * n


def _finish(objective: Objective, coefficients: Array, n: float) -> Maximum:
    """Settle on the maximum, and measure how sharply the likelihood falls from it."""
    hessian = _hessian(objective, coefficients)
    settled, _ = _newton(objective, coefficients, hessian, SETTLED)
    if np.abs(settled - coefficients).max() > FAR:
        hessian = _hessian(objective, settled)
    covariance = _covariance(hessian)
    value = objective(settled)[0]
    return Maximum(coefficients=settled, covariance=covariance, log_likelihood=float(value), n=n)


def _newton(objective: Objective, coefficients: Array, hessian: Array, enough: float) -> tuple[Array, bool]:
    """Take Newton steps with one curvature while they shrink; give the end and whether it settled."""
    if not _peaked(hessian):
        return coefficients, False
    last = np.inf
    for _ in range(NEWTON_STEPS):
        step = np.linalg.solve(-hessian, objective(coefficients)[1])
        size = float(np.abs(step).max())
        if not size < last:
            return coefficients, last < ROUNDED
        coefficients, last = np.clip(coefficients + step, -LIMIT, LIMIT), size
        if size < enough:
            return coefficients, True
    return coefficients, False


def _hessian(objective: Objective, coefficients: Array) -> Array:
    """Differentiate the analytic gradient once more, centrally."""
    rows = []
    for direction in np.eye(len(coefficients)) * STEP:
        ahead, behind = objective(coefficients + direction)[1], objective(coefficients - direction)[1]
        rows.append((ahead - behind) / (2 * STEP))
    hessian = np.array(rows)
    return (hessian + hessian.T) / 2


def _covariance(hessian: Array) -> Array:
    """Invert the information where there is any; coefficients that the data leave open stay missing.

    A parameter at the edge of what it may be (nobody ever leaves) has a flat likelihood; the others are known none the
    less, at that edge.
    """
    covariance = np.full(hessian.shape, np.nan)
    if not np.isfinite(hessian).all():
        return covariance
    curvature, directions = np.linalg.eigh(-hessian)
    flat = curvature <= max(FLAT * curvature.max(), LOST**-2)
    known = np.flatnonzero((np.abs(directions[:, flat]) < OPEN).all(axis=1))
    block = np.ix_(known, known)
    if len(known) and np.linalg.eigvalsh(-hessian[block]).min() > 0:  # a saddle has no spread
        covariance[block] = np.linalg.inv(-hessian[block])
    return covariance


def _peaked(hessian: Array) -> bool:
    """Tell whether the likelihood falls in every direction, beyond rounding."""
    if not np.isfinite(hessian).all():
        return False
    curvature = np.linalg.eigvalsh(-hessian)
    return bool(curvature.min() > FLAT * max(curvature.max(), np.finfo(np.float64).tiny))
