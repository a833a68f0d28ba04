"""Which category is usually bought next by customers of another one: found in one stretch of days, held in the next."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.stats import norm

from crmlib.stats.comparisons import benjamini_hochberg
from crmlib.stats.sampling import sampled

if TYPE_CHECKING:
    from datetime import date

FALSE_DISCOVERIES: Final = 0.05
NORMAL_95: Final = 1.959964
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
    own = sampled(own.reset_index()).drop(columns="customer_id")
    if own.shape[1] < 2:
        return pd.DataFrame(columns=list(COLUMNS))
    start, middle, end = (np.datetime64(as_of - timedelta(days=n * days)) for n in (2, 1, 0))
    found, held = lifts(own, start, middle), lifts(own, middle, end)
    held["q"] = benjamini_hochberg(found["p"].fillna(1.0))
    kept = held[(held["q"] <= FALSE_DISCOVERIES) & (found["lift"] > 1) & (held["lift_low"] > 1)]
    surest = kept.sort_values(["lift_low", "first", "second"], ascending=[False, True, True])
    return surest[list(COLUMNS)].reset_index(drop=True)


def lifts(own: pd.DataFrame, start: np.datetime64, end: np.datetime64) -> pd.DataFrame:
    """Compare, for each pair, who bought the second category first within the days, with the first and without.

    The risk ratio of Mantel-Haenszel over customers with as many categories; its interval is that of Greenland & Robins
    (Biometrics 41, 1985), the p-value one-sided; both missing where too few did. ``own``: a row a customer, a column a
    category.
    """
    first_at = own.to_numpy()
    owned = first_at < start
    began, number = ~owned & (first_at < end), owned.sum(axis=1)
    shape = (len(own.columns),) * 2
    customers, tried, others, with_it, without, spread = (np.zeros(shape) for _sum in range(6))
    for stratum in np.unique(number[number > 0]):
        has, new = owned[number == stratum].astype(float), began[number == stratum].astype(float)
        n1, n0, x1, x0 = has.T @ (1 - has), (1 - has).T @ (1 - has), has.T @ new, (1 - has).T @ new
        n = np.maximum(n1 + n0, 1)
        customers, tried, others = customers + n1, tried + x1, others + x0
        with_it, without = with_it + x1 * n0 / n, without + x0 * n1 / n
        spread += (n1 * n0 * (x1 + x0) - x1 * x0 * n) / n**2
    told = (np.minimum(tried, others) >= LEAST) & (with_it > 0) & (without > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(told, np.sqrt(spread / (with_it * without)), np.nan)
        log, share = np.log(with_it / without), tried / customers
    a, b = np.nonzero(~np.eye(len(own.columns), dtype=bool))
    sums = {"customers": customers, "share": share, "lift": np.exp(np.where(told, log, np.nan)),
            "lift_low": np.exp(log - NORMAL_95 * error), "lift_high": np.exp(log + NORMAL_95 * error),
            "p": norm.sf(log / error)}  # fmt: skip
    names = own.columns.to_numpy(dtype=object)
    return pd.DataFrame({"first": names[a], "second": names[b]} | {name: values[a, b] for name, values in sums.items()})
