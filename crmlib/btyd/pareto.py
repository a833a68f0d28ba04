"""Pareto/NBD: customers leave at random times, whether they buy or not."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from crmlib.btyd.histories import Array, Histories
from crmlib.btyd.model import Nature, PurchaseModel
from crmlib.btyd.silence import Silence, silence

IN_TIME = 64
"""Gauss-Legendre nodes for the time of a purchase to come: 1e-12 over ranges of time up to a factor of e**25."""


@dataclass(frozen=True, kw_only=True)
class ParetoNBD(PurchaseModel):
    """Pareto/NBD: who buys at random times at a rate of their own and leaves after a lifetime of their own.

    Parameters
    ----------
    r, alpha : float
        Shape and scale (weeks) of the gamma distribution of purchase rates.
    s, beta : float
        Shape and scale (weeks) of the gamma distribution of dropout rates.

    Notes
    -----
    Schmittlein, Morrison & Colombo, "Counting your customers", Management Science 33(1), 1987; formulas after Fader &
    Hardie, "A note on deriving the Pareto/NBD model and related expressions", 2005. The likelihood's hypergeometric
    functions are integrals over the time of leaving, and are computed as such, gradient included.

    Examples
    --------
    >>> import pandas as pd
    >>> model = ParetoNBD(r=0.5533, alpha=10.578, s=0.6062, beta=11.669)
    >>> customer = pd.DataFrame({"frequency": [26], "recency": [30.86], "T": [31]})
    >>> model.expected_purchases(customer, 52).round(2).item()
    25.46
    """

    NAMES: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    DROPOUT: ClassVar[tuple[str, int]] = ("beta", -1)

    r: float = np.nan
    alpha: float = np.nan
    s: float = np.nan
    beta: float = np.nan

    def likelihood(self, histories: Histories, params: Array) -> tuple[Array, Array]:
        """Give the log-likelihood of each history and its gradient, parameters by histories."""
        r, alpha, s, beta = params
        x, T = histories.x, histories.T
        constant, by_r = histories.counts.map(_of_counts, r, alpha)
        stay, leave, gone = _weights(histories, params)
        dead = special.expit(leave - stay)
        here = 1.0 - dead
        values = constant + s * np.log(beta) + np.logaddexp(stay, leave)
        slopes = np.array(
            [
                by_r - here * np.log(alpha + T) - dead * gone.log_first,
                r / alpha - (r + x) * (here / (alpha + T) + dead * gone.per_first),
                np.log(beta) - here * np.log(beta + T) + dead * (1.0 / s - gone.log_second),
                s / beta - s * here / (beta + T) - (s + 1.0) * dead * gone.per_second,
            ]
        )
        return values, slopes

    def starts(self, histories: Histories) -> list[Array]:
        """Give four starts between few and many rates, short and long lives, at the data's own pace."""
        pace = (histories.count @ histories.T) / (histories.count @ histories.x)
        age = histories.count @ histories.T / histories.count.sum()
        shapes = [(0.5, 0.6, 0.4), (1.0, 1.0, 2.0), (3.0, 0.5, 1.0), (0.3, 2.0, 4.0)]
        return [np.array([r, r * pace / 2, s, life * age]) for r, s, life in shapes]

    def alive(self, histories: Histories) -> Array:
        """Give P(alive) of each history."""
        stay, leave, _ = _weights(histories, self.at(histories))
        here: Array = special.expit(stay - leave)
        return here

    def expected(self, histories: Histories, horizon: float) -> Array:
        """Give the purchases expected of each history: those of a customer still here, times P(alive)."""
        r, alpha, s, beta = self.at(histories)
        rate = (r + histories.x) / (alpha + histories.T)
        values: Array = self.alive(histories) * rate * _life(s, beta + histories.T, horizon)
        return values

    def returning(self, histories: Histories, horizon: float | Array) -> Array:
        """Give P(alive) times the probability of buying within the horizon, and before leaving."""
        r, alpha, s, beta = self.at(histories)
        n, age, life = r + histories.x, alpha + histories.T, beta + histories.T
        wait = silence(n + 1.0, s, age, life, np.broadcast_to(horizon, n.shape))
        here: Array = np.minimum(n / age * np.exp(wait.log_integral), 1.0)
        return self.alive(histories) * here

    def reaching(self, histories: Histories, horizon: float | Array, count: int) -> Array:
        """Give the probability of at least ``count`` purchases within the horizon.

        The time of that purchase has a beta prime density; the customer must not have left before.
        """
        if count == 0:
            return np.ones(len(histories.count))
        if count == 1:
            return self.returning(histories, horizon)
        r, alpha, s, beta = self.at(histories)
        n, age, life = r + histories.x, alpha + histories.T, beta + histories.T
        return self.alive(histories) * _in_time(n, age, s, life, horizon=horizon, count=count)

    def of_new(self, ages: Array) -> Array:
        """Give the purchases expected of a new customer by each age."""
        return self.r / self.alpha * _life(np.array(self.s), np.array(self.beta), ages)

    def nature(self, params: Array, rng: np.random.Generator) -> Nature:
        """Draw what customers are like, one a column of parameters."""
        r, alpha, s, beta = params
        rate = rng.gamma(r) / alpha
        death = rng.exponential(size=len(rate)) / (rng.gamma(s) / beta)
        return Nature(rate=rate, leave=np.zeros(len(rate)), death=death)


def _in_time(n: Array, age: Array, s: Array, life: Array, *, horizon: float | Array, count: int) -> Array:
    """Integrate the density of the time of a purchase to come, times the chance of being there still.

    In the logarithm of time the integrand rises as ``exp(count * w)``, is smooth on a scale of pi, and falls as a
    power; it is cut where it has fallen by 1e-13 on the left and 1e-17 on the right of its peak.
    """
    with np.errstate(over="ignore"):
        end = np.minimum(horizon, np.minimum(age * _until(n), life * _until(s)))
    peak = np.minimum(count / ((count + n) / age + s / life), end)
    low, high = np.log(peak) - 30.0 / count, np.log(end)
    nodes, weights = np.polynomial.legendre.leggauss(IN_TIME)
    w = low + (high - low) * ((1 + nodes[:, None]) / 2)
    time = np.exp(w)
    log_density = count * (w - np.log(age)) - (n + count) * np.log1p(time / age) - special.betaln(count, n)
    there = -s * np.log1p(time / life)
    total: Array = (high - low) / 2 * (weights @ np.exp(log_density + there))
    return np.minimum(total, 1.0)


def _until(power: Array) -> Array:
    """Give the time, in scales, after which ``(1 + time)**-power`` is 1e-17."""
    result: Array = np.expm1(np.minimum(40.0 / power, 700.0))
    return result


def _of_counts(x: Array, r: Array, alpha: Array) -> Array:
    """Give what hangs on the number of purchases alone: the constant, and its slope in r."""
    constant = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha)
    return np.array([constant, special.digamma(r + x) - special.digamma(r) + np.log(alpha)])


def _weights(h: Histories, params: Array) -> tuple[Array, Array, Silence]:
    """Give the logarithms of the two parts of a likelihood, still here and gone since the last purchase.

    The second is an integral over the time of leaving; its averages, in absolute time, give the gradient.
    """
    r, alpha, s, beta = params
    n = r + h.x
    log_first, log_second = np.log(alpha + h.t_x), np.log(beta + h.t_x)
    gone = silence(n, s + 1.0, alpha + h.t_x, beta + h.t_x, h.T - h.t_x)
    leave = np.log(s) - n * log_first - (s + 1.0) * log_second + gone.log_integral
    stay = -n * np.log(alpha + h.T) - s * np.log(beta + h.T)
    return stay, leave, gone.shifted(log_first, log_second)


def _life(s: Array, scale: Array, horizon: float | Array) -> Array:
    """Expect so many weeks of life within the horizon: scale / (s - 1) * (1 - (scale / (scale + h))**(s - 1)).

    Written so that s = 1, where it is a logarithm, is no special case.
    """
    weeks = np.log1p(horizon / scale)
    life: Array = scale * weeks * special.exprel(-(s - 1.0) * weeks)
    return life
