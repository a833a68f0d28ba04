"""What contacting a customer is expected to bring, from where on it pays, and what those contacted brought."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from crmlib.churn.money.profit import Campaign
from crmlib.stats.predictions import leavers_among_top


def expected_gain(probability: ArrayLike, value: ArrayLike, campaign: Campaign) -> NDArray[np.float64]:
    """Expect so much money of contacting each customer: the value that is kept less the offer and the contact.

    Parameters
    ----------
    probability
        That the customer leaves, if nobody does anything.
    value
        What the customer brings if kept: each one's own, in place of the campaign's mean.
    campaign
        Costs, and the share of leavers that a contact keeps.

    Examples
    --------
    >>> expected_gain([0.5, 0.1], [200.0, 20.0], Campaign()).round(2).tolist()
    [22.5, -9.7]
    """
    leaving, worth = np.asarray(probability, dtype=float), np.asarray(value, dtype=float)
    won = leaving * campaign.kept * (worth - campaign.incentive)
    return np.asarray(won - (1 - leaving) * campaign.incentive - campaign.contact)


def break_even_risk(campaign: Campaign) -> float:
    """Say from which probability to leave a contact pays, for a customer of mean value; 1 where it never does.

    Examples
    --------
    >>> round(break_even_risk(Campaign()), 3)
    0.164
    """
    if not campaign.may_pay:
        return 1.0
    cost = campaign.incentive + campaign.contact
    return min(1.0, cost / (campaign.kept * (campaign.kept_value - campaign.incentive) + campaign.incentive))


def break_even_reduction(churn_rate: float, campaign: Campaign, value: float | None = None) -> float:
    """Say by how much a campaign, its offers to stayers too, must lower the churn rate to pay; infinite if it cannot.

    For customers who bring so much value if kept, the campaign's mean where it is not given.

    Examples
    --------
    >>> round(break_even_reduction(0.6, Campaign()), 4)
    0.0263
    """
    worth = (campaign.kept_value if value is None else value) - campaign.incentive
    cost = campaign.contact + campaign.incentive * (1 - churn_rate)
    return cost / worth if worth > 0 else float("inf")


def reach_by_share(churned: ArrayLike, gain: ArrayLike, values: ArrayLike, shares: Sequence[float]) -> pd.DataFrame:
    """Count whom a contact of the customers with the highest expected gain reaches, share by share.

    ``contacted, customers, leavers, value`` (what those leavers bring if kept), ``largest`` (the largest customer's
    part of the value of all contacted). Those of equal gain are spread evenly.
    """
    outcome, worth, expected = (np.asarray(column, dtype=float) for column in (churned, values, gain))
    n, order = len(outcome), np.argsort(-expected, kind="stable")
    together, greatest = np.cumsum(worth[order]), np.maximum.accumulate(worth[order])
    last = np.clip(np.ceil(np.asarray(shares) * n).astype(int) - 1, 0, n - 1)
    return pd.DataFrame(
        {
            "contacted": list(shares),
            "customers": np.asarray(shares, dtype=float) * n,
            "leavers": [leavers_among_top(outcome, expected, share) for share in shares],
            "value": [leavers_among_top(outcome * worth, expected, share) for share in shares],
            "largest": greatest[last] / np.where(together[last] > 0, together[last], np.inf),
        }
    )


def profit(reach: pd.DataFrame, campaign: Campaign, likely_value: float) -> "pd.Series[float]":
    """Give the profit of reaching those: the kept bring their value, stayers take the offer, contacts cost.

    The values of the reach are those at the likely mean value; a campaign with another one scales them.
    """
    value = reach["value"] * (campaign.kept_value / likely_value)
    won = campaign.kept * (value - campaign.incentive * reach["leavers"])
    return won - campaign.incentive * (reach["customers"] - reach["leavers"]) - campaign.contact * reach["customers"]
