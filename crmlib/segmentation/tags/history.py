"""What customers did month by month, counted back from the report's date, and the figures that tags are ruled by."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import ibis
import ibis.selectors as columns
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.months import earlier
from crmlib.params.tags import SHARES
from crmlib.segmentation.purchase_details import detailed_purchases, known_details

Matrix = NDArray[np.float64]

DATES: Final = 13
"""The report's date and the twelve month ends before it."""

_BEGIN: Final = ibis.date("1970-01-01")
_OLDER: Final = 24
"""Number of the bin of everything older than the months that any window reaches."""

NEEDS: Final = {
    "promotion_share": "promotion", "night_share": "time", "weekend_share": "time", "categories": "category",
    "category_share": "category", "channels": "channel", "channel_share": "channel",
}  # fmt: skip
"""What a field needs the data to have; others can always be told."""
WINDOWLESS: Final = frozenset({"days_since_last", "days_since_first"})
"""Fields that do not look back over the window."""
_YES: Final = {"promotion_share": "promotion", "night_share": "night", "weekend_share": "weekend"}


@dataclass(frozen=True, slots=True)
class History:
    """Months by customer, newest first, ending on the report's day of the month.

    By name, customers × bins: ``orders, spend, purchase_days, promotion, night, weekend`` (orders on which it was so),
    and ``last, first`` (days since 1970; NaN where none). Parts are ``category`` and ``channel``, where there are any:
    one row a customer (``row``), ``value`` and ``bin``: ``orders``. Known is what the data have at all.
    """

    customers: pd.Series
    dates: tuple[date, ...]
    months: dict[str, Matrix]
    parts: dict[str, pd.DataFrame]
    known: frozenset[str]


def month_ends(as_of: date) -> tuple[date, ...]:
    """Give the report's date and the twelve a month apart before it."""
    return tuple(earlier(as_of, back) for back in range(DATES))


def history(transactions: ibis.Table, as_of: date, products: ibis.Table | None = None) -> History:
    """Count what each known customer did in each month before the report's date."""
    lines = detailed_purchases(transactions, as_of, products)
    day = lines.ordered_at.date()
    lines = lines.mutate(day=day, order=ibis.coalesce(lines.order_id, day.cast("string")))
    lines = lines.left_join(_calendar(as_of), "day").drop("day_right")
    lines = lines.mutate(bin=lines.bin.fill_null(_OLDER))
    counted = _counted(lines).to_pandas().sort_values(["customer_id", "bin"], ignore_index=True)
    rows, different = pd.factorize(counted["customer_id"])
    customers = pd.Series(different, name="customer_id")
    months = {
        name: _dense(rows, counted["bin"].to_numpy(), counted[name], len(customers))
        for name in counted.columns.drop(["customer_id", "bin"])
    }
    known = known_details(transactions, as_of)
    names = [*(["channel"] if "channel" in known else []), *(["category"] if products is not None else [])]
    found = _parted(lines, names, customers)
    if len(found.get("category", ())):
        known |= {"category"}
    return History(customers, month_ends(as_of), months, found, known)


def _calendar(as_of: date) -> ibis.Table:
    """Say in which month before the report's date each day of the last two years lies: 0 the last, 23 the oldest."""
    ends = [pd.Timestamp(earlier(as_of, back)) for back in range(_OLDER + 1)]
    days = pd.date_range(ends[-1], ends[0], inclusive="left")
    # the number of month ends after a day, less one
    bins = np.searchsorted(-np.array([end.value for end in ends]), -days.as_unit("ns").asi8, side="left") - 1
    frame = pd.DataFrame({"day": days.date, "bin": bins.astype("int64")})
    return ibis.memtable(frame, schema={"day": "date", "bin": "int64"})


def _counted(lines: ibis.Table) -> ibis.Table:
    return lines.group_by(["customer_id", "bin"]).agg(
        orders=lines.order.nunique(),
        spend=lines.amount.sum().cast("float64"),
        purchase_days=lines.day.nunique(),
        promotion=lines.order.nunique(where=lines.on_promotion),
        night=lines.order.nunique(where=lines.daypart == "night"),
        weekend=lines.order.nunique(where=lines.weekend),
        last=lines.day.max().delta(_BEGIN, unit="day"),
        first=lines.day.min().delta(_BEGIN, unit="day"),
    )


def _dense(rows: NDArray[np.intp], bins: NDArray[np.int64], values: pd.Series, customers: int) -> Matrix:
    empty = np.nan if values.name in {"last", "first"} else 0.0
    # counts and days are whole numbers that half the memory holds exactly
    matrix = np.full((customers, _OLDER + 1), empty, dtype="float64" if values.name == "spend" else "float32")
    matrix[rows, bins.astype(int)] = values.to_numpy(dtype="float64")
    return matrix


def _parted(lines: ibis.Table, names: list[str], customers: pd.Series) -> dict[str, pd.DataFrame]:
    """Count the orders of each customer, value and month within the reach of the windows."""
    if not names:
        return {}
    wide = lines.filter(lines.bin < _OLDER).select("customer_id", "bin", "order", *names)
    long = wide.pivot_longer(columns.cols(*names), names_to="part", values_to="value")
    counted = long.filter(long.value.notnull()).group_by(["part", "customer_id", "value", "bin"]).agg(
        orders=lambda t: t.order.nunique()
    ).to_pandas()  # fmt: skip
    counted = counted.assign(row=pd.Index(customers).get_indexer(counted["customer_id"]))
    counted = counted.drop(columns="customer_id").sort_values(["row", "value", "bin"], ignore_index=True)
    return {name: counted[counted["part"] == name].drop(columns="part").reset_index(drop=True) for name in names}


def field_values(past: History, field: str, of: tuple[str, ...], window: int) -> Matrix | None:
    """Give a figure of every customer at every date, NaN before the first purchase; nothing where it cannot be told."""
    if not delivered(past.known, field):
        return None
    if field in SHARES:
        counts = share_counts(past, field, of, window)
        return None if counts is None else over(*counts)
    if field in WINDOWLESS:
        return days_since(past, field)
    orders = _within(past.months["orders"], window)
    if field in {"categories", "channels"}:
        different = _summed(past.parts[NEEDS[field]], window, len(past.customers), values=True)
        return np.where(orders > 0, different, np.nan)
    if field == "order_value":
        return over(_within(past.months["spend"], window), orders)
    return np.where(began(past), _within(past.months[field], window), np.nan)


def share_counts(past: History, field: str, of: tuple[str, ...], window: int) -> tuple[Matrix, Matrix] | None:
    """Count a customer's orders that a share is taken of, at every date: those on which it was so, and all."""
    if not delivered(past.known, field):
        return None
    orders = _within(past.months["orders"], window)
    if field in _YES:
        return _within(past.months[_YES[field]], window), orders
    part = past.parts[NEEDS[field]]
    meant = part[part["value"].isin(of)]
    if meant.empty:
        return None
    # an order with two of the categories meant counts once at most
    return np.minimum(_summed(meant, window, len(past.customers)), orders), orders


def delivered(known: frozenset[str], field: str) -> bool:
    """Say whether what a field needs is among what the data have."""
    return NEEDS.get(field, "") in {"", *known}


def over(top: Matrix, orders: Matrix) -> Matrix:
    """Divide by the orders; missing where there are none."""
    return np.divide(top, orders, out=np.full_like(top, np.nan), where=orders > 0)


def _within(months: Matrix, window: int) -> Matrix:
    upto = np.zeros((len(months), months.shape[1] + 1))
    np.cumsum(months, axis=1, out=upto[:, 1:])
    return np.asarray(upto[:, window : window + DATES] - upto[:, :DATES])


def began(past: History) -> NDArray[np.bool_]:
    """Say who had bought by each date."""
    ever = np.logical_or.accumulate(past.months["orders"][:, ::-1] > 0, axis=1)
    return np.asarray(ever[:, ::-1][:, :DATES])


def days_since(past: History, field: str) -> Matrix:
    """Count the days since the last or the first purchase at each date, to the last day seen."""
    last_seen = np.array([(pd.Timestamp(day) - pd.Timestamp("1970-01-02")).days for day in past.dates], dtype=float)
    newest_first = past.months["last" if field == "days_since_last" else "first"]
    filled = np.where(np.isnan(newest_first), -np.inf if field == "days_since_last" else np.inf, newest_first)
    extreme = np.maximum if field == "days_since_last" else np.minimum
    # over the bins from a date back to the oldest
    known = extreme.accumulate(filled[:, ::-1], axis=1)[:, ::-1][:, :DATES]
    return np.where(np.isinf(known), np.nan, last_seen - known)


def _summed(part: pd.DataFrame, window: int, customers: int, *, values: bool = False) -> Matrix:
    """Count the orders (or the different values) of each customer in the window before each date."""
    keys, pair = np.unique(
        part["row"].to_numpy() * np.int64(1_000_000) + pd.factorize(part["value"], sort=True)[0], return_inverse=True
    )
    bins = part["bin"].to_numpy().astype(int)
    months = np.zeros((len(keys), int(DATES + window)))
    reached = bins < months.shape[1]
    np.add.at(months, (pair[reached], bins[reached]), part["orders"].to_numpy(dtype="float64")[reached])
    orders = _within(months, window)
    summed = np.zeros((customers, DATES))
    np.add.at(summed, keys // 1_000_000, (orders > 0).astype(float) if values else orders)
    return summed
