"""The headline numbers of the chapter as of a date: computed alike for this period and, again, for the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.features import returns_known
from crmlib.satisfaction.answers.population import YEAR, population, weigh, weigh_window
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

    `nps, top_box, mean` are of the window's answers, given by so many `people` and weighted to the `customers`: for
    themselves in `window` (`window_raked`; `None`: too few for it), by thirteen months in `survey` (`raked`). `settled`
    is the median days of the last year's complaints, `complaints` are per 1,000 orders, `returns` the money taken back
    over the money sold, `returners` the share of the buyers who took something back.
    """

    as_of: date
    survey: Survey | None
    missing: Gap | None
    raked: Raked | None
    window: Survey | None
    window_raked: Raked | None
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
    weighed = _Weighed() if isinstance(survey, Gap) else _weighed(run, survey.at(when))
    asked, window = weighed.survey, weighed.window
    waits = None if isinstance(complaints, Gap) else waiting(complaints, when)
    known = returns_known(run)
    return Overview(
        as_of=when,
        survey=asked,
        missing=survey if isinstance(survey, Gap) else None,
        raked=weighed.raked,
        window=window,
        window_raked=weighed.window_raked,
        customers=weighed.customers,
        waits=waits,
        people=0 if asked is None else int(asked.answers(knobs.window_days)["person"].nunique()),
        **_scores(window, knobs.window_days),
        response=unknown if asked is None else response_rate(asked, knobs.answer_days, knobs.window_days),
        settled=unknown if waits is None else median_wait(of_last_year(waits, when)),
        complaints=unknown if waits is None else complaint_rate(waits, orders, when, knobs.window_days),
        returns=return_rate(orders, when, knobs.window_days) if known else unknown,
        returners=share_of_returners(orders, when, knobs.window_days) if known else unknown,
    )


def of_last_year(waits: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Keep the complaints made in the year before a date."""
    return waits[waits["at"] >= pd.Timestamp(as_of) - pd.Timedelta(days=YEAR)]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The survey weighted by thirteen months and by its window; nothing without one."""

    customers: pd.DataFrame | None = None
    survey: Survey | None = None
    raked: Raked | None = None
    window: Survey | None = None
    window_raked: Raked | None = None


def _weighed(run: Run, survey: Survey) -> _Weighed:
    knobs, customers = run.params.satisfaction, population(run, survey.as_of)
    weighted, raked = weigh(survey, customers, knobs.weight_by)
    return _Weighed(customers, weighted, raked, *weigh_window(weighted, customers, knobs.weight_by, knobs.window_days))


def _scores(survey: Survey | None, days: int) -> dict[str, Estimate]:
    """Give the window's scores."""
    if survey is None:
        return dict.fromkeys(("nps", "top_box", "mean"), Estimate.unknown())
    return headline(survey, survey.answers(days), survey.top)
