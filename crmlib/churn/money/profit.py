"""What contacting customers at risk would earn, if offers kept a share of them: an assumption, not a measurement."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special
from scipy import stats as distributions

from crmlib.churn.proof.metrics import leavers_among_top


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a campaign to keep customers costs and what it may bring, in money: an assumption.

    A customer who is kept brings `kept_value`, a contact costs `contact`, an offer where it is taken `incentive`; the
    share of contacted leavers that it keeps has a beta distribution.
    """

    kept_value: float = 200.0
    incentive: float = 10.0
    contact: float = 1.0
    alpha: float = 6.0
    beta: float = 14.0

    def __post_init__(self) -> None:
        if not (self.kept_value > 0 and self.alpha > 0 and self.beta > 0):
            raise ValueError(f"a campaign needs a value and shapes above 0: {self}")
        if min(self.incentive, self.contact) < 0 or self.incentive >= self.kept_value:
            raise ValueError(f"costs are not negative and an incentive costs less than the customer brings: {self}")

    @property
    def acceptance(self) -> float:
        """The mean share of contacted leavers that the offer keeps."""
        return self.alpha / (self.alpha + self.beta)

    def acceptance_range(self, confidence: float = 0.95) -> tuple[float, float]:
        """Give the range that the assumption covers."""
        low, high = distributions.beta.ppf([(1 - confidence) / 2, (1 + confidence) / 2], self.alpha, self.beta)
        return float(low), float(high)


@dataclass(frozen=True, slots=True)
class ExpectedMaximumProfit:
    """The profit per customer at the best share contacted (EMPC), averaged over what is not known, and that share."""

    value: float
    contacted: float


def expected_maximum_profit(
    churned: ArrayLike, score: ArrayLike, campaign: Campaign, weights: ArrayLike | None = None
) -> ExpectedMaximumProfit:
    """Measure a score by the profit of the campaign that it would steer best (EMPC); zero where only one kind is there.

    Verbraken, Verbeke & Baesens 2013, IEEE Transactions on Knowledge and Data Engineering 25(5), equations 13 and 16.
    """
    outcome, values = np.asarray(churned, dtype=float), np.asarray(score, dtype=float)
    drawn = np.ones(len(outcome)) if weights is None else np.asarray(weights, dtype=float)
    prior = float(drawn @ outcome / drawn.sum())
    if prior in {0.0, 1.0}:
        return ExpectedMaximumProfit(0.0, 0.0)
    reached, false_alarms = roc_hull(outcome, values, drawn)
    return _integrated(reached, false_alarms, prior, campaign)


def roc_hull(
    outcome: NDArray[np.float64], score: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the corners of the ROC curve's convex hull: share of leavers and of stayers reached, from 0 to 1.

    It is what isotonic regression of the outcome on the score leaves (Fawcett & Niculescu-Mizil, Machine Learning 68,
    2007).
    """
    from sklearn.isotonic import isotonic_regression

    distinct, group = np.unique(-score, return_inverse=True)
    left = np.bincount(group, weights=weights * outcome, minlength=len(distinct))
    stayed = np.bincount(group, weights=weights * (1 - outcome), minlength=len(distinct))
    seen = left + stayed > 0
    left, stayed = left[seen], stayed[seen]
    share = isotonic_regression(left / (left + stayed), sample_weight=left + stayed, increasing=False)
    corners = np.concatenate([np.flatnonzero(np.diff(share)), [len(share) - 1]])
    leavers = np.concatenate([[0.0], np.cumsum(left)[corners] / left.sum()])
    stayers = np.concatenate([[0.0], np.cumsum(stayed)[corners] / stayed.sum()])
    return leavers, stayers


def _integrated(
    reached: NDArray[np.float64], false_alarms: NDArray[np.float64], prior: float, campaign: Campaign
) -> ExpectedMaximumProfit:
    """Average the best profit over the share that an offer keeps, corner by corner of the hull."""
    taken, called = campaign.incentive / campaign.kept_value, campaign.contact / campaign.kept_value
    slope = np.full(len(reached) - 1, np.inf)
    rises = np.diff(reached) > 0
    ratio = np.diff(false_alarms)[rises] / np.diff(reached)[rises]
    slope[rises] = ((1 - prior) * (taken + called) * ratio / prior + called) / (1 - taken)
    # corner i is the best one for offers that keep a share between limits i and i + 1
    limits = np.clip(np.concatenate([[0.0], slope, [1.0]]), 0, 1)
    a, b = campaign.alpha, campaign.beta
    chance = np.diff(special.betainc(a, b, limits))
    kept = campaign.acceptance * np.diff(special.betainc(a + 1, b, limits))
    gained = (1 - taken) * prior * reached * kept
    spent = (called * prior * reached + (taken + called) * (1 - prior) * false_alarms) * chance
    contacted = (prior * reached + (1 - prior) * false_alarms) * chance
    return ExpectedMaximumProfit(float(campaign.kept_value * (gained - spent).sum()), float(contacted.sum()))


def profit_by_share(churned: ArrayLike, score: ArrayLike, campaign: Campaign, shares: Sequence[float]) -> pd.DataFrame:
    """Weigh costs against benefits of contacting the customers at highest risk, share by share, for the whole base.

    Everybody contacted costs the contact; who would have stayed anyway takes the incentive; of those who would have
    left, a share takes it and stays. ``contacted, customers, leavers`` (among the contacted), ``profit`` at the mean
    share kept, ``low, high`` over its 95 % range.
    """
    n = len(np.asarray(churned))
    leavers = np.array([leavers_among_top(churned, score, share) for share in shares])
    customers = np.asarray(shares, dtype=float) * n
    low, high = campaign.acceptance_range()

    def profit(kept: float) -> NDArray[np.float64]:
        benefit = leavers * kept * (campaign.kept_value - campaign.incentive)
        result: NDArray[np.float64] = (
            benefit - (customers - leavers) * campaign.incentive - customers * campaign.contact
        )
        return result

    return pd.DataFrame(
        {
            "contacted": list(shares),
            "customers": customers,
            "leavers": leavers,
            "profit": profit(campaign.acceptance),
            "low": profit(low),
            "high": profit(high),
        }
    )


def break_even_reduction(churn_rate: float, campaign: Campaign) -> float:
    """Say by how much a campaign, its offers to stayers too, must lower the churn rate to pay for itself."""
    cost = campaign.contact + campaign.incentive * (1 - churn_rate)
    return cost / (campaign.kept_value - campaign.incentive)
