"""Lifecycle stages: where each customer stands, by their own rhythm rather than one number of days for all."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from crmlib.segmentation.customers.rhythm import GapDistribution, gap_before_last, typical_gap
from crmlib.words import _


@dataclass(frozen=True, slots=True)
class Stage:
    """One lifecycle stage: its stable code, its name on a page, and who is in it."""

    code: str
    label: str
    meaning: str


STAGES: Final = (
    Stage("prospect", "Prospect", "a member who has not bought yet"),
    Stage("new", "New", "bought on one day, not overdue"),
    Stage("developing", "Developing", "came back, not yet a habit"),
    Stage("loyal", "Loyal", "buys in a steady rhythm"),
    Stage("back_again", "Back again", "had been dormant and returned"),
    Stage("at_risk", "At risk", "overdue by their own rhythm"),
    Stage("dormant", "Dormant", "long overdue"),
    Stage("lost", "Lost", "so long overdue that few return"),
)
"""The stages in the order of a customer's life; every customer is in exactly one."""

STAGE_CODES: Final = tuple(stage.code for stage in STAGES)


def stage_label(code: str) -> str:
    """Give a stage's name as a reader sees it.

    Examples
    --------
    >>> stage_label("back_again")
    'Back again'
    """
    return _(next(stage.label for stage in STAGES if stage.code == code))


def stage_meaning(code: str) -> str:
    """Say who is in a stage, in words.

    Examples
    --------
    >>> stage_meaning("lost")
    'so long overdue that few return'
    """
    return _(next(stage.meaning for stage in STAGES if stage.code == code))


@dataclass(frozen=True, slots=True)
class LifecycleLimits:
    """How long is too long, for a customer with the population's rhythm.

    Attributes
    ----------
    at_risk, dormant, lost
        Days without a purchase beyond which the stage begins; another rhythm scales them.
    typical
        The population's mean gap in days.
    """

    at_risk: float
    dormant: float
    lost: float
    typical: float

    def scaled(self, factor: float) -> "LifecycleLimits":
        """Give stricter or laxer limits, to see how the picture hangs on them."""
        return LifecycleLimits(self.at_risk * factor, self.dormant * factor, self.lost * factor, self.typical)


def lifecycle_limits(population: GapDistribution, quantiles: tuple[float, float, float]) -> LifecycleLimits:
    """Read the limits from how long customers who did come back had waited.

    Parameters
    ----------
    population
        The population's gaps.
    quantiles
        Shares of the gaps that are shorter than the limits of ``at_risk, dormant, lost``.

    Examples
    --------
    >>> gaps = GapDistribution(np.arange(1.0, 101.0), np.full(100, 0.01), 40)
    >>> lifecycle_limits(gaps, (0.8, 0.9, 0.97))
    LifecycleLimits(at_risk=80.0, dormant=90.0, lost=97.0, typical=50.5)
    """
    at_risk, dormant, lost = (population.quantile(share) for share in quantiles)
    return LifecycleLimits(at_risk, dormant, lost, population.mean)


def lifecycle_stages(
    rhythm: pd.DataFrame, limits: LifecycleLimits, population: GapDistribution, loyal_days: int = 4
) -> pd.DataFrame:
    """Put every customer into one stage of the customer's life.

    Whether a customer had been dormant before the last purchase is judged by the rhythm before that wait: a long wait
    would else lengthen the limit that it is held against.

    Parameters
    ----------
    rhythm
        One row a customer as from :func:`crmlib.segmentation.customers.rhythm.customer_rhythm`.
    limits
        Limits for the population's rhythm; they are scaled by the customer's own typical gap.
    population
        The population's gaps.
    loyal_days
        Purchase days from which a customer who is not overdue counts as loyal.

    Returns
    -------
    pandas.DataFrame
        ``lifecycle`` (ordered category of :data:`STAGE_CODES`), ``typical_gap`` (days) and ``limit_at_risk,
        limit_dormant, limit_lost`` (days) on the same index. Where nobody ever bought twice there are no limits,
        and every customer is new.

    Examples
    --------
    >>> gaps = GapDistribution(np.array([10.0, 30.0]), np.array([0.5, 0.5]), 40)
    >>> rhythm = pd.DataFrame({"purchase_days": [1, 6, 6], "gap_days": [0, 60, 60],
    ...                        "days_since_last": [5, 9, 99], "last_gap": [float("nan"), 10, 10]})
    >>> lifecycle_stages(rhythm, LifecycleLimits(30, 40, 60, 20), gaps)["lifecycle"].tolist()
    ['new', 'loyal', 'lost']
    """
    typical = typical_gap(rhythm, population)
    pace = (typical / limits.typical).to_numpy(dtype="float64")
    waited = rhythm["days_since_last"].to_numpy(dtype="float64")
    pace_then = (gap_before_last(rhythm, population) / limits.typical).to_numpy(dtype="float64")
    came_back = rhythm["last_gap"].to_numpy(dtype="float64", na_value=np.nan) > limits.dormant * pace_then
    bought = rhythm["purchase_days"].to_numpy()
    stage = np.select(
        [
            waited > limits.lost * pace,
            waited > limits.dormant * pace,
            waited > limits.at_risk * pace,
            bought == 1,
            came_back,
            bought >= loyal_days,
        ],
        ["lost", "dormant", "at_risk", "new", "back_again", "loyal"],
        default="developing",
    )
    return pd.DataFrame(
        {
            "lifecycle": pd.Categorical(stage, categories=list(STAGE_CODES), ordered=True),
            "typical_gap": typical.to_numpy(dtype="float64"),
            "limit_at_risk": limits.at_risk * pace,
            "limit_dormant": limits.dormant * pace,
            "limit_lost": limits.lost * pace,
        },
        index=rhythm.index,
    )
