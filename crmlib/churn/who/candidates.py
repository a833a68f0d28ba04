"""Whom the chapter puts forward for a contact, and why: those worth an effort first, nobody who has left already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from datetime import date

VALUABLE: Final = "valuable_at_risk"
LIKELY: Final = "likely_to_leave"
OVERDUE: Final = "just_overdue"
COLUMNS: Final = ("customer_id", "reason", "score", "churn_probability", "value_ahead", "last_purchase")
"""The columns of the table ``candidates_churn``, beside which stands ``why``."""


def retention_candidates(leaving: pd.DataFrame, response: float, last_day: date) -> pd.DataFrame:
    """Put active customers forward, each for one reason; see `crmlib.churn.who.leaving.leaving_customers`.

    :data:`COLUMNS`. ``valuable_at_risk``: likely to leave and worth more than the mean of the active customers;
    ``likely_to_leave``: all others who are; ``just_overdue``: not likely to leave, but silent for longer than usual
    since last month. Nobody whom chapter 02 calls gone. The score is the value ahead times the probability to leave
    times the share of leavers that a contact is assumed to keep: what a contact may save.
    """
    likely, gone = leaving["likely"], leaving["gone"]
    reason = np.select(
        [gone, likely & leaving["valuable"], likely, leaving["crossed"]], ["", VALUABLE, LIKELY, OVERDUE], default=""
    )
    found = leaving.assign(
        reason=pd.Series(reason, index=leaving.index, dtype="str"),
        score=leaving["value_ahead"] * leaving["churn_probability"] * response,
        last_purchase=pd.Timestamp(last_day) - pd.to_timedelta(leaving["days_since_last"], unit="D"),
    )
    return found.loc[found["reason"] != "", list(COLUMNS)].reset_index(drop=True)
