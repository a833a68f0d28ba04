"""What customers usually spend in a horizon, held to what the shop sells in one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.privacy.rules import DOMINANCE, DisclosureRules, largest_part


def usual_spend(customers: pd.DataFrame, active: pd.Series, horizon_days: int) -> pd.Series:
    """Expect so much of each customer within a horizon, had they stayed as they were.

    A customer's spend so far over the horizons since the first purchase, of which there is one at least. That begins
    with a purchase and counts a newcomer's only order in full, so that it adds up to more than a shop of newcomers ever
    sells: of the active customers together it is held to what all known customers spent in the last horizon, each
    customer's in proportion.

    Parameters
    ----------
    customers
        ``days_since_first, spend, recent_spend`` (in the last horizon).
    active
        Who can still be kept.
    horizon_days
        Length of a horizon.

    Returns
    -------
    pandas.Series
        Money, on the customers' index.

    Examples
    --------
    >>> once = pd.DataFrame({"days_since_first": [9, 89, 134], "spend": 90.0, "recent_spend": [90.0, 90.0, 0.0]})
    >>> usual_spend(once, pd.Series(True, index=once.index), 90).round(2).tolist()
    [67.5, 67.5, 45.0]
    """
    horizons = np.maximum((customers["days_since_first"] + 1) / horizon_days, 1.0)
    usual = customers["spend"] / horizons
    together, sold = float(usual[active].sum()), float(customers["recent_spend"].sum())
    return usual * (sold / together) if together > sold else usual


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What active customers usually spend in a horizon, and how much of it is at risk.

    Attributes
    ----------
    value
        The usual spend of each, times the probability to buy nothing: never more than the shop sells in a horizon.
    total
        The usual spend of all of them.
    people
        How many they are.
    largest
        The largest part that one customer has in either.
    """

    value: float
    total: float
    people: int
    largest: float

    def can_be_told(self, rules: DisclosureRules) -> bool:
        """Say whether the money is of enough people, none of whom brings most of it, and is any."""
        return not rules.hides(self.people) and self.largest <= DOMINANCE and self.total > 0

    @property
    def basis(self) -> int:
        """How many people the money may be said to rest on: one, where one of them brings most of it."""
        return self.people if self.largest <= DOMINANCE else min(self.people, 1)


def sales_at_risk(scores: pd.DataFrame) -> AtRisk:
    """Sum what active customers usually spend in a horizon, each times the probability to buy nothing.

    Parameters
    ----------
    scores
        ``active, usual_spend, churn_probability``; customers without a probability are left out.

    Examples
    --------
    >>> scores = pd.DataFrame({"active": [True, False], "usual_spend": [50.0, 9.0], "churn_probability": [0.4, 1.0]})
    >>> sales_at_risk(scores)
    AtRisk(value=20.0, total=50.0, people=1, largest=1.0)
    """
    told = scores[scores["active"] & scores["churn_probability"].notna()]
    usual = told["usual_spend"]
    at_risk = usual * told["churn_probability"]
    largest = max(largest_part(usual), largest_part(at_risk))
    return AtRisk(float(at_risk.sum()), float(usual.sum()), len(told), largest)
