"""The chapter's findings in one object: each is computed once, when it is first asked for, and open to a cell."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.segmentation.affinity.together import Together, bought_together
from crmlib.segmentation.business.at_a_glance import Glance, at_a_glance
from crmlib.segmentation.business.monthly import earlier_figures, monthly_figures
from crmlib.segmentation.cohorts.retention import cohort_retention
from crmlib.segmentation.customers.base import CustomerBase, customer_base
from crmlib.segmentation.value.forecast import Forecast, forecast_value
from crmlib.segmentation.value.valuation import value_by_segment

if TYPE_CHECKING:
    from ibis import Table

    from crmlib.workspace import Run


class Study:
    """What chapter 02 found out as of the run's date; nothing in it has passed the gate.

    Attributes
    ----------
    run
        The run that it is of.
    transactions
        The clean table, in the engine.

    Examples
    --------
    In a notebook: ``found = segmentation.study(run)``, then ``found.base.now`` is one row a customer.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.transactions: Table = run.table("transactions")

    # the business

    @cached_property
    def months(self) -> pd.DataFrame:
        """Monthly figures of the business, this month last."""
        return monthly_figures(self.transactions, self.run.as_of)

    @cached_property
    def earlier(self) -> pd.DataFrame:
        """The same as of the last period, recomputed."""
        return earlier_figures(self.months, self.transactions, self.run)

    @cached_property
    def glance(self) -> Glance:
        """Every figure of the business for every span of time, in all and by part."""
        return at_a_glance(self.transactions, self.base, self.run)

    # the customers

    @cached_property
    def base(self) -> CustomerBase:
        """The customers now and a month ago, one row each: RFM, segment, stage of life."""
        return customer_base(self.transactions, self.run)

    # cohorts

    @cached_property
    def cohorts(self) -> pd.DataFrame:
        """Retention of the customers who began in the same month."""
        return cohort_retention(self.transactions, self.run.as_of, self.run.params.segmentation.cohort_months)

    # value

    @cached_property
    def forecast(self) -> Forecast:
        """What customers are expected to buy and to be worth, and how such forecasts did."""
        return forecast_value(self.transactions, self.run)

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


def study(run: Run) -> Study:
    """Open chapter 02's findings of a run; each is computed when it is first asked for."""
    return Study(run)
