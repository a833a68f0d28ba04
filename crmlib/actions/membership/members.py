"""New members by month, second purchases, tiers, ends and points: what one list of members can tell, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.features import before, purchases
from crmlib.months import months_before
from crmlib.stats import Estimate
from crmlib.stats.control import ControlLimits

if TYPE_CHECKING:
    from crmlib.workspace import Run

MONTHS: Final = 13
LEAST_MONTHS: Final = 6
"""Months before, below which it is not said what is usual."""
ACTIVATED: Final = 90
"""Days within which a second purchase makes a member one who stays."""
AHEAD: Final = 90
"""Days ahead in which memberships that end are counted."""


@dataclass(frozen=True, slots=True)
class Members:
    """What the list of members tells.

    ``joined`` has a row a month: ``month, members`` (who joined in it), ``days`` and ``low, high`` (members between
    which chance leaves such a month). ``sources`` counts those of the last month by ``source``, ``tiers`` all by
    ``tier`` with ``members, active`` (bought in the active window) and ``points``. `activated` is the share with a
    second purchase within :data:`ACTIVATED` days of the first; `ending` counts memberships that end within
    :data:`AHEAD` days; `points` are all members' and `redeemed` those of a year; `unusual` says whether
    more or fewer joined in the last month than chance makes of the months before.
    """

    joined: pd.DataFrame
    sources: pd.DataFrame
    tiers: pd.DataFrame
    activated: Estimate
    ending: int | None
    points: float | None
    redeemed: float | None
    unusual: bool


def find_members(run: Run) -> Members | None:
    """Read the list of members as it was at the report's date; ``None`` where it says of nobody when they joined.

    Who joined on the date or later is left out; tier and points are those of the list, which may be of a later day.
    """
    if not run.has("customers"):
        return None
    columns = ["customer_id", "joined_at", "tier", "points", "member_until", "acquired_by"]
    listed = run.table("customers").select(*columns).to_pandas()
    joined = pd.to_datetime(listed["joined_at"])
    members = listed.assign(joined_at=joined)[joined < pd.Timestamp(run.as_of)]
    if members.empty:
        return None
    months, unusual = joined_by_month(members["joined_at"], run.as_of)
    last = months_before(run.as_of, 1)
    lately = members[members["joined_at"] >= pd.Timestamp(last)]
    until = pd.to_datetime(members["member_until"]).dropna()
    return Members(
        joined=months, sources=_counted(lately, "acquired_by", "source"), tiers=_tiers(members, run),
        activated=activated_share(run), ending=_ending(until, run.as_of),
        points=_sum(members["points"]), redeemed=redeemed_points(run), unusual=unusual,
    )  # fmt: skip


def joined_by_month(joined: pd.Series, as_of: date, months: int = MONTHS) -> tuple[pd.DataFrame, bool]:
    """Count who joined in each of the last months, and whether the last lies beyond chance.

    Months begin on the day of ``as_of``; a first month in which the list begins is left out. Days are the cases, so
    that a short month is not a bad one; nothing is beyond chance with fewer than :data:`LEAST_MONTHS` months before.
    """
    starts = [pd.Timestamp(months_before(as_of, back)) for back in range(months, -1, -1)]
    edges = [edge for edge in starts if edge >= joined.min()]
    if len(edges) < 2:
        edges = starts[-2:]
    counts = np.histogram(joined.to_numpy(dtype="datetime64[ns]").astype("int64"),
                          [edge.as_unit("ns").value for edge in edges])[0]  # fmt: skip
    days = np.diff([edge.toordinal() for edge in edges])
    limits = ControlLimits.of(counts[:-1], days[:-1]) if len(counts) > 1 else ControlLimits.of(counts, days)
    low, high = limits.limits(days, 0.95) if limits.rate > 0 else (np.full(len(days), np.nan),) * 2
    frame = pd.DataFrame({"month": edges[:-1], "members": counts, "days": days, "low": low * days, "high": high * days})
    if len(counts) <= LEAST_MONTHS or not limits.rate > 0:
        return frame.assign(low=np.nan, high=np.nan), False
    outside = not low[-1] * days[-1] <= counts[-1] <= high[-1] * days[-1]
    return frame, bool(outside)


def activated_share(run: Run) -> Estimate:
    """Give the share with a second purchase in time, as chapter 02 tells it (Kaplan-Meier: waiting customers count)."""
    curve = run.frame("second_purchase")
    if curve.empty:
        return Estimate.unknown()
    seen = curve[(curve["group"] == "all") & (curve["days"] <= ACTIVATED)].dropna(subset=["share"])
    if seen.empty or curve.loc[curve["group"] == "all", "days"].max() < ACTIVATED:
        return Estimate.unknown()
    at = seen.sort_values("days").iloc[-1]
    return Estimate(float(at["share"]), float(at["low"]), float(at["high"]), int(at["at_risk"]))


def _counted(members: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    counted = members[column].dropna().astype("str").value_counts()
    return counted.rename_axis(name).rename("members").reset_index()


def _tiers(members: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Count the members of each tier, those who are active among them, and their points."""
    told = members.dropna(subset=["tier"])
    if told.empty:
        return pd.DataFrame(columns=["tier", "members", "active", "points"])
    window, known = run.params.churn.active_window, run.frame("segments")
    active = set(known.loc[known["days_since_last"].astype("float64") < window, "customer_id"])
    told = told.assign(active=told["customer_id"].isin(active), points=told["points"].astype("float64"))
    grouped = told.groupby(told["tier"].astype("str"))
    counted = grouped.agg(members=("customer_id", "size"), active=("active", "sum"), points=("points", "sum"))
    return counted.reset_index().sort_values("members", ascending=False, ignore_index=True)


def _ending(until: pd.Series, as_of: date) -> int | None:
    """Count the memberships that end soon; ``None`` where no end is known."""
    first, last = pd.Timestamp(as_of), pd.Timestamp(as_of + timedelta(days=AHEAD))
    return None if until.empty else int(((until >= first) & (until < last)).sum())


def _sum(points: pd.Series) -> float | None:
    known = points.dropna().astype("float64")
    return float(known.sum()) if len(known) else None


def redeemed_points(run: Run) -> float | None:
    """Sum the points spent in the last year; ``None`` where no line tells."""
    lines = purchases(before(run.table("transactions"), run.as_of))
    year = lines.filter(lines.ordered_at >= ibis.timestamp(months_before(run.as_of, 12).isoformat()))
    told = year.points_redeemed.sum().cast("float64").to_pandas()
    return None if pd.isna(told) else float(told)
