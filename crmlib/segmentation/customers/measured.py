"""One row a customer as of a date: what they bought, their scores, their segment and their stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from crmlib.features import FEATURES, customer_features
from crmlib.segmentation.customers.lifecycle import lifecycle_stages
from crmlib.segmentation.customers.limits import LifecycleLimits, lifecycle_limits
from crmlib.segmentation.customers.rfm import SCORES, CutPoints, cut_points, rfm_scores
from crmlib.segmentation.customers.rhythm import customer_rhythm
from crmlib.segmentation.customers.segments import name_segments
from crmlib.segmentation.series_state import kept_or_set
from crmlib.stats.intervals import proportion

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from pathlib import Path

    import pandas as pd
    from ibis import Table

    from crmlib.params.segmentation import SegmentationSection
    from crmlib.stats import Estimate

NAMED = ("segment", "lifecycle", "typical_gap", "limit_at_risk", "limit_dormant", "limit_lost")
STANDING = ("days_since_last", "days_since_first", "orders", "purchase_days", "spend")
"""The features that name a segment and a stage: all that is asked of an earlier date."""
_MONEY = ("spend", "returned", "net_spend", "units")


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What customers are measured with: fixed on a reference date, so that only customers move.

    Attributes
    ----------
    cuts
        The limits between scores.
    limits
        The limits of the lifecycle stages; ``None`` where nobody bought twice.
    """

    cuts: CutPoints
    limits: LifecycleLimits | None


def described_customers(transactions: Table, as_of: date, columns: Collection[str] = FEATURES) -> pd.DataFrame:
    """Bring one row a customer from the engine: what they bought and in which rhythm, sorted by ``customer_id``.

    The columns are those of :func:`crmlib.features.customer_features` that are wanted (money as floats, exact to the
    cent below 10^13) and of :func:`crmlib.segmentation.customers.rhythm.customer_rhythm`.
    """
    features = customer_features(transactions, as_of, columns)
    features = features.mutate(**{name: features[name].cast("float64") for name in _MONEY if name in columns})
    rhythm = customer_rhythm(transactions, as_of).drop("purchase_days", "days_since_last", "days_since_first")
    joined = features.left_join(rhythm, "customer_id").drop("customer_id_right")
    customers: pd.DataFrame = joined.to_pandas()
    return customers.sort_values("customer_id", ignore_index=True)


def yardstick(
    transactions: Table,
    as_of: date,
    customers: pd.DataFrame,
    section: SegmentationSection,
    state_dir: Path | None = None,
) -> Yardstick:
    """Take the series' yardstick, or set it on this date and keep it.

    The limits of the stages are kept only from a history that is long enough for them. Deleting
    ``rfm_cut_points_<bins>.json`` or ``lifecycle_limits_<quantiles>.json`` from the series' state sets them anew.
    """
    quantiles = section.lifecycle_quantiles
    named = "_".join(f"{each:g}" for each in quantiles)
    return Yardstick(
        kept_or_set(
            state_dir and state_dir / f"rfm_cut_points_{section.bins}.json",
            as_of, lambda kept: CutPoints.of(kept, section.bins),
            lambda: cut_points(customers, section.bins, as_of.isoformat()),
        ),
        kept_or_set(
            state_dir and state_dir / f"lifecycle_limits_{named}.json",
            as_of, LifecycleLimits.of, lambda: lifecycle_limits(transactions, as_of, quantiles),
            lasting=lambda limits: limits is not None and limits.settled,
        ),
    )  # fmt: skip


def share_renamed(
    measured: pd.DataFrame, measure: Yardstick, section: SegmentationSection, as_of: date
) -> Estimate | None:
    """Estimate the share of customers whom cut points set anew would put into another segment: how the kept ones age.

    Nothing where they are as of this date.
    """
    if measure.cuts.reference == as_of.isoformat():
        return None
    described = measured.drop(columns=[*SCORES, *NAMED])
    anew = replace(measure, cuts=cut_points(described, section.bins, as_of.isoformat()))
    renamed = measured_customers(described, anew, section)["segment"].astype("str")
    return proportion(int((renamed != measured["segment"].astype("str")).sum()), len(measured))


def measured_customers(customers: pd.DataFrame, measure: Yardstick, section: SegmentationSection) -> pd.DataFrame:
    """Score every customer, name their segment and their stage; the same yardstick makes two dates comparable.

    Adds ``recency_score, frequency_score, monetary_score`` and :data:`NAMED` to :func:`described_customers`.
    """
    scores = rfm_scores(customers, cuts=measure.cuts).drop(columns="customer_id", errors="ignore")
    scored = customers.join(scores)
    recent, away = measure.limits.newcomer[:2] if measure.limits is not None else (inf, inf)
    segment = name_segments(
        scored,
        bins=measure.cuts.bins,
        new_days=section.new_days,
        recent_within=recent,
        away_after=away,
        rules=section.segments,
    )
    stages = lifecycle_stages(customers, measure.limits, section.loyal_days)
    return scored.assign(segment=segment).join(stages)
