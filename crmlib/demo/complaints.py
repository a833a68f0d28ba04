"""What customers say unasked: complaints after bad purchases, questions, suggestions, and how the chain answers."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.comments import write_comments
from crmlib.demo.experience import DRIVERS
from crmlib.demo.plan import Plan
from crmlib.demo.segments import TOUCHPOINTS
from crmlib.demo.stores import make_stores

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


def make_interactions(plan: Plan, orders: pd.DataFrame, experience: pd.DataFrame) -> pd.DataFrame:
    """Draw complaints, consultations and suggestions, by time.

    Returns
    -------
    pandas.DataFrame
        The columns of the canonical ``interactions`` with ``person`` for the customer, and ``unresolved`` (a
        complaint nobody ever settles, as against one still open on the extract's last day).
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
    said = pd.concat(frames, ignore_index=True)
    said = said[said["at"] < np.datetime64(plan.end)]
    _answer(plan, rng, said)
    return said.drop(columns="leaves").sort_values(["at", "person"], kind="stable", ignore_index=True)


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
        "text": write_comments(rng, worst, np.full(n, -1 if kind == "complaint" else 0)),
        "leaves": orders["leaves"].to_numpy(),
    })  # fmt: skip


def _answer(plan: Plan, rng: np.random.Generator, said: pd.DataFrame) -> None:
    """Add first response, resolution and adoption as the extract of the last day knows them."""
    n = len(said)
    complaint = said["kind"].to_numpy() == "complaint"
    chance = np.where(said["leaves"], UNRESOLVED_IF_LEAVES, UNRESOLVED_IF_STAYS)
    said["unresolved"] = complaint & (rng.random(n) < chance)
    first = said["at"].to_numpy() + (rng.exponential(0.5, n) * 86_400 + 300).astype("timedelta64[s]")
    settled = first + (rng.gamma(1.5, 2.0, n) * 86_400).astype("timedelta64[s]")
    silent = said["unresolved"].to_numpy() & (rng.random(n) < 0.4)
    said["first_response_at"] = _known(plan, first, ~silent)
    said["resolved_at"] = _known(plan, settled, ~said["unresolved"].to_numpy())
    suggestion = said["kind"] == "suggestion"
    said["adopted"] = pd.Series(rng.random(n) < 0.2, index=said.index).where(suggestion, None).astype("boolean")


def _known(plan: Plan, times: Times, happens: npt.NDArray[np.bool_]) -> Times:
    """Give times that have come by the end of the extract; later ones are not known yet."""
    return np.where(happens & (times < np.datetime64(plan.end)), times, np.datetime64("NaT"))
