"""What became of segments and stages: who has bought since, of those who stood there a while ago."""

from typing import Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.stats.intervals import proportions

FEWEST_EXPECTED: Final = 5


def stood(then: pd.DataFrame, now: pd.DataFrame, days: int) -> pd.DataFrame:
    """Put beside where customers stood so many days ago whether they have bought since.

    Parameters
    ----------
    then, now
        One row a customer with ``customer_id, segment, lifecycle, days_since_last``, measured with the same yardstick.
    days
        Days between the two.

    Returns
    -------
    pandas.DataFrame
        One row a customer of then: ``segment, lifecycle, bought``.
    """
    silent = now.set_index("customer_id")["days_since_last"].reindex(then["customer_id"])
    return then[["segment", "lifecycle"]].assign(bought=(silent < days).to_numpy())


def bought_since(standing: pd.DataFrame, by: str) -> pd.DataFrame:
    """Give the share of each segment or stage that has bought since.

    Parameters
    ----------
    standing
        From :func:`stood`.
    by
        ``segment`` or ``lifecycle``.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``by``, empty ones included: ``were`` (customers then), ``again`` (of them, bought since), ``since,
        since_low, since_high`` (their share, Wilson; missing where nobody stood).

    Examples
    --------
    >>> standing = pd.DataFrame({"segment": pd.Categorical(["new"] * 4), "bought": [True, False, False, False]})
    >>> bought_since(standing, "segment").round(2).loc["new"].tolist()
    [4.0, 1.0, 0.25, 0.05, 0.7]
    """
    counted = standing.groupby(by, observed=False)["bought"].agg(["size", "sum"])
    share = proportions(counted["sum"], counted["size"])
    return pd.DataFrame({
        "were": share["n"], "again": counted["sum"],
        "since": share["value"], "since_low": share["low"], "since_high": share["high"],
    })  # fmt: skip


def differ(standing: pd.DataFrame, by: str) -> float:
    """Give the p-value that buying since does not hang on where a customer stood (chi-squared; NaN without a contrast).

    Rows that would be expected to hold fewer than five of either kind are taken together: chi-squared is not held by
    them (Cochran 1954).

    Examples
    --------
    >>> standing = pd.DataFrame({"segment": ["new"] * 40 + ["lost"] * 40, "bought": [True] * 30 + [False] * 50})
    >>> differ(standing, "segment") < 0.001
    True
    """
    counted = pd.crosstab(standing[by], standing["bought"])
    if min(counted.shape) < 2:
        return float("nan")
    told = np.asarray(counted)
    few = distributions.contingency.expected_freq(told).min(axis=1) < FEWEST_EXPECTED
    told = np.vstack([told[~few], told[few].sum(axis=0, keepdims=True)]) if few.any() else told
    if len(told) < 2:
        return float("nan")
    return float(distributions.chi2_contingency(told).pvalue)
