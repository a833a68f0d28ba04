"""What customers bought before and after a moment of theirs: an answer, or the end of a year with a return."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from crmlib.adjustment.around import HISTORY_DAYS
from crmlib.satisfaction.service.returns import buyers_and_returns

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

    from crmlib.satisfaction.answers.survey import Survey


def last_answers(survey: Survey, horizon_days: int) -> pd.DataFrame:
    """Give each customer's last answer whose whole horizon lies before `as_of`."""
    answers = survey.answers()
    end = pd.Timestamp(survey.as_of) - pd.Timedelta(days=horizon_days)
    over = answers[answers["customer_id"].notna() & (answers["answered_at"] <= end)]
    return over.sort_values(["customer_id", "answered_at", "response_id"]).drop_duplicates("customer_id", keep="last")


def customers_at(transactions: Table, cutoff: date) -> pd.DataFrame:
    """Give those who bought in the year before a date: `customer_id, at` and `returned` (took something back in it)."""
    buyers = buyers_and_returns(transactions, cutoff, HISTORY_DAYS)
    found: pd.DataFrame = buyers.order_by("customer_id").to_pandas()
    return found.assign(at=pd.Timestamp(cutoff), returned=found["returned"].astype(bool))
