"""What customers say: asked after a purchase, and unasked, and how the chain answers.

Who answers a survey hangs on the loyalty tier and on the channel, never on the score itself: the plain mean of the
answers is off, and weighting by what is known of everybody puts it right.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.experience import DRIVERS
from crmlib.demo.plan import Plan, only_where
from crmlib.demo.remarks import draw_asides, write_remarks
from crmlib.demo.segments import TOUCHPOINTS, make_stores

INVITED: Final = 0.30
"""Share of the members' orders after which the member is asked."""

ANSWERS_BY_TIER: Final = {"普通": 0.20, "银卡": 0.30, "金卡": 0.40, "钻石": 0.50}
ANSWERS_BY_CHANNEL: Final = (0.0, -0.05, 0.06)
"""Chance of an answer by tier, and what the channel adds: store, web, mini-programme."""

COMMENTED: Final = 0.35
ITEM_MISSING: Final = 0.04

COMPLAINT_LEVEL: Final = -3.9
COMPLAINT_SLOPE: Final = -1.3
"""Log odds of a complaint: level, and change per unit of latent satisfaction."""

UNRESOLVED_IF_STAYS: Final = 0.15
UNRESOLVED_IF_LEAVES: Final = 0.50
"""Share of complaints left unresolved: by whether the member leaves for good after the purchase concerned."""

UNRESOLVED_LOG_ODDS: Final = float(
    np.log(UNRESOLVED_IF_LEAVES / (1 - UNRESOLVED_IF_LEAVES)) - np.log(UNRESOLVED_IF_STAYS / (1 - UNRESOLVED_IF_STAYS))
)
"""Change in the log odds of leaving where a complaint stays unresolved, at equal satisfaction and baseline."""

Times = npt.NDArray[np.datetime64]

TEAMS: Final = {
    "staff": "客服中心",
    "range": "商品部",
    "price": "商品部",
    "quality": "质量部",
    "speed": "物流部",
    "app": "技术部",
}
COUNTER: Final = "门店"
CARE: Final = "客服中心"
"""The team in charge of a contact: that of its topic, the store for what is said at its counter, else customer care."""

TO_CARE: Final = 0.15
NO_TEAM: Final = 0.04


def make_surveys(
    plan: Plan, orders: pd.DataFrame, experience: pd.DataFrame, tier: npt.NDArray[np.object_]
) -> pd.DataFrame:
    """Ask, and record the answers: the canonical ``surveys`` with ``person``; a score that was not given is missing."""
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
        "comment": _comments(plan, rng, scores, answers),
    })  # fmt: skip
    gaps = rng.random(scores.shape) < np.where(
        scores.columns.isin(["score_recommend", "score_satisfaction"]), 0.01, ITEM_MISSING
    )
    recorded = scores.where(~gaps & answers[:, None])
    surveys = pd.concat([surveys, recorded.reset_index(drop=True)], axis=1)
    return surveys[surveys["invited_at"] < np.datetime64(plan.end)].reset_index(drop=True)


def _comments(
    plan: Plan, rng: np.random.Generator, scores: pd.DataFrame, answers: npt.NDArray[np.bool_]
) -> npt.NDArray[np.object_]:
    """Write about the driver that stands out: the worst for the displeased, the best for the pleased."""
    drivers = scores[[f"score_{d}" for d in DRIVERS]].to_numpy()
    standing_out = drivers + 0.9 * rng.random(drivers.shape)
    pleased = scores["score_satisfaction"].to_numpy() >= 4
    told = pd.DataFrame({
        "subject": np.where(pleased, np.argmax(standing_out, axis=1), np.argmin(standing_out, axis=1)),
        "tone": np.where(pleased, 1, -1),
        "language": rng.random(len(scores)),
    })  # fmt: skip
    words = plan.stream("words of comments")
    told = told.join(draw_asides(words, drivers, told["subject"].to_numpy()))
    return only_where(write_remarks(words, told), answers & (rng.random(len(scores)) < COMMENTED))


def make_interactions(plan: Plan, orders: pd.DataFrame, experience: pd.DataFrame) -> pd.DataFrame:
    """Draw complaints, consultations and suggestions, by time.

    The canonical ``interactions`` with ``person`` for the customer, and ``unresolved`` (a complaint nobody ever
    settles, as against one still open on the extract's last day).
    """
    rng = plan.stream("interactions")
    mine = orders.loc[experience.index]
    pressure = 1 / (1 + np.exp(-(COMPLAINT_LEVEL + COMPLAINT_SLOPE * experience["mood"].to_numpy())))
    chance = rng.random(len(mine))
    kinds = {
        "complaint": chance < pressure,
        "consultation": (chance > 0.5) & (chance < 0.535),
        "suggestion": (chance > 0.7) & (chance < 0.71),
    }
    frames = [_contacts(rng, kind, mine[chosen], experience[chosen]) for kind, chosen in kinds.items()]
    contacts = pd.concat(frames, ignore_index=True)
    told = contacts[["subject", "language"]].assign(
        tone=np.where(contacts["kind"] == "complaint", -1, 0), aside=-1, aside_tone=0
    )
    contacts["text"] = write_remarks(plan.stream("words of contacts"), told)
    contacts["owner"] = _in_charge(plan.stream("teams"), contacts)
    contacts = contacts[contacts["at"] < np.datetime64(plan.end)]
    _answer(plan, rng, contacts)
    contacts = contacts.drop(columns=["leaves", "subject", "language"])
    return contacts.sort_values(["at", "person"], kind="stable", ignore_index=True)


def _contacts(rng: np.random.Generator, kind: str, orders: pd.DataFrame, experience: pd.DataFrame) -> pd.DataFrame:
    n = len(orders)
    scores = experience[[f"score_{d}" for d in DRIVERS]].to_numpy() + rng.random((n, len(DRIVERS)))
    worst = np.argmin(scores, axis=1) if kind == "complaint" else rng.integers(0, len(DRIVERS), n)
    wait = (rng.exponential(1.2, n) * 86_400).astype(int) + 1800
    stores = np.array([*make_stores()["store_id"], None], dtype=object)
    return pd.DataFrame({
        "person": orders["person"].to_numpy(),
        "at": orders["ordered_at"].to_numpy() + wait.astype("timedelta64[s]"),
        "kind": kind,
        "channel": rng.choice(["phone", "chat", "counter"], n, p=[0.4, 0.4, 0.2]),
        "touchpoint": np.array(TOUCHPOINTS)[orders["channel"]],
        "store_id": stores[orders["store"]],
        "order_id": orders["order_id"].to_numpy(),
        "topic": np.array(DRIVERS)[worst],
        "subject": worst,
        "language": rng.random(n),
        "leaves": orders["leaves"].to_numpy(),
    })  # fmt: skip


def _in_charge(rng: np.random.Generator, contacts: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Name the team in charge of each contact; of some nobody is."""
    n = len(contacts)
    team = contacts["topic"].map(TEAMS).where(contacts["channel"] != "counter", COUNTER)
    team = team.where(rng.random(n) >= TO_CARE, CARE)
    return only_where(team, rng.random(n) >= NO_TEAM)


def _answer(plan: Plan, rng: np.random.Generator, contacts: pd.DataFrame) -> None:
    """Add first response, resolution and adoption as the extract of the last day knows them."""
    n = len(contacts)
    complaint = contacts["kind"].to_numpy() == "complaint"
    chance = np.where(contacts["leaves"], UNRESOLVED_IF_LEAVES, UNRESOLVED_IF_STAYS)
    contacts["unresolved"] = complaint & (rng.random(n) < chance)
    first = contacts["at"].to_numpy() + (rng.exponential(0.5, n) * 86_400 + 300).astype("timedelta64[s]")
    settled = first + (rng.gamma(1.5, 2.0, n) * 86_400).astype("timedelta64[s]")
    silent = contacts["unresolved"].to_numpy() & (rng.random(n) < 0.4)
    contacts["first_response_at"] = _known(plan, first, ~silent)
    contacts["resolved_at"] = _known(plan, settled, ~contacts["unresolved"].to_numpy())
    suggestion = contacts["kind"] == "suggestion"
    contacts["adopted"] = pd.Series(rng.random(n) < 0.2, index=contacts.index).where(suggestion, None).astype("boolean")


def _known(plan: Plan, times: Times, happens: npt.NDArray[np.bool_]) -> Times:
    """Give times that have come by the end of the extract; later ones are not known yet."""
    return np.where(happens & (times < np.datetime64(plan.end)), times, np.datetime64("NaT"))
