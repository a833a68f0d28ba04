"""Mathematics of dropout after a purchase with a probability of the customer's own (beta-geometric models).

A customer buys at a gamma-distributed rate and leaves after any repeat purchase with a beta-distributed probability;
in the modified models also right after the first. Between purchases pass ``k`` exponential phases (k = 1: Poisson).

Sources: Fader, Hardie & Lee (2005); Batislam, Denizel & Filiztekin (2007); Reutterer, Platzer & Schroeder (2021).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import special

from crmlib.btyd.histories import Array, Histories


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometric:
    """Which of the beta-geometric models: dropout right at the first purchase or not, and phases a purchase."""

    at_first: bool
    k: int = 1

    def chances(self, x: Array) -> Array:
        """Count the occasions to leave that a customer with x repeats had so far."""
        return x + 1.0 if self.at_first else x


def log_likelihood(kind: Geometric, h: Histories, params: Array) -> tuple[Array, Array]:
    """Give each history's log-likelihood and gradient in ``r, alpha, a, b``."""
    r, alpha, a, b = params
    constant, by_r, by_a, by_b, per_last = h.counts.map(partial(_of_counts, kind), r, alpha, a, b)
    log_age, log_last = _log_times(h, alpha)
    stay, leave = _weights(kind, h, params, log_age, log_last)
    # The logistic function and log(1 + exp) share their exponential.
    odds = leave - stay
    small = np.exp(-np.abs(odds))
    gone = np.where(odds > 0, 1.0, small) / (1.0 + small)
    stay_by_r, stay_by_alpha = _slopes_of_stay(kind, h, r, alpha, log_age)
    n = r + kind.k * h.x
    values = constant + np.maximum(stay, leave) + np.log1p(small)
    slopes = np.array(
        [
            by_r + stay_by_r - gone * (stay_by_r + log_last),
            r / alpha + stay_by_alpha - gone * (stay_by_alpha + n / (alpha + h.t_x)),
            by_a + gone / a,
            by_b - gone * per_last,
        ]
    )
    return values, slopes


def log_weights(kind: Geometric, h: Histories, params: Array) -> tuple[Array, Array]:
    """Give the logarithms of the two parts of a likelihood: still here, and gone after the last purchase."""
    return _weights(kind, h, params, *_log_times(h, params[1]))


def _weights(kind: Geometric, h: Histories, params: Array, log_age: Array, log_last: Array) -> tuple[Array, Array]:
    r, alpha, a, b = params
    n = r + kind.k * h.x
    stay = -n * log_age
    if kind.k > 1:
        stay = stay + np.log(_stages(kind, h, r, alpha).sum(axis=0))
    return stay, h.counts.map(partial(_log_leaving, kind), a, b) - n * log_last


def _log_times(h: Histories, alpha: Array) -> tuple[Array, Array]:
    return h.ages.map(_log_sum, alpha), h.recencies.map(_log_sum, alpha)


def _log_sum(time: Array, alpha: Array) -> Array:
    result: Array = np.log(alpha + time)
    return result


def _log_leaving(kind: Geometric, x: Array, a: Array, b: Array) -> Array:
    """Give the log odds of leaving at the last purchase against having stayed so far; minus infinity where none was."""
    passed = kind.chances(x)
    with np.errstate(divide="ignore"):
        odds: Array = np.log(np.where(passed > 0, a / np.where(passed > 0, b + passed - 1.0, 1.0), 0.0))
    return odds


def _of_counts(kind: Geometric, x: Array, r: Array, alpha: Array, a: Array, b: Array) -> Array:  # noqa: PLR0917
    """Give what hangs on the number of purchases alone: the constant, its slopes in r, a and b, and 1 / (b + x - 1)."""
    n, passed = r + kind.k * x, kind.chances(x)
    constant = special.gammaln(n) - special.gammaln(r) + r * np.log(alpha)
    constant = constant + special.gammaln(a + b) - special.gammaln(a + b + passed)
    constant = constant + special.gammaln(b + passed) - special.gammaln(b)
    by_r = special.digamma(n) - special.digamma(r) + np.log(alpha)
    by_a = special.digamma(a + b) - special.digamma(a + b + passed)
    by_b = by_a + special.digamma(b + passed) - special.digamma(b)
    return np.array(
        [constant, by_r, by_a, by_b, np.where(passed > 0, 1.0 / np.where(passed > 0, b + passed - 1, 1), 0)]
    )


def stages(kind: Geometric, h: Histories, params: Array) -> Array:
    """Give the probability of each phase, phases by histories, that a customer still here stands in."""
    weights = _stages(kind, h, *params[:2])
    shares: Array = weights / weights.sum(axis=0)
    return shares


def _stages(kind: Geometric, h: Histories, r: Array, alpha: Array) -> Array:
    """Weigh the phases passed since the last purchase, relative to none."""
    n = r + kind.k * h.x
    step = (h.T - h.t_x) / (alpha + h.T)
    weights = [np.ones(np.broadcast_shapes(n.shape, step.shape))]
    for j in range(kind.k - 1):
        weights.append(weights[-1] * step * (n + j) / (j + 1))
    return np.array(weights)


def _slopes_of_stay(kind: Geometric, h: Histories, r: Array, alpha: Array, log_age: Array) -> tuple[Array, Array]:
    """Differentiate the log weight of being still here in r and alpha."""
    n, age = r + kind.k * h.x, alpha + h.T
    if kind.k == 1:
        return -log_age, -n / age
    weights = _stages(kind, h, r, alpha)
    weights /= weights.sum(axis=0)
    harmonic = np.cumsum([np.zeros_like(n)] + [1.0 / (n + j) for j in range(kind.k - 1)], axis=0)
    passed = np.arange(kind.k)[:, None]
    return (weights * harmonic).sum(axis=0) - log_age, -(n + (weights * passed).sum(axis=0)) / age
