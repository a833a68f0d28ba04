"""The chapter's findings in one object: each is computed once, when it is first asked for, and open to a cell."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from math import nan
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.satisfaction.answers.population import YEAR, weigh_window
from crmlib.satisfaction.answers.response import response_by
from crmlib.satisfaction.answers.survey import Survey, read_survey
from crmlib.satisfaction.comments.reading import Reading, read
from crmlib.satisfaction.drivers.key_drivers import Drivers, key_drivers
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.journey.page import way
from crmlib.satisfaction.overview import Overview, look, of_last_year
from crmlib.satisfaction.scores.comparison import BELOW
from crmlib.satisfaction.scores.groupings import grouped_answers
from crmlib.satisfaction.scores.months import by_month, movement
from crmlib.satisfaction.scores.places import compare_places
from crmlib.satisfaction.scores.stores import stores_over_time
from crmlib.satisfaction.service.aftermath import (
    Reached,
    Recovery,
    adopted,
    campaigns_sent,
    reached,
    recovery,
)
from crmlib.satisfaction.service.complaints import COMPLAINT, complaints_among, read_contacts
from crmlib.satisfaction.service.followed import events_of, follow
from crmlib.satisfaction.service.rates import COLUMNS, categories_ordered, complaint_rates, members_orders
from crmlib.satisfaction.service.rates import by_month as complaints_by_month
from crmlib.satisfaction.service.rates_shown import store_names
from crmlib.satisfaction.service.returns import products_taken_back, returns_by_month
from crmlib.satisfaction.service.settling import Standstill, standstill
from crmlib.satisfaction.whom.candidates import candidates, recent_returners
from crmlib.satisfaction.whom.customers import low_scores, satisfaction_customers
from crmlib.satisfaction.whom.stores import stores_to_visit
from crmlib.satisfaction.worth.afterwards import Afterwards, after_answers, after_returns
from crmlib.stats import Estimate
from crmlib.workspace import MissingTableError

if TYPE_CHECKING:
    from ibis import Table

    from crmlib.adjustment.compared import Compared
    from crmlib.satisfaction.scores.movement import Movement
    from crmlib.workspace import Run


class Study:
    """What chapter 04 found out as of the run's date; nothing in it has passed the gate.

    In a notebook: ``found = satisfaction.study(run)``, then ``found.survey.answers()`` is one row an answer.
    """

    def __init__(self, run: Run) -> None:
        self.run = run

    # what was delivered

    @cached_property
    def orders(self) -> Table:
        """The orders, in the engine."""
        return self.run.table("orders")

    @cached_property
    def delivered(self) -> Survey | Gap:
        """The survey, or why there is none to read."""
        return read_survey(self.run)

    @cached_property
    def contacts(self) -> pd.DataFrame | Gap:
        """Customers' contacts, one row each, or why there are none to read."""
        return read_contacts(self.run)

    @cached_property
    def complaints(self) -> pd.DataFrame | Gap:
        """The complaints among them, or why there are none to read."""
        return complaints_among(self.contacts)

    # the headline numbers

    @cached_property
    def now(self) -> Overview:
        """Satisfaction as of the run's date."""
        return look(self.run, self.delivered, self.complaints)

    @cached_property
    def before(self) -> Overview:
        """The same as of the last period, recomputed."""
        return look(self.run, self.delivered, self.complaints, self.run.previous_as_of)

    @property
    def survey(self) -> Survey:
        """The survey with its weights; where there is none, `missing` says why."""
        if self.now.survey is None:
            raise LookupError(f"there is no survey to read: {self.missing.found}")
        return self.now.survey

    @property
    def window(self) -> Survey:
        """The survey with the headline's weights: those of its last days for themselves."""
        return self.survey if self.now.window is None else self.now.window

    @cached_property
    def window_before(self) -> Survey:
        """The survey as it stood so many days ago, its last days weighted for themselves to today's customers."""
        knobs, customers = self.run.params.satisfaction, self.now.customers
        past = self.survey.at(self.run.as_of - timedelta(days=knobs.window_days))
        if customers is None:
            return past
        return weigh_window(past, customers, knobs.weight_by, knobs.window_days)[0]

    @property
    def missing(self) -> Gap:
        """Why there is no survey."""
        return self.now.missing or Gap("", "", "")

    # what the answers say

    @cached_property
    def months(self) -> pd.DataFrame:
        """The scores of the last thirteen months."""
        return by_month(self.survey, self.survey.top)

    @cached_property
    def movement(self) -> Movement:
        """Whether the score moved in these months: what the answer, the title and the picture share."""
        return movement(self.survey, self.months)

    @cached_property
    def response(self) -> pd.DataFrame:
        """Who was asked and who answered in the last year, by touchpoint."""
        return response_by(self.survey, "touchpoint", self.run.params.satisfaction.answer_days, YEAR)

    @cached_property
    def grouped(self) -> pd.DataFrame:
        """The year's answers with what they can be told by: touchpoint, store, channel, category, tier, segment."""
        return grouped_answers(self.run, self.survey, self.now.customers)

    @cached_property
    def places(self) -> pd.DataFrame:
        """The year's scores by touchpoint, store and the others, each held against the others of its kind."""
        return compare_places(self.survey, self.grouped)

    @cached_property
    def stores(self) -> pd.DataFrame:
        """How each store's score moved from one half of the year to the other."""
        return stores_over_time(self.survey, self.grouped)

    @cached_property
    def drivers(self) -> Drivers | Gap:
        """What the year's satisfaction hangs on, or what is missing to tell."""
        return key_drivers(self.run, self.now.survey)

    @cached_property
    def comments(self) -> Reading | Gap:
        """What customers write: in the survey, else in complaints and suggestions; or why there is nothing to read."""
        return read(self.run, self.now.survey)

    # what customers did

    @cached_property
    def afterwards(self) -> Afterwards | Gap:
        """What customers bought after they had answered."""
        return after_answers(self.run, self.now.survey)

    @cached_property
    def after_returns(self) -> Compared | Gap:
        """What customers bought after a year in which they took something back, or did not."""
        return after_returns(self.run)

    @cached_property
    def waits(self) -> pd.DataFrame | None:
        """The complaints of the last year with how long they waited; `None` where there are none."""
        return None if self.now.waits is None else of_last_year(self.now.waits, self.run.as_of)

    @cached_property
    def standstill(self) -> Standstill | None:
        """From which day on a complaint that is open stays open; `None` where none does."""
        return None if self.waits is None else standstill(self.waits, self.run.as_of, self.run.fewest)

    @cached_property
    def followed(self) -> pd.DataFrame:
        """Contacts, complaints a while later and answers, each with the order concerned and the next purchase."""
        events = events_of(self.contacts, self.now.waits, self.now.survey, self.run.as_of)
        return follow(self.orders, events, self.run.as_of)

    @cached_property
    def members_orders(self) -> pd.DataFrame:
        """The orders of known customers by store, channel and month."""
        return members_orders(self.orders, self.run.as_of)

    @cached_property
    def complaint_rates(self) -> pd.DataFrame:
        """The last year's complaints per 1,000 orders by store, channel and category."""
        if isinstance(self.complaints, Gap):
            return pd.DataFrame(columns=COLUMNS)
        made = of_last_year(self.complaints_followed, self.run.as_of)
        return complaint_rates(made, self.members_orders, categories_ordered(self.run, made))

    @cached_property
    def complaint_months(self) -> pd.DataFrame:
        """The last months' complaints per 1,000 orders."""
        return complaints_by_month(self.complaints_followed, self.members_orders)

    @property
    def complaints_followed(self) -> pd.DataFrame:
        """The complaints of known customers with the order concerned and the next purchase."""
        return self.followed[(self.followed["kind"] == COMPLAINT) & self.followed["customer_id"].notna()]

    @cached_property
    def recovery(self) -> Recovery:
        """What followed complaints that were settled in time, and those that were not."""
        survey, days = self.now.survey, self.run.params.satisfaction.horizon_days
        answers, score = (None, "") if survey is None else (survey.answers(), survey.headline)
        return recovery(self.followed, answers, score, self.run.as_of, days)

    @cached_property
    def reached(self) -> Reached | None:
        """Whom a low score was followed by a contact; `None` without a survey."""
        if self.now.survey is None:
            return None
        contacts = None if isinstance(self.contacts, Gap) else self.contacts
        low = low_scores(self.now.survey)
        return reached(low, contacts, campaigns_sent(self.run, low["customer_id"]), self.run.as_of)

    @cached_property
    def adopted(self) -> Estimate:
        """The share of the last year's suggestions that was adopted."""
        return Estimate.unknown() if isinstance(self.contacts, Gap) else adopted(self.contacts, self.run.as_of)

    @cached_property
    def journey(self) -> pd.DataFrame | Gap:
        """The steps of the customer journey, with scores, and the share after which nothing was bought."""
        return way(self.run, self.orders, self.followed, self.now.survey)

    @cached_property
    def returns(self) -> pd.DataFrame:
        """The money taken back of the last thirteen months."""
        return returns_by_month(self.orders, self.run.as_of)

    @cached_property
    def products(self) -> pd.DataFrame:
        """The products of the last year that enough customers bought and took back, with their names."""
        return products_taken_back(self.run)

    # what goes to chapter 05

    @cached_property
    def customers(self) -> pd.DataFrame:
        """Each customer's last score and open complaints."""
        return satisfaction_customers(self.now.survey, self.now.waits)

    @cached_property
    def known(self) -> pd.DataFrame | None:
        """What chapter 02 tells of each customer, where it has run."""
        try:
            return self.run.frame("segments")
        except MissingTableError:
            return None

    @property
    def order_value(self) -> float:
        """The mean value of an order of known customers; missing where chapter 02 has not run."""
        if self.known is None or not {"spend", "orders"} <= {*self.known} or not self.known["orders"].sum():
            return nan
        return float(self.known["spend"].sum() / self.known["orders"].sum())

    @cached_property
    def candidates(self) -> pd.DataFrame:
        """The customers to hear from, why, and what is at stake."""
        run, days = self.run, self.run.params.satisfaction.window_days
        returners = recent_returners(self.orders, run.as_of, days)
        return candidates(self.now.survey, self.now.waits, returners, self.known, as_of=run.as_of, recent=days)

    @cached_property
    def visits(self) -> pd.DataFrame:
        """The stores that stand apart by complaints or by score."""
        low = set()
        if self.now.survey is not None and len(self.places):
            told = self.places
            low = set(told.loc[(told["kind"] == "store") & (told["stands"] == BELOW), "name"])
        names = store_names(self.run)
        below = {store for store, name in names.items() if name in low} | (low - set(names.values()))
        return stores_to_visit(self.complaint_rates, below, self.waits)


def study(run: Run) -> Study:
    """Open chapter 04's findings of a run; each is computed when it is first asked for."""
    return Study(run)
