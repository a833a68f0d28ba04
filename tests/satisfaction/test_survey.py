"""The survey as a report may see it."""

from datetime import date

import pandas as pd
import pytest

from crmlib.params.sections import SatisfactionSection
from crmlib.satisfaction.answers.survey import make_survey, read_survey
from crmlib.satisfaction.evidence import Gap

ROWS = pd.DataFrame({
    "response_id": ["1", "2", "3", "4"],
    "invited_at": pd.to_datetime(["2026-01-01", "2026-01-10", "2026-02-20", "2026-03-05"]),
    "answered_at": pd.to_datetime(["2026-01-02", "2026-03-02", None, "2026-03-06"]),
    "customer_id": ["a", None, "b", "c"],
    "score_recommend": [9.0, 3.0, None, 10.0],
    "score_satisfaction": [5.0, 2.0, None, 5.0],
    "score_staff": [4.0, 1.0, None, 5.0],
    "score_never": [None, None, None, None],
})  # fmt: skip


def _survey(as_of, **knobs):
    return make_survey(ROWS, as_of, SatisfactionSection(**knobs))


def test_an_answer_to_come_is_an_invitation_not_answered():
    survey = _survey(date(2026, 3, 1))
    assert survey.invitations["response_id"].tolist() == ["1", "2", "3"]
    assert survey.answers()["response_id"].tolist() == ["1"]


def test_an_earlier_date_knows_less_and_a_later_one_is_refused():
    survey = _survey(date(2026, 4, 1))
    assert len(survey.answers()) == 3
    assert survey.at(date(2026, 3, 1)).answers()["response_id"].tolist() == ["1"]
    with pytest.raises(ValueError, match="known up to"):
        survey.at(date(2026, 5, 1))


def test_the_window_counts_back_from_the_date():
    assert _survey(date(2026, 4, 1)).answers(days=30)["response_id"].tolist() == ["2", "4"]


def test_every_other_score_with_an_answer_is_a_driver():
    survey = _survey(date(2026, 4, 1))
    assert (survey.recommend, survey.overall, survey.drivers) == (
        "score_recommend",
        "score_satisfaction",
        ("score_staff",),
    )
    assert _survey(date(2026, 4, 1), overall="score_joy").overall is None


def test_a_driver_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="score_price"):
        _survey(date(2026, 4, 1), drivers=["score_price"])


def test_an_answer_without_a_customer_stands_for_itself():
    assert _survey(date(2026, 4, 1)).invitations["person"].tolist() == ["a", "2", "b", "c"]


def test_a_run_reads_its_survey_or_says_why_not(demo_run, bare_run):
    survey = read_survey(demo_run)
    assert survey.drivers == tuple(f"score_{d}" for d in ("app", "price", "quality", "range", "speed", "staff"))
    gap = read_survey(bare_run)
    assert isinstance(gap, Gap)
    assert "no survey table" in gap.found


def test_the_demo_is_not_doubted(survey):
    assert survey.doubts == ()
    assert survey.top == 5
