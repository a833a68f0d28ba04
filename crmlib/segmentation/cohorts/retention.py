"""Cohorts: of the customers won in a month, how many buy again in each later month, and what they bring.

A cell whose month has not been observed is unknown, not 0 %; a month cut off by the end of the data is partial.
"""

from datetime import date
from typing import Any

import ibis
import pandas as pd

from crmlib.features import known_purchases
from crmlib.segmentation.business.months import last_month, month_number, month_start
from crmlib.stats.intervals import proportions


def cohort_retention(transactions: Any, as_of: date, months: int = 24) -> pd.DataFrame:
    """Follow the customers won in each month through the months after it.

    Parameters
    ----------
    transactions
        The clean table (Ibis).
    as_of
        Exclusive end of what may be seen.
    months
        How many of the latest cohorts are followed.

    Returns
    -------
    pandas.DataFrame
        One row a cohort and month of age, only those that have been observed: ``cohort`` (first day of the month of
        the first purchase), ``age`` (months after it), ``month, size`` (customers won), ``active`` (of them, bought in
        that month), ``spend`` (their gross money in it), ``retention, low, high`` (share active, Wilson 95 %),
        ``spend_each`` (cumulative spend a customer won), ``partial`` (the month is cut off), ``opening`` (the cohort of
        the month in which the data begin: it also holds customers from before).

    Examples
    --------
    >>> import ibis
    >>> rows = {"customer_id": ["a", "b", "a"], "order_id": ["1", "2", "3"], "quantity": [1, 1, 1],
    ...         "amount": [10, 20, 30], "is_product": [True] * 3, "is_return": [False] * 3,
    ...         "ordered_at": pd.to_datetime(["2026-01-01", "2026-01-09", "2026-02-05"])}
    >>> cohorts = cohort_retention(ibis.memtable(pd.DataFrame(rows)), date(2026, 3, 1))
    >>> cohorts[["age", "size", "active", "retention", "spend_each"]]
       age  size  active  retention  spend_each
    0    0     2       2        1.0        15.0
    1    1     2       1        0.5        30.0
    """
    lines = known_purchases(transactions, as_of)
    own = lines.group_by(["customer_id", month_number(lines.ordered_at).name("number")]).agg(spend=lines.amount.sum())
    own = own.mutate(first_number=own.number.min().over(ibis.window(group_by=own.customer_id)))
    cells = own.group_by(["first_number", "number"]).agg(active=own.count(), spend=own.spend.sum().cast("float64"))
    counted = cells.to_pandas().astype({"first_number": "int64", "number": "int64", "active": "int64"})
    if counted.empty:
        return _with_rates(_grid(pd.Series(dtype="int64"), as_of), counted, as_of).assign(opening=False)
    first = counted["first_number"]
    grid = _grid(first[first > last_month(as_of) - months], as_of)
    cells = _with_rates(grid, counted, as_of)
    return cells.assign(opening=cells["cohort"] == month_start(pd.Series([first.min()])).iloc[0])


def _grid(cohorts: pd.Series, as_of: date) -> pd.DataFrame:
    """List every observed cell: each cohort with every month from its own to the last one seen."""
    last = last_month(as_of)
    pairs = [(cohort, number) for cohort in sorted(cohorts.unique()) for number in range(cohort, last + 1)]
    return pd.DataFrame(pairs, columns=["first_number", "number"], dtype="int64")


def _with_rates(grid: pd.DataFrame, counted: pd.DataFrame, as_of: date) -> pd.DataFrame:
    cells = grid.merge(counted, on=["first_number", "number"], how="left")
    cells = cells.fillna({"active": 0, "spend": 0.0}).astype({"active": "int64", "spend": "float64"})
    age = cells["number"] - cells["first_number"]
    size = cells["active"].where(age == 0).groupby(cells["first_number"]).transform("max").fillna(0).astype("int64")
    rates = proportions(cells["active"].to_numpy(), size.to_numpy())
    return pd.DataFrame(
        {
            "cohort": month_start(cells["first_number"]),
            "age": age,
            "month": month_start(cells["number"]),
            "size": size,
            "active": cells["active"],
            "spend": cells["spend"],
            "retention": rates["value"],
            "low": rates["low"],
            "high": rates["high"],
            "spend_each": cells.groupby("first_number")["spend"].cumsum() / size,
            "partial": (cells["number"] == last_month(as_of)) & (as_of.day != 1),
        }
    )
