"""The chapter's findings in one object: each is computed once, when it is first asked for, and open to a cell."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.features import returns_known
from crmlib.segmentation.affinity.together import Together, bought_together
from crmlib.segmentation.business.decomposition import RevenueChange, revenue_change
from crmlib.segmentation.business.glance_shown import Glance, at_a_glance
from crmlib.segmentation.business.monthly import earlier_figures, monthly_figures
from crmlib.segmentation.business.windows import this_and_before
from crmlib.segmentation.cohorts.places import Places, places_won
from crmlib.segmentation.cohorts.retention import cohort_retention
from crmlib.segmentation.cohorts.second_purchase import (
    Return,
    Won,
    months_differ,
    second_purchases,
    share_within,
    time_to_second,
    won_since,
)
from crmlib.segmentation.cohorts.worth import LatestCohort, cohort_worth, customers_won, latest_cohort, worth_by_age
from crmlib.segmentation.customers.base import CustomerBase, customer_base
from crmlib.segmentation.customers.lifecycle import lifecycle_counts
from crmlib.segmentation.customers.profile import concentration, segment_figures
from crmlib.segmentation.found.finding import Found, found_segments
from crmlib.segmentation.personas.comparison import Personas, persona_groups, personas
from crmlib.segmentation.prices.answers import PriceAnswers, price_answers
from crmlib.segmentation.prices.promotion import PromotionShares, promotions
from crmlib.segmentation.tags.history import history
from crmlib.segmentation.tags.tagging import Tags, tag_customers
from crmlib.segmentation.value.forecast import Forecast, forecast_value
from crmlib.segmentation.value.valuation import value_by_segment

if TYPE_CHECKING:
    from ibis import Table

    from crmlib.segmentation.cohorts.second_purchase import LogRank
    from crmlib.stats import Estimate
    from crmlib.workspace import Run


class Study:
    """What chapter 02 found out as of the run's date; nothing in it has passed the gate.

    In a notebook: ``found = segmentation.study(run)``, then ``found.base.now`` is one row a customer.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.transactions: Table = run.table("transactions")
        self.orders: Table = run.table("orders")
        self.days: Table = run.table("customer_days")

    # the business

    @cached_property
    def months(self) -> pd.DataFrame:
        """Monthly figures of the business, this month last."""
        return monthly_figures(self.orders, self.run.as_of)

    @cached_property
    def earlier(self) -> pd.DataFrame:
        """The same as of the last period, recomputed."""
        return earlier_figures(self.months, self.orders, self.run)

    @cached_property
    def glance(self) -> Glance:
        """Every figure of the business for every span of time, in all and by part."""
        return at_a_glance(self.orders, self.base, self.run)

    @cached_property
    def change(self) -> RevenueChange:
        """How net revenue came from the last period to this one, by driver and by group of customers."""
        change = revenue_change(self.orders, *this_and_before(self.run.as_of))
        return change if returns_known(self.run) else change.without_returns()

    # the customers

    @cached_property
    def base(self) -> CustomerBase:
        """The customers now and a month ago, one row each: RFM, segment, stage of life."""
        return customer_base(self.orders, self.run, self.days)

    @cached_property
    def segments(self) -> pd.DataFrame:
        """What each segment is made of, what it is worth, and who of it has bought since."""
        return segment_figures(self.base, None if self.forecast.valued is None else self.value_by_segment)

    @cached_property
    def concentration(self) -> pd.DataFrame:
        """How much of revenue the biggest customers brought, and the Gini coefficient."""
        return concentration(self.base.now["spend"])

    @cached_property
    def lifecycle(self) -> pd.DataFrame:
        """How many customers stand in each stage of life, also with shorter and with longer limits."""
        return lifecycle_counts(self.base, self.run.params.segmentation.loyal_days)

    # cohorts

    @cached_property
    def cohorts(self) -> pd.DataFrame:
        """Retention of the customers who began in the same week, month or quarter."""
        section = self.run.params.segmentation
        return cohort_retention(self.orders, self.run.as_of, section.cohort_months, section.cohort_by)

    @cached_property
    def waits(self) -> pd.DataFrame:
        """Each customer's wait for the second purchase, still going on or not."""
        return second_purchases(self.orders, self.run.as_of, self.days)

    @cached_property
    def won(self) -> Won:
        """The waits of those whose first purchase is known to be the first."""
        return won_since(self.waits, self.run.fewest)

    @cached_property
    def second_purchase(self) -> Return:
        """When customers won come back."""
        return time_to_second(self.won.waits, self.run.as_of)

    @cached_property
    def second_within(self) -> dict[int, Estimate]:
        """The shares of customers won who are back within 30, 90 and 180 days."""
        return {days: share_within(self.won.waits, days) for days in (30, 90, 180)}

    @cached_property
    def months_differ(self) -> LogRank:
        """Whether the customers of one month come back otherwise than all others."""
        return months_differ(self.won.waits, self.run.fewest)

    @cached_property
    def worth(self) -> pd.DataFrame:
        """What each customer won has brought by each age."""
        return customers_won(self.orders, self.run.as_of)

    @cached_property
    def cohort_worth(self) -> pd.DataFrame:
        """What a customer won in each month had brought by each age."""
        return cohort_worth(self.worth, self.run.as_of, months=self.run.params.segmentation.cohort_months)

    @cached_property
    def worth_by_age(self) -> pd.DataFrame:
        """What a customer won has brought by the end of the first month, after 3 and after 12 more."""
        return worth_by_age(self.worth, self.run.as_of, (0, 3, 12), self.run.params.segmentation.cohort_months)

    @cached_property
    def latest_cohort(self) -> LatestCohort:
        """What the customers won in the last whole month brought in it, beside those of the year before."""
        return latest_cohort(self.worth, self.run.as_of)

    @cached_property
    def places(self) -> Places:
        """Where customers were won, who of them comes back and what they bring."""
        return places_won(self.won, self.worth, self.run)

    # value

    @cached_property
    def forecast(self) -> Forecast:
        """What customers are expected to buy and to be worth, and how such forecasts did."""
        return forecast_value(self.orders, self.run, self.days)

    @cached_property
    def value_by_segment(self) -> pd.DataFrame:
        """What each segment is worth within the horizon, with intervals; no row where nobody could be valued."""
        segments, valued = self.base.now.set_index("customer_id")["segment"], self.forecast.valued
        return pd.DataFrame() if valued is None else value_by_segment(valued, segments)

    # what they buy

    @cached_property
    def together(self) -> Together:
        """Pairs, larger sets and the next category, of articles and of categories."""
        return bought_together(self.transactions, self.run)

    # who these people are

    @cached_property
    def found_segments(self) -> Found | None:
        """The segments found in the data, and whether they matter; nothing where customers are too few."""
        return found_segments(self.transactions, self.run, self.base)

    @cached_property
    def personas(self) -> Personas:
        """In what the customers of each segment differ from all."""
        return personas(self.transactions, persona_groups(self.base, self.found_segments), self.run)

    @cached_property
    def tags(self) -> Tags:
        """Who carries which tag by the rules of the parameters, and since when."""
        products = self.run.table("products") if self.run.has("products") else None
        section = self.run.params.segmentation
        return tag_customers(
            history(self.transactions, self.run.as_of, products), section.tags, section.tags_window_months
        )

    @cached_property
    def promotion(self) -> PromotionShares | None:
        """How many of a customer's orders hold something on promotion; nothing where the data have none."""
        return promotions(self.orders, self.run)

    @cached_property
    def prices(self) -> PriceAnswers:
        """How units answer to prices, by category."""
        return price_answers(self.transactions, self.run)


def study(run: Run) -> Study:
    """Open chapter 02's findings of a run; each is computed when it is first asked for."""
    return Study(run)
