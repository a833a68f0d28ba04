"""Whom the chapter puts forward for a contact now, and why: nobody who has left, is not yet due or would not pay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from datetime import date

VALUABLE: Final = "valuable_at_risk"
LIKELY: Final = "likely_to_leave"
OVERDUE: Final = "just_overdue"
COLUMNS: Final = ("customer_id", "reason", "score", "churn_probability", "value_ahead", "last_purchase", "late_since")
"""The columns of the table ``candidates_churn``, beside which stands ``why``."""


def retention_candidates(leaving: pd.DataFrame, gain: pd.Series, last_day: date) -> pd.DataFrame:
    """Put active customers forward, each for one reason; see `crmlib.churn.who.leaving.leaving_customers`.

    :data:`COLUMNS`. ``valuable_at_risk``: likely to leave and worth more than the mean of the active customers;
    ``likely_to_leave``: all others who are; ``just_overdue``: not likely to leave, but silent for longer than usual
    since last month. Nobody who is gone by the own rhythm, nobody who is not away for longer than the own typical gap
    (late since its end), nobody whom a contact is expected to cost more than it brings. The score is the expected gain
    of a contact; where no customer has a value, the value ahead times the probability to leave.
    """
    likely, kept_out = leaving["likely"], leaving["gone"] | ~leaving["due"] | (gain <= 0)
    reason = np.select(
        [kept_out, likely & leaving["valuable"], likely, leaving["crossed"]],
        ["", VALUABLE, LIKELY, OVERDUE], default="",
    )  # fmt: skip
    last = pd.Timestamp(last_day) - pd.to_timedelta(leaving["days_since_last"], unit="D")
    gap = np.ceil(leaving["typical_gap"].astype("float64"))
    found = leaving.assign(
        reason=pd.Series(reason, index=leaving.index, dtype="str"),
        score=gain.fillna(leaving["value_ahead"] * leaving["churn_probability"]),
        last_purchase=last, late_since=last + pd.to_timedelta(gap, unit="D"),
    )  # fmt: skip
    return found.loc[found["reason"] != "", list(COLUMNS)].reset_index(drop=True)
