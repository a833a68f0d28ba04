"""What a score would earn the campaign that it steers best, customer by customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from crmlib.churn.money.profit import Campaign


def profit_each(churned: ArrayLike, score: ArrayLike, campaign: Campaign) -> NDArray[np.float64]:
    """Give each customer's part in the expected maximum profit: their mean is the EMPC.

    Whoever is contacted at the best share, for every share of leavers that an offer may keep, averaged over these. As
    the best share stands at a maximum, it moves the profit only to the second order when customers weigh otherwise:
    for resamples the mean over these parts is enough.

    References
    ----------
    Verbraken, Verbeke & Baesens (2013), IEEE Transactions on Knowledge and Data Engineering 25(5); the best share at
    each slope of the ROC curve's convex hull, which isotonic regression gives (Fawcett & Niculescu-Mizil 2007).
    """
    from sklearn.isotonic import isotonic_regression

    outcome = np.asarray(churned, dtype=float)
    if not campaign.may_pay:
        return np.zeros(len(outcome))
    _, group, size = np.unique(np.asarray(score, dtype=float), return_inverse=True, return_counts=True)
    left = np.bincount(group, weights=outcome)
    share = isotonic_regression(left / size, sample_weight=size.astype(float))[group]
    brought = campaign.kept_value - campaign.incentive
    cost = (1 - share) * campaign.incentive + campaign.contact
    # contacting pays from this share kept on; where nobody leaves, never
    least = np.divide(cost, share * brought, out=np.ones(len(share)), where=share > 0).clip(0, 1)
    chance, kept = campaign.share_below(least)
    spent = ((1 - outcome) * campaign.incentive + campaign.contact) * (1 - chance)
    parts: NDArray[np.float64] = outcome * brought * (campaign.kept - kept) - spent
    return parts
