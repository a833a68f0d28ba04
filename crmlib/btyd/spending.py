"""A spend model that promises nobody more than customers ever spend, and whether spend hangs on frequency."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from scipy import special, stats

from crmlib.btyd.gamma_gamma import GammaGamma
from crmlib.btyd.histories import Array
from crmlib.stats import Estimate

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


def spend_independence(
    summary: pd.DataFrame, spend: GammaGamma | None = None, *, ranks: bool = False, confidence: float = 0.95
) -> Estimate:
    """Measure how frequency and mean spend of repeat buyers go together; Gamma-Gamma assumes that they do not.

    Parameters
    ----------
    summary : pandas.DataFrame
        ``frequency``, ``monetary_value``; customers without a repeat purchase are left out.
    spend : GammaGamma, optional
        The model fitted on them. Each mean spend is then set against what the model expects of as many purchases
        (`GammaGamma.spend_quantiles`), and customers whose repeat purchases were free, who say nothing of it, are left
        out.
    ranks : bool
        Spearman's correlation, which a few large customers do not decide; Pearson's otherwise, as in the literature.
    confidence : float

    Returns
    -------
    Estimate
        The correlation; its interval by Fisher's z (for ranks with the variance of Fieller, Hartley & Pearson, 1957).

    Raises
    ------
    ValueError
        With fewer than four repeat buyers.

    Notes
    -----
    Fader, Hardie & Lee (2005), "RFM and CLV", find .11 in CDNOW, and .06 without one outlier, and call it negligible.

    Without the model, independent spend does not have a rank correlation of 0: a mean of few purchases is more skewed
    than one of many, so that its median is lower (0.05 to 0.16 in simulated shops). With it, it has; that the model was
    fitted on the same customers takes some of the luck out, so that the interval errs on the wide side, if at all.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> summary = pd.DataFrame({"frequency": rng.integers(1, 9, 500), "monetary_value": rng.gamma(3, 10, 500)})
    >>> spend_independence(summary).excludes(0)
    False
    """
    repeat = summary[(summary["frequency"] > 0) & summary["monetary_value"].notna()]
    if spend is not None:
        repeat = repeat[repeat["monetary_value"] > 0]
    n = len(repeat)
    if n < 4:
        raise ValueError(f"{n} customers have a repeat purchase: too few for a correlation")
    x = repeat["frequency"].to_numpy(dtype=np.float64)
    z = (repeat["monetary_value"] if spend is None else spend.spend_quantiles(repeat)).to_numpy(dtype=np.float64)
    if np.ptp(x) == 0 or np.ptp(z) == 0:
        return Estimate.unknown(n, confidence)
    if ranks:
        x, z = stats.rankdata(x), stats.rankdata(z)
    correlation = float(np.clip(np.corrcoef(x, z)[0, 1], -1 + 1e-12, 1 - 1e-12))
    spread = np.sqrt((1.06 if ranks else 1.0) / (n - 3)) * special.ndtri((1 + confidence) / 2)
    low, high = np.tanh(np.arctanh(correlation) + np.array([-spread, spread]))
    return Estimate(correlation, float(low), float(high), n, confidence)
