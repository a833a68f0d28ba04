"""A spend model that promises nobody more than customers ever spend: where its own mean is none, the observed one."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from crmlib.btyd.gamma_gamma import GammaGamma
from crmlib.btyd.grouping import Array

NEAR: Final = 1.25
"""A fitted mean that is at most so many times the observed one, or such a part of it, is the model's to tell."""

FAR: Final = 2.0
"""One that is further off tells of the tail of the fitted distribution, not of customers, however few they are."""

LUCK: Final = 3.0
"""Between the two it is believed where it lies within so many standard errors of the observed mean."""


def fit_spend(summary: pd.DataFrame) -> GammaGamma:
    """Fit Gamma-Gamma, and let it draw customers towards the observed mean where it has no mean to be believed.

    The mean of the population, ``p gamma / (q - 1)``, hangs on the tail of the fitted distribution: with ``q`` of at
    most 1 there is none (within a standard error of 1 that is open), and a little above it may lie beyond everything
    that was ever paid, as where customers pay one of two prices. Then the mean over repeat buyers of what they spent a
    purchase takes its place; the weights between it and a customer's own mean stay the model's. Expected spend so lies
    between what customers spent. How uncertain it is the likelihood does not tell: the model has no covariance.

    Parameters
    ----------
    summary : pandas.DataFrame
        ``frequency`` and ``monetary_value``.

    Raises
    ------
    ValueError
        When a column is missing or a value is negative.
    crmlib.btyd.gamma_gamma.NoSpendModelError
        When fewer than two customers have a repeat purchase of some value, or all spend the same.

    Examples
    --------
    >>> plans = pd.DataFrame({"frequency": [9] * 80, "monetary_value": [5.0] * 50 + [50.0] * 30})
    >>> model = fit_spend(plans)
    >>> model.has_own_mean, model.population_mean
    (False, 21.875)
    """
    model = GammaGamma.fit(summary)
    x, z = model.observed(summary)
    spent = z[(x > 0) & (z > 0)]
    if _is_believable(model, spent):
        return model
    found = model.found()
    unknown = replace(found, covariance=np.full_like(found.covariance, np.nan))
    return replace(model, mean=float(spent.mean()), maximum=unknown)


def _is_believable(model: GammaGamma, spent: Array) -> bool:
    """Say whether the model's own mean exists, lies between what customers spent, and near its mean."""
    error = float(np.nan_to_num(model.standard_errors["q"] / model.q))  # of the logarithm; unknown at an edge
    if model.q * np.exp(-error) <= 1:  # whether there is a mean is open
        return False
    own, observed = model.population_mean, float(spent.mean())
    luck = float(spent.std(ddof=1)) / np.sqrt(len(spent)) / observed
    most = max(np.log(NEAR), min(LUCK * luck, np.log(FAR)))
    return bool(spent.min() <= own <= spent.max() and abs(np.log(own / observed)) <= most)
