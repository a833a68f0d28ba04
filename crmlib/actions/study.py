"""The chapter's findings in one object: each is computed once, when it is first asked for, and open to a cell."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from crmlib.actions.experiments.kept import with_arms
from crmlib.actions.experiments.results import LastList, judge
from crmlib.actions.lists.accounting import account
from crmlib.actions.lists.candidates import Gathered, gather
from crmlib.actions.lists.limits import contact_history
from crmlib.actions.lists.overview import Worth, list_by_reason, worth_of
from crmlib.actions.lists.plan import Plan, make_plan
from crmlib.campaigns import campaign_counts, campaign_effects, overall_effect
from crmlib.stats import Estimate
from crmlib.workspace import MissingTableError

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.workspace import Run


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
    def by_reason(self) -> pd.DataFrame:
        """The list counted by reason, the most urgent first."""
        return list_by_reason(self.listed)

    @cached_property
    def worth(self) -> Worth:
        """What the listed customers are expected to spend together."""
        return worth_of(self.listed)

    @cached_property
    def campaigns(self) -> pd.DataFrame | None:
        """Contacts and responses by campaign and arm; `None` where nobody was contacted."""
        if not self.run.has("contacts"):
            return None
        counts = campaign_counts(self.run.table("contacts"), self.run.as_of)
        return counts if len(counts) else None

    @cached_property
    def experiment(self) -> pd.Series | None:
        """The experiment that chapter 03 proposes, one row of its table; `None` where it wrote none."""
        try:
            return self.run.frame("experiment").iloc[0]
        except MissingTableError:
            return None

    @cached_property
    def effects(self) -> pd.DataFrame | None:
        """Each campaign against its control group."""
        return None if self.campaigns is None else campaign_effects(self.campaigns)

    @cached_property
    def effect(self) -> Estimate:
        """The effect of all campaigns together; unknown where none kept a control group."""
        return Estimate.unknown() if self.effects is None else overall_effect(self.effects)


def study(run: Run) -> Study:
    """Open chapter 05's findings of a run; each is computed when it is first asked for."""
    return Study(run)
