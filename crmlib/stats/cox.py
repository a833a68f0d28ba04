"""Cox's regression of the time until something happens, and whether its hazards are proportional."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.stats.comparisons import benjamini_hochberg

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

COLUMNS: Final = ("feature", "ratio", "low", "high", "p", "drift", "drift_p", "drift_q")


def hazard_ratios(waited: ArrayLike, happened: ArrayLike, features: pd.DataFrame) -> pd.DataFrame:
    """Estimate by how much one unit more of a feature makes it happen sooner, the others alike.

    Parameters
    ----------
    waited
        Time until it happened, or until last seen waiting.
    happened
        Whether it happened.
    features
        One column of numbers a feature, one row each; none of them constant.

    Returns
    -------
    pandas.DataFrame
        No rows where the likelihood has no maximum, else one row a feature: ``feature, ratio`` (of hazards: above 1 it
        happens sooner), ``low, high`` (95 %), ``p``; ``drift``, the correlation of its Schoenfeld residuals with the
        logarithm of time (above 0: the ratio grows with time), ``drift_p`` that there is none, ``drift_q`` the same
        under Benjamini-Hochberg.

    References
    ----------
    Cox (1972), JRSS B 34; ties by Efron (1977), JASA 72; the check by Schoenfeld (1982), Biometrika 69 and Harrell
    (1986): through `statsmodels`' `PHReg`.

    Examples
    --------
    >>> ratios = hazard_ratios([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 0, 1], pd.DataFrame({"x": [1, 0, 1, 0, 1, 0]}))
    >>> ratios["feature"].tolist(), float(ratios["ratio"].iloc[0].round(2))
    (['x'], 1.32)
    """
    from statsmodels.duration.hazard_regression import PHReg
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, HessianInversionWarning

    no_maximum = (ConvergenceWarning, HessianInversionWarning, RuntimeWarning)

    times, ended = np.asarray(waited, dtype="float64"), np.asarray(happened, dtype=bool)
    model = PHReg(times, features.to_numpy(dtype="float64"), ended, ties="efron")
    with warnings.catch_warnings():
        for category in no_maximum:
            warnings.simplefilter("error", category)
        try:
            fitted = model.fit(disp=0)
        except (*no_maximum, np.linalg.LinAlgError):
            return pd.DataFrame(columns=COLUMNS)
    low, high = fitted.conf_int().T
    residuals = np.asarray(fitted.schoenfeld_residuals)[ended]
    drift = [distributions.pearsonr(own, np.log(times[ended])) for own in residuals.T]
    drift_p = np.array([found.pvalue for found in drift])
    columns = (
        list(features.columns), np.exp(fitted.params), np.exp(low), np.exp(high), fitted.pvalues,
        [found.statistic for found in drift], drift_p, benjamini_hochberg(drift_p),
    )  # fmt: skip
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
