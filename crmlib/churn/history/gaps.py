"""The horizon that the gaps between purchases propose: by when those who return have returned."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.churn.history.silences import count_waits
from crmlib.features import known_purchases, main_place
from crmlib.stats.jackknife import delete_a_group
from crmlib.stats.survival import returns_by

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

    from crmlib.stats.estimate import Estimate

RETURNED: Final = 0.9
"""The proposed horizon is the shortest by which so many of the returns there will be have come."""

SHORTER: Final = 2 / 3
"""A proposal that changes when gaps are watched for this part of the time only does not hold yet."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A horizon proposed by the gaps of some customers.

    ``days`` by which :data:`RETURNED` of the returns have come, ``within`` the share of them that the chosen horizon
    sees, ``shorter`` the same days had gaps been watched for :data:`SHORTER` of the time. ``curve`` holds ``days,
    share`` of the returns that had come by then.
    """

    days: Estimate
    within: Estimate
    shorter: float
    curve: pd.DataFrame

    @property
    def settled(self) -> bool:
        """Whether a shorter history proposes the same, as far as the interval tells."""
        return self.days.has_interval and not self.shorter < self.days.low


def propose_horizon(waits: pd.DataFrame, horizon_days: int) -> Proposal:
    """Propose a horizon from counted silences (``part, wait, ended, waits``), those still going on included.

    Of each customer one silence goes on, which counts the customers. The intervals leave out a part of them at a time.
    """
    customers = int(waits.loc[~waits["ended"], "waits"].sum())
    seen = waits[waits["wait"] > 0]
    when, share = _curve(seen)
    left = [_curve(seen[seen["part"] != part]) for part in sorted(set(seen["part"]))]
    watched = SHORTER * when[-1] if len(when) else nan
    cut = seen.assign(ended=seen["ended"] & (seen["wait"] <= watched), wait=seen["wait"].clip(upper=watched))
    return Proposal(
        delete_a_group(_days(when, share), [_days(*curve) for curve in left], customers, least=1),
        delete_a_group(
            _within(when, share, horizon_days), [_within(*curve, horizon_days) for curve in left], customers,
            least=0, most=1,
        ),
        _days(*_curve(cut)),
        pd.DataFrame({"days": when, "share": share}),
    )  # fmt: skip


def _curve(waits: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    when, share, _level = returns_by(waits["wait"], waits["ended"], waits["waits"])
    return when, share


def _days(when: np.ndarray, share: np.ndarray) -> float:
    return float(when[np.searchsorted(share, RETURNED - 1e-9)]) if len(when) else nan


def _within(when: np.ndarray, share: np.ndarray, days: float) -> float:
    if not len(when):
        return nan
    place = int(np.searchsorted(when, days, side="right"))
    return float(share[place - 1]) if place else 0.0


def by_place(days: Table, rows: Table, column: str, until: date) -> pd.DataFrame:
    """Count the silences of customers by the channel or category of most of their orders, which ``rows`` tell.

    ``place`` beside the columns of :func:`crmlib.churn.history.silences.count_waits`.
    """
    places = main_place(known_purchases(rows, until), column)
    counted: pd.DataFrame = count_waits(days, until, places).to_pandas()
    return counted


def proposals(waits: pd.DataFrame, horizon_days: int, least_returns: int = 200) -> pd.DataFrame:
    """Propose a horizon for each place, most customers first; none where fewer gaps than that have ended.

    ``place, customers, days, days_low, days_high, within, within_low, within_high``.
    """
    rows = []
    for place, own in waits.groupby("place"):
        if own.loc[own["ended"], "waits"].sum() < least_returns:
            continue
        found = propose_horizon(own, horizon_days)
        rows.append({
            "place": place, "customers": found.days.n,
            "days": found.days.value, "days_low": found.days.low, "days_high": found.days.high,
            "within": found.within.value, "within_low": found.within.low, "within_high": found.within.high,
        })  # fmt: skip
    columns = ["place", "customers", *(f"{name}{end}" for name in ("days", "within") for end in ("", "_low", "_high"))]
    return pd.DataFrame(rows, columns=columns).sort_values("customers", ascending=False, ignore_index=True)
