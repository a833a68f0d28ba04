"""BG/BB: customers who can buy at set occasions only, such as a yearly fair or a monthly box."""

from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from scipy import special

from crmlib.btyd.histories import Array, Histories
from crmlib.btyd.maximum import maximise
from crmlib.btyd.model import checked_weeks
from crmlib.btyd.parametric import Parametric


@dataclass(frozen=True, kw_only=True)
class BetaGeoBetaBernoulli(Parametric):
    """BG/BB: at each occasion a customer who is still here buys or not; before each, some leave for good.

    Parameters
    ----------
    alpha, beta : float
        Beta distribution of the probability to buy at an occasion.
    gamma, delta : float
        Beta distribution of the probability to leave before an occasion.

    Notes
    -----
    Fader, Hardie & Shang, "Customer-base analysis in a discrete-time noncontractual setting", Marketing Science 29(6),
    2010. Summaries count occasions: ``frequency`` (occasions bought at), ``recency`` (number of the last of them, 0
    without), ``T`` (occasions so far).

    Examples
    --------
    >>> model = BetaGeoBetaBernoulli(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)
    >>> donors = pd.DataFrame({"frequency": [6, 0], "recency": [6, 0], "T": [6, 6]})
    >>> model.expected_purchases(donors, 5).round(2).tolist()
    [3.75, 0.07]
    """

    NAMES: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")

    alpha: float = np.nan
    beta: float = np.nan
    gamma: float = np.nan
    delta: float = np.nan

    @classmethod
    def fit(cls, summary: pd.DataFrame) -> Self:
        """Estimate the parameters by maximum likelihood.

        Parameters
        ----------
        summary : pandas.DataFrame
            ``frequency``, ``recency``, ``T``, in occasions.

        Raises
        ------
        ValueError
            When a history is impossible, or nobody ever bought.
        """
        histories = _occasions(summary)
        if not (histories.x > 0).any():
            raise ValueError("nobody bought at any occasion: there is nothing to learn from")
        starts = [np.log(start) for start in ([1.0, 1.0, 0.5, 3.0], [0.5, 2.0, 1.0, 1.0], [2.0, 1.0, 0.2, 5.0])]
        maximum = maximise(partial(_total, histories), starts, n=float(histories.count.sum()))
        return replace(cls().with_coefficients(maximum.coefficients), maximum=maximum)

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series:
        """Give each customer's probability of still being here at the next occasion."""
        histories, params = self._at(summary)
        alive = np.exp(_log_here(histories, params, ahead=1) - _log_likelihood(histories, params)[0])
        return pd.Series(alive[histories.back], index=summary.index, name="probability_alive")

    def expected_purchases(self, summary: pd.DataFrame, occasions: float) -> pd.Series:
        """Expect so many purchases of each customer in the occasions ahead.

        The sum over occasions of being here and buying; their closed form is 0/0 at gamma = 1.

        Parameters
        ----------
        summary : pandas.DataFrame
            ``frequency``, ``recency``, ``T``, in occasions.
        occasions : int
            Occasions ahead.
        """
        histories, params = self._at(summary)
        alpha, beta = params[0], params[1]
        buys = (alpha + histories.x) / (alpha + beta + histories.T)
        now = _log_likelihood(histories, params)[0]
        steps = range(1, _whole(occasions) + 1)
        here = sum((np.exp(_log_here(histories, params, ahead=step) - now) for step in steps), np.zeros(len(now)))
        return pd.Series((buys * here)[histories.back], index=summary.index, name="expected_purchases")

    def simulate(self, customers: int, occasions: int, rng: np.random.Generator) -> pd.DataFrame:
        """Let customers buy and leave as the model says.

        Parameters
        ----------
        customers : int
        occasions : int
        rng : numpy.random.Generator

        Returns
        -------
        pandas.DataFrame
            ``frequency``, ``recency``, ``T``.
        """
        self.need_parameters()
        buy = rng.beta(self.alpha, self.beta, customers)
        lives = rng.geometric(rng.beta(self.gamma, self.delta, customers)) - 1
        numbers = np.arange(1, occasions + 1)
        bought = (rng.random((customers, occasions)) < buy[:, None]) & (numbers <= lives[:, None])
        recency = (bought * numbers).max(axis=1)
        return pd.DataFrame({"frequency": bought.sum(axis=1), "recency": recency, "T": occasions})

    def _at(self, summary: pd.DataFrame) -> tuple[Histories, Array]:
        self.need_parameters()
        return _occasions(summary), np.array([self.alpha, self.beta, self.gamma, self.delta])


def _occasions(summary: pd.DataFrame) -> Histories:
    histories = Histories.of(summary)
    whole = (histories.t_x == np.rint(histories.t_x)) & (np.rint(histories.T) == histories.T)
    if not whole.all() or (histories.x > histories.t_x).any():
        raise ValueError("recency and T count occasions: whole numbers, with no more purchases than occasions")
    return histories


def _whole(occasions: float) -> int:
    if checked_weeks(occasions) != int(occasions):
        raise ValueError(f"occasions are whole; got {occasions}")
    return int(occasions)


def _log_here(h: Histories, params: Array, *, ahead: int) -> Array:
    """Give the log probability of the history and of being here ``ahead`` occasions later."""
    alpha, beta, gamma, delta = params
    buying = special.betaln(alpha + h.x, beta + h.T - h.x) - special.betaln(alpha, beta)
    staying: Array = buying + special.betaln(gamma, delta + h.T + ahead) - special.betaln(gamma, delta)
    return staying


def _log_likelihood(h: Histories, params: Array) -> tuple[Array, Array]:
    """Give each history's log-likelihood and gradient (equation 5): left before occasion t, for each t, or never."""
    alpha, beta, gamma, delta = params
    x, last = h.x[:, None], h.t_x[:, None]
    end = last + np.arange(int((h.T - h.t_x).max()) + 1)
    here = end == h.T[:, None]
    left = end < h.T[:, None]
    log_part = (
        special.betaln(alpha + x, beta + np.maximum(end - x, 0.0)) - special.betaln(alpha, beta)
        + special.betaln(gamma + left, delta + end) - special.betaln(gamma, delta)
    )  # fmt: skip
    log_part = np.where(left | here, log_part, -np.inf)
    values = special.logsumexp(log_part, axis=1)
    share = np.exp(log_part - values[:, None])
    psi = special.digamma
    both, ends = psi(alpha + beta + end) - psi(alpha + beta), psi(gamma + left + delta + end) - psi(gamma + delta)
    parts = (
        psi(alpha + x) - psi(alpha) - both,
        psi(beta + np.maximum(end - x, 0.0)) - psi(beta) - both,
        psi(gamma + left) - psi(gamma) - ends,
        psi(delta + end) - psi(delta) - ends,
    )
    return values, np.array([(share * part).sum(axis=1) for part in parts])


def _total(histories: Histories, coefficients: Array) -> tuple[float, Array]:
    params = np.exp(coefficients)
    values, slopes = _log_likelihood(histories, params)
    return float(histories.count @ values), params * (slopes @ histories.count)
