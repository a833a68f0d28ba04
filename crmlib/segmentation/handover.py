"""What chapter 02 hands on: the table of segments and the candidates for the lists."""

from typing import Final

import pandas as pd

from crmlib.segmentation.candidates import candidates
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.segments import with_role
from crmlib.segmentation.value.forecast import Forecast
from crmlib.segmentation.value.valuation import BACK_WITHIN
from crmlib.workspace import Run

VALUE_COLUMNS: Final = (
    "probability_alive", "probability_of_purchase", "expected_purchases", "expected_spend", "lifetime_value",
    "lifetime_value_low", "lifetime_value_high", *BACK_WITHIN,
)  # fmt: skip
COLUMNS: Final = (
    "customer_id", "segment", "recency_score", "frequency_score", "monetary_score", "lifecycle", "orders",
    "purchase_days", "spend", "net_spend", "average_order_value", "days_since_last", "days_since_first",
    "typical_gap", "limit_at_risk", "limit_dormant", "limit_lost", *VALUE_COLUMNS,
)  # fmt: skip
"""Columns of the table ``segments``, one row a customer; text codes, days, money in the report's currency."""


FURTHER: Final = {
    "business_figures": ("window", "part", "item"),
    "cohorts": ("cohort", "age"),
    "monthly_figures": ("month",),
}
"""Tables for machines that the chapter writes beside, with the columns that they are sorted by."""


def segments_table(base: CustomerBase, forecast: Forecast) -> pd.DataFrame:
    """Put together what later chapters read: one row a customer with scores, segment, stage and value ahead.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`; the value columns are missing where no purchase model could be fitted, and ``lifecycle`` is
        a stage of :data:`crmlib.segmentation.customers.lifecycle.STAGE_CODES`, prospects left out.
    """
    customers = base.now
    if forecast.valued is not None:
        customers = customers.merge(forecast.valued.customers, on="customer_id", how="left")
    table = customers.reindex(columns=list(COLUMNS))
    return table.assign(segment=table["segment"].astype("str"), lifecycle=table["lifecycle"].astype("str"))


def hand_over(base: CustomerBase, forecast: Forecast, run: Run, **tables: pd.DataFrame) -> None:
    """Write the tables ``segments`` and ``candidates_segmentation`` for the chapters after this one, and more.

    Parameters
    ----------
    base, forecast
        The customers and their value ahead.
    run
        The run.
    **tables
        Further tables of :data:`FURTHER`, by name.

    Raises
    ------
    KeyError
        If a further table is none of :data:`FURTHER`.
    """
    table = segments_table(base, forecast)
    run.write("segments", table, by=["customer_id"])
    known = table if forecast.valued is not None else table.drop(columns=list(VALUE_COLUMNS))
    missed = with_role(run.params.segmentation.segments, "missed")
    run.write("candidates_segmentation", candidates(known, base.migration, missed), by=["customer_id", "reason"])
    for name, rows in tables.items():
        run.write(name, rows, by=FURTHER[name])
