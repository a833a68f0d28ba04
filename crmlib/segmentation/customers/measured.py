"""One row a customer as of a date: what they bought, their scores, their segment and their stage."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from crmlib.features import customer_features
from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.customers.lifecycle import LifecycleLimits, lifecycle_limits, lifecycle_stages
from crmlib.segmentation.customers.rfm import CutPoints, cut_points, keep_cut_points, read_cut_points, rfm_scores
from crmlib.segmentation.customers.rhythm import GapDistribution, customer_rhythm, gap_distribution
from crmlib.segmentation.customers.segments import name_segments

_MONEY = ("spend", "returned", "net_spend", "units")


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What customers are measured with: fixed on a reference date, so that only customers move.

    Attributes
    ----------
    cuts
        The limits between scores.
    population
        The population's gaps between purchases.
    limits
        The limits of the lifecycle stages for the population's rhythm.
    """

    cuts: CutPoints
    population: GapDistribution
    limits: LifecycleLimits


def described_customers(transactions: Any, as_of: date) -> pd.DataFrame:
    """Bring one row a customer from the engine: what they bought and in which rhythm.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`crmlib.features.customer_features` (money as floats, exact to the cent below 10^13) and
        of :func:`crmlib.segmentation.customers.rhythm.customer_rhythm`, sorted by ``customer_id``.
    """
    features = customer_features(transactions, as_of)
    features = features.mutate(**{name: features[name].cast("float64") for name in _MONEY})
    rhythm = customer_rhythm(transactions, as_of).drop("purchase_days", "days_since_last", "days_since_first")
    joined = features.left_join(rhythm, "customer_id").drop("customer_id_right")
    customers: pd.DataFrame = joined.to_pandas()
    return customers.sort_values("customer_id", ignore_index=True)


def yardstick(
    transactions: Any,
    as_of: date,
    customers: pd.DataFrame,
    section: SegmentationSection,
    state_dir: Path | None = None,
) -> Yardstick:
    """Take the series' yardstick, or set it on this date and keep it.

    Cut points set after this date are not used (they would know what had not happened yet), nor written over: the
    periods since then go on with them, and this one is measured with its own.

    Parameters
    ----------
    transactions
        The clean table (Ibis), for the population's gaps.
    as_of
        The date.
    customers
        From :func:`described_customers`; used where no cut points are kept.
    section
        The chapter's parameters.
    state_dir
        The series' state folder. Deleting ``rfm_cut_points_<bins>.json`` there sets the cut points anew.
    """
    population = gap_distribution(transactions, as_of)
    limits = lifecycle_limits(population, section.lifecycle_quantiles)
    file = state_dir / f"rfm_cut_points_{section.bins}.json" if state_dir is not None else None
    kept = read_cut_points(file) if file is not None and file.exists() else None
    if kept is not None and kept.reference <= as_of.isoformat():
        return Yardstick(kept, population, limits)
    cuts = cut_points(customers, section.bins, as_of.isoformat())
    if population.customers:
        cuts = replace(cuts, recent_within=limits.at_risk, away_after=limits.dormant)
    if file is not None and kept is None:
        keep_cut_points(cuts, file)
    return Yardstick(cuts, population, limits)


def measured_customers(customers: pd.DataFrame, measure: Yardstick, section: SegmentationSection) -> pd.DataFrame:
    """Score every customer, name their segment and their stage.

    Parameters
    ----------
    customers
        From :func:`described_customers`. It is not changed.
    measure
        The yardstick; the same one for two dates makes them comparable.
    section
        The chapter's parameters.

    Returns
    -------
    pandas.DataFrame
        ``customers`` with ``recency_score, frequency_score, monetary_score, segment, lifecycle, typical_gap,
        limit_at_risk, limit_dormant, limit_lost``.
    """
    scores = rfm_scores(customers, cuts=measure.cuts).drop(columns="customer_id", errors="ignore")
    scored = customers.join(scores)
    segment = name_segments(
        scored,
        bins=measure.cuts.bins,
        new_days=section.new_days,
        recent_within=measure.cuts.recent_within,
        away_after=measure.cuts.away_after,
    )
    stages = lifecycle_stages(customers, measure.limits, measure.population, section.loyal_days)
    return scored.assign(segment=segment).join(stages)
