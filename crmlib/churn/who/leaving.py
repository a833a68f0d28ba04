"""What is known of each active customer: gone already, likely to leave or not, worth how much, silent for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

LIMITS: Final = ("typical_gap", "limit_at_risk", "limit_dormant")
"""Days of silence that are usual for a customer, too long, and as good as gone, by chapter 02."""

TOLD: Final = ("segment", "main_store", "main_channel", *LIMITS, "lifetime_value")
"""What chapter 02 tells of a customer and this one asks for."""


def leaving_customers(
    active: pd.DataFrame, segments: pd.DataFrame | None, least_risk: float, days: int
) -> pd.DataFrame:
    """Say of each active customer how things stand: the scores with what chapter 02 tells (:data:`TOLD`) and six more.

    ``value_ahead`` (the lifetime value; the usual spend of a horizon where chapter 02 tells none), ``valuable`` (above
    the mean of all of them), ``gone`` (dormant or lost: silent beyond `limit_dormant`), ``likely`` (to leave: the
    probability is above the least risk, and not gone), ``due`` (silent for longer than the own typical gap),
    ``crossed`` (the silence has outgrown `limit_at_risk` in the last so many days).
    """
    columns = ["customer_id", *TOLD]
    told = active[["customer_id"]] if segments is None else segments
    frame = active.merge(told.reindex(columns=columns), on="customer_id", how="left")
    source = "lifetime_value" if has_values(segments) else "usual_spend"
    value = frame[source].astype("float64").fillna(0.0)
    beyond = {name: frame["days_since_last"] - frame[name].astype("float64") for name in LIMITS}
    gone = beyond["limit_dormant"] > 0
    return frame.assign(
        value_ahead=value,
        valuable=value > value.mean(),
        gone=gone,
        likely=(frame["churn_probability"] > least_risk) & ~gone,
        due=~(beyond["typical_gap"] <= 0),
        crossed=beyond["limit_at_risk"].between(0, days, inclusive="right"),
    )


def has_values(segments: pd.DataFrame | None) -> bool:
    """Say whether chapter 02 has told what customers are worth."""
    return segments is not None and "lifetime_value" in segments and bool(segments["lifetime_value"].notna().any())
