"""What is known of each active customer: gone already, likely to leave or not, worth how much, silent for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.churn.study import Study

LIMITS: Final = ("typical_gap", "limit_at_risk", "limit_dormant")
"""Days of silence that are usual for a customer, too long, and as good as gone, by chapter 02."""

TOLD: Final = ("segment", "main_store", "main_channel", *LIMITS, "lifetime_value")
"""What chapter 02 tells of a customer and this one asks for."""


NO_MEMBERSHIPS: Final = pd.DataFrame({"ended": pd.Series(dtype="bool"), "membership_ends": pd.Series(dtype="object")})


def leaving_customers(
    active: pd.DataFrame,
    segments: pd.DataFrame | None,
    least_risk: float,
    days: int,
    memberships: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Say of each active customer how things stand: the scores with what chapter 02 tells (:data:`TOLD`) and more.

    ``value_ahead`` (the lifetime value; the usual spend of a horizon where chapter 02 tells none), ``valuable`` (above
    the mean of all of them), ``gone`` (dormant or lost: silent beyond `limit_dormant`; or the membership has ended, by
    `crmlib.churn.history.memberships.memberships_at`), ``membership_ends`` (where it has or soon will, else missing),
    ``likely`` (to leave: the
    probability is above the least risk, and not gone), ``due`` (silent for longer than the own typical gap),
    ``crossed`` (the silence has outgrown `limit_at_risk` in the last so many days).
    """
    columns = ["customer_id", *TOLD]
    told = active[["customer_id"]] if segments is None else segments
    frame = active.merge(told.reindex(columns=columns), on="customer_id", how="left")
    source = "lifetime_value" if has_values(segments) else "usual_spend"
    value = frame[source].astype("float64").fillna(0.0)
    beyond = {name: frame["days_since_last"] - frame[name].astype("float64") for name in LIMITS}
    held = NO_MEMBERSHIPS if memberships is None else memberships.set_index("customer_id")
    ended = frame["customer_id"].isin(held.index[held["ended"].astype(bool)])
    gone = (beyond["limit_dormant"] > 0) | ended
    return frame.assign(
        membership_ends=pd.to_datetime(frame["customer_id"].map(held["membership_ends"])),
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


def how_gone(found: Study) -> str:
    """Say by what a customer counts as gone, in words that follow "who have left"."""
    if found.memberships is None:
        return _("by their own rhythm")
    return _("by their own rhythm or with their membership")
