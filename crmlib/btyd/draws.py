"""Other parameters that the data would also bear: drawn from the covariance, or refitted on resampled customers."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.btyd.grouping import Array
from crmlib.btyd.maximum import maximise_again
from crmlib.btyd.model import PurchaseModel
from crmlib.btyd.parametric import Parametric

Method = Literal["covariance", "refit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Coefficients of a fitted model, drawn many times.

    Attributes
    ----------
    coefficients : array, draws by coefficients
    method : str
        ``covariance``: normal around the estimate with its covariance; ``refit``: fitted again on customers drawn
        with replacement.
    """

    coefficients: Array
    method: Method


def drawn_from_covariance(model: Parametric, draws: int, rng: np.random.Generator) -> Draws:
    """Draw coefficients from the normal distribution that the likelihood has near its maximum.

    Coefficients are logarithms of parameters, so that drawn parameters are positive.

    Parameters
    ----------
    model : Parametric
        A fitted model.
    draws : int
    rng : numpy.random.Generator

    Raises
    ------
    ValueError
        When the likelihood is flat in some direction: there is no covariance to draw from; refit instead.

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD
    >>> from crmlib.btyd.maximum import Maximum
    >>> peak = Maximum(coefficients=np.zeros(4), covariance=np.eye(4), log_likelihood=0.0, n=10)
    >>> model = BetaGeoNBD(r=1, alpha=1, a=1, b=1, maximum=peak)
    >>> drawn_from_covariance(model, 3, np.random.default_rng(1)).coefficients.shape
    (3, 4)
    """
    found = model.found()
    if not np.isfinite(found.covariance).all():
        raise ValueError("the likelihood is flat around its maximum: no covariance to draw from; use method='refit'")
    coefficients = rng.multivariate_normal(found.coefficients, found.covariance, size=draws, method="cholesky")
    return Draws(coefficients=coefficients, method="covariance")


def drawn(
    model: PurchaseModel, summary: pd.DataFrame, draws: int, rng: np.random.Generator, method: Method | None = None
) -> Draws:
    """Draw coefficients of a purchase model, in the way asked for or in the way that it allows.

    Parameters
    ----------
    model : PurchaseModel
        Fitted on ``summary``.
    summary : pandas.DataFrame
    draws : int
    rng : numpy.random.Generator
    method : str, optional
        By default the covariance, or refits where the likelihood is flat in some direction and there is none.

    Raises
    ------
    ValueError
        When the method is unknown, or is ``covariance`` and there is none.

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD, simulate
    >>> rng = np.random.default_rng(1)
    >>> truth = BetaGeoNBD(r=1.0, alpha=5.0, a=0.8, b=2.5)
    >>> summary = simulate(truth, pd.DataFrame({"T": [40.0] * 500}), rng, days=True)
    >>> drawn(BetaGeoNBD.fit(summary), summary, 2, rng).method
    'covariance'
    """
    if method not in (None, "covariance", "refit"):
        raise ValueError(f"method is 'covariance' or 'refit'; got {method!r}")
    known = bool(np.isfinite(model.found().covariance).all())
    if method == "refit" or (method is None and not known):
        return refitted(model, summary, draws, rng)
    return drawn_from_covariance(model, draws, rng)


def refitted(model: PurchaseModel, summary: pd.DataFrame, draws: int, rng: np.random.Generator) -> Draws:
    """Fit a purchase model again and again to customers drawn with replacement.

    Slower than the covariance, and right where the likelihood is not shaped like a normal distribution.

    Parameters
    ----------
    model : PurchaseModel
        Fitted on ``summary``: each refit starts from it.
    summary : pandas.DataFrame
    draws : int
    rng : numpy.random.Generator

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD, simulate
    >>> rng = np.random.default_rng(1)
    >>> truth = BetaGeoNBD(r=1.0, alpha=5.0, a=0.8, b=2.5)
    >>> summary = simulate(truth, pd.DataFrame({"T": [40.0] * 500}), rng, days=True)
    >>> refitted(BetaGeoNBD.fit(summary), summary, 2, rng).coefficients.shape
    (2, 4)
    """
    histories = model.histories(summary)
    n = int(histories.count.sum())
    # Two of the model's own starts lead away from an edge on which the estimate may lie.
    starts = [np.concatenate([np.log(start), np.zeros(len(model.effects))]) for start in model.starts(histories)[:2]]
    fits = []
    for _ in range(draws):
        count = rng.multinomial(n, histories.count / n).astype(np.float64)
        seen = np.flatnonzero(count)
        again = replace(histories, count=count).take(seen)
        fits.append(maximise_again(model.objective(again), model.found(), n=n, starts=starts))
    return Draws(coefficients=np.array(fits), method="refit")
