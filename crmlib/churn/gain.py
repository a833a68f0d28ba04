"""What share of the leavers is reached by contacting the customers at highest risk first."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crmlib.stats.intervals import proportions
from crmlib.stats.ranks import average_ranks


def gain_table(churned: ArrayLike, score: ArrayLike, parts: int = 10) -> pd.DataFrame:
    """Count the leavers among the customers at highest risk, part by part; those of tied customers are spread evenly.

    ``contacted`` (share of customers, highest risk first), ``customers, leavers`` up to there (fractional where a tie
    is cut), ``gain`` (share of all leavers reached) with ``low, high`` (Wilson), ``lift`` (leavers among them over
    leavers among all).
    """
    outcome = np.asarray(churned, dtype=float)
    reached, left = _cumulative(outcome, np.asarray(score, dtype=float))
    n, total = len(outcome), outcome.sum()
    contacted = np.arange(1, parts + 1) / parts
    leavers = np.interp(contacted * n, reached, left)
    shares = proportions(np.minimum(leavers, total), np.full(parts, total))
    return pd.DataFrame(
        {
            "contacted": contacted,
            "customers": contacted * n,
            "leavers": leavers,
            "gain": shares["value"],
            "low": shares["low"],
            "high": shares["high"],
            "lift": leavers / total / contacted if total else np.nan,
        }
    )


def leavers_among_top(churned: ArrayLike, score: ArrayLike, share: float) -> float:
    """Count the leavers among the given share of customers at highest risk; ties are spread evenly."""
    outcome = np.asarray(churned, dtype=float)
    reached, left = _cumulative(outcome, np.asarray(score, dtype=float))
    return float(np.interp(share * len(outcome), reached, left))


def _cumulative(
    outcome: np.ndarray[tuple[int], np.dtype[np.float64]], score: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Give customers and leavers reached after each group of equal scores, from nobody on."""
    _, group = np.unique(average_ranks(-score), return_inverse=True)
    customers = np.concatenate([[0.0], np.cumsum(np.bincount(group))])
    leavers = np.concatenate([[0.0], np.cumsum(np.bincount(group, weights=outcome))])
    return customers, leavers
