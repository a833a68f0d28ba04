"""The headline numbers as of a date."""

from datetime import date

import pytest

from crmlib.satisfaction.answers.survey import read_survey
from crmlib.satisfaction.overview import difference, look
from crmlib.satisfaction.service.complaints import read_complaints
from crmlib.stats import Estimate


def test_the_last_period_is_measured_as_it_was(demo_run):
    survey, complaints = read_survey(demo_run), read_complaints(demo_run)
    now, before = look(demo_run, survey, complaints), look(demo_run, survey, complaints, demo_run.previous_as_of)
    assert before.as_of == date(2026, 10, 1)
    assert before.survey.answers()["answered_at"].max().date() < before.as_of
    assert before.waits["at"].max().date() < before.as_of
    assert now.nps.is_known
    assert before.nps != now.nps
    assert now.raked.by == ("tier", "channel", "store", "orders")


def test_without_survey_and_complaints_returns_are_left(bare_run):
    now = look(bare_run, read_survey(bare_run), read_complaints(bare_run))
    assert now.survey is None
    assert now.missing is not None
    assert not now.nps.is_known
    assert not now.settled.is_known
    assert 0 < now.returns.value < 0.1


def test_the_difference_of_two_estimates():
    found = difference(Estimate(10, 7, 13, n=5), Estimate(6, 2, 10, n=7))
    assert (found.value, found.low, found.high, found.n) == (4, -1, 9, 12)
    assert not difference(Estimate.unknown(), found).is_known


@pytest.mark.parametrize("confidence", [0.95])
def test_a_change_rests_on_answers_of_both_windows(demo_run, confidence):
    now = look(demo_run, read_survey(demo_run), read_complaints(demo_run))
    days = demo_run.params.satisfaction.window_days
    both = now.survey.answers(2 * days)
    assert now.change.n == both["score_recommend"].notna().sum()
    assert now.change.confidence == confidence
