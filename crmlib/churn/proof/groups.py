"""For whom a model is judged: groups that were known at the cutoff, from each customer's own rhythm alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.features import DAYS_PER_WEEK
from crmlib.words import N_

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

KNOWN, ACTIVE = "known", "active"
PARTS: Final = ("new", "one_time", "regular", "slowing", "inactive")
"""Every customer is in exactly one; all but the last are active."""

TITLES: Final = {
    KNOWN: N_("All known customers"),
    ACTIVE: N_("Active customers"),
    "new": N_("New: first purchase within the horizon before"),
    "one_time": N_("Bought on one day only, longer ago"),
    "regular": N_("Silent no longer than their usual gap"),
    "slowing": N_("Silent for longer than their usual gap"),
    "inactive": N_("No longer active"),
}


def groups_at(customers: pd.DataFrame, horizon_days: int, active_days: int) -> dict[str, NDArray[np.bool_]]:
    """Say which customers of a slice belong to which group, by code.

    Today's segments would know what came after the cutoff; these are made of days before it. The usual gap is the mean
    of the customer's own.
    """
    silent, tenure, gaps = (customers[name].to_numpy() for name in ("days_since_last", "days_since_first", "frequency"))
    usual_gap = DAYS_PER_WEEK * customers["recency"].to_numpy(dtype=float) / np.maximum(gaps, 1)
    active = silent < active_days
    part = np.select(
        [~active, tenure < horizon_days, gaps == 0, silent <= usual_gap],
        ["inactive", "new", "one_time", "regular"],
        default="slowing",
    )
    return {KNOWN: np.ones(len(customers), dtype=bool), ACTIVE: active, **{name: part == name for name in PARTS}}
