"""The survey: who is asked after a purchase, who answers, and what an answer leaves out.

Who answers hangs on the loyalty tier and on the channel, never on the score itself: the plain mean of the answers is
off, and weighting by what is known of everybody puts it right.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.arrays import kept
from crmlib.demo.comments import write_comments
from crmlib.demo.experience import DRIVERS
from crmlib.demo.plan import Plan
from crmlib.demo.segments import TOUCHPOINTS
from crmlib.demo.stores import make_stores

INVITED: Final = 0.30
"""Share of the members' orders after which the member is asked."""

ANSWERS_BY_TIER: Final = {"普通": 0.20, "银卡": 0.30, "金卡": 0.40, "钻石": 0.50}
ANSWERS_BY_CHANNEL: Final = (0.0, -0.05, 0.06)
"""Chance of an answer by tier, and what the channel adds: store, web, mini-programme."""

COMMENTED: Final = 0.35
ITEM_MISSING: Final = 0.04


def make_surveys(
    plan: Plan, orders: pd.DataFrame, experience: pd.DataFrame, tier: npt.NDArray[np.object_]
) -> pd.DataFrame:
    """Ask, and record the answers.

    Parameters
    ----------
    plan, orders, experience
        As simulated.
    tier
        Loyalty tier of each person.

    Returns
    -------
    pandas.DataFrame
        The columns of the canonical ``surveys`` with ``person`` for the customer; scores are floats, missing where
        the invitation was not answered or the item was left out.
    """
    rng = plan.stream("surveys")
    asked = experience.index[rng.random(len(experience)) < INVITED]
    mine, scores = orders.loc[asked], experience.loc[asked].drop(columns="mood").astype(float)
    n = len(asked)
    channel = mine["channel"].to_numpy()
    chance = np.array([ANSWERS_BY_TIER[t] for t in tier[mine["person"]]]) + np.array(ANSWERS_BY_CHANNEL)[channel]
    invited = mine["ordered_at"].to_numpy() + (86_400 + rng.integers(0, 7200, n)).astype("timedelta64[s]")
    answered = invited + (rng.exponential(1.3, n) * 86_400).astype("timedelta64[s]") + np.timedelta64(60, "s")
    answers = (rng.random(n) < chance) & (answered < np.datetime64(plan.end))
    surveys = pd.DataFrame({
        "response_id": [f"Q{i:06d}" for i in range(1, n + 1)],
        "invited_at": invited,
        "answered_at": np.where(answers, answered, np.datetime64("NaT")),
        "person": mine["person"].to_numpy(),
        "touchpoint": np.array(TOUCHPOINTS)[channel],
        "store_id": np.array([*make_stores()["store_id"], None], dtype=object)[mine["store"]],
        "order_id": mine["order_id"].to_numpy(),
        "comment": kept(_comments(rng, scores), answers & (rng.random(n) < COMMENTED)),
    })  # fmt: skip
    gaps = rng.random(scores.shape) < np.where(
        scores.columns.isin(["score_recommend", "score_satisfaction"]), 0.01, ITEM_MISSING
    )
    recorded = scores.where(~gaps & answers[:, None])
    surveys = pd.concat([surveys, recorded.reset_index(drop=True)], axis=1)
    return surveys[surveys["invited_at"] < np.datetime64(plan.end)].reset_index(drop=True)


def _comments(rng: np.random.Generator, scores: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Write about the driver that stands out: the worst for the displeased, the best for the pleased."""
    drivers = scores[[f"score_{d}" for d in DRIVERS]].to_numpy() + 0.9 * rng.random((len(scores), len(DRIVERS)))
    pleased = scores["score_satisfaction"].to_numpy() >= 4
    topic = np.where(pleased, np.argmax(drivers, axis=1), np.argmin(drivers, axis=1))
    return write_comments(rng, topic, np.where(pleased, 1, -1))
