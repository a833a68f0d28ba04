"""The last month beside the month before: what sold where, what lines are like, which columns are filled."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import ibis
import pandas as pd
from ibis import Table

from crmlib.months import earlier
from crmlib.workspace import Run

MIXES: Final = ("channel", "store_id", "category", "payment_method")
MEASURES: Final = ("amount", "quantity")
_STEPS_AN_OCTAVE: Final = 2
"""Bins of a measure double every two steps: fine enough to see a shift, wide enough to hold lines."""


@dataclass(frozen=True, slots=True)
class Recent:
    """Two months of purchases side by side."""

    # purchase lines by kind and name in both months: ``kind, name, now, before``. Kinds are ``channel, store_id,
    # category, payment_method`` and, in bins, ``amount`` and ``quantity``.
    mix: pd.DataFrame
    totals: pd.Series  # one row: lines, money and units of both months: ``lines_now, lines_before, amount_now, …``
    filled: pd.DataFrame  # lines of all kinds that have a value: ``column, now, before``


def last_two_months(run: Run) -> Recent:
    """Look at the last month that the report sees, and at the one before it, in today's data."""
    start, middle = earlier(run.previous_as_of, 1), run.previous_as_of
    rows = run.table("transactions")
    rows = rows.filter((rows.ordered_at >= _at(start)) & (rows.ordered_at < _at(run.as_of)))
    rows = rows.mutate(_now=(rows.ordered_at >= _at(middle)).cast("int64"))
    if run.has("products"):
        products = run.table("products").select(_product="product_id", category="category")
        bought = rows.left_join(products, rows.product_id == products["_product"])
    else:
        bought = rows.mutate(category=ibis.null("string"))
    return Recent(_mix(bought.filter(bought.is_purchase)), *_by_month(rows))


def _at(day: date) -> Any:
    return ibis.timestamp(day.isoformat())


def _mix(bought: Table) -> pd.DataFrame:
    """Count lines by kind and name: one question to the engine for all kinds."""
    names = {kind: bought[kind] for kind in MIXES} | {kind: _bin(bought[kind]) for kind in MEASURES}
    long = bought.select("_now", **names).pivot_longer([*names], names_to="kind", values_to="name")
    told = long.filter(long.name.notnull())
    counted = told.group_by("kind", "name").agg(now=told["_now"].sum(), lines=told.count()).to_pandas()
    frame = counted.assign(before=counted["lines"] - counted["now"])[["kind", "name", "now", "before"]]
    return frame.astype({"now": "int64", "before": "int64"}).sort_values(["kind", "name"], ignore_index=True)


def _bin(measure: Any) -> Any:
    """Name the half octave of a value: equal steps of its logarithm."""
    value = measure.cast("float64").abs().nullif(0.0)
    return (value.log2() * _STEPS_AN_OCTAVE).floor().cast("int64").cast("string")


def _by_month(rows: Table) -> tuple[pd.Series, pd.DataFrame]:
    """Give the sums of both months' purchases, and how many of all lines have a value in each column."""
    columns = [name for name in rows.columns if not name.startswith("_")]
    sums = {f"_sum_{name}": rows[name].cast("decimal(38, 4)").sum(where=rows.is_purchase) for name in MEASURES}
    counted = rows.group_by("_now").agg(
        _lines=rows.is_purchase.sum(), **sums, **{name: rows[name].count() for name in columns}
    )
    months = counted.to_pandas().set_index("_now").reindex([1, 0]).astype(float).fillna(0.0)
    months.index = pd.Index(["now", "before"])
    totals = {f"{name.removeprefix('_sum_')}_{when}": months.loc[when, name] for name in sums for when in months.index}
    lines = {f"lines_{when}": months.loc[when, "_lines"] for when in months.index}
    filled = months[columns].astype("int64").T.rename_axis("column").reset_index()
    return pd.Series(totals | lines), filled
