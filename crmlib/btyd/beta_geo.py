"""BG/NBD and MBG/NBD: customers leave after a purchase, with a probability of their own."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from crmlib.btyd.geometric import Geometric, log_likelihood, log_weights
from crmlib.btyd.histories import Array, Histories, Indices
from crmlib.btyd.model import Nature, PurchaseModel
from crmlib.btyd.to_come import purchases_until_dropout, reaching_while_here


@dataclass(frozen=True, kw_only=True)
class BetaGeoNBD(PurchaseModel):
    """BG/NBD: who buys at random times and may leave after each repeat purchase.

    Parameters
    ----------
    r, alpha : float
        Shape and scale (weeks) of the gamma distribution of purchase rates.
    a, b : float
        Beta distribution of dropout probabilities.

    Notes
    -----
    Fader, Hardie & Lee, "Counting your customers the easy way: an alternative to the Pareto/NBD model", Marketing
    Science 24(2), 2005. A customer without a repeat purchase is alive for sure in this model.

    Examples
    --------
    >>> import pandas as pd
    >>> model = BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> customer = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]})
    >>> model.expected_purchases(customer, 39).round(3).item()
    1.226
    """

    NAMES: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    DROPOUT: ClassVar[tuple[str, int]] = ("a", 1)
    AT_FIRST: ClassVar[bool] = False

    r: float = np.nan
    alpha: float = np.nan
    a: float = np.nan
    b: float = np.nan

    @property
    def kind(self) -> Geometric:
        """Which of the beta-geometric models this is."""
        return Geometric(at_first=self.AT_FIRST)

    def likelihood(self, histories: Histories, params: Array) -> tuple[Array, Array]:
        """Give the log-likelihood of each history and its gradient, parameters by histories."""
        return log_likelihood(self.kind, histories, params)

    def starts(self, histories: Histories) -> list[Array]:
        """Give four starts between few and many rates, quick and slow dropout, at the data's own pace."""
        pace = (histories.count @ histories.T) / (histories.count @ histories.x)
        shapes = [(0.25, 0.8, 2.5), (1.0, 0.5, 2.0), (3.0, 0.2, 4.0), (0.5, 2.0, 2.0)]
        return [np.array([r, r * pace / 2, a, b]) for r, a, b in shapes]

    def alive(self, histories: Histories) -> Array:
        """Give P(alive) of each history."""
        stay, leave = log_weights(self.kind, histories, self.at(histories))
        here: Array = special.expit(stay - leave)
        return here

    def expected(self, histories: Histories, horizon: float) -> Array:
        """Give the purchases expected of each history: those of a customer still here, times P(alive)."""
        x, T, params, back = without_recency(histories, self.at(histories))
        r, alpha, a, b = params
        passed = self.kind.chances(x)
        here: Array = purchases_until_dropout(r + x, alpha + T, a, b + passed, np.full(len(x), horizon))
        return self.alive(histories) * here[back]

    def returning(self, histories: Histories, horizon: float | Array) -> Array:
        """Give P(alive) times the probability that a customer still here buys within the horizon."""
        r, alpha, _, _ = self.at(histories)
        waiting = (r + histories.x) * np.log1p(horizon / (alpha + histories.T))
        buys: Array = -np.expm1(-waiting)
        return self.alive(histories) * buys

    def reaching(self, histories: Histories, horizon: float | Array, count: int) -> Array:
        """Give the probability of at least ``count`` purchases within the horizon."""
        if count == 0:
            return np.ones(len(histories.count))
        params = self.at(histories)
        here = reaching_while_here(self.kind, histories, params, horizon, count)
        return self.alive(histories) * here

    def of_new(self, ages: Array) -> Array:
        """Give the purchases expected of a new customer by each age."""
        first = float(self.AT_FIRST)
        here = self.b / (self.a + self.b) if self.AT_FIRST else 1.0
        n, age, a, b = (np.full(len(ages), value) for value in (self.r, self.alpha, self.a, self.b + first))
        return here * purchases_until_dropout(n, age, a, b, ages)

    def nature(self, params: Array, rng: np.random.Generator) -> Nature:
        """Draw what customers are like, one a column of parameters."""
        r, alpha, a, b = params
        leave = rng.beta(a, b)
        at_once = rng.random(len(leave)) < (leave if self.kind.at_first else 0.0)
        death = np.where(at_once, 0.0, np.inf)
        return Nature(rate=rng.gamma(r) / alpha, leave=leave, death=death, phases=self.kind.k)


@dataclass(frozen=True, kw_only=True)
class ModifiedBetaGeoNBD(BetaGeoNBD):
    """MBG/NBD: as BG/NBD, with its parameters, but a customer may also leave right after the first purchase.

    Notes
    -----
    Batislam, Denizel & Filiztekin, "Empirical validation and comparison of models for customer base analysis",
    International Journal of Research in Marketing 24(3), 2007.

    Examples
    --------
    >>> import pandas as pd
    >>> model = ModifiedBetaGeoNBD(r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> once = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [38.86]})
    >>> model.probability_alive(once).round(3).item()  # BG/NBD says 1
    0.39
    """

    AT_FIRST: ClassVar[bool] = True


def without_recency(histories: Histories, params: Array) -> tuple[Array, Array, Array, Indices]:
    """Give distinct (x, T), their parameters, each history's place: of who is here the last purchase tells nothing."""
    first, back = histories.distinct_counts_and_ages()
    shared = params if params.shape[1] == 1 else params[:, first]
    return histories.x[first], histories.T[first], shared, back
