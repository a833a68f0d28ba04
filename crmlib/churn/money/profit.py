"""What a campaign to keep customers costs and may bring, and the profit of the one that a score steers best (EMPC)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a campaign to keep customers costs and brings, in money.

    A customer who is kept brings `kept_value`, a contact costs `contact`, an offer where it is taken `incentive`; of
    contacted leavers it keeps the share `kept`, known within the standard deviation `spread`. Below 0 it drives away.
    """

    kept_value: float = 200.0
    incentive: float = 10.0
    contact: float = 1.0
    kept: float = 0.3
    spread: float = 0.1

    def __post_init__(self) -> None:
        if not (self.kept_value > 0 and self.kept <= 1 and self.spread >= 0):
            raise ValueError(f"a campaign has a value above 0 and keeps at most everybody: {self}")
        if min(self.incentive, self.contact) < 0:
            raise ValueError(f"costs are not negative: {self}")

    @property
    def may_pay(self) -> bool:
        """Whether it can pay at all: it keeps somebody, who brings more than the offer costs."""
        return self.kept > 0 and self.kept_value > self.incentive

    def share_below(self, limits: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the chance that the share kept lies below each limit, and the mean share there times that chance.

        It has a beta distribution of that mean and deviation; without a deviation it is one number.
        """
        if self.spread == 0 or self.kept == 1:
            chance = (self.kept <= limits).astype(float)
            return chance, self.kept * chance
        most = 0.99 * self.kept * (1 - self.kept)
        size = self.kept * (1 - self.kept) / min(self.spread**2, most) - 1
        a, b = self.kept * size, (1 - self.kept) * size
        return special.betainc(a, b, limits), self.kept * special.betainc(a + 1, b, limits)


@dataclass(frozen=True, slots=True)
class ExpectedMaximumProfit:
    """The profit per customer at the best share contacted (EMPC), averaged over what is not known, and that share."""

    value: float
    contacted: float


def expected_maximum_profit(
    churned: ArrayLike, score: ArrayLike, campaign: Campaign, weights: ArrayLike | None = None
) -> ExpectedMaximumProfit:
    """Measure a score by the profit of the campaign that it would steer best (EMPC); zero where none can pay.

    Verbraken, Verbeke & Baesens 2013, IEEE Transactions on Knowledge and Data Engineering 25(5), equations 13 and 16.
    """
    outcome, values = np.asarray(churned, dtype=float), np.asarray(score, dtype=float)
    drawn = np.ones(len(outcome)) if weights is None else np.asarray(weights, dtype=float)
    prior = float(drawn @ outcome / drawn.sum())
    if prior in {0.0, 1.0} or not campaign.may_pay:
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
    chance, kept = (np.diff(below) for below in campaign.share_below(limits))
    gained = (1 - taken) * prior * reached * kept
    spent = (called * prior * reached + (taken + called) * (1 - prior) * false_alarms) * chance
    contacted = (prior * reached + (1 - prior) * false_alarms) * chance
    return ExpectedMaximumProfit(float(campaign.kept_value * (gained - spent).sum()), float(contacted.sum()))
