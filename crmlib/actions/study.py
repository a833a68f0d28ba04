"""The chapter's findings in one object: each is computed once, when it is first asked for, and open to a cell."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from crmlib.actions.campaigns.measured import Measured, measure_campaigns, together
from crmlib.actions.campaigns.observed import Observed, observe
from crmlib.actions.campaigns.outcomes import campaign_people, in_two_at_once
from crmlib.actions.experiments.kept import margin_of, with_arms
from crmlib.actions.experiments.results import LastList, judge
from crmlib.actions.lists.accounting import account
from crmlib.actions.lists.candidates import Gathered, gather
from crmlib.actions.lists.limits import contact_history
from crmlib.actions.lists.plan import Plan, make_plan
from crmlib.actions.membership.members import Members, find_members
from crmlib.actions.promotion.added import Promotions, find_promotions
from crmlib.actions.response.finding import Response, who_responds
from crmlib.actions.stores.gathering import gather_stores
from crmlib.actions.stores.standing import compare_stores
from crmlib.features import before
from crmlib.stats import Estimate
from crmlib.workspace import MissingTableError

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.workspace import Run

MOST_TWICE: Final = 0.05
"""Where a larger share of customers counts for two campaigns at once, the campaigns' gains are not summed."""


class Study:
    """What chapter 05 makes of the others as of the run's date; nothing in it has passed the gate.

    In a notebook: ``found = actions.study(run)``, then ``found.listed`` is the contact list, one row a customer.
    """

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def gathered(self) -> Gathered:
        """The candidates of each chapter and what is known of every customer."""
        return gather(self.run)

    @cached_property
    def plan(self) -> Plan:
        """Whom to contact with which action, and what became of everybody put forward."""
        return make_plan(self.gathered, contact_history(self.run), self.run.params.actions, self.run.as_of)

    @property
    def offers(self) -> pd.DataFrame:
        """Every action for every candidate, with what it brings, and what became of it."""
        return self.plan.offers

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The contact list, one row a customer, with who is left out; see `crmlib.actions.lists.plan`."""
        return with_arms(self.plan.listed, self.run, self.experiment)

    @cached_property
    def last_list(self) -> LastList | None:
        """What the list of last month brought, and all of the series; `None` where no earlier one is kept."""
        return judge(self.run)

    @cached_property
    def accounting(self) -> pd.DataFrame:
        """Everybody put forward by what became of them; see `crmlib.actions.lists.accounting.account`."""
        return account(self.plan.fates)

    @cached_property
    def contacted(self) -> pd.DataFrame | None:
        """One row a campaign and customer whose window is over; `None` where no contacts were delivered."""
        if not self.run.has("contacts"):
            return None
        window = self.run.params.actions.window_days
        return campaign_people(self.run.table("contacts"), self.run.orders(), self.run.as_of, window)

    @cached_property
    def campaigns(self) -> list[Measured] | None:
        """Each campaign against those left out at random, the latest first; `None` where none was delivered."""
        return None if self.contacted is None else measure_campaigns(self.contacted, margin_of(self.run))

    @cached_property
    def running(self) -> list[str]:
        """The campaigns whose window is not over yet."""
        if self.contacted is None:
            return []
        begun = before(self.run.table("contacts"), self.run.as_of, "contacted_at").select("campaign_id").distinct()
        return sorted({*map(str, begun.to_pandas()["campaign_id"])} - {*self.contacted["campaign_id"]})

    @cached_property
    def observed(self) -> dict[str, Observed]:
        """Of the campaigns that left nobody out, by name, what others of equal behaviour tell."""
        if self.contacted is None:
            return {}
        alone = [one.name for one in self.campaigns or [] if one.decision == "no_control"]
        return {name: self._observe(self.contacted[self.contacted["campaign_id"] == name]) for name in alone}

    def _observe(self, people: pd.DataFrame) -> Observed:
        day, window = people["day"].min().date(), self.run.params.actions.window_days
        return observe(people["customer_id"], day, self.run.orders(), self.run.as_of, window)

    @cached_property
    def gained(self) -> Estimate:
        """The margin that all measured campaigns together gained after their cost; unknown where many count twice."""
        if self.contacted is None or self.counted_twice > MOST_TWICE * self.contacted["customer_id"].nunique():
            return Estimate.unknown()
        return together(self.campaigns or [])

    @cached_property
    def counted_twice(self) -> int:
        """Customers whose purchases count for two campaigns at once."""
        return 0 if self.contacted is None else in_two_at_once(self.contacted, self.run.params.actions.window_days)

    @cached_property
    def experiment(self) -> pd.Series | None:
        """The experiment that chapter 03 proposes, one row of its table; `None` where it wrote none."""
        try:
            return self.run.frame("experiment").iloc[0]
        except MissingTableError:
            return None

    @cached_property
    def members(self) -> Members | None:
        """What the list of members tells; `None` where it says of nobody when they joined."""
        return find_members(self.run)

    @cached_property
    def promotions(self) -> Promotions | None:
        """What promotions added and gave away; `None` where no line is on promotion or too few articles tell."""
        return find_promotions(self.run)

    @cached_property
    def stores(self) -> pd.DataFrame:
        """What the chapters tell of each store; see `crmlib.actions.stores.gathering.put_together`."""
        return gather_stores(self.run, self.listed)

    @cached_property
    def standing(self) -> pd.DataFrame:
        """Each figure of each store held against the others; see `crmlib.actions.stores.standing.compare_stores`."""
        return compare_stores(self.stores, self.run.fewest)

    @cached_property
    def response(self) -> Response | None:
        """Whom contacts win over, and who buys after one at all; `None` where nobody was contacted."""
        return who_responds(self.run)


def study(run: Run) -> Study:
    """Open chapter 05's findings of a run; each is computed when it is first asked for."""
    return Study(run)
