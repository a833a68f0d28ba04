"""Lifecycle stages by each customer's own rhythm, and their limits, learned from how long customers wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.segmentation.customers.rhythm import (
    RHYTHMS,
    before_last,
    known_rhythm,
    purchase_waits,
    rhythm_of,
    typical_gap,
)
from crmlib.stats.survival import KaplanMeier
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ibis import Table

    from crmlib.segmentation.customers.base import CustomerBase


STAGES: Final = {
    "prospect": (N_("Prospect"), N_("a member who has not bought yet")),
    "new": (N_("New"), N_("bought on one day, not overdue")),
    "developing": (N_("Developing"), N_("came back, not yet a habit")),
    "loyal": (N_("Loyal"), N_("buys in a steady rhythm")),
    "back_again": (N_("Back again"), N_("had been dormant and returned")),
    "at_risk": (N_("Slipping"), N_("overdue by their own rhythm")),
    "dormant": (N_("Dormant"), N_("long overdue")),
    "lost": (N_("Lost"), N_("so long overdue that few return")),
}
"""Name and meaning of the stages, in the order of a customer's life; every customer is in exactly one."""

OVERDUE: Final = ("at_risk", "dormant")  # late by their own rhythm, and not yet lost
LAXER: Final = 1.25  # limits so many times as long, and as much shorter, show how far the stages hang on them
STAGE_CODES: Final = tuple(STAGES)


def stage_label(code: str) -> str:
    """Give a stage's name as a reader sees it."""
    return _(STAGES[code][0])


def stage_meaning(code: str) -> str:
    """Say who is in a stage, in words."""
    return _(STAGES[code][1])


def lifecycle_stages(rhythm: pd.DataFrame, limits: LifecycleLimits | None, loyal_days: int = 4) -> pd.DataFrame:
    """Put every customer of `customer_rhythm` into one stage of life; without limits every customer is new.

    Whether a customer had been dormant before the last purchase is judged by the rhythm before that wait: a long wait
    would else lengthen the limit that it is held against. Columns: ``lifecycle`` (ordered category of
    :data:`STAGE_CODES`), ``typical_gap, limit_at_risk, limit_dormant, limit_lost`` (days).
    """
    own = limits.days(rhythm) if limits is not None else np.full((len(rhythm), 3), np.nan)
    then = limits.days(before_last(rhythm)) if limits is not None else own
    waited = rhythm["days_since_last"].to_numpy(dtype="float64")
    bought = rhythm["purchase_days"].to_numpy()
    came_back = rhythm["last_gap"].to_numpy(dtype="float64", na_value=np.nan) > then[:, 1]
    stage = np.select(
        [waited > own[:, 2], waited > own[:, 1], waited > own[:, 0], bought == 1, came_back, bought >= loyal_days],
        ["lost", "dormant", "at_risk", "new", "back_again", "loyal"],
        default="developing",
    )
    return pd.DataFrame({
        "lifecycle": pd.Categorical(stage, categories=list(STAGE_CODES), ordered=True),
        "typical_gap": typical_gap(rhythm, limits.typical if limits is not None else np.nan),
        "limit_at_risk": own[:, 0], "limit_dormant": own[:, 1], "limit_lost": own[:, 2],
    }, index=rhythm.index)  # fmt: skip


def lifecycle_counts(base: CustomerBase, loyal_days: int) -> pd.DataFrame:
    """Count the customers of each stage, also with limits a quarter longer and shorter.

    One row a stage, without prospects where they are not known: ``lifecycle, customers, span_low, span_high``.
    """
    columns = ["customers", "span_low", "span_high"]
    if base.measure is None or base.measure.limits is None:
        return pd.DataFrame(columns=["lifecycle", *columns])
    limits = [base.measure.limits.scaled(factor) for factor in (LAXER, 1 / LAXER)]
    stages = [base.now["lifecycle"], *(lifecycle_stages(base.now, limit, loyal_days)["lifecycle"] for limit in limits)]
    three = pd.concat([stage.value_counts().reindex(list(STAGE_CODES), fill_value=0) for stage in stages], axis=1)
    counted = pd.concat([three.iloc[:, 0], three.min(axis=1), three.max(axis=1)], axis=1).set_axis(columns, axis=1)
    if base.prospects is None:
        counted = counted.drop(index="prospect")
    else:
        counted.loc["prospect"] = base.prospects
    return counted.rename_axis("lifecycle").reset_index()


ENOUGH_RETURNS: Final = 200  # with fewer returns a kind of rhythm takes the limits of the next wider one
ENOUGH_WAITING: Final = 20
"""So many must still be waiting for a wait to count (a quarter, of few): the longest waits do not say what is usual."""

FEW_RETURN: Final = 0.1  # nobody is lost as long as a larger share of those who have waited so long comes back
LATER: Final = (1.25, 1.5)  # dormant and lost begin at least so many times as late as being at risk
WIDER: Final = {"steady": "many", "uneven": "many", "many": "few", "few": "newcomer"}

_PARTS: Final = 1000  # waits are counted in thousandths of the customer's own gap

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LifecycleLimits:
    """How long is too long: when customers are at risk, dormant and lost."""

    reference: str  # ISO date (`as_of`) on which they were set
    typical: float  # a newcomer's gap: the mean days to the second purchase of those who come back
    multiples: Mapping[str, tuple[float, float, float]]  # by rhythm: so many of the customer's own typical gaps
    observed: float  # days since the first purchase of at least `ENOUGH_RETURNS` customers; 0 where there are fewer

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Read them from what an earlier run kept."""
        multiples = {}
        for kind in RHYTHMS:
            at_risk, dormant, lost = (float(limit) for limit in kept["multiples"][kind])
            if not 0 < at_risk <= dormant <= lost:
                raise ValueError(f"multiples of {kind} are not three rising numbers")
            multiples[kind] = (at_risk, dormant, lost)
        return cls(str(kept["reference"]), float(kept["typical"]), multiples, float(kept["observed"]))

    @property
    def newcomer(self) -> tuple[float, float, float]:
        """Days until a customer with one purchase day is at risk, dormant and lost."""
        at_risk, dormant, lost = self.multiples["newcomer"]
        return at_risk * self.typical, dormant * self.typical, lost * self.typical

    @property
    def settled(self) -> bool:
        """Whether the history is long enough for limits that last: half as long again as the longest of them."""
        return self.newcomer[2] <= self.observed / 1.5

    def scaled(self, factor: float) -> Self:
        """Give stricter or laxer limits, to see how the picture hangs on them."""
        scaled = {kind: (a * factor, b * factor, c * factor) for kind, (a, b, c) in self.multiples.items()}
        return replace(self, multiples=scaled)

    def days(self, customers: pd.DataFrame) -> Floats:
        """Give each customer's own limits of at risk, dormant and lost, in days."""
        kinds, places = np.unique(known_rhythm(customers), return_inverse=True)
        multiples = np.array([self.multiples[kind] for kind in kinds]).reshape(-1, 3)
        return np.asarray(multiples[places] * typical_gap(customers, self.typical)[:, None])


def lifecycle_limits(
    transactions: Table, as_of: date, quantiles: tuple[float, float, float] = (0.8, 0.9, 0.97)
) -> LifecycleLimits | None:
    """Learn from all waits, those still going on included, how long customers wait who do come back.

    A wait is counted in the customer's own typical gaps as they were known when it began, by kind of rhythm: a steady
    customer is overdue sooner. The limits are the ``quantiles`` of the Kaplan-Meier curve over what it levels off at
    (the share that returns at all: Maller & Zhou 1992, Biometrika 79), so that who never returns does not lengthen
    them. Where nearly everybody returns, lost is later: see :data:`FEW_RETURN`. Nothing where nobody bought twice.
    """
    waits = purchase_waits(transactions, as_of)
    first = waits.filter(waits.gaps == 0).group_by(["wait", "returned", "watched"])
    first = first.agg(n=lambda t: t.count()).to_pandas().sort_values("watched", ascending=False)
    days, share, _level = returns_by(first["wait"], first["returned"], first["n"])
    if not len(days):
        return None
    typical = max(round(float(days @ np.diff(share, prepend=0.0))), 1)
    counted = _counted(waits, typical)
    multiples: dict[str, tuple[float, float, float]] = {}
    for kind in ("newcomer", "few", "many", "uneven", "steady"):
        rows = counted[counted["kind"].isin(["uneven", "steady"] if kind == "many" else [kind])]
        enough = rows.loc[rows["returned"], "n"].sum() >= ENOUGH_RETURNS or kind == "newcomer"
        multiples[kind] = _multiples(rows, quantiles) if enough else multiples[WIDER[kind]]
    kept = {kind: multiples[kind] for kind in RHYTHMS}
    observed = first.loc[first["n"].cumsum() >= ENOUGH_RETURNS, "watched"].max()
    return LifecycleLimits(as_of.isoformat(), typical, kept, float(np.nan_to_num(observed)))


def returns_by(wait: pd.Series, returned: pd.Series, n: pd.Series) -> tuple[Floats, Floats, float]:
    """Give the waits after which somebody returned, the share of all returns by then, and the share that returns."""
    curve = KaplanMeier.of(wait, returned, n).curve
    if curve.empty:
        return np.array([]), np.array([]), 0.0
    enough = curve[curve["at_risk"] >= min(ENOUGH_WAITING, curve["at_risk"].iloc[0] / 4)]
    back = enough["share"].to_numpy()
    return enough["time"].to_numpy(), back / back[-1], float(back[-1])


def _counted(waits: Table, typical: int) -> pd.DataFrame:
    """Count the waits by kind of rhythm and by their length in the customer's own typical gaps."""
    own = 2 * typical + waits.gap_days
    parts = (waits.wait * (waits.gaps + 2) * _PARTS) // own
    named = waits.select("returned", kind=rhythm_of(waits.gaps, waits.gap_days, waits.gap_squares), parts=parts)
    frame: pd.DataFrame = named.group_by(["kind", "parts", "returned"]).agg(n=named.count()).to_pandas()
    return frame


def _multiples(rows: pd.DataFrame, quantiles: tuple[float, float, float]) -> tuple[float, float, float]:
    parts, share, level = returns_by(rows["parts"], rows["returned"], rows["n"])
    at_risk, dormant, lost = quantiles
    # of those who still wait when a share s of the returns has come, level (1 - s) / (1 - level s) come back
    gone = max(lost, (level - FEW_RETURN) / (level * (1 - FEW_RETURN)))
    first, second, third = (
        float(parts[np.searchsorted(share, share_back - 1e-9)]) / _PARTS for share_back in (at_risk, dormant, gone)
    )
    # where all come back on the same day, that day alone would lie between being in time and being lost
    return first, max(second, LATER[0] * first), max(third, LATER[1] * first)
