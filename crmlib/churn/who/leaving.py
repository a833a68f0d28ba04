"""What is known of each active customer: likely to leave or not, worth how much, perhaps gone already, just late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

GONE: Final = ("dormant", "lost")
"""Stages of chapter 02 at which a customer has left: nobody there is put forward."""

TOLD: Final = ("segment", "lifecycle", "main_store", "main_channel", "limit_at_risk", "lifetime_value")
"""What chapter 02 tells of a customer and this one asks for."""


def leaving_customers(
    active: pd.DataFrame, segments: pd.DataFrame | None, least_risk: float, days: int
) -> pd.DataFrame:
    """Say of each active customer how things stand: the scores with what chapter 02 tells (:data:`TOLD`) and five more.

    ``value_ahead`` (the lifetime value; the usual spend of a horizon where chapter 02 tells none), ``valuable`` (above
    the mean of all of them), ``likely`` (to leave: the probability is above the least risk), ``gone`` (dormant or lost
    by the own rhythm), ``crossed`` (the silence has outgrown the own limit, see `limit_at_risk`, in the last so many
    days).
    """
    columns = ["customer_id", *TOLD]
    told = active[["customer_id"]] if segments is None else segments
    frame = active.merge(told.reindex(columns=columns), on="customer_id", how="left")
    source = "lifetime_value" if has_values(segments) else "usual_spend"
    value = frame[source].astype("float64").fillna(0.0)
    late = frame["days_since_last"] - frame["limit_at_risk"].astype("float64")
    return frame.assign(
        value_ahead=value,
        valuable=value > value.mean(),
        likely=frame["churn_probability"] > least_risk,
        gone=frame["lifecycle"].isin(GONE),
        crossed=(late > 0) & (late <= days),
    )


def has_values(segments: pd.DataFrame | None) -> bool:
    """Say whether chapter 02 has told what customers are worth."""
    return segments is not None and "lifetime_value" in segments and bool(segments["lifetime_value"].notna().any())
