"""Whether satisfaction moves."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.satisfaction import show_trend, study
from crmlib.satisfaction.scores.trend import by_month, yearly_change


def test_thirteen_months_and_the_last_one_whole(survey):
    found = by_month(survey, top=5)
    assert found["month"].tolist() == list(pd.date_range("2025-10-01", "2026-10-01", freq="MS"))
    assert not found["partial"].any()


def test_a_month_that_is_cut_off_says_so(survey):
    found = by_month(survey.at(date(2026, 10, 15)), top=5)
    assert found["partial"].tolist() == [False] * 12 + [True]


def test_a_month_cut_off_and_months_without_answers_are_said_on_the_page(demo_run):
    found = study(replace(demo_run, as_of=date(2026, 10, 15)))
    assert "look at the band, not at the dots. The last month is cut off." in show_trend(found, demo_run).words[3]
    found.months = found.months.head(0)
    assert show_trend(found, demo_run).text == "Not shown: nobody answered in the last 13 months."


def test_the_slope_covers_the_truth():
    # 100 surveys that rise by .3 a year, two answers a person: 95 % ± 4 standard errors is .863 to 1
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(100):
        person = np.repeat(np.arange(100), 2)
        years = rng.uniform(0, 2, 200)
        score = 3 + 0.3 * years + rng.normal(0, 0.5, 100)[person] + rng.normal(0, 0.5, 200)
        at = pd.Timestamp("2024-01-01") + pd.to_timedelta(years * 365.25, unit="D")
        answers = pd.DataFrame({"answered_at": at, "person": person, "weight": 1.0, "score": score})
        slope = yearly_change(answers, "score")
        covered += slope.low <= 0.3 <= slope.high
    assert covered / 100 >= 0.863


def test_too_few_answers_have_no_slope(survey):
    assert not yearly_change(survey.answers().head(20), "score_recommend").is_known


def test_the_planted_rise_is_found(survey):
    # latent satisfaction rises by .2 in 24 months, .95 of a point each, clipped to the scale: at most .1 a year
    slope = yearly_change(survey.answers(), "score_satisfaction")
    error = (slope.high - slope.low) / 3.92
    assert slope.value == pytest.approx(0.09, abs=4 * error)
