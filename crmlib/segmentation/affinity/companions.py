"""Which category is usually bought next by customers of another one: found in one stretch of days, held in the next."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.stats.comparisons import benjamini_hochberg

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

FALSE_DISCOVERIES: Final = 0.05
LEAST: Final = 10
"""So many customers must have bought the companion for the first time in either stretch."""
COLUMNS: Final = ("first", "second", "customers", "share", "lift", "lift_low", "lift_high", "p", "q")


def companions(bought: pd.DataFrame, as_of: date, days: int) -> pd.DataFrame:
    """Find categories that customers of another one go on to buy for the first time more often than others do.

    Both stretches have so many days and end with ``as_of``: in the earlier one a pair is found (false discoveries held
    to 5 % of all pairs tested), in the later it has to hold: the interval of its lift lies above 1. Compared are
    customers with and without the first category who have bought from as many and lack the second (Mantel-Haenszel).

    Parameters
    ----------
    bought
        When each customer first bought each category: ``customer_id, category, first_at``.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`: of the later stretch the ``customers`` with the first and without the second category, the
        ``share`` of them that bought the second, and how many times that of others it is (``lift``); surest first.
    """
    own = bought.pivot_table(index="customer_id", columns="category", values="first_at", aggfunc="min")
    first_at, names = own.to_numpy(), np.asarray(own.columns, dtype=object)
    ends = [np.datetime64(as_of - timedelta(days=n * days)) for n in (2, 1, 0)]
    pairs = [(a, b) for a in range(len(names)) for b in range(len(names)) if a != b]
    found, held = (pd.DataFrame([_lift(first_at, *pair, *stretch) for pair in pairs], columns=list(COLUMNS[2:8]))
                   for stretch in (ends[:2], ends[1:]))  # fmt: skip
    if not pairs or not len(found):
        return pd.DataFrame(columns=list(COLUMNS))
    held["q"] = benjamini_hochberg(found["p"].fillna(1.0))
    held["first"], held["second"] = (names[[pair[place] for pair in pairs]] for place in (0, 1))
    kept = held[(held["q"] <= FALSE_DISCOVERIES) & (found["lift"] > 1) & (held["lift_low"] > 1)]
    return kept.sort_values(["lift_low", "first", "second"], ascending=[False, True, True])[list(COLUMNS)].reset_index(
        drop=True
    )


def _lift(
    first_at: NDArray[np.datetime64], a: int, b: int, start: np.datetime64, end: np.datetime64
) -> tuple[float, ...]:
    """Compare who bought `b` first within the days, with `a` at their start and without: risk ratio by Mantel-Haenszel.

    Its interval is that of Greenland & Robins (Biometrics 41, 1985), the p-value one-sided.
    """
    owned = first_at < start
    number = owned.sum(axis=1)
    asked = ~owned[:, b] & (number > 0)
    has, tried, stratum = owned[asked, a], (first_at[asked, b] < end), number[asked]
    size = int(stratum.max(initial=0)) + 1
    count = {flag: (np.bincount(stratum[has == flag], minlength=size).astype(float),
                    np.bincount(stratum[(has == flag) & tried], minlength=size).astype(float))
             for flag in (True, False)}  # fmt: skip
    (n1, x1), (n0, x0) = count[True], count[False]
    n = np.maximum(n1 + n0, 1)
    with_it, without = float((x1 * n0 / n).sum()), float((x0 * n1 / n).sum())
    share = x1.sum() / n1.sum() if n1.sum() else np.nan
    if min(x1.sum(), x0.sum()) < LEAST or not (with_it > 0 and without > 0):
        return (n1.sum(), share, np.nan, np.nan, np.nan, np.nan)
    spread = float(((n1 * n0 * (x1 + x0) - x1 * x0 * n) / n**2).sum())
    error = np.sqrt(spread / (with_it * without))
    lift = with_it / without
    z = float(distributions.norm.ppf(0.975))
    p = float(distributions.norm.sf(np.log(lift) / error))
    return (n1.sum(), share, lift, lift * np.exp(-z * error), lift * np.exp(z * error), p)
