"""Gamma-Gamma: what a customer's purchase is worth, when few were seen."""

from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from scipy import special

from crmlib.btyd.histories import Array
from crmlib.btyd.maximum import maximise
from crmlib.btyd.parametric import Parametric

SAMPLE = 20_000
"""Repeat buyers above which the starts are tried on an even sample first."""


class NoSpendModelError(ValueError):
    """What these customers spent does not carry a spend model: too few, all alike, or so wide that no mean exists."""


@dataclass(frozen=True, kw_only=True)
class GammaGamma(Parametric):
    """Spend per purchase varies around each customer's own mean, and means vary between customers.

    Parameters
    ----------
    p, q, gamma : float
        Purchases are gamma distributed with shape ``p``; their rate over customers with shape ``q`` and rate ``gamma``
        (in money). The mean purchase of the population is ``p * gamma / (q - 1)``.
    mean : float, optional
        The mean purchase towards which customers are drawn where the model's own is none: it does not exist with ``q``
        of at most 1, and is out of all bounds a little above. See `crmlib.btyd.spending.fit_spend`.

    Notes
    -----
    Fader & Hardie, "The Gamma-Gamma model of monetary value", note 025, 2013. It assumes that spend is independent of
    frequency: see `spend_independence`.

    Examples
    --------
    >>> model = GammaGamma(p=6.25, q=3.74, gamma=15.44)
    >>> customers = pd.DataFrame({"frequency": [2, 0], "monetary_value": [22.345, None]})
    >>> model.expected_spend(customers).round(2).tolist()
    [24.66, 35.22]
    """

    NAMES: ClassVar[tuple[str, ...]] = ("p", "q", "gamma")

    p: float = np.nan
    q: float = np.nan
    gamma: float = np.nan
    mean: float = np.nan

    @classmethod
    def fit(cls, summary: pd.DataFrame) -> Self:
        """Estimate the parameters by maximum likelihood from customers with a repeat purchase of some value.

        Parameters
        ----------
        summary : pandas.DataFrame
            ``frequency`` and ``monetary_value`` (mean of the repeat purchases). Customers without a repeat purchase
            and those whose repeat purchases were free say nothing about spend and are left out.

        Raises
        ------
        ValueError
            When a column is missing or a value is negative.
        NoSpendModelError
            When fewer than two customers remain, or all spend the same.
        """
        x, z = cls.observed(summary)
        used = (x > 0) & (z > 0)
        x, z = x[used], z[used]
        if len(x) < 2:
            raise NoSpendModelError(f"{len(x)} customers have a repeat purchase of some value: too few to fit spend")
        if np.ptp(z) <= 1e-9 * z.mean():
            raise NoSpendModelError("all customers spend the same on a purchase: there is no variation to fit")
        order = np.lexsort((z, x))
        x, z = x[order], z[order]
        few = slice(None, None, -(-len(x) // SAMPLE))
        maximum = maximise(
            partial(_total, x, z),
            _starts(float(np.average(z, weights=x))),
            n=len(x),
            rehearsal=partial(_total, x[few], z[few]) if len(x) > SAMPLE else None,
        )
        return replace(cls().with_coefficients(maximum.coefficients), maximum=maximum)

    @property
    def has_own_mean(self) -> bool:
        """Whether customers are drawn towards the model's own mean, not towards one that was given."""
        return bool(np.isnan(self.mean))

    @property
    def population_mean(self) -> float:
        """Mean purchase of a customer of whom nothing is known; there is none with ``q`` of at most 1."""
        self.need_parameters()
        if not self.has_own_mean:
            return self.mean
        if self.q <= 1:
            raise NoSpendModelError(
                f"q = {self.q:.3g}: with q of at most 1 the mean spend of the population does not exist"
            )
        return self.p * self.gamma / (self.q - 1)

    def expected_spend(self, summary: pd.DataFrame) -> pd.Series:
        """Expect so much of each customer's next purchase: their own mean, drawn towards the population's.

        Parameters
        ----------
        summary : pandas.DataFrame
            ``frequency`` and ``monetary_value`` (read where the frequency is above 0 only).

        Returns
        -------
        pandas.Series
            Money a purchase, on the summary's index.

        Raises
        ------
        NoSpendModelError
            When no mean was given, and a customer has no repeat purchase and the population has no mean (``q`` of at
            most 1), or has so few that their own has none (``p x + q`` of at most 1).
        """
        x, z = self.observed(summary)
        self.need_parameters()
        if not self.has_own_mean:
            return pd.Series(self._towards_mean(x, z), index=summary.index, name="expected_spend")
        bought = x > 0
        if (self.p * x[bought] + self.q <= 1).any():
            raise NoSpendModelError(
                f"p = {self.p:.3g}, q = {self.q:.3g}: the mean spend of customers with few purchases does not exist"
            )
        spend = np.full(len(x), np.nan)
        spend[bought] = self.p * (self.gamma + x[bought] * z[bought]) / (self.p * x[bought] + self.q - 1)
        if not bought.all():
            spend[~bought] = self.population_mean
        return pd.Series(spend, index=summary.index, name="expected_spend")

    def _towards_mean(self, x: Array, z: Array) -> Array:
        """Draw each customer's own mean towards the one given, by the model's weights, of which none is above 1."""
        own = self.p * x / (self.p * x + max(self.q - 1.0, 0.0) + np.finfo(np.float64).tiny)
        spend: Array = self.mean + own * (np.where(x > 0, z, self.mean) - self.mean)
        return spend

    def spend_quantiles(self, summary: pd.DataFrame) -> pd.Series:
        """Say which share of customers with as many purchases the model has spend less a purchase than each did.

        Means of few purchases are more spread and more skewed than means of many: these shares compare customers of any
        frequency. Where the model is right they are uniform at each; without a repeat purchase they are missing.
        """
        x, z = self.observed(summary)
        self.need_parameters()
        # given x, the total x z over gamma + x z has a beta distribution with the parameters p x and q (note 025)
        total = x * z
        shares = special.betainc(self.p * np.where(x > 0, x, np.nan), self.q, total / (self.gamma + total))
        return pd.Series(shares, index=summary.index, name="spend_quantile")

    @staticmethod
    def observed(summary: pd.DataFrame) -> tuple[Array, Array]:
        """Give repeat purchases and their mean value (missing without any), or say whose cannot be.

        Raises
        ------
        ValueError
            When a column is missing or a value is impossible.
        """
        missing = [column for column in ("frequency", "monetary_value") if column not in summary.columns]
        if missing:
            raise ValueError(f"the summary lacks {missing}; found {list(summary.columns)}; see customer_summary")
        x: Array = summary["frequency"].to_numpy(dtype=np.float64)
        z: Array = np.where(x > 0, summary["monetary_value"].astype("float64").to_numpy(), np.nan)
        for problem, where in {
            "repeat purchases but no monetary_value": (x > 0) & ~np.isfinite(z),
            "a negative monetary_value": z < 0,
            "a negative or missing frequency": ~(x >= 0),
        }.items():
            if where.any():
                raise ValueError(f"{int(where.sum())} of {len(summary)} customers have {problem}")
        return x, z


def _starts(mean: float) -> list[Array]:
    """Give logarithms of starts between narrow and wide distributions, all with the data's mean."""
    return [np.log([p, q, mean * (q - 1) / p]) for p, q in ((6.0, 4.0), (1.0, 3.0), (2.0, 1.5), (20.0, 10.0))]


def _total(x: Array, z: Array, coefficients: Array) -> tuple[float, Array]:
    """Give the log-likelihood of mean purchases and its gradient in the log parameters (note 025, equation 1a)."""
    p, q, gamma = np.exp(coefficients)
    # Special functions on distinct counts: customers share them.
    counts, members = np.unique(x, return_inverse=True)
    n = np.bincount(members).astype(np.float64)
    log_z, log_sum = np.log(z), np.log(gamma + x * z)
    shape = p * counts
    value = n @ (special.gammaln(shape + q) - special.gammaln(shape) - special.gammaln(q) + q * np.log(gamma))
    value += ((p * x - 1) * log_z + p * x * np.log(x) - (p * x + q) * log_sum).sum()
    by_p = n @ (counts * (special.digamma(shape + q) - special.digamma(shape)))
    by_p += (x * (log_z + np.log(x) - log_sum)).sum()
    by_q = n @ (special.digamma(shape + q) - special.digamma(q) + np.log(gamma)) - log_sum.sum()
    by_gamma = len(x) * q / gamma - ((p * x + q) / (gamma + x * z)).sum()
    return float(value), np.array([p * by_p, q * by_q, gamma * by_gamma])
