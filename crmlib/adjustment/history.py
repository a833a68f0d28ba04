"""What is held equal between customers: their behaviour before the moment, as columns of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.adjustment.around import HISTORY_DAYS
from crmlib.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

COVARIATES: Final[Mapping[str, str]] = {
    "days_before": N_("purchase days in the year before"),
    "idle": N_("days since the last purchase"),
    "spend_before": N_("spend in the year before"),
    "tenure": N_("days since the first purchase"),
    "bought": N_("whether anything was bought in the year before"),
    "date": N_("date"),
    "season": N_("season"),
    "channel": N_("main channel"),
    "store": N_("main store"),
}
"""In the order in which they are held equal where customers are too few for all of them."""

FEWEST: Final = 20
"""Customers of a kind below which no model is given a column, or a group, of its own."""
_LEAST_SHARE: Final = 0.02
_OWN: Final = 1e-3
"""What of a column the columns before it may least leave, in standard deviations: else it tells nothing of its own."""
PER_COLUMN: Final = 5
"""Customers in the smallest group for each column (Vittinghoff & McCulloch 2007, Am. J. Epidemiology 165)."""


def history(around: pd.DataFrame) -> pd.DataFrame:
    """Turn what was bought before (:func:`purchases_around`) into standardised columns `(covariate, level)`.

    Amounts and days count in logarithms. Not among them is what the extract knows of today, such as the tier: it may
    have changed since, because of what came after.
    """
    known = around["days_before"] > 0
    year = (around["at"] - pd.Timestamp("2000-01-01")) / pd.Timedelta(days=365.25)
    columns: dict[tuple[str, str], pd.Series] = {
        ("days_before", ""): np.log1p(around["days_before"]),
        ("idle", ""): np.log1p(around["idle"].fillna(HISTORY_DAYS).clip(lower=0)),
        ("spend_before", ""): np.log1p(around["spend_before"].clip(lower=0)),
        ("tenure", ""): np.log1p(around["tenure"].fillna(HISTORY_DAYS).clip(lower=0)),
        ("bought", ""): known if min(known.sum(), (~known).sum()) >= FEWEST else known & False,
        ("date", ""): year,
        ("season", "east"): np.sin(2 * np.pi * year),
        ("season", "north"): np.cos(2 * np.pi * year),
    }
    for name in ("days_before", "spend_before"):  # bent, so that the logarithm need not be the right form
        columns[name, "squared"] = (columns[name, ""] - columns[name, ""].mean()) ** 2
    columns |= {(name, level): column for name in ("channel", "store") for level, column in _levels(around[name])}
    frame = pd.DataFrame(columns, dtype=float)
    frame = frame.loc[:, frame.std(ddof=0) > 1e-9]
    standard = (frame - frame.mean()) / frame.std(ddof=0)
    own = np.abs(np.diagonal(np.linalg.qr(standard.to_numpy(), mode="r"))) / np.sqrt(max(len(frame), 1))
    return standard.loc[:, own > _OWN] if len(own) == standard.shape[1] else standard.iloc[:, :0]


def _levels(places: pd.Series) -> list[tuple[str, pd.Series]]:
    """Mark the places of enough customers, the commonest first; it and the small ones are what others differ from."""
    counts = places.fillna("").value_counts().sort_index().sort_values(ascending=False, kind="stable")
    enough = counts.index[counts >= max(FEWEST, _LEAST_SHARE * len(places))]
    return [(str(level), places.fillna("") == level) for level in enough[1:]]


def affordable(columns: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Keep as many columns as the smallest group of customers can tell apart."""
    return columns.iloc[:, : smallest // PER_COLUMN]
