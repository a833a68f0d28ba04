"""Campaigns with a randomised control group, and what each member would have done in either arm."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from crmlib.demo.plan import Plan
from crmlib.demo.segments import SEGMENTS

WINDOW_DAYS: Final = 14
"""A purchase on one of so many days after the day of the contact counts as a response, in both arms."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign: whom it reached, what it offered, what a contact costs and how strong the offer is.

    ``strength`` multiplies the uplift of the planted segments; 0 is a campaign that does nothing.
    """

    campaign_id: str
    day: date
    offer: str
    cost: float
    treated: float
    reach: float
    strength: float


CAMPAIGNS: Final = (
    Campaign("CA2505", date(2025, 5, 20), "满100减20", 0.80, 0.7, 0.75, 1.0),
    Campaign("CA2511", date(2025, 11, 5), "双11 八折券", 0.80, 0.7, 0.75, 1.0),
    Campaign("CA2603", date(2026, 3, 5), "Spring voucher 15", 0.60, 0.5, 0.75, 0.8),
    Campaign("CA2606", date(2026, 6, 10), "618 满200减50", 0.80, 0.7, 0.75, 1.2),
    Campaign("CA2609", date(2026, 9, 15), "Newsletter, no offer", 0.10, 0.5, 0.75, 0.0),
    Campaign("CA2611", date(2026, 11, 3), "双11 预热", 0.80, 0.7, 0.5, 0.0),
)
"""The campaigns of the demo. CA2609 does nothing; CA2611 begins after the report's ``as_of``."""


@dataclass(frozen=True, slots=True)
class Campaigning:
    """What the campaigns did.

    Attributes
    ----------
    contacts
        One row a campaign and member: ``campaign, person, at, treated``, and the two potential outcomes
        ``buys_untreated`` and ``buys_treated`` (a purchase within the window), of which a shop sees one.
    extra_visits
        Purchases that would not have happened: ``person, at, leaves, campaign``.
    """

    contacts: pd.DataFrame
    extra_visits: pd.DataFrame


def run_campaigns(plan: Plan, people: pd.DataFrame, visits: pd.DataFrame) -> Campaigning:
    """Contact members at random and let the offer work on those who are still customers and would not have bought."""
    rng = plan.stream("campaigns")
    contacts = pd.concat(
        [_contact(plan, rng, people, visits, number) for number in range(len(CAMPAIGNS))], ignore_index=True
    )
    moved = contacts[contacts["treated"] & contacts["buys_treated"] & ~contacts["buys_untreated"]]
    extra = pd.DataFrame({
        "person": moved["person"].to_numpy(),
        "at": moved["at"].to_numpy() + 1 + rng.random(len(moved)) * WINDOW_DAYS * 0.999,
        "leaves": False,
        "campaign": moved["campaign"].to_numpy(),
    })  # fmt: skip
    return Campaigning(contacts, extra[extra["at"] < plan.horizon].reset_index(drop=True))


def _contact(
    plan: Plan, rng: np.random.Generator, people: pd.DataFrame, visits: pd.DataFrame, number: int
) -> pd.DataFrame:
    campaign = CAMPAIGNS[number]
    at = plan.day(campaign.day)
    begins = at + 1
    known = people.index[(people["first_day"] < plan.day(campaign.day)) & people["consent"] & ~people["prospect"]]
    person = known[rng.random(len(known)) < campaign.reach].to_numpy()
    during = visits.loc[(visits["at"] >= begins) & (visits["at"] < begins + WINDOW_DAYS), "person"]
    gone = visits.loc[visits["leaves"] & (visits["at"] < begins), "person"]
    untreated = np.isin(person, during)
    uplift = np.array([s.uplift for s in SEGMENTS])[people.loc[person, "segment"]] * campaign.strength
    persuaded = (rng.random(len(person)) < uplift) & ~np.isin(person, gone)
    return pd.DataFrame({
        "campaign": number,
        "person": person,
        "at": float(at),
        "treated": rng.random(len(person)) < campaign.treated,
        "buys_untreated": untreated,
        "buys_treated": untreated | persuaded,
    })  # fmt: skip
