"""For whom a model is judged: groups that were known at the cutoff, from each customer's own rhythm alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.features import DAYS_PER_WEEK
from crmlib.words import N_, _, formats

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

KNOWN, ACTIVE = "known", "active"
PARTS: Final[tuple[str, ...]] = ("new", "one_time", "regular", "slowing", "inactive")
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


NAMED: Final = ("segment", "lifecycle")
"""What chapter 02 would have said at a cutoff; the active customers of each name are a group."""


def title_of(group: str) -> str:
    """Put a group's code into words."""
    if group in TITLES:
        return _(TITLES[group])
    kind, _colon, name = group.partition(":")
    words = _("Segment: {name}") if kind == "segment" else _("Stage: {name}")
    # the stage at_risk is called slipping on every page
    return words.format(name=_("Slipping") if group == "lifecycle:at_risk" else formats.name(name))


def groups_at(
    customers: pd.DataFrame, horizon_days: int, active_days: int, then: pd.DataFrame | None = None
) -> dict[str, NDArray[np.bool_]]:
    """Say which customers of a slice belong to which group, by code.

    Today's segments would know what came after the cutoff; these are made of days before it. The usual gap is the mean
    of the customer's own. `then` are the segments and stages of the cutoff as chapter 02 would have named them
    and stand in place of the rhythms.
    """
    silent, tenure, gaps = (customers[name].to_numpy() for name in ("days_since_last", "days_since_first", "frequency"))
    usual_gap = DAYS_PER_WEEK * customers["recency"].to_numpy(dtype=float) / np.maximum(gaps, 1)
    active = silent < active_days
    part = np.select(
        [~active, tenure < horizon_days, gaps == 0, silent <= usual_gap],
        ["inactive", "new", "one_time", "regular"],
        default="slowing",
    )
    named: dict[str, NDArray[np.bool_]] = {}
    parts = PARTS
    if then is not None:
        parts = ("new", "inactive")
        of = then.set_index("customer_id").reindex(customers["customer_id"])
        named = {
            f"{kind}:{name}": active & of[kind].eq(name).to_numpy()
            for kind in NAMED for name in sorted(of[kind].dropna().unique())
        }  # fmt: skip
    everybody = np.ones(len(customers), dtype=bool)
    return {KNOWN: everybody, ACTIVE: active, **{name: part == name for name in parts}, **named}
