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

    Answers (rows) with a gap are left out; unknown with fewer than two questions or answers, or where all are alike.
    Cronbach (1951), Psychometrika 16; interval of Feldt (1965), Psychometrika 30.
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
    """Estimate how alike two answers of the same customer are, one after the other and not too far apart.

    Of `customer_id, answered_at` and the score; Pearson's correlation with Fisher's interval. Each customer counts
    once, with the last pair of answers.
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
