"""How a purchase felt: latent satisfaction, what drives it, and what a questionnaire would have recorded.

Satisfaction and leaving are tied so that both stay exact: leaving after a purchase is the coin of the purchase process,
and the satisfaction of a purchase after which the member leaves is lower by ``LEAVING_GAP``. By Bayes' rule that *is* a
logistic model: with normal noise of deviation ``NOISE``, the log odds of leaving move by
``-LEAVING_GAP / NOISE**2`` for each unit of satisfaction, at the member's own baseline.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.plan import Plan
from crmlib.demo.segments import SEGMENTS, STORE_EFFECTS

DRIVERS: Final = ("staff", "range", "price", "quality", "speed", "app")

LEAVING_GAP: Final = 0.55
NOISE: Final = 0.75
LEAVING_SLOPE: Final = -LEAVING_GAP / NOISE**2
"""Change in the log odds of leaving for good per unit of latent satisfaction with the purchase."""

CHANNEL_EFFECTS: Final = (0.0, -0.10, 0.05)
TREND: Final = 0.20
"""Rise of the latent satisfaction over the 24 months."""

WEIGHTS: Final = (0.24, 0.10, 0.18, 0.30, 0.14, 0.04)
"""Regression weights of the latent drivers on the latent satisfaction, in the order of ``DRIVERS``."""

_CORRELATION: Final = (
    (1.00, 0.25, 0.20, 0.35, 0.50, 0.20),
    (0.25, 1.00, 0.25, 0.45, 0.20, 0.30),
    (0.20, 0.25, 1.00, 0.40, 0.20, 0.20),
    (0.35, 0.45, 0.40, 1.00, 0.25, 0.20),
    (0.50, 0.20, 0.20, 0.25, 1.00, 0.40),
    (0.20, 0.30, 0.20, 0.20, 0.40, 1.00),
)
_VARIANCE: Final = 0.75


def make_experience(plan: Plan, people: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Draw the experience of every order of a member.

    Indexed as the orders of members: ``mood`` (latent satisfaction) and the scores that an answer would carry,
    ``score_recommend`` (0 to 10), ``score_satisfaction`` and one ``score_<driver>`` (1 to 5) each.
    """
    rng = plan.stream("experience")
    mine = orders[orders["person"] >= 0]
    mood = _expected_mood(plan, people, mine) - LEAVING_GAP * mine["leaves"].to_numpy()
    mood = mood + NOISE * rng.standard_normal(len(mine))
    latent = _drivers_given(rng, mood)
    # Some people tick high and some low, whatever they feel.
    style = 0.2 * plan.stream("style").standard_normal(len(people))[mine["person"]]
    scores = {
        "score_recommend": _scale(7.75 + 2.0 * (mood + style) + 0.6 * rng.standard_normal(len(mine)), 0, 10),
        "score_satisfaction": _scale(3.85 + 0.95 * (mood + style) + 0.25 * rng.standard_normal(len(mine)), 1, 5),
    }
    for column, driver in enumerate(DRIVERS):
        level = 3.9 if driver != "price" else 3.5
        scores[f"score_{driver}"] = _scale(level + 0.9 * (latent[:, column] + style), 1, 5)
    return pd.DataFrame({"mood": mood, **scores}, index=mine.index)


def _expected_mood(plan: Plan, people: pd.DataFrame, orders: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Add up what satisfaction a purchase has without its own luck: member, segment, store, channel, trend."""
    store = np.array([*STORE_EFFECTS.values(), 0.0])[orders["store"]]
    channel = np.array(CHANNEL_EFFECTS)[orders["channel"]]
    segment = np.array([s.satisfaction for s in SEGMENTS])[orders["segment"]]
    temper = people["temper"].to_numpy()[orders["person"]]
    return np.asarray(segment + temper + store + channel + TREND * orders["at"].to_numpy() / plan.as_of_day)


def _drivers_given(rng: np.random.Generator, mood: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Draw the drivers from their normal distribution given the satisfaction they add up to."""
    sigma, weights = np.array(_CORRELATION), np.array(WEIGHTS)
    covariance = sigma @ weights
    rest = sigma - np.outer(covariance, covariance) / _VARIANCE
    noise = rng.standard_normal((len(mood), len(DRIVERS))) @ np.linalg.cholesky(rest).T
    return np.asarray(mood[:, None] * covariance / _VARIANCE + noise)


def _scale(values: npt.NDArray[np.float64], low: int, high: int) -> npt.NDArray[np.int64]:
    return np.clip(np.rint(values), low, high).astype(int)
