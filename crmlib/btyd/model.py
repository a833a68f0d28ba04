"""What every purchase model can do, whatever it assumes about how customers buy and leave."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from crmlib.btyd.histories import Array, Histories
from crmlib.btyd.maximum import Objective, maximise
from crmlib.btyd.parametric import Parametric

REHEARSE_ABOVE = 5_000
"""Distinct histories above which the starts are tried on coarse times first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """Traits of customers that nobody sees, drawn by a simulation.

    Attributes
    ----------
    rate : array
        Phases a week while alive.
    leave : array
        Probability of leaving after each repeat purchase.
    death : array
        Week of leaving counted from the first purchase, infinite until known; the simulation fills it in.
    phases : int
        Exponential phases between two purchases.
    """

    rate: Array
    leave: Array
    death: Array
    phases: int = 1


@dataclass(frozen=True, kw_only=True)
class PurchaseModel(Parametric, ABC):
    """A buy-till-you-die model: customers buy at their own rate until they silently leave.

    Built from given parameters, or by `fit`. Never changes; times are weeks. An effect ``rate.<column>`` is the change
    of the log purchase rate per unit of a covariate, ``dropout.<column>`` that of the log dropout rate (Pareto/NBD) or
    of ``log a`` (the beta-geometric models).
    """

    RATE: ClassVar[str] = "alpha"
    """The parameter that an effect on the purchase rate divides."""

    DROPOUT: ClassVar[tuple[str, int]]
    """The parameter that an effect on dropout moves, and its direction."""

    @classmethod
    def fit(cls, summary: pd.DataFrame, *, covariates: Sequence[str] = ()) -> Self:
        """Estimate the parameters by maximum likelihood.

        Parameters
        ----------
        summary : pandas.DataFrame
            One row a customer: ``frequency``, ``recency``, ``T`` (see `customer_summary`).
        covariates : sequence of str
            Numeric columns of the summary that do not change in time; each gets an effect on the purchase rate and
            one on dropout (Fader & Hardie, "Incorporating time-invariant covariates", note 019, 2007).

        Returns
        -------
        PurchaseModel
            The fitted model.

        Raises
        ------
        ValueError
            When the summary is impossible, or nobody bought twice.
        """
        return cls().fitted(Histories.of(summary, covariates), covariates)

    def expected_purchases(self, summary: pd.DataFrame, horizon: float) -> pd.Series:
        """Expect so many purchases of each customer in the weeks ahead, given what they did so far.

        Parameters
        ----------
        summary : pandas.DataFrame
            ``frequency``, ``recency``, ``T``.
        horizon : float
            Weeks ahead, 0 or more.

        Returns
        -------
        pandas.Series
            On the summary's index.
        """
        return self._spread(summary, "expected_purchases", partial(self.expected, horizon=checked_weeks(horizon)))

    def probability_of_purchase(self, summary: pd.DataFrame, horizon: float) -> pd.Series:
        """Give each customer's probability of at least one purchase in the weeks ahead; as `expected_purchases`.

        One minus it is the churn score: L(x, t_x, T + h) / L(x, t_x, T), the likelihood of staying silent.
        """
        return self._spread(summary, "probability_of_purchase", partial(self.returning, horizon=checked_weeks(horizon)))

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series:
        """Give each customer's probability of not having left for good; as `expected_purchases`.

        No churn score: under BG/NBD it is 1 for everybody who bought once.
        """
        return self._spread(summary, "probability_alive", self.alive)

    def expected_purchases_new(self, horizon: float | Array) -> Array:
        """Expect so many repeat purchases of a new customer within weeks of the first; covariates count as 0."""
        weeks = np.asarray(horizon, dtype=np.float64)
        if not (weeks >= 0).all():
            raise ValueError("a horizon is a number of weeks, 0 or more")
        self.need_parameters()
        distinct, back = np.unique(weeks, return_inverse=True)
        return self.of_new(distinct)[back].reshape(weeks.shape)

    @abstractmethod
    def likelihood(self, histories: Histories, params: Array) -> tuple[Array, Array]:
        """Give the log-likelihood of each history and its gradient, parameters by histories."""

    @abstractmethod
    def starts(self, histories: Histories) -> list[Array]:
        """Give parameters from which to start the search."""

    @abstractmethod
    def alive(self, histories: Histories) -> Array:
        """Give P(alive) of each history."""

    @abstractmethod
    def expected(self, histories: Histories, horizon: float) -> Array:
        """Give the purchases expected of each history."""

    @abstractmethod
    def returning(self, histories: Histories, horizon: float | Array) -> Array:
        """Give the probability that a history goes on within the horizon."""

    @abstractmethod
    def reaching(self, histories: Histories, horizon: float | Array, count: int) -> Array:
        """Give the probability of at least ``count`` purchases of each history."""

    @abstractmethod
    def of_new(self, ages: Array) -> Array:
        """Give the purchases expected of a new customer by each age."""

    @abstractmethod
    def nature(self, params: Array, rng: np.random.Generator) -> Nature:
        """Draw what customers are like, one a column of parameters."""

    def histories(self, summary: pd.DataFrame) -> Histories:
        """Condense a summary to the distinct histories that this model tells apart."""
        self.need_parameters()
        return Histories.of(summary, self._covariates)

    def at(self, histories: Histories) -> Array:
        """Give the parameters that hold for each history, parameters by histories (by 1 where all share them)."""
        return self._params(self.coefficients, histories)

    def fitted(self, histories: Histories, covariates: Sequence[str] = (), nearby: Sequence[Array] = ()) -> Self:
        """Fit to condensed histories (see `fit`), from the model's own starts and coefficients known to be near."""
        if not (histories.x > 0).any():
            raise ValueError("nobody bought on a second day: a purchase model has nothing to learn from")
        model = replace(self, effects={f"{kind}.{c}": 0.0 for kind in ("rate", "dropout") for c in covariates})
        quick = histories.coarse() if len(histories.x) > REHEARSE_ABOVE else None
        maximum = maximise(
            model.objective(histories),
            [
                *nearby,
                *(np.concatenate([np.log(start), np.zeros(len(model.effects))]) for start in self.starts(histories)),
            ],
            n=float(histories.count.sum()),
            rehearsal=model.objective(quick) if quick is not None else None,
        )
        return model.with_coefficients(maximum.coefficients, maximum)

    def objective(self, histories: Histories) -> Objective:
        """Give the log-likelihood of all customers, with its gradient, as a function of the coefficients."""
        return partial(self._total, histories)

    @property
    def _covariates(self) -> tuple[str, ...]:
        return tuple(name.removeprefix("rate.") for name in self.effects if name.startswith("rate."))

    def _total(self, histories: Histories, coefficients: Array) -> tuple[float, Array]:
        """Sum the log-likelihood over customers, with its gradient in the coefficients."""
        params = self._params(coefficients, histories)
        values, slopes = self.likelihood(histories, params)
        return float(histories.count @ values), self._gradient(slopes * params * histories.count, histories)

    def _params(self, coefficients: Array, histories: Histories) -> Array:
        """Give parameters by histories; by 1 where all histories share them."""
        by_group: Array = np.exp(self._matrix(histories) @ coefficients).T
        return by_group[:, histories.group] if self._covariates else by_group

    def _gradient(self, slopes: Array, histories: Histories) -> Array:
        """Sum slopes in the log parameters (parameters by histories) to slopes in the coefficients."""
        if not self._covariates:
            total: Array = slopes.sum(axis=1)
            return total
        matrix = self._matrix(histories)
        sums = np.array([np.bincount(histories.group, weights=row, minlength=len(matrix)) for row in slopes])
        by_coefficient: Array = np.einsum("gkc,kg->c", matrix, sums)
        return by_coefficient

    def _matrix(self, histories: Histories) -> Array:
        """Give groups by parameters by coefficients: covariates raise the purchase rate and dropout by a factor."""
        own, m = len(self.NAMES), len(self._covariates)
        matrix = np.zeros((len(histories.covariates) if m else 1, own, own + 2 * m))
        matrix[:, range(own), range(own)] = 1.0
        if m:
            parameter, sign = self.DROPOUT
            matrix[:, self.NAMES.index(self.RATE), own : own + m] = -histories.covariates
            matrix[:, self.NAMES.index(parameter), own + m :] = sign * histories.covariates
        return matrix

    def _spread(self, summary: pd.DataFrame, name: str, of: Callable[[Histories], Array]) -> pd.Series:
        histories = self.histories(summary)
        return pd.Series(of(histories)[histories.back], index=summary.index, name=name)


def checked_weeks(horizon: float) -> float:
    """Refuse what is not one finite number of weeks, 0 or more."""
    if np.ndim(horizon) != 0 or not 0 <= horizon < np.inf:
        raise ValueError(f"a horizon is one number of weeks, 0 or more; got {horizon!r}")
    return float(horizon)
