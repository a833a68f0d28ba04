"""What customers usually spend in a horizon, held to what the shop sells in one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.reporting import largest_part


def usual_spend(customers: pd.DataFrame, active: pd.Series, horizon_days: int) -> pd.Series:
    """Expect so much money of each customer within a horizon: what was spent so far over the horizons since the first.

    That counts a newcomer's only order in full and adds up to more than a shop of newcomers ever sells: of the active
    together it is held to what all known customers spent in the last horizon, each one's in proportion.
    """
    horizons = np.maximum((customers["days_since_first"] + 1) / horizon_days, 1.0)
    usual = customers["spend"] / horizons
    together, sold = float(usual[active].sum()), float(customers["recent_spend"].sum())
    return usual * (sold / together) if together > sold else usual


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What so many active customers usually spend in a horizon, and how much of it is at risk.

    `largest` is the largest part that one customer has in either (0 to 1).
    """

    value: float
    total: float
    people: int
    largest: float


def sales_at_risk(scores: pd.DataFrame) -> AtRisk:
    """Sum what active customers with a probability usually spend in a horizon, and that times the probability."""
    scored = scores[scores["active"] & scores["churn_probability"].notna()]
    usual = scored["usual_spend"]
    at_risk = usual * scored["churn_probability"]
    largest = max(largest_part(usual), largest_part(at_risk))
    return AtRisk(float(at_risk.sum()), float(usual.sum()), len(scored), largest)
