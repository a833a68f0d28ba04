"""Lifetime value: purchases expected, discounted to today, times what one is worth."""

import numpy as np
import pandas as pd

from crmlib.btyd.gamma_gamma import GammaGamma
from crmlib.btyd.histories import Array, Histories
from crmlib.btyd.model import PurchaseModel, checked_weeks
from crmlib.btyd.pareto import ParetoNBD

WEEKS_PER_YEAR = 365.25 / 7

NODES = 10
"""Gauss-Legendre nodes of the discounting integral; ten give 1e-6 of the value even over ten years at 50 % a year."""


def lifetime_value(  # noqa: PLR0917 - the settled signature
    summary: pd.DataFrame,
    purchase_model: PurchaseModel,
    spend_model: GammaGamma,
    horizon: float,
    discount_rate: float = 0.0,
    margin: float = 1.0,
) -> pd.Series:
    """Give what each customer will bring within a finite horizon, in today's money.

    Parameters
    ----------
    summary : pandas.DataFrame
        ``frequency``, ``recency``, ``T``, ``monetary_value`` (see `customer_summary`).
    purchase_model : PurchaseModel
    spend_model : GammaGamma
    horizon : float
        Weeks ahead; what comes later is not counted.
    discount_rate : float
        Per year, effective: 0.1 makes money in a year worth 1 / 1.1. Applied continuously.
    margin : float
        Share of spend that counts; 1 gives revenue.

    Returns
    -------
    pandas.Series
        Money, on the summary's index.

    Raises
    ------
    ValueError
        When the horizon or the rate is negative, or the margin is not between 0 and 1.

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD
    >>> customer = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86], "monetary_value": [22.35]})
    >>> purchases = BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> spend = GammaGamma(p=6.25, q=3.74, gamma=15.44)
    >>> lifetime_value(customer, purchases, spend, horizon=39, discount_rate=0.1, margin=0.3).round(2).item()
    8.77
    """
    if not 0 <= margin <= 1:
        raise ValueError(f"a margin is a share between 0 and 1; got {margin}")
    purchases = discounted_purchases(summary, purchase_model, horizon, discount_rate)
    return (purchases * spend_model.expected_spend(summary) * margin).rename("lifetime_value")


def discounted_purchases(
    summary: pd.DataFrame, purchase_model: PurchaseModel, horizon: float, discount_rate: float = 0.0
) -> pd.Series:
    """Expect so many purchases within the horizon, each counted at today's worth (rate per year)."""
    histories = purchase_model.histories(summary)
    values = discounted(purchase_model, histories, checked_weeks(horizon), log_rate(discount_rate))
    return pd.Series(values[histories.back], index=summary.index, name="discounted_purchases")


def discounted(model: PurchaseModel, histories: Histories, horizon: float, rate: float) -> Array:
    """Give the discounted purchases of each history, at a continuous rate a week."""
    # the integral of exp(-d t) over E(t), by parts: exp(-d h) E(h) + d * integral of exp(-d t) E(t)
    total: Array = np.exp(-rate * horizon) * model.expected(histories, horizon)
    if rate == 0 or horizon == 0:
        return total
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    # Expected purchases rise steeply first: nodes in the square root of time crowd there.
    roots = (1 + nodes) / 2
    for root, weight in zip(roots, weights, strict=True):
        time = horizon * root**2
        total = total + rate * horizon * root * weight * np.exp(-rate * time) * model.expected(histories, time)
    return total


def residual_purchases(summary: pd.DataFrame, purchase_model: ParetoNBD, discount_rate: float) -> pd.Series:
    """Expect so many discounted purchases in all the time to come (DERT) under Pareto/NBD.

    Parameters
    ----------
    summary : pandas.DataFrame
        ``frequency``, ``recency``, ``T``.
    purchase_model : ParetoNBD
    discount_rate : float
        Per year, effective, above 0: without discounting the sum may be infinite.

    Returns
    -------
    pandas.Series
        On the summary's index.

    Raises
    ------
    ValueError
        When the rate is not above 0.

    Notes
    -----
    Fader, Hardie & Lee, "RFM and CLV: using iso-value curves for customer base analysis", Journal of Marketing
    Research 42(4), 2005, equation 3; their confluent hypergeometric function of the second kind is an integral over
    the time to come, computed as such.

    Examples
    --------
    >>> model = ParetoNBD(r=0.5533, alpha=10.578, s=0.6062, beta=11.669)
    >>> customer = pd.DataFrame({"frequency": [26], "recency": [30.86], "T": [31]})
    >>> residual_purchases(customer, model, discount_rate=0.15).round(1).item()
    86.4
    """
    rate = log_rate(discount_rate)
    if rate == 0:
        raise ValueError("residual purchases need a discount rate above 0: without one the sum may be infinite")
    histories = purchase_model.histories(summary)
    r, alpha, s, beta = purchase_model.at(histories)
    life = beta + histories.T
    weeks = life * _discounted_life(s, rate * life)
    values = purchase_model.alive(histories) * (r + histories.x) / (alpha + histories.T) * weeks
    return pd.Series(values[histories.back], index=summary.index, name="residual_purchases")


def log_rate(discount_rate: float) -> float:
    """Turn an effective yearly rate into a continuous weekly one; a negative or infinite one is refused."""
    if not 0 <= discount_rate < np.inf:
        raise ValueError(f"a discount rate is a number per year, 0 or more; got {discount_rate}")
    return float(np.log1p(discount_rate) / WEEKS_PER_YEAR)


def _discounted_life(s: Array, z: Array) -> Array:
    """Integrate ``exp(-z v) * (1 + v)**-s`` over v from 0 on: the trapezoid rule in log v.

    In log v the integrand is analytic within pi / 2 of the real axis and dies away at both ends, so that steps of a
    quarter are exact to 1e-16; the grid starts where ``exp(-z v)`` is 1e-17 and goes down to where v is.
    """
    s, z = np.broadcast_arrays(s, z)
    top = np.log(40.0 / z)
    length = (top - np.minimum(0.0, -np.log(z))).max() + 45.0
    u = top[:, None] - np.arange(0.0, length, 0.25)
    v = np.exp(u)
    integral: Array = np.exp(u - z[:, None] * v - s[:, None] * np.log1p(v)).sum(axis=1) * 0.25
    return integral
