"""What chapter 02 hands on: the table of segments, and whom it would contact and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.segmentation.business.parts_shown import part_changes
from crmlib.segmentation.candidates import candidates
from crmlib.segmentation.value.valuation import BACK_WITHIN

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.segmentation.customers.base import CustomerBase
    from crmlib.segmentation.study import Study
    from crmlib.segmentation.value.forecast import Forecast
    from crmlib.workspace import Run


VALUE_COLUMNS: Final = (
    "probability_alive", "probability_of_purchase", "expected_purchases", "expected_spend", "lifetime_value",
    "lifetime_value_low", "lifetime_value_high", *BACK_WITHIN,
)  # fmt: skip
COLUMNS: Final = (
    "customer_id", "segment", "recency_score", "frequency_score", "monetary_score", "lifecycle", "orders",
    "purchase_days", "spend", "net_spend", "average_order_value", "main_store", "main_channel", "days_since_last",
    "days_since_first", "typical_gap", "limit_at_risk", "limit_dormant", "limit_lost", *VALUE_COLUMNS,
)  # fmt: skip
"""Columns of the table ``segments``, one row a customer; text codes, days, money in the report's currency."""


def segments_table(base: CustomerBase, forecast: Forecast) -> pd.DataFrame:
    """Put together what later chapters read: one row a customer with scores, segment, stage and value ahead.

    :data:`COLUMNS`; the value columns are missing where no purchase model could be fitted.
    """
    customers = base.now
    if forecast.valued is not None:
        customers = customers.merge(forecast.valued.customers, on="customer_id", how="left")
    table = customers.reindex(columns=list(COLUMNS))
    return table.assign(segment=table["segment"].astype("str"), lifecycle=table["lifecycle"].astype("str"))


def hand_over_segments(found: Study, run: Run) -> None:
    """Write the tables `segments` and `segments_then`, for which other chapters wait."""
    run.write("segments", segments_table(found.base, found.forecast), by=["customer_id"])
    if found.base.then is not None:
        run.write("segments_then", found.base.then, by=["customer_id"])


def hand_over(found: Study, run: Run) -> None:
    """Write the other tables: `candidates_segmentation` for chapter 05, and figures for machines."""
    base, forecast = found.base, found.forecast
    table = segments_table(base, forecast)
    known = table if forecast.valued is not None else table.drop(columns=list(VALUE_COLUMNS))
    run.write("candidates_segmentation", candidates(found, run, known), by=["customer_id", "reason"])
    run.write("business_figures", found.glance.figures, by=["window", "part", "item"])
    run.write("part_changes", part_changes(found.glance, run), by=["part", "item"])
    run.write("monthly_figures", found.months, by=["month"])
    run.write("cohorts", found.cohorts, by=["cohort", "age"])
    run.write("revenue_change", found.change.as_table(), by=["split", "part"])
