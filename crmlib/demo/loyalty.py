"""Tier and points of each member as the last day's extract shows them: without a history."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.plan import Plan

TIERS: Final = ("普通", "银卡", "金卡", "钻石")
TIER_LIMITS: Final = (600.0, 1800.0, 4000.0)
"""Net spend of the last 365 days, in yuan, from which silver, gold and diamond begin."""


def yearly_spend(plan: Plan, sales: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Add up what each person spent, net of returns, in the year before the extract."""
    since = np.datetime64(plan.end) - np.timedelta64(365, "D")
    recent = sales[(sales["person"] >= 0) & (sales["ordered_at"] >= since)]
    return np.asarray(np.bincount(recent["person"], weights=recent["amount"], minlength=plan.members), dtype=float)


def make_tiers(plan: Plan, sales: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Give each person's tier.

    Examples
    --------
    >>> day = pd.Timestamp("2026-05-01")
    >>> sales = pd.DataFrame({"person": [0, 1], "ordered_at": day, "amount": [50.0, 5e3]})
    >>> make_tiers(Plan(members=2), sales).tolist()
    ['普通', '钻石']
    """
    return np.array(TIERS, dtype=object)[np.searchsorted(TIER_LIMITS, yearly_spend(plan, sales), side="right")]
