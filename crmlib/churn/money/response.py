"""How many own campaigns kept: the share of active customers who left, contacted against left out at random."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crmlib.campaigns import ARMS, campaign_effects, overall_effect, share_won
from crmlib.churn.history.slices import LEAST_OF_EACH
from crmlib.features import before, days_bought

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from ibis import Table

    from crmlib.stats import Estimate


@dataclass(frozen=True, slots=True)
class Response:
    """What own campaigns with a control group did to leaving.

    `fall` is the control groups' churn rate less that of those contacted, `kept` the share of the leavers that this is,
    both pooled over so many `campaigns`.
    """

    fall: Estimate
    kept: Estimate
    campaigns: int


def campaign_outcomes(
    contacts: Table, bought: Table, until: date, *, horizon_days: int, active_days: int
) -> pd.DataFrame:
    """Count the active customers of each campaign and arm, and who of them bought within the horizon after the contact.

    Active is who bought in so many days before the day of the contact, which itself counts for neither side. Only
    contacts whose horizon was seen whole. What `crmlib.campaigns.campaign_effects` takes, a purchase as response.
    """
    seen = before(contacts, until - timedelta(days=horizon_days), "contacted_at")
    reached = seen.filter(seen.customer_id.notnull() & seen.arm.isin(ARMS))
    reached = reached.group_by(["campaign_id", "arm", "customer_id"]).agg(started_at=reached.contacted_at.min())
    pairs = reached.inner_join(days_bought(bought, until).select("customer_id", "day"), "customer_id")
    after = pairs.day.delta(pairs.started_at.date(), unit="day").cast("int64")
    pairs = pairs.mutate(earlier=(after < 0) & (after >= -active_days), later=(after > 0) & (after <= horizon_days))
    people = pairs.group_by(["campaign_id", "arm", "customer_id", "started_at"]).agg(
        active=pairs.count(where=pairs.earlier), stayed=pairs.count(where=pairs.later)
    )
    active = people.filter(people.active > 0)
    counts = active.group_by(["campaign_id", "arm"]).agg(
        started_at=active.started_at.min(), customers=active.count(), responses=active.count(where=active.stayed > 0)
    )
    frame: pd.DataFrame = counts.order_by(["campaign_id", "arm"]).to_pandas()
    return frame


def measured_response(counts: pd.DataFrame) -> Response | None:
    """Measure what contacts did to leaving; ``None`` where too few left or stayed in either arm to tell."""
    effects = campaign_effects(counts)
    both = effects[(effects["treated"] > 0) & (effects["control"] > 0)]
    for arm, rate in (("treated", "treated_rate"), ("control", "control_rate")):
        stayed = float((both[arm] * both[rate]).sum())
        if min(stayed, float(both[arm].sum()) - stayed) < LEAST_OF_EACH:
            return None
    return Response(overall_effect(both), share_won(both), len(both))


def response_of(
    contacts: Table | None, bought: Table, until: date, *, horizon_days: int, active_days: int
) -> Response | None:
    """Measure what own campaigns did to leaving; ``None`` without contacts, or too few with a control group."""
    if contacts is None:
        return None
    limits = {"horizon_days": horizon_days, "active_days": active_days}
    return measured_response(campaign_outcomes(contacts, bought, until, **limits))
