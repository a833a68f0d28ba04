"""The headline numbers as of a date."""

from datetime import date

from crmlib.satisfaction.answers.survey import read_survey
from crmlib.satisfaction.overview import look
from crmlib.satisfaction.service.complaints import read_complaints


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
