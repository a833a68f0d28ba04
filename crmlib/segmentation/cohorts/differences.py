"""Whether customers won at one time, or in one place, come back differently from the others."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.stats.comparisons import benjamini_hochberg


@dataclass(frozen=True, slots=True)
class LogRank:
    """The log-rank test over several groups.

    Attributes
    ----------
    p
        That all groups come back alike; NaN with fewer than two groups or no event.
    groups
        One row a group: ``group, customers, again`` (second purchases), ``expected`` (if all came back alike),
        ``ratio`` (of the two), ``p`` (this group against all others), ``q`` (the same under Benjamini-Hochberg).
    """

    p: float
    groups: pd.DataFrame


def log_rank(days: pd.Series, again: pd.Series, group: pd.Series) -> LogRank:
    """Test whether groups of customers differ in when the second purchase comes (``again``), or how long they wait.

    Customers without a group are left out. Mantel (1966), Cancer Chemotherapy Reports 50; for several groups
    Kalbfleisch & Prentice (2002), The Statistical Analysis of Failure Time Data, section 1.5. Each group against all
    others is the same with two groups.
    """
    seen = group.notna() & (days > 0)
    days, again, group = days[seen], again[seen].astype(bool), group[seen]
    codes, names = pd.factorize(group, sort=True)
    times = np.unique(days[again].to_numpy())
    if len(names) < 2 or not len(times):
        return LogRank(float("nan"), _empty())
    risk, events = _at_risk(days.to_numpy(), again.to_numpy(), codes, len(names), times)
    n, d = risk.sum(axis=1), events.sum(axis=1)
    part = risk / n[:, None]
    expected = (d[:, None] * part).sum(axis=0)
    spread = d * np.divide(n - d, n - 1, out=np.zeros(len(n)), where=n > 1)
    covariance = np.diag((spread[:, None] * part).sum(axis=0)) - (part * spread[:, None]).T @ part
    off = events.sum(axis=0) - expected
    variance = np.diag(covariance)
    z = np.divide(off, np.sqrt(variance), out=np.zeros(len(off)), where=variance > 0)
    p = 2 * distributions.norm.sf(np.abs(z))
    overall = float(off[1:] @ np.linalg.pinv(covariance[1:, 1:]) @ off[1:])
    groups = pd.DataFrame({
        "group": names, "customers": np.bincount(codes, minlength=len(names)), "again": events.sum(axis=0).astype(int),
        "expected": expected, "ratio": np.divide(events.sum(axis=0), expected, out=np.full(len(off), np.nan),
                                                 where=expected > 0),
        "p": p, "q": benjamini_hochberg(p),
    })  # fmt: skip
    return LogRank(float(distributions.chi2.sf(overall, len(names) - 1)), groups)


def _at_risk(
    days: np.ndarray, again: np.ndarray, codes: np.ndarray, groups: int, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Count, for each day with a second purchase and each group, who was still waiting and who came back."""
    risk = np.zeros((len(times), groups))
    events = np.zeros((len(times), groups))
    for code in range(groups):
        own = np.sort(days[codes == code])
        risk[:, code] = len(own) - np.searchsorted(own, times, side="left")
        came = days[(codes == code) & again]
        np.add.at(events[:, code], np.searchsorted(times, came), 1)
    return risk, events


def _empty() -> pd.DataFrame:
    return pd.DataFrame(columns=["group", "customers", "again", "expected", "ratio", "p", "q"])
