"""Mathematics of dropout after a purchase with a probability of the customer's own (beta-geometric models).

A customer buys at a gamma-distributed rate and leaves after any repeat purchase with a beta-distributed probability;
in the modified models also right after the first. Between purchases pass ``k`` exponential phases (k = 1: Poisson).

Sources: Fader, Hardie & Lee (2005); Batislam, Denizel & Filiztekin (2007); Reutterer, Platzer & Schroeder (2021).
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from crmlib.btyd.histories import Array, Histories, at_counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometric:
    """Which of the beta-geometric models: dropout right at the first purchase or not, and phases a purchase."""

    at_first: bool
    k: int = 1

    def later_purchases(self, x: Array) -> Array:
        """Count the occasions to leave that a customer with x repeats let pass, being alive."""
        return x + 1.0 if self.at_first else x


def log_likelihood(kind: Geometric, h: Histories, params: Array) -> tuple[Array, Array]:
    """Give each history's log-likelihood and gradient in ``r, alpha, a, b``.

    Parameters
    ----------
    kind : Geometric
    h : Histories
    params : array
        Parameters by histories, or by 1.

    Returns
    -------
    tuple of arrays
        Log-likelihoods, and slopes parameters by histories.

    Examples
    --------
    >>> import pandas as pd
    >>> h = Histories.of(pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]}))
    >>> value, _ = log_likelihood(Geometric(at_first=False), h, np.array([[0.243], [4.414], [0.793], [2.426]]))
    >>> value.round(4)
    array([-9.4586])
    """
    r, alpha, a, b = params
    phases = kind.k * h.x
    stay, leave = log_weights(kind, h, params)
    gone = special.expit(leave - stay)
    here = 1.0 - gone
    passed = kind.later_purchases(h.x)
    chances = at_counts(special.gammaln, a + b, passed) - at_counts(special.gammaln, b, passed)
    values = (
        at_counts(special.gammaln, r, phases) - special.gammaln(r) + r * np.log(alpha)
        + special.gammaln(a + b) - special.gammaln(b) - chances + np.logaddexp(stay, leave)
    )  # fmt: skip
    by_r, by_alpha = _slopes_of_stages(kind, h, r, alpha)
    psi_ab = special.digamma(a + b) - at_counts(special.digamma, a + b, passed)
    last = np.maximum(b + passed - 1.0, np.finfo(float).tiny)
    slopes = np.array(
        [
            at_counts(special.digamma, r, phases) - special.digamma(r) + np.log(alpha)
            + here * by_r - gone * np.log(alpha + h.t_x),
            r / alpha + here * by_alpha - gone * (r + phases) / (alpha + h.t_x),
            psi_ab + gone / a,
            psi_ab + at_counts(special.digamma, b, passed) - special.digamma(b) - gone / last,
        ]
    )  # fmt: skip
    return values, slopes


def log_weights(kind: Geometric, h: Histories, params: Array) -> tuple[Array, Array]:
    """Give the logarithms of the two parts of a likelihood: still here, and gone after the last purchase.

    A common factor is left out.
    """
    r, alpha, a, b = params
    n = r + kind.k * h.x
    stay = -n * np.log(alpha + h.T) + np.log(_stages(kind, h, r, alpha).sum(axis=0))
    passed = kind.later_purchases(h.x)
    # Without a purchase to leave after (BG/NBD at x = 0) the second part does not exist.
    with np.errstate(divide="ignore"):
        leave = np.log(np.where(passed > 0, a / np.where(passed > 0, b + passed - 1.0, 1.0), 0.0))
    return stay, leave - n * np.log(alpha + h.t_x)


def stages(kind: Geometric, h: Histories, params: Array) -> Array:
    """Give the probability of each phase, phases by histories, that a customer still here stands in.

    Examples
    --------
    >>> import pandas as pd
    >>> h = Histories.of(pd.DataFrame({"frequency": [2], "recency": [8.0], "T": [12.0]}))
    >>> stages(Geometric(at_first=True, k=2), h, np.array([[1.0], [4], [1], [2]])).round(3)
    array([[0.444],
           [0.556]])
    """
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


def _slopes_of_stages(kind: Geometric, h: Histories, r: Array, alpha: Array) -> tuple[Array, Array]:
    """Differentiate the log weight of being still here in r and alpha."""
    n, age = r + kind.k * h.x, alpha + h.T
    if kind.k == 1:
        return -np.log(age), -n / age
    weights = _stages(kind, h, r, alpha)
    weights /= weights.sum(axis=0)
    harmonic = np.cumsum([np.zeros_like(n)] + [1.0 / (n + j) for j in range(kind.k - 1)], axis=0)
    passed = np.arange(kind.k)[:, None]
    return (weights * harmonic).sum(axis=0) - np.log(age), -(n + (weights * passed).sum(axis=0)) / age
