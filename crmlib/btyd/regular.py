"""MBG/CNBD-k: customers who buy more regularly than at random."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd
from scipy import special

from crmlib.btyd.beta_geo import ModifiedBetaGeoNBD, without_recency
from crmlib.btyd.geometric import Geometric, stages
from crmlib.btyd.histories import Array, Histories
from crmlib.btyd.to_come import expected_by_phase

MOST_REGULAR = 12
"""Largest k tried."""


@dataclass(frozen=True, kw_only=True)
class ModifiedBetaGeoCNBD(ModifiedBetaGeoNBD):
    """MBG/CNBD-k: as MBG/NBD, but between two purchases pass k exponential phases; k = 1 is MBG/NBD.

    A silence longer than the customer's rhythm then says more about having left.

    Parameters
    ----------
    k : int
        Regularity: times between purchases are Erlang-k distributed.
    r, alpha : float
        Shape and scale (weeks) of the gamma distribution of rates of phases.
    a, b : float
        Beta distribution of dropout probabilities.

    Notes
    -----
    Reutterer, Platzer & Schroeder, "Leveraging purchase regularity for predicting customer behavior the easy way",
    International Journal of Research in Marketing 38(1), 2021. Their approximation of expected purchases is replaced
    by the exact sum over the phase that a customer stands in.

    Examples
    --------
    >>> model = ModifiedBetaGeoCNBD(k=3, r=1.2, alpha=4.0, a=0.6, b=3.0)
    >>> customer = pd.DataFrame({"frequency": [5], "recency": [20.0], "T": [40.0]})
    >>> random = ModifiedBetaGeoNBD(r=1.2, alpha=12.0, a=0.6, b=3.0)
    >>> bool(model.probability_alive(customer).item() < random.probability_alive(customer).item())
    True
    """

    k: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.k != int(self.k) or not 1 <= self.k <= MOST_REGULAR:
            raise ValueError(f"k is a whole number from 1 to {MOST_REGULAR}; got {self.k}")

    @classmethod
    def fit(cls, summary: pd.DataFrame, *, k: int | None = None, covariates: Sequence[str] = ()) -> Self:
        """Estimate the parameters and, unless given, the regularity by maximum likelihood.

        Parameters
        ----------
        summary : pandas.DataFrame
            ``frequency``, ``recency``, ``T`` and, better, ``log_gaps`` (see `customer_summary`): the times of all
            purchases tell more about regularity than the last one alone, which is used without.
        k : int, optional
            Regularity. By default k rises from 1 as long as the likelihood does.
        covariates : sequence of str
            As in `PurchaseModel.fit`.

        Returns
        -------
        ModifiedBetaGeoCNBD
            Its log-likelihood can be compared with that of the other models fitted on the same summary.
        """
        histories = Histories.of(summary, covariates)
        best: Self | None = None
        for regularity in [k] if k is not None else range(1, MOST_REGULAR + 1):
            nearby = [] if best is None else [best.regular_start(regularity)]
            model = cls(k=regularity).fitted(histories, covariates, nearby)
            found = model.found()
            constant = _gaps_log_density(summary, regularity)
            model = replace(model, maximum=replace(found, log_likelihood=found.log_likelihood + constant))
            if best is not None and model.log_likelihood <= best.log_likelihood:
                break
            best = model
        if best is None:
            raise ValueError("no regularity was tried")
        return best

    @property
    def kind(self) -> Geometric:
        """Which of the beta-geometric models this is."""
        return Geometric(at_first=True, k=int(self.k))

    def regular_start(self, k: int) -> Array:
        """Give coefficients from which to start at another regularity: phases k / self.k times as fast."""
        coefficients = self.coefficients.copy()
        coefficients[1] += np.log(self.k / k)
        return coefficients

    def starts(self, histories: Histories) -> list[Array]:
        """Give the starts of MBG/NBD, in phases instead of purchases."""
        return [start / np.array([1.0, self.k, 1.0, 1.0]) for start in super().starts(histories)]

    def expected(self, histories: Histories, horizon: float) -> Array:
        """Give the purchases expected of each history: those of a customer still here, times P(alive)."""
        if self.k == 1:
            return super().expected(histories, horizon)
        all_params = self.at(histories)
        x, T, params, back = without_recency(histories, all_params)
        r, alpha, a, b = params
        passed = self.kind.chances(x)
        weeks = np.full(len(x), horizon)
        by_phase = expected_by_phase(self.k, r + self.k * x, alpha + T, a, b + passed, weeks)
        here: Array = (stages(self.kind, histories, all_params) * by_phase[:, back]).sum(axis=0)
        return self.alive(histories) * here

    def returning(self, histories: Histories, horizon: float | Array) -> Array:
        """Give P(alive) times the probability that a customer still here buys within the horizon."""
        return self.reaching(histories, horizon, 1)

    def of_new(self, ages: Array) -> Array:
        """Give the purchases expected of a new customer by each age."""
        if self.k == 1:
            return super().of_new(ages)
        here = self.b / (self.a + self.b)
        r, alpha, a, b = (np.full(len(ages), value) for value in (self.r, self.alpha, self.a, self.b + 1))
        by_age: Array = expected_by_phase(self.k, r, alpha, a, b, ages)[0]
        return here * by_age


def _gaps_log_density(summary: pd.DataFrame, k: int) -> float:
    """Give the part of the log-likelihood that hangs on the regularity and the gaps alone.

    With all gaps, each adds ``(k - 1) log(gap) - log((k - 1)!)``. With the last purchase alone, the gamma density of
    the sum of x gaps stands instead, relative to k = 1, so that k = 1 has the likelihood of MBG/NBD either way.
    """
    x = summary["frequency"].to_numpy(dtype=np.float64)
    if "log_gaps" in summary.columns:
        return float((k - 1) * summary["log_gaps"].sum() - x.sum() * special.gammaln(k))
    bought = x > 0
    x, last = x[bought], summary["recency"].to_numpy(dtype=np.float64)[bought]
    return float(((k - 1) * x * np.log(last) - special.gammaln(k * x) + special.gammaln(x)).sum())
