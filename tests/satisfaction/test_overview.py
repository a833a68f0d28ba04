"""The headline numbers as of a date."""

from dataclasses import replace
from datetime import date

import pytest

from crmlib.satisfaction import show_response, study
from crmlib.satisfaction.answers.population import ENOUGH
from crmlib.satisfaction.answers.survey import read_survey
from crmlib.satisfaction.overview import look
from crmlib.satisfaction.scores.every_score import every_score
from crmlib.satisfaction.scores.shares import windows
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


def test_headline_bars_and_table_have_the_weights_of_the_window(demo_run):
    found = study(demo_run)
    now, raked = found.now, found.now.window_raked
    answers = now.window.answers(90)
    assert len(raked.weights) == answers["customer_id"].isin(now.customers["customer_id"]).sum()
    known = answers[answers["customer_id"].isin(now.customers["customer_id"])].merge(now.customers, on="customer_id")
    for tier, share in now.customers["tier"].value_counts(normalize=True).items():
        weight = known.loc[known["tier"] == tier, "weight"].sum() / known["weight"].sum()
        assert weight == pytest.approx(share, abs=raked.largest_gap + 1e-6)
    bars = windows(found.window, found.window_before, 90).set_index("window")
    assert 100 * (bars.loc["now", "high"] - bars.loc["now", "low"]) == pytest.approx(now.nps.value)
    assert every_score(found.window, answers)["weighted"].iloc[0] == pytest.approx(now.nps.value)
    assert "weighted for themselves" in show_response(found, demo_run).text


def test_a_window_of_few_answers_keeps_the_weights_of_thirteen_months(demo_run):
    knobs = demo_run.params.satisfaction.model_copy(update={"window_days": 7})
    run = replace(demo_run, params=demo_run.params.model_copy(update={"satisfaction": knobs}))
    found = study(run)
    assert len(found.survey.answers(7)) < ENOUGH
    assert found.now.window_raked is None
    assert found.window is found.survey
    assert "there are fewer than 400 answers: they keep these weights" in show_response(found, run).text


def test_without_survey_and_complaints_returns_are_left(bare_run):
    now = look(bare_run, read_survey(bare_run), read_complaints(bare_run))
    assert now.survey is None
    assert now.missing is not None
    assert not now.nps.is_known
    assert not now.settled.is_known
    assert 0 < now.returns.value < 0.1
