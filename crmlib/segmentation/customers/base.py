"""The customer base at the end of this period and of the last one, one row a customer, measured with one yardstick."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.features import FEATURES, customer_features
from crmlib.segmentation.customers.lifecycle import LifecycleLimits, lifecycle_limits, lifecycle_stages
from crmlib.segmentation.customers.migration import segment_migration
from crmlib.segmentation.customers.rhythm import customer_rhythm
from crmlib.segmentation.customers.segments import (
    SCORES,
    CutPoints,
    cut_points,
    name_segments,
    rfm_scores,
    segment_profile,
)
from crmlib.segmentation.customers.stages import outcomes
from crmlib.segmentation.series_state import kept_or_set
from crmlib.stats.intervals import proportion

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from pathlib import Path

    from ibis import Table

    from crmlib.params.segmentation import SegmentationSection
    from crmlib.stats import Estimate
    from crmlib.workspace import Run


NAMED = ("segment", "lifecycle", "typical_gap", "limit_at_risk", "limit_dormant", "limit_lost")


DESCRIBED = tuple(name for name in FEATURES if name != "products")
"""All features but the articles, which orders do not tell."""


_RHYTHM = ("purchase_days", "days_since_last", "days_since_first")
"""Features that the rhythm tells as well."""


STANDING = ("days_since_last", "days_since_first", "orders", "purchase_days", "spend")
"""The features that name a segment and a stage: all that is asked of an earlier date."""


_MONEY = ("spend", "returned", "net_spend", "units")


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What customers are measured with: fixed on a reference date, so that only customers move."""

    cuts: CutPoints
    limits: LifecycleLimits | None  # `None` where nobody bought twice

    @property
    def is_settled(self) -> bool:
        """Whether the limits last, so that next month measures with the same ones."""
        return self.limits is not None and self.limits.settled


@dataclass(frozen=True, slots=True)
class CustomerBase:
    """Every customer who had bought, now and a period ago, recomputed from today's data (`measured_customers`)."""

    now: pd.DataFrame
    before: pd.DataFrame  # empty where nobody had bought
    measure: Yardstick | None  # what both were measured with; `None` where there is no customer
    migration: pd.DataFrame | None  # who stood where (`segment_migration`); `None` without a period before
    # members who had joined and not bought; `None` where no list of members says when they joined
    prospects: int | None
    standing: pd.DataFrame | None = None  # who stood where one horizon of chapter 03 ago (`outcomes`)
    renamed: Estimate | None = None  # by cut points set anew; `None` where these are new
    then: pd.DataFrame | None = None  # segment and stage one horizon of chapter 03 ago, known then (`as_known_then`)

    @property
    def profile(self) -> pd.DataFrame:
        """What each segment is made of, now."""
        return segment_profile(self.now)


def described_customers(
    transactions: Table, as_of: date, columns: Collection[str] = DESCRIBED, days: Table | None = None
) -> pd.DataFrame:
    """Bring one row a customer from the engine: what they bought and in which rhythm, sorted by ``customer_id``.

    The columns of :func:`crmlib.features.customer_features` that are wanted (money as floats, exact to the cent below
    10^13) and of `customer_rhythm`, which is asked of customers' days where they are given.
    """
    features = customer_features(transactions, as_of, [name for name in columns if name not in _RHYTHM])
    features = features.mutate(**{name: features[name].cast("float64") for name in _MONEY if name in columns})
    rhythm = customer_rhythm(transactions if days is None else days, as_of)
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
    named = "_".join(f"{quantile:g}" for quantile in quantiles)
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


def as_known_then(customers: pd.DataFrame, days: Table, as_of: date, section: SegmentationSection) -> pd.DataFrame:
    """Name segment and stage of an earlier date by what was known then alone, cut points and limits included.

    ``customer_id, as_of, segment, lifecycle``; takes that date's :data:`STANDING`.
    """
    measured = measured_customers(customers, yardstick(days, as_of, customers, section), section)
    named = {name: measured[name].astype("str") for name in ("segment", "lifecycle")}
    return pd.DataFrame({"customer_id": measured["customer_id"], "as_of": pd.Timestamp(as_of), **named})


def share_renamed(
    measured: pd.DataFrame, measure: Yardstick, section: SegmentationSection, as_of: date
) -> Estimate | None:
    """Estimate the share of customers whom cut points set anew would rename; nothing where they are new."""
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
        scored, measure.cuts.bins, section.new_days, recent_within=recent, away_after=away, rules=section.segments
    )
    stages = lifecycle_stages(customers, measure.limits, section.loyal_days)
    return scored.assign(segment=segment).join(stages)


def customer_base(transactions: Table, run: Run, days: Table | None = None) -> CustomerBase:
    """Measure every customer now and a period ago with the cut points that the series keeps."""
    section, days_of = run.params.segmentation, transactions if days is None else days
    now = described_customers(transactions, run.as_of, days=days_of)
    if now.empty:
        return CustomerBase(now, now, None, None, _prospects(now, run))
    measure = yardstick(days_of, run.as_of, now, section, run.state_dir)
    measured = measured_customers(now, measure, section)
    horizon = run.params.churn.horizon_days
    ago_day = run.as_of - timedelta(days=horizon)
    were, stood = (described_customers(transactions, day, STANDING, days_of) for day in (run.previous_as_of, ago_day))
    before, ago = (measured_customers(customers, measure, section) for customers in (were, stood))
    return CustomerBase(
        measured, before, measure,
        segment_migration(before, measured, section.segments) if len(before) else None,
        _prospects(now, run),
        outcomes(ago, measured, horizon) if len(ago) else None,
        share_renamed(measured, measure, section, run.as_of),
        as_known_then(stood, days_of, ago_day, section) if len(stood) else None,
    )  # fmt: skip


def _prospects(customers: pd.DataFrame, run: Run) -> int | None:
    if not run.has("customers"):
        return None
    members = run.table("customers").select("customer_id", "joined_at").to_pandas()
    joined_at = pd.to_datetime(members["joined_at"])
    if joined_at.isna().all():
        return None
    joined = members[joined_at < pd.Timestamp(run.as_of)]
    return int((~joined["customer_id"].isin(customers["customer_id"])).sum())
