"""The last month beside the month before, and what it holds beside what the last run's held."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

import ibis
import pandas as pd

from crmlib.months import earlier
from crmlib.prep.landing import Landed
from crmlib.workspace import Run

MIXES: Final = ("channel", "store_id", "category", "payment_method")
MEASURES: Final = ("amount", "quantity")
_STEPS_AN_OCTAVE: Final = 2
"""Bins of a measure double every two steps: fine enough to see a shift, wide enough to hold lines."""
INVENTORY: Final = "prep_inventory"
HEADER: Final = "header"
KINDS: Final = ("store_id", "channel", "category", "column", HEADER)
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


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


def _at(day: date) -> ibis.Value:
    return ibis.timestamp(day.isoformat())


def _mix(bought: ibis.Table) -> pd.DataFrame:
    """Count lines by kind and name: one question to the engine for all kinds."""
    names = {kind: bought[kind] for kind in MIXES} | {kind: _bin(bought[kind]) for kind in MEASURES}
    long = bought.select("_now", **names).pivot_longer([*names], names_to="kind", values_to="name")
    told = long.filter(long.name.notnull())
    counted = told.group_by("kind", "name").agg(now=told["_now"].sum(), lines=told.count()).to_pandas()
    frame = counted.assign(before=counted["lines"] - counted["now"])[["kind", "name", "now", "before"]]
    return frame.astype({"now": "int64", "before": "int64"}).sort_values(["kind", "name"], ignore_index=True)


def _bin(measure: ibis.Value) -> ibis.Value:
    """Name the half octave of a value: equal steps of its logarithm."""
    value = measure.cast("float64").abs().nullif(0.0)
    return (value.log2() * _STEPS_AN_OCTAVE).floor().cast("int64").cast("string")


def _by_month(rows: ibis.Table) -> tuple[pd.Series, pd.DataFrame]:
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


def headers(landed: list[Landed]) -> pd.DataFrame:
    """List the columns that the files hold, whether mapped or not: ``kind`` (``header``), ``name``."""
    names = sorted({f"{source.name}: {column}" for source in landed for column in source.columns})
    return pd.DataFrame({"kind": HEADER, "name": names}, dtype="str")


def take_inventory(recent: Recent, delivered: pd.DataFrame) -> pd.DataFrame:
    """List what the last month holds: ``kind, name``."""
    mix = recent.mix[(recent.mix["now"] > 0) & recent.mix["kind"].isin(KINDS)]
    filled = recent.filled.loc[recent.filled["now"] > 0, ["column"]]
    columns = filled.rename(columns={"column": "name"}).assign(kind="column")
    frame = pd.concat([mix[["kind", "name"]], columns[["kind", "name"]], delivered], ignore_index=True).astype("str")
    return frame.sort_values(["kind", "name"], ignore_index=True)


def compare(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Say what is new and what vanished: ``kind, name, change`` (``new`` or ``vanished``)."""
    both = now.merge(before, on=["kind", "name"], how="outer", indicator=True)
    changed = both[both["_merge"] != "both"]
    change = changed["_merge"].map({"left_only": "new", "right_only": "vanished"}).astype("str")
    return changed[["kind", "name"]].assign(change=change).sort_values(["kind", "name"], ignore_index=True)


def previous_inventory(run: Run) -> tuple[str, pd.DataFrame] | None:
    """Read what the latest earlier run of the series kept, with the name of its period; None for a first run."""
    found = [
        (end, file)
        for folder in run.run_dir.parent.iterdir()
        if (end := period_end(folder.name)) is not None
        and end < run.as_of
        and (file := folder / "tables" / f"{INVENTORY}.parquet").exists()
    ]
    if not found:
        return None
    _end, file = max(found)
    return file.parent.parent.name, pd.read_parquet(file)


def period_end(name: str) -> date | None:
    """Give the exclusive end of a period by the name of its folder; None for other folders."""
    if month := _MONTH.fullmatch(name):
        year, number = int(month[1]), int(month[2])
        return date(year + number // 12, number % 12 + 1, 1) if 1 <= number <= 12 else None
    return date.fromisoformat(name) if _DAY.fullmatch(name) else None
