"""Whether satisfaction moves."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions

from crmlib.satisfaction import show_trend, study
from crmlib.satisfaction.scores.comparison import told
from crmlib.satisfaction.scores.groups import headline
from crmlib.satisfaction.scores.months import by_month, movement
from crmlib.satisfaction.scores.movement import direction, yearly_change
from crmlib.satisfaction.scores.scores import standings
from crmlib.satisfaction.scores.shares import part_names, windows
from crmlib.stats import Estimate
from crmlib.surveys import Scale


def test_thirteen_months_and_the_last_one_whole(survey):
    found = by_month(survey, top=5)
    assert found["month"].tolist() == list(pd.date_range("2025-10-01", "2026-10-01", freq="MS"))
    assert not found["partial"].any()


def test_a_month_that_is_cut_off_says_so(survey):
    found = by_month(survey.at(date(2026, 10, 15)), top=5)
    assert found["partial"].tolist() == [False] * 12 + [True]


def test_a_month_cut_off_and_months_without_answers_are_said_on_the_page(demo_run):
    found = study(replace(demo_run, as_of=date(2026, 10, 15)))
    assert "outside the grey limits is news. The last month is cut off." in show_trend(found, demo_run).words[3]
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
        answers = pd.DataFrame({"answered_at": at, "person": person, "weight": 1.0, "value": score})
        slope = yearly_change(answers)
        covered += slope.low <= 0.3 <= slope.high
    assert covered / 100 >= 0.863


def test_the_slope_is_that_of_a_regression_clustered_by_person(survey):
    from statsmodels.regression.linear_model import WLS

    answers = survey.answers(396).iloc[::5]
    weight = np.random.default_rng(1).uniform(0.5, 3, len(answers))
    given = told(survey, answers.assign(weight=weight)).join(answers["answered_at"]).dropna(subset=["value"])
    slope = yearly_change(given)
    years = (given["answered_at"] - given["answered_at"].min()) / pd.Timedelta(days=365.25)
    model = WLS(given["value"], np.column_stack([np.ones(len(given)), years]), weights=given["weight"])
    groups = {"groups": pd.factorize(given["person"])[0], "use_correction": False}
    fitted = model.fit(cov_type="cluster", cov_kwds=groups)
    n = given["person"].nunique()
    reach = fitted.bse.iloc[1] * np.sqrt(n / (n - 1)) * distributions.t.ppf(0.975, n - 1)
    assert slope.value == pytest.approx(fitted.params.iloc[1])
    assert slope.high - slope.value == pytest.approx(reach)


def test_too_few_answers_have_no_slope(survey):
    answers = survey.answers().head(20)
    assert not yearly_change(told(survey, answers).join(answers["answered_at"])).is_known


def test_the_planted_rise_is_found(survey, chain):
    # what everybody would have answered, month by month of the demo's last year, gives the rise that is true
    experience = chain.experience.join(chain.orders[["at"]])
    end = chain.plan.as_of_day
    seen = experience[(experience["at"] >= end - 396) & (experience["at"] < end)]
    true = 365.25 * np.polyfit(seen["at"], 100 * standings(seen["score_recommend"]), 1)[0]
    moved = movement(survey, by_month(survey, top=5))
    error = (moved.yearly.high - moved.yearly.low) / 3.92
    assert moved.yearly.value == pytest.approx(true, abs=4 * error)


def test_months_of_an_unchanged_score_stay_within_their_limits(survey):
    # answers dealt to days at random: of 13 months of each of 5 deals .27 % lie outside, two of 65 at most
    rng, outside = np.random.default_rng(3), 0
    for _ in range(5):
        days = rng.permutation(survey.invitations["answered_at"].dropna().to_numpy())
        invitations = survey.invitations.copy()
        invitations.loc[invitations["answered_at"].notna(), "answered_at"] = days
        dealt = replace(survey, invitations=invitations)
        outside += len(movement(dealt, by_month(dealt, top=5)).outside)
    assert outside <= 2


def test_a_month_apart_is_outside_its_limits(survey):
    bad = survey.invitations["answered_at"].dt.to_period("M") == "2026-05"
    worse = survey.invitations.assign(score_recommend=survey.invitations["score_recommend"].mask(bad, 2.0))
    found = replace(survey, invitations=worse)
    assert movement(found, by_month(found, top=5)).outside == (pd.Timestamp("2026-05-01"),)


@pytest.mark.parametrize(
    ("low", "high", "way"),
    [(0.3, 9, "steady"), (0.6, 9, "up"), (-9, -0.3, "steady"), (-9, -0.6, "down"), (-1, 1, "steady")],
)
def test_a_direction_needs_an_interval_that_leaves_nought_out_as_it_is_printed(low, high, way):
    assert direction(Estimate((low + high) / 2, low, high, n=100)) == way
    assert direction(Estimate.unknown()) == "unknown"


def test_the_bars_are_the_score(survey):
    shares = windows(survey, survey.at(date(2026, 8, 3)), 90).set_index("window")
    assert shares[["low", "middle", "high"]].sum(axis=1).tolist() == pytest.approx([1, 1])
    nps = headline(survey, survey.answers(90), 5)["nps"].value
    assert 100 * (shares.loc["now", "high"] - shares.loc["now", "low"]) == pytest.approx(nps)


@pytest.mark.parametrize(
    ("scale", "top", "high"),
    [
        ((1, 5), 5, "very satisfied (5)"),
        ((1, 7), 6, "very satisfied (6 to 7)"),
        ((0, 10), 9, "very satisfied (9 to 10)"),
    ],
)
def test_the_words_of_the_bars_follow_the_scale(survey, scale, top, high):
    asked = replace(survey, recommend=None, top=float(top), scales={"score_satisfaction": Scale(*map(float, scale))})
    assert part_names(asked)["high"] == high
    assert part_names(asked)["low"] == f"dissatisfied ({scale[0]} to {scale[0] + 1})"
