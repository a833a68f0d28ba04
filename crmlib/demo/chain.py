"""The simulated chain: everything that happened, with nothing hidden and nothing dirty yet."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.accounts import make_accounts
from crmlib.demo.assortment import Assortment, make_assortment
from crmlib.demo.baskets import make_baskets
from crmlib.demo.campaigns import CAMPAIGNS, WINDOW_DAYS, run_campaigns
from crmlib.demo.experience import make_experience
from crmlib.demo.feedback import make_interactions, make_surveys
from crmlib.demo.orders import make_orders
from crmlib.demo.people import make_people
from crmlib.demo.plan import Plan
from crmlib.demo.sales import make_sales
from crmlib.demo.segments import make_stores
from crmlib.demo.visits import make_visits

TIERS: Final = ("普通", "银卡", "金卡", "钻石")
TIER_LIMITS: Final = (600.0, 1800.0, 4000.0)
"""Net spend of the last 365 days, in yuan, from which silver, gold and diamond begin: a tier has no history."""


@dataclass(frozen=True, slots=True)
class Chain:
    """One simulated chain. Frames are keyed by ``person`` (row of ``people``), never by an id of a system.

    Attributes
    ----------
    plan
        What it was simulated from.
    people, assortment, stores
        Members with their hidden traits; articles, prices and promotions; stores.
    visits
        Purchases of members with ``leaves`` and ``campaign`` (−1: of their own accord).
    orders, experience
        Orders of members and strangers; the experience of the members' orders.
    sales
        Order lines, returns and services.
    accounts
        The ids that each person goes by, and the keys that join them.
    interactions, surveys, contacts
        What customers said, were asked and were sent.
    """

    plan: Plan
    people: pd.DataFrame
    assortment: Assortment
    stores: pd.DataFrame
    visits: pd.DataFrame
    orders: pd.DataFrame
    experience: pd.DataFrame
    sales: pd.DataFrame
    accounts: pd.DataFrame
    interactions: pd.DataFrame
    surveys: pd.DataFrame
    contacts: pd.DataFrame


def simulate(plan: Plan) -> Chain:
    """Simulate a chain; the same plan gives the same chain.

    Examples
    --------
    >>> chain = simulate(Plan(seed=1, members=200))
    >>> len(chain.people), bool(len(chain.sales) > 1000)
    (200, True)
    """
    people = make_people(plan)
    assortment = make_assortment(plan)
    own = make_visits(plan, people).assign(campaign=-1)
    campaigning = run_campaigns(plan, people, own)
    visits = pd.concat([own, campaigning.extra_visits], ignore_index=True)
    visits = visits.sort_values(["person", "at"], kind="stable", ignore_index=True)
    orders = make_orders(plan, people, visits)
    experience = make_experience(plan, people, orders)
    sales = make_sales(plan, orders, make_baskets(plan, people, orders, assortment), assortment)
    people = people.assign(tier=_tiers(plan, sales), points=np.floor(_yearly_spend(plan, sales).clip(0)))
    return Chain(
        plan=plan,
        people=people,
        assortment=assortment,
        stores=make_stores(),
        visits=visits,
        orders=orders,
        experience=experience,
        sales=sales,
        accounts=make_accounts(plan, people, orders),
        interactions=make_interactions(plan, orders, experience),
        surveys=make_surveys(plan, orders, experience, people["tier"].to_numpy()),
        contacts=_with_response(campaigning.contacts, orders, sales),
    )


def _with_response(contacts: pd.DataFrame, orders: pd.DataFrame, sales: pd.DataFrame) -> pd.DataFrame:
    """Add to each contact the first order in its window and what the window brought, gross of returns."""
    bought = sales[~sales["is_return"]].groupby("parcel")["amount"].sum()
    member = orders.loc[orders["person"] >= 0, ["person", "at", "ordered_at"]]
    member = member.assign(value=bought.reindex(member.index).fillna(0.0))
    pairs = contacts[["campaign", "person", "at"]].merge(member, on="person", suffixes=("", "_order"))
    begins = pairs["at"] + 1
    pairs = pairs[(pairs["at_order"] >= begins) & (pairs["at_order"] < begins + WINDOW_DAYS)]
    response = pairs.groupby(["campaign", "person"]).agg(
        responded_at=("ordered_at", "min"), response_value=("value", "sum")
    )
    joined = contacts.join(response, on=["campaign", "person"])
    day = pd.Series([np.datetime64(c.day, "us") + np.timedelta64(20, "h") for c in CAMPAIGNS])
    return joined.assign(
        contacted_at=day.to_numpy()[joined["campaign"]],
        response_value=joined["response_value"].round(2),
    )


def _yearly_spend(plan: Plan, sales: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Add up what each person spent, net of returns, in the year before the extract."""
    a_year_ago = np.datetime64(plan.end) - np.timedelta64(365, "D")
    recent = sales[(sales["person"] >= 0) & (sales["ordered_at"] >= a_year_ago)]
    return np.asarray(np.bincount(recent["person"], weights=recent["amount"], minlength=plan.members), dtype=float)


def _tiers(plan: Plan, sales: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Give each person's tier."""
    return np.array(TIERS, dtype=object)[np.searchsorted(TIER_LIMITS, _yearly_spend(plan, sales), side="right")]
