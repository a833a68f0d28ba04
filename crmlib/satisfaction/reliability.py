"""Whether the questions measure anything: scales that hang together, answers that repeat."""

from math import nan

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.stats import Estimate

_ENOUGH = 2
_ENOUGH_PAIRS = 4  # Fisher's z divides by the root of n − 3


def cronbach_alpha(items: pd.DataFrame, *, confidence: float = 0.95) -> Estimate:
    """Estimate how far the questions of a scale measure one thing: above 0.7 is usually called usable.

    Parameters
    ----------
    items
        One row an answer, one column a question; answers with a gap are left out.
    confidence
        Coverage, 0.95 unless said.

    Returns
    -------
    Estimate
        Cronbach's alpha; unknown with fewer than two questions or answers, or where no answer differs from another.

    References
    ----------
    Cronbach (1951), Psychometrika 16; interval of Feldt (1965), Psychometrika 30.

    Examples
    --------
    >>> items = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5], "c": [1, 3, 2, 5, 4]})
    >>> f"{cronbach_alpha(items):.2f}"
    '0.84 [0.18, 0.98] (95 %, n = 5)'
    """
    complete = items.dropna().astype(float)
    n, k = complete.shape
    total = float(complete.sum(axis=1).var()) if n >= _ENOUGH else 0.0
    if k < _ENOUGH or total == 0:
        return Estimate.unknown(n, confidence)
    alpha = k / (k - 1) * (1 - float(complete.var().sum()) / total)
    f = distributions.f(n - 1, (n - 1) * (k - 1))
    low, high = (1 - (1 - alpha) * float(f.ppf(tail)) for tail in ((1 + confidence) / 2, (1 - confidence) / 2))
    return Estimate(alpha, low, high, n, confidence)


def retest_correlation(answers: pd.DataFrame, score: str, *, within_days: int = 180) -> Estimate:
    """Estimate how alike two answers of the same customer are, one after the other.

    Parameters
    ----------
    answers
        `customer_id, answered_at` and the score.
    score
        Name of the score.
    within_days
        Pairs further apart are left out: by then the customer may have changed.

    Returns
    -------
    Estimate
        Pearson's correlation with Fisher's interval; `n` counts customers, each with the last pair of answers.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-01-01", "2026-02-01"] * 4)
    >>> who = [person for person in "abcd" for _ in range(2)]
    >>> answers = pd.DataFrame({"customer_id": who, "answered_at": days, "score": [1, 2, 2, 2, 4, 3, 5, 5]})
    >>> round(retest_correlation(answers, "score").value, 2)
    0.9
    """
    given = answers.dropna(subset=["customer_id", score]).sort_values(["customer_id", "answered_at"], kind="stable")
    earlier = given.groupby("customer_id")[[score, "answered_at"]].shift()
    apart = given["answered_at"] - earlier["answered_at"]
    pairs = pd.DataFrame({"customer_id": given["customer_id"], "now": given[score], "before": earlier[score]})
    pairs = pairs[(apart <= pd.Timedelta(days=within_days)).to_numpy()].drop_duplicates("customer_id", keep="last")
    n = len(pairs)
    if n < _ENOUGH_PAIRS or pairs["now"].nunique() < _ENOUGH or pairs["before"].nunique() < _ENOUGH:
        return Estimate(nan, nan, nan, n)
    fitted = distributions.pearsonr(pairs["before"].to_numpy(float), pairs["now"].to_numpy(float))
    limits = fitted.confidence_interval(0.95)
    return Estimate(float(fitted.statistic), float(np.float64(limits.low)), float(np.float64(limits.high)), n)
