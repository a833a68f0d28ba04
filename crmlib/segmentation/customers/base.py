"""The customer base at the end of this period and of the last one, measured with the same yardstick."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.segmentation.customers.measured import (
    STANDING,
    Yardstick,
    described_customers,
    measured_customers,
    share_renamed,
    yardstick,
)
from crmlib.segmentation.customers.migration import segment_migration
from crmlib.segmentation.customers.outcomes import outcomes
from crmlib.segmentation.customers.segments import segment_profile

if TYPE_CHECKING:
    from ibis import Table

    from crmlib.stats import Estimate
    from crmlib.workspace import Run


@dataclass(frozen=True, slots=True)
class CustomerBase:
    """Every customer who had bought, now and a period ago.

    Attributes
    ----------
    now
        From :func:`crmlib.segmentation.customers.measured.measured_customers`, as of the run's date.
    before
        The same a period ago, recomputed from today's data; empty where nobody had bought.
    measure
        What both were measured with; ``None`` where there is no customer.
    migration
        Who stood where (:func:`crmlib.segmentation.customers.migration.segment_migration`); ``None`` without a period
        before.
    prospects
        Members who had joined and not bought; ``None`` where no list of members says when they joined.
    standing
        Who stood where one horizon of chapter 03 ago, and has bought since
        (:func:`crmlib.segmentation.customers.outcomes.outcomes`); ``None`` where nobody had bought by then.
    renamed
        Share of customers whom cut points set anew would put into another segment; ``None`` where these are new.
    """

    now: pd.DataFrame
    before: pd.DataFrame
    measure: Yardstick | None
    migration: pd.DataFrame | None
    prospects: int | None
    standing: pd.DataFrame | None = None
    renamed: Estimate | None = None

    @property
    def profile(self) -> pd.DataFrame:
        """What each segment is made of, now."""
        return segment_profile(self.now)


def customer_base(transactions: Table, run: Run) -> CustomerBase:
    """Measure every customer now and a period ago with the cut points that the series keeps.

    Parameters
    ----------
    transactions
        The clean table (Ibis).
    run
        The run: its dates, parameters and state.
    """
    section = run.params.segmentation
    now = described_customers(transactions, run.as_of)
    if now.empty:
        return CustomerBase(now, now, None, None, _prospects(now, run))
    measure = yardstick(transactions, run.as_of, now, section, run.state_dir)
    measured = measured_customers(now, measure, section)
    days = run.params.churn.horizon_days
    before, ago = (
        measured_customers(described_customers(transactions, day, STANDING), measure, section)
        for day in (run.previous_as_of, run.as_of - timedelta(days=days))
    )
    return CustomerBase(
        measured, before, measure,
        segment_migration(before, measured, section.segments) if len(before) else None,
        _prospects(now, run),
        outcomes(ago, measured, days) if len(ago) else None,
        share_renamed(measured, measure, section, run.as_of),
    )  # fmt: skip


def _prospects(customers: pd.DataFrame, run: Run) -> int | None:
    """Count the members who had joined before the report's date and have not bought."""
    if not run.has("customers"):
        return None
    members = run.table("customers").select("customer_id", "joined_at").to_pandas()
    joined_at = pd.to_datetime(members["joined_at"])
    if joined_at.isna().all():
        return None
    joined = members[joined_at < pd.Timestamp(run.as_of)]
    return int((~joined["customer_id"].isin(customers["customer_id"])).sum())
