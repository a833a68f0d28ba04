"""The figures that tags are ruled by, at the report's date and at the twelve month ends before it."""

from typing import Final

import numpy as np
import pandas as pd

from crmlib.params.tags import SHARES
from crmlib.segmentation.tags.history import DATES, History, Matrix

NEEDS: Final = {
    "promotion_share": "promotion", "night_share": "time", "weekend_share": "time", "categories": "category",
    "category_share": "category", "channels": "channel", "channel_share": "channel",
}  # fmt: skip
"""What a field needs the data to have; others can always be told."""

_MARKS: Final = {"promotion_share": "promotion", "night_share": "night", "weekend_share": "weekend"}


def field_values(past: History, field: str, of: tuple[str, ...], window: int) -> Matrix | None:
    """Give a figure of every customer at every date; nothing where the data cannot tell.

    Customers × dates; NaN before the first purchase, and for a share without an order in the window of months.
    """
    if not tellable(past, field):
        return None
    if field in SHARES:
        counts = share_counts(past, field, of, window)
        return None if counts is None else over(*counts)
    if field in {"days_since_last", "days_since_first"}:
        return _days(past, field)
    orders = _within(past.months["orders"], window)
    if field in {"categories", "channels"}:
        different = _different(past.parts[NEEDS[field]], window, len(past.customers))
        return np.where(orders > 0, different, np.nan)
    if field == "order_value":
        return over(_within(past.months["spend"], window), orders)
    began = ~np.isnan(_days(past, "days_since_first"))
    return np.where(began, _within(past.months[field], window), np.nan)


def share_counts(past: History, field: str, of: tuple[str, ...], window: int) -> tuple[Matrix, Matrix] | None:
    """Count a customer's orders that a share is taken of, at every date: those on which it was so, and all."""
    if not tellable(past, field):
        return None
    orders = _within(past.months["orders"], window)
    if field in _MARKS:
        return _within(past.months[_MARKS[field]], window), orders
    part = past.parts[NEEDS[field]]
    meant = part[part["value"].isin(of)]
    if meant.empty:
        return None
    # an order with two of the categories meant counts once at most
    return np.minimum(_summed(meant, window, len(past.customers)), orders), orders


def tellable(past: History, field: str) -> bool:
    """Say whether the data have what a field needs."""
    return delivered(past.known, field)


def delivered(known: frozenset[str], field: str) -> bool:
    """Say whether what a field needs is among what the data have."""
    return NEEDS.get(field, "") in {"", *known}


def over(top: Matrix, orders: Matrix) -> Matrix:
    """Divide by the orders; missing where there are none."""
    return np.divide(top, orders, out=np.full_like(top, np.nan), where=orders > 0)


def _within(months: Matrix, window: int) -> Matrix:
    """Sum the months of the window before each date."""
    upto = np.concatenate([np.zeros((len(months), 1)), np.cumsum(months, axis=1)], axis=1)
    ahead: Matrix = upto[:, window : window + DATES] - upto[:, :DATES]
    return ahead


def _days(past: History, field: str) -> Matrix:
    """Count the days to the last day seen at each date."""
    last_seen = np.array([(pd.Timestamp(day) - pd.Timestamp("1970-01-02")).days for day in past.dates], dtype=float)
    newest_first = past.months["last" if field == "days_since_last" else "first"]
    filled = np.where(np.isnan(newest_first), -np.inf if field == "days_since_last" else np.inf, newest_first)
    extreme = np.maximum if field == "days_since_last" else np.minimum
    # over the bins from a date back to the oldest
    known = extreme.accumulate(filled[:, ::-1], axis=1)[:, ::-1][:, :DATES]
    days: Matrix = np.where(np.isinf(known), np.nan, last_seen - known)
    return days


def _pairs(part: pd.DataFrame, window: int) -> tuple[np.ndarray, Matrix]:
    """Give, for each customer and value, the orders in the window before each date."""
    keys, pair = np.unique(
        part["row"].to_numpy() * np.int64(1_000_000) + pd.factorize(part["value"], sort=True)[0], return_inverse=True
    )
    bins = part["bin"].to_numpy().astype(int)
    months = np.zeros((len(keys), int(DATES + window)))
    reached = bins < months.shape[1]
    np.add.at(months, (pair[reached], bins[reached]), part["orders"].to_numpy(dtype="float64")[reached])
    return keys // 1_000_000, _within(months, window)


def _different(part: pd.DataFrame, window: int, customers: int) -> Matrix:
    rows, orders = _pairs(part, window)
    found = np.zeros((customers, DATES))
    np.add.at(found, rows, (orders > 0).astype(float))
    return found


def _summed(part: pd.DataFrame, window: int, customers: int) -> Matrix:
    rows, orders = _pairs(part, window)
    found = np.zeros((customers, DATES))
    np.add.at(found, rows, orders)
    return found
