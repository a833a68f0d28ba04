"""What chapters 01 to 04 tell of each store, one row a store: the numbers of their own pages, none reckoned twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.actions.experiments.arms import CONTACT
from crmlib.workspace import MissingTableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmlib.workspace import Run

STORE: Final = "store"
CHANNEL: Final = "channel"
FIGURES: Final = ("net", "orders", "buyers", "active", "new", "largest")
"""Chapter 02's figures of the month (`business_figures`)."""
LEAVING: Final = {name: name for name in ("customers", "likely", "other_customers", "other_likely")}
SCORE: Final = {
    "answerers": "people", "score": "value", "score_low": "low", "score_high": "high", "score_gap": "difference",
    "score_p": "p",
}  # fmt: skip
COMPLAINTS: Final = {
    "complainers": "people", "complaints": "complaints", "complaint_orders": "orders", "rate": "rate",
    "rate_low": "rate_low", "rate_high": "rate_high", "complaint_z": "z",
}  # fmt: skip
NUMBERS: Final = (
    *FIGURES,
    "net_then",
    "sales_error",
    "change",
    "change_people",
    *LEAVING,
    *SCORE,
    *COMPLAINTS,
    "listed",
)
COLUMNS: Final = ("kind", "item", "name", "scored", *NUMBERS)
REACH: Final = 1.96
YEAR: Final = 365
"""Days of the scores and complaints of chapter 04."""
TABLES: Final = ("business_figures", "part_changes", "churn_groups", "satisfaction_places", "complaint_rates")


def gather_stores(run: Run, listed: pd.DataFrame) -> pd.DataFrame:
    """Bring what the chapters wrote of stores together, in the words of :func:`put_together`."""
    told = {table: _read(run, table) for table in TABLES}
    names = {}
    if run.has("stores"):
        named = run.frame(run.table("stores").select("store_id", "name")).dropna()
        names = dict(zip(named["store_id"], named["name"].astype("str"), strict=True))
    known = _read(run, "segments")
    if {"customer_id", "main_channel"} <= {*known}:
        listed = listed.assign(main_channel=listed["customer_id"].map(known.set_index("customer_id")["main_channel"]))
    return put_together(told, listed, names)


def put_together(told: Mapping[str, pd.DataFrame], listed: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Give one row a store (:data:`COLUMNS`), or a channel where fewer than two stores sell.

    ``scored`` says which score chapter 04 compares places by: the net promoter score (``nps``) or the ``mean``.
    ``change`` is that of net revenue on a year ago; ``sales_error`` its standard error on the log scale, of customers
    and orders that might have come otherwise; empty is what a chapter does not tell. No row where nothing sells apart.
    """
    for kind in (STORE, CHANNEL):
        now = _of(told["business_figures"], kind, "period")
        if len(now) > 1:
            break
    else:
        return pd.DataFrame(columns=list(COLUMNS))
    name = pd.Series({item: names.get(item, item) for item in now.index}) if kind == STORE else now.index.to_series()
    parts = [
        _sales(told, kind, now),
        _part(told["churn_groups"], f"main_{kind}", LEAVING),
        _part(told["satisfaction_places"], kind, SCORE).reindex(name).set_axis(now.index),
        _part(told["complaint_rates"], kind, COMPLAINTS),
    ]
    rows = parts[0].join(parts[1:]).assign(kind=kind, name=name, listed=_listed(kind, listed).reindex(now.index))
    scored = told["satisfaction_places"].get("score")
    rows = rows.assign(listed=rows["listed"].fillna(0), scored="" if scored is None or scored.empty else scored.iloc[0])
    rows[list(NUMBERS)] = rows.reindex(columns=list(NUMBERS)).astype("float64")
    return rows.rename_axis("item").reset_index()[list(COLUMNS)]


def _sales(told: Mapping[str, pd.DataFrame], kind: str, now: pd.DataFrame) -> pd.DataFrame:
    """Give the figures of the month with the change on a year ago, and how far chance alone may move that."""
    then = _of(told["business_figures"], kind, "year_ago").reindex(now.index)
    changes = told["part_changes"].reindex(columns=["part", "item", "change", "people"])
    changes = changes[changes["part"] == kind].set_index("item").reindex(now.index)
    error = (_log_variance(now) + _log_variance(then)) ** 0.5
    return now.reindex(columns=list(FIGURES)).assign(
        net_then=then["net"], sales_error=error, change=changes["change"], change_people=changes["people"]
    )


def _log_variance(figures: pd.DataFrame) -> pd.Series:
    """Estimate the variance of the logarithm of sales: that of the orders' value, and of how many came.

    Customers come by chance (Poisson), each with an order and a Poisson number of others.
    """
    ends = figures.reindex(columns=["average_order_value_low", "average_order_value_high"]).astype("float64")
    value = (np.log(ends.iloc[:, 1]) - np.log(ends.iloc[:, 0])) / (2 * REACH)
    mean = figures["orders"] / figures["buyers"]
    return value**2 + (1 + (mean - 1) / mean**2) / figures["buyers"]


def _of(figures: pd.DataFrame, kind: str, window: str) -> pd.DataFrame:
    if figures.empty:
        return figures
    return figures[(figures["part"] == kind) & (figures["window"] == window)].set_index("item")


def _part(table: pd.DataFrame, kind: str, columns: Mapping[str, str]) -> pd.DataFrame:
    """Take the rows of a kind from a chapter's table, its columns under the names they have here."""
    found = table.reindex(columns=["kind", "name", *columns.values()])
    found = found[found["kind"] == kind].drop_duplicates("name").set_index("name")[list(columns.values())]
    return found.set_axis(list(columns), axis=1)


def _listed(kind: str, listed: pd.DataFrame) -> pd.Series:
    """Count those to contact of this month's list, by the store or channel that is theirs."""
    own = listed.reindex(columns=["arm", "store_id" if kind == STORE else "main_channel"])
    return own.loc[own["arm"] == CONTACT].iloc[:, 1].dropna().astype("str").value_counts()


def _read(run: Run, table: str) -> pd.DataFrame:
    try:
        return run.frame(table)
    except MissingTableError:
        return pd.DataFrame()
