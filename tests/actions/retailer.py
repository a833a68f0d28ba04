"""A retailer who follows a list a month for half a year; what each contact brings is planted."""

from dataclasses import dataclass
from types import SimpleNamespace

import pandas as pd

from crmlib.actions.experiments.arms import CONTACT, draw_arms

EFFECTS = {"call": 0.4, "letter": 0.0}
"""Share of those who would stay away whom an action wins over."""
RULES = [
    SimpleNamespace(reason=name, action=name, control=name != "complaint") for name in ("call", "letter", "complaint")
]


@dataclass(frozen=True)
class Followed:
    """The lists with what was bought since, the true gain net of cost, and the true rise of the share who buy."""

    rows: pd.DataFrame
    truth: float
    won: dict[str, float]


def listed_month(rng, month, n=600):
    """Put customers on a list: a tenth with a complaint."""
    risk, usual = rng.beta(4, 3, n), rng.lognormal(4, 0.8, n)
    reason = rng.choice(["call", "letter", "complaint"], n, p=[0.45, 0.45, 0.1])
    rows = pd.DataFrame({
        "customer_id": [f"c{number:016x}" for number in rng.integers(0, 2**62, n)],
        "reason": reason, "action": reason, "channel": "phone", "value_at_stake": risk * usual,
        "churn_probability": risk, "effect": 0.3, "cost": 1.0, "usual": usual,
    })  # fmt: skip
    gains = {"gain_low": 0.1, "expected_gain": 0.3, "gain_high": 0.5}
    return rows.assign(
        **{name: share * rows["value_at_stake"] - rows["cost"] for name, share in gains.items()},
        period=f"2026-{month:02d}", listed_on=pd.Timestamp(2026, month, 1), seed=1,
    )  # fmt: skip


def follow_month(rng, month, *, effects, n=600, share=0.2):
    """Draw the arms of a month and let everybody buy or not; give the rows drawn, with both true outcomes."""
    rows = listed_month(rng, month, n)
    rows = rows.assign(**draw_arms(rows, RULES, seed=1, period=str(rows["period"].iloc[0]), share=share))
    rows = rows[rows["stratum"] != ""]
    n, contacted = len(rows), rows["arm"] == CONTACT
    away = rng.random(n) < rows["churn_probability"]
    won = away & (rng.random(n) < rows["action"].map(effects))
    basket = rows["usual"] * rng.lognormal(0, 0.4, n)
    extra = basket.where(won, 0.0)
    spend = basket.where(~away, 0.0) + extra.where(contacted, 0.0)
    return rows.assign(
        spend=spend, bought=spend > 0, spend_before=3 * rows["usual"] * rng.lognormal(0, 0.3, n),
        idle=rng.integers(30, 90, n), known=True, days_seen=31, extra=extra, won=won,
    )  # fmt: skip


def follow_six_months(rng, *, effects=EFFECTS, **more):
    """Follow six lists."""
    rows = pd.concat([follow_month(rng, month, effects=effects, **more) for month in range(1, 7)], ignore_index=True)
    contacted = rows[rows["arm"] == CONTACT]
    won = contacted.groupby("action")["won"].mean().to_dict()
    return Followed(rows, float((contacted["extra"] - contacted["cost"]).sum()), won)
