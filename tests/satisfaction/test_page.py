"""What chapter 04 shows: with a survey, without one, and with too few answers."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib import satisfaction as sat
from crmlib.reporting import Shown
from crmlib.satisfaction.drivers.key_drivers import FEWEST_ANSWERS
from crmlib.satisfaction.evidence import Gap
from crmlib.stats import Estimate


def _page(run):
    """Show the whole chapter, part by part, as the notebook does."""
    found = sat.study(run)
    return {part.__name__.removeprefix("show_"): part(found, run) for part in sat.PARTS}


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
    assert "Loyal" in page["places"].text
    recorded = {result.name: result for result in demo_run.results("04_satisfaction")}
    assert {"net_promoter_score", "very_satisfied", "response_rate", "return_rate", "days_to_settle"} <= set(recorded)
    nps = recorded["net_promoter_score"]
    assert nps.low < nps.value < nps.high
    assert nps.previous is not None
    assert nps.n % 5 == 0


def test_the_page_without_a_survey_says_so_and_shows_returns(bare_run):
    page = _page(bare_run)
    for part in ("trend", "drivers", "afterwards", "places", "comments", "complaints", "visits", "response"):
        assert page[part].kind == "nothing", part
    assert "no survey table" in page["trend"].text
    missing = page["missing"].text
    for wanted in ("a survey", "comments", "customers' contacts"):
        assert missing.count(f"With {wanted} ") == 1
    assert page["returns"].text.startswith("Figure: ")
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
    assert "Very satisfied" in page["numbers"].text
    assert "Net promoter score" not in page["numbers"].text
    assert "Less satisfied than the others" in page["places"].text
    assert isinstance(sat.study(own_run).drivers, Gap)


def test_the_answer_is_at_most_four_paragraphs(demo_run, bare_run):
    for run in (demo_run, bare_run):
        assert 1 <= len(sat.show_answer(sat.study(run), run).words) <= 4


def test_returns_of_a_shop_that_sold_nothing_have_no_rate(bare_run):
    months = pd.DataFrame({
        "month": pd.to_datetime(["2026-09-01", "2026-10-01"]), "people": [40, 30], "sold": [0.0, 0.0],
        "returned": [90.0, 60.0], "rate": [np.nan, np.nan], "rate_low": [np.nan, np.nan],
        "rate_high": [np.nan, np.nan], "partial": False,
    })  # fmt: skip
    nothing = SimpleNamespace(
        returns=months, now=SimpleNamespace(returns=Estimate.unknown(), survey=None), products=pd.DataFrame()
    )
    assert sat.show_returns(nothing, bare_run).kind == "insufficient"
    some = months.assign(rate=[0.25, np.nan], rate_low=[0.2, np.nan], rate_high=[0.3, np.nan])
    drawn = sat.show_returns(SimpleNamespace(returns=some, now=nothing.now, products=nothing.products), bare_run)
    assert "Nothing was sold in the last" in drawn.text
    assert "nan" not in drawn.html.replace("nano", "")


def test_answer_tile_and_results_agree(demo_run, told_page):
    answer, tiles = told_page["answer"].text, told_page["numbers"].text
    recorded = {result.name: result for result in demo_run.results("04_satisfaction")}
    nps, top, settled = (recorded[name] for name in ("net_promoter_score", "very_satisfied", "days_to_settle"))
    assert f"the net promoter score is {nps.value:.0f} ({nps.low:.0f} to {nps.high:.0f})" in answer
    assert f"Net promoter score: {nps.value:.0f}, {nps.low:.0f} to {nps.high:.0f}, n = {nps.n}," in tiles
    assert f"{top.value:.1%} (".replace("%", "\u00a0%") in answer
    assert f"Very satisfied: {top.value:.1%}, ".replace("%", " %") in tiles
    assert f"were settled within {settled.value:.1f}\u00a0days." in answer
    assert f"Complaint settled in: {settled.value:.1f} days, " in tiles
    assert nps.label == "Net promoter score"


def test_pictures_tables_and_sentences_tell_the_numbers_recorded(demo_run, told_page):
    recorded = {result.name: result for result in demo_run.results("04_satisfaction")}
    explained, again = recorded["satisfaction_explained_by_drivers"], recorded["bought_again_top_box_less_rest"].value
    assert told_page["drivers"].data["table"].frame["importance"].sum() == pytest.approx(explained.value, abs=5e-4)
    said = f"all account for {explained.value:.1%} ({explained.low:.1%} to {explained.high:.1%}) of"
    assert said.replace("%", "\u00a0%") in told_page["drivers"].words[2]
    assert f"{100 * again:.1f} points more often" in told_page["afterwards"].words[0]
    returns = told_page["returns"]
    assert f"{recorded['return_rate'].value:.1%} of the money".replace("%", "\u00a0%") in returns.words[0]


def test_the_share_of_customers_with_a_return_is_that_of_the_rounded_counts(bare_run):
    found = sat.study(bare_run)
    page = {name: part(found, bare_run) for name, part in (("answer", sat.show_answer), ("tiles", sat.show_numbers))}
    share = next(r for r in bare_run.results("04_satisfaction") if r.name == "customers_returning_goods")
    assert share.value * share.n == pytest.approx(5 * round(share.value * share.n / 5))
    assert f"{share.value:.1%} (".replace("%", "\u00a0%") in page["answer"].text
    assert f"Customers with a return: {share.value:.1%}".replace("%", " %") in page["tiles"].text


def test_few_people_asked_often_are_told_no_rate(demo_run):
    asked = pd.DataFrame(
        {"touchpoint": ["shop", "web"], "people": [4, 400], "invited": [60, 800], "answered": [20, 200]}
    )
    found = sat.study(demo_run)
    found.__dict__["response"] = asked
    shop, web = sat.show_response(found, demo_run).text.splitlines()[3:5]
    assert shop == "shop | hidden | 60 | hidden | hidden"
    assert web.startswith("web | 400 | 800 | 200 | 25.0 % (")


def test_a_survey_without_touchpoints_has_an_empty_table_of_who_answered(demo_run):
    nobody = pd.DataFrame({"touchpoint": [], "people": [], "invited": [], "answered": []})
    found = sat.study(demo_run)
    found.__dict__["response"] = nobody
    shown = sat.show_response(found, demo_run)
    heads = "Touchpoint | Customers asked | Invitations | Answers | Response rate"
    assert shown.text.splitlines()[2] == heads
