"""The chapter's findings in one object: each is computed once, when it is first asked for, and open to a cell."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.answers.response import response_by
from crmlib.satisfaction.answers.survey import Survey, read_survey
from crmlib.satisfaction.comments.reading import Reading, read
from crmlib.satisfaction.drivers.key_drivers import Drivers, key_drivers
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.overview import Overview, look, of_last_year
from crmlib.satisfaction.scores.groupings import grouped_answers
from crmlib.satisfaction.scores.months import by_month, movement
from crmlib.satisfaction.scores.places import compare_places
from crmlib.satisfaction.scores.stores import stores_over_time
from crmlib.satisfaction.service.complaints import read_complaints
from crmlib.satisfaction.service.returns import products_taken_back, returns_by_month
from crmlib.satisfaction.whom.candidates import candidates, recent_returners, satisfaction_customers
from crmlib.satisfaction.worth.afterwards import Afterwards, after_answers, after_returns

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.satisfaction.scores.movement import Movement
    from crmlib.satisfaction.worth.compared import Compared
    from crmlib.workspace import Run


class Study:
    """What chapter 04 found out as of the run's date; nothing in it has passed the gate.

    In a notebook: ``found = satisfaction.study(run)``, then ``found.survey.answers()`` is one row an answer.
    """

    def __init__(self, run: Run) -> None:
        self.run = run

    # what was delivered

    @cached_property
    def delivered(self) -> Survey | Gap:
        """The survey, or why there is none to read."""
        return read_survey(self.run)

    @cached_property
    def complaints(self) -> pd.DataFrame | Gap:
        """The complaints, one row each, or why there are none to read."""
        return read_complaints(self.run)

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
    def returns(self) -> pd.DataFrame:
        """The money taken back of the last thirteen months."""
        return returns_by_month(self.run.table("orders"), self.run.as_of)

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
    def candidates(self) -> pd.DataFrame:
        """The customers to hear from, why, and how pressing it is."""
        run, days = self.run, self.run.params.satisfaction.window_days
        returners = recent_returners(run.table("orders"), run.as_of, days)
        return candidates(self.now.survey, self.now.waits, returners, run.as_of, days)


def study(run: Run) -> Study:
    """Open chapter 04's findings of a run; each is computed when it is first asked for."""
    return Study(run)
