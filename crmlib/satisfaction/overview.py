"""The headline numbers of the chapter as of a date: computed alike for this period and, again, for the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.features import returns_known
from crmlib.satisfaction.answers.population import YEAR, population, weigh
from crmlib.satisfaction.answers.response import response_rate
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.scores.groups import headline
from crmlib.satisfaction.service.complaints import complaint_rate, median_wait, waiting
from crmlib.satisfaction.service.returns import return_rate, share_of_returners
from crmlib.stats import Estimate

if TYPE_CHECKING:
    from datetime import date

    from crmlib.satisfaction.answers.population import Raked
    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.workspace import Run


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of satisfaction as of a date (exclusive); estimates are unknown where their table is missing.

    `nps, top_box, mean` are of the window's answers, given by so many `people` and weighted to the `customers`;
    `change` is the net promoter score less that of the window before, `settled` the median days of the last year's
    complaints, `complaints` are per 1,000 orders, `returns` the money taken back over the money sold, `returners` the
    share of the buyers who took something back.
    """

    as_of: date
    survey: Survey | None
    missing: Gap | None
    raked: Raked | None
    customers: pd.DataFrame | None
    waits: pd.DataFrame | None
    people: int
    nps: Estimate
    top_box: Estimate
    mean: Estimate
    response: Estimate
    settled: Estimate
    complaints: Estimate
    returns: Estimate
    returners: Estimate


def look(run: Run, survey: Survey | Gap, complaints: pd.DataFrame | Gap, as_of: date | None = None) -> Overview:
    """Measure satisfaction as of a date, from today's clean tables; the run's own date where none is given."""
    when = as_of or run.as_of
    knobs = run.params.satisfaction
    orders, unknown = run.table("orders"), Estimate.unknown()
    customers, asked, raked = (None, None, None) if isinstance(survey, Gap) else _weighted(run, survey.at(when))
    waits = None if isinstance(complaints, Gap) else waiting(complaints, when)
    known = returns_known(run)
    return Overview(
        as_of=when,
        survey=asked,
        missing=survey if isinstance(survey, Gap) else None,
        raked=raked,
        customers=customers,
        waits=waits,
        people=0 if asked is None else int(asked.answers(knobs.window_days)["person"].nunique()),
        **_scores(asked, knobs.window_days),
        response=unknown if asked is None else response_rate(asked, knobs.answer_days, knobs.window_days),
        settled=unknown if waits is None else median_wait(of_last_year(waits, when)),
        complaints=unknown if waits is None else complaint_rate(waits, orders, when, knobs.window_days),
        returns=return_rate(orders, when, knobs.window_days) if known else unknown,
        returners=share_of_returners(orders, when, knobs.window_days) if known else unknown,
    )


def of_last_year(waits: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Keep the complaints made in the year before a date."""
    return waits[waits["at"] >= pd.Timestamp(as_of) - pd.Timedelta(days=YEAR)]


def _weighted(run: Run, survey: Survey) -> tuple[pd.DataFrame, Survey, Raked]:
    customers = population(run, survey.as_of)
    return customers, *weigh(survey, customers, run.params.satisfaction.weight_by)


def _scores(survey: Survey | None, days: int) -> dict[str, Estimate]:
    """Give the window's scores."""
    if survey is None:
        return dict.fromkeys(("nps", "top_box", "mean"), Estimate.unknown())
    return headline(survey, survey.answers(days), survey.top)
