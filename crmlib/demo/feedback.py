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

_WORDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {
    "staff": (
        ("店员态度很差，问什么都不理", "The staff were rude and nobody helped", "服务员爱答不理，体验太差"),
        ("请问会员积分找谁补登", "Who can change my member details?"),
        ("店员很热情，讲解耐心", "Lovely staff, very helpful", "服务态度好，赞一个"),
    ),
    "range": (
        ("想买的都缺货，品种太少", "Half of what I wanted was out of stock", "货架空空，选择少"),
        ("希望多进一些无糖食品", "Will you stock oat milk?"),
        ("品种齐全，一次买齐", "Great choice, found everything", "选择很多"),
    ),
    "price": (
        ("比隔壁贵不少，优惠也是假的", "Too expensive, the discount is not real", "价格虚高，先涨后降"),
        ("满减活动可以叠加吗", "Can vouchers be combined?"),
        ("价格实惠，活动力度大", "Good value for money", "划算，比网上便宜"),
    ),
    "quality": (
        ("水果烂了好几个，质量不行", "Poor quality, it broke after two days", "东西不新鲜，失望"),
        ("这款保质期多久", "Is this suitable for a baby?"),
        ("质量很好，很新鲜", "Excellent quality, will buy again", "品质一如既往"),
    ),
    "speed": (
        ("排队半小时，收银太慢", "Waited ages, delivery was three days late", "配送太慢，等了一周"),
        ("什么时候发货", "When will my parcel arrive?"),
        ("结账快，送货也准时", "Fast checkout and delivery", "当天就到，速度快"),
    ),
    "app": (
        ("小程序老是闪退，付款失败", "The app keeps crashing at payment", "页面卡，优惠券用不了"),
        ("小程序怎么绑定会员卡", "How do I link my member card in the app?"),
        ("小程序好用，下单方便", "The app is easy to use", "扫码就能买，方便"),
    ),
}


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
        "comment": only_where(_comments(rng, scores), answers & (rng.random(n) < COMMENTED)),
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
    return _written(rng, topic, np.where(pleased, 1, -1))


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
    contacts = contacts[contacts["at"] < np.datetime64(plan.end)]
    _answer(plan, rng, contacts)
    return contacts.drop(columns="leaves").sort_values(["at", "person"], kind="stable", ignore_index=True)


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
        "text": _written(rng, worst, np.full(n, -1 if kind == "complaint" else 0)),
        "leaves": orders["leaves"].to_numpy(),
    })  # fmt: skip


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


def _written(
    rng: np.random.Generator, topic: npt.NDArray[np.int64], tone: npt.NDArray[np.int64]
) -> npt.NDArray[np.object_]:
    """Write one sentence for each topic (number of the driver) and tone (−1 displeased, 0 asking, 1 pleased)."""
    sentences = [[tones[t] for t in range(3)] for tones in _WORDS.values()]
    draw = rng.random(len(topic))
    texts = [sentences[k][t + 1][int(u * len(sentences[k][t + 1]))] for k, t, u in zip(topic, tone, draw, strict=True)]
    return np.array(texts, dtype=object)
