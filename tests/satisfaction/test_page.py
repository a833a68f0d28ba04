"""What chapter 04 shows: with a survey, without one, and with too few answers."""

import numpy as np
import pandas as pd
import pytest

from crmlib import satisfaction as sat
from crmlib.reporting import Shown
from crmlib.satisfaction.gaps import Gap
from crmlib.satisfaction.shown_drivers import FEWEST_ANSWERS
from crmlib.stats import Estimate


def _page(run):
    """Show the whole chapter, section by section, as the notebook does."""
    survey, complaints = sat.read_survey(run), sat.read_complaints(run)
    now = sat.look(run, survey, complaints)
    before = sat.look(run, survey, complaints, run.previous_as_of)
    returns = sat.returns_by_month(run.table("transactions"), run.as_of)
    places, segments = sat.scores_by_place(run, now), sat.scores_by_segment(run, now)
    return {
        "strip": sat.headline_strip(run, now, before, returns),
        "trend": sat.trend_figure(run, now),
        "response": sat.response_table(run, now),
        "places": sat.places_shown(run, now, places, segments),
        "drivers": sat.drivers_shown(run, now, sat.key_drivers(run, now)),
        "afterwards": sat.afterwards_shown(run, now, sat.afterwards(run, now)),
        "complaints": sat.complaints_shown(run, now, complaints),
        "comments": sat.comments_shown(run, now),
        "returns": sat.returns_figure(run, returns, now.returns),
        "after_returns": sat.after_returns_shown(run, sat.after_returns(run)),
        "products": sat.products_table(run),
        "hand_on": sat.hand_on(run, now),
    }


@pytest.fixture(scope="module")
def told_page(demo_run):
    """Show the chapter of the whole demo, once."""
    return _page(demo_run)


def test_the_page_with_a_survey(demo_run, told_page):
    page = told_page
    assert all(isinstance(part, Shown) for part in page.values())
    assert not any("Not shown" in part.text or "Needed" in part.text for part in page.values())
    assert "成都𠮷㵘广场店" in page["places"].text
    assert "Quality" in page["drivers"].text
    assert "loyal" in page["places"].text
    recorded = {result.name: result for result in demo_run.results("04_satisfaction")}
    assert {"net_promoter_score", "very_satisfied", "response_rate", "return_rate", "days_to_settle"} <= set(recorded)
    nps = recorded["net_promoter_score"]
    assert nps.low < nps.value < nps.high
    assert nps.previous is not None
    assert nps.n % 5 == 0


def test_the_page_without_a_survey_says_so_and_shows_returns(bare_run):
    page = _page(bare_run)
    assert page["trend"].kind == "insufficient"
    assert "no survey table" in page["trend"].text
    assert page["complaints"].kind == "insufficient"
    for part in ("response", "places", "drivers", "afterwards", "comments"):
        assert "needs a survey" in page[part].text
    assert page["returns"].kind == "figure"
    assert "took something back" in page["after_returns"].text
    names = {result.name for result in bare_run.results("04_satisfaction")}
    assert names == {"return_rate", "customers_returning_goods"}


def test_two_pages_are_the_same_bytes(demo_run, told_page):
    again = _page(demo_run)
    assert {name: part.html for name, part in told_page.items()} == {name: part.html for name, part in again.items()}


@pytest.mark.usefixtures("told_page")
def test_the_tables_for_the_actions_are_written(demo_run):
    customers, reasons = demo_run.frame("satisfaction_customers"), demo_run.frame("candidates_satisfaction")
    assert customers["customer_id"].is_unique
    assert set(reasons["reason"]) == {"unhappy", "open_complaint", "returned_and_quiet"}
    assert not reasons.duplicated(["customer_id", "reason"]).any()


def _few(run, n):
    """Keep the last few answers of the survey."""
    file = run.run_dir / "clean" / "surveys.parquet"
    rows = run.table("surveys").to_pandas()
    answered = rows[rows["answered_at"] < np.datetime64(run.as_of)].sort_values("answered_at").tail(n)
    answered.to_parquet(file, index=False)


@pytest.mark.parametrize("n", [8, 40])
def test_few_answers_are_hidden_or_said_to_be_too_few(own_run, n):
    _few(own_run, n)
    page = _page(own_run)
    assert n < FEWEST_ANSWERS
    assert page["drivers"].kind == "insufficient"
    assert page["afterwards"].kind == "insufficient"
    result = next(r for r in own_run.results("04_satisfaction") if r.name == "net_promoter_score")
    assert result.hidden == (n < own_run.rules.threshold)
    assert (result.value is None) == result.hidden


def test_a_survey_of_one_question_is_enough_for_its_own_sections(own_run):
    file = own_run.run_dir / "clean" / "surveys.parquet"
    rows = own_run.table("surveys").to_pandas()
    scores = [name for name in rows.columns if name.startswith("score_") and name != "score_satisfaction"]
    rows.drop(columns=scores).to_parquet(file, index=False)
    page = _page(own_run)
    assert "Very satisfied" in page["strip"].text
    assert "Net promoter score" not in page["strip"].text
    assert "Less satisfied than the others" in page["places"].text
    assert isinstance(sat.key_drivers(own_run, sat.look(own_run, sat.read_survey(own_run), Gap("", "", ""))), Gap)


def test_the_answer_is_at_most_three_sentences(demo_run, bare_run):
    for run in (demo_run, bare_run):
        now = sat.look(run, sat.read_survey(run), sat.read_complaints(run))
        assert 1 <= len(sat.overview_answer(now, run)) <= 3


def test_returns_of_a_shop_that_sold_nothing_have_no_rate(bare_run):
    months = pd.DataFrame({
        "month": pd.to_datetime(["2026-09-01", "2026-10-01"]), "people": [40, 30], "sold": [0.0, 0.0],
        "returned": [90.0, 60.0], "rate": [np.nan, np.nan], "low": [np.nan, np.nan], "high": [np.nan, np.nan],
        "partial": False,
    })  # fmt: skip
    assert sat.returns_figure(bare_run, months, Estimate.unknown()).kind == "insufficient"
    some = months.assign(rate=[0.25, np.nan], low=[0.2, np.nan], high=[0.3, np.nan])
    drawn = sat.returns_figure(bare_run, some, Estimate.unknown())
    assert "Nothing was sold in the last" in drawn.text
    assert "nan" not in drawn.html.replace("nano", "")
