"""Whether satisfaction matters: what the adjusted figures say where the truth is planted, and where nothing can be."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib import satisfaction as sat
from crmlib.adjustment.compared import compare
from crmlib.adjustment.doubly_robust import per_point, standardise
from crmlib.adjustment.history import affordable, history
from crmlib.adjustment.weighting import weigh
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.worth.afterwards import REST, TOP, after_answers, joined, kinds_of
from crmlib.satisfaction.worth.scale import shape
from crmlib.satisfaction.worth.words import money_words

SURE = 4  # standard errors


def sides(inside):
    return pd.Series(pd.Categorical(np.where(inside, TOP, REST), [TOP, REST]))


def shop(rng, effect, n=1_200, worth=0.0):
    """Frequent buyers are more often satisfied, buy again more often and spend more; satisfaction adds `effect`."""
    frequent = rng.poisson(3, n) + 1
    satisfied = rng.random(n) < 0.1 * np.minimum(frequent, 8)
    bought = rng.random(n) < 0.15 + 0.09 * np.minimum(frequent, 7) + effect * satisfied
    spend = np.where(bought, frequent * 30 * rng.lognormal(-0.32, 0.8, n) + worth * satisfied, 0.0)
    around = pd.DataFrame({
        "days_before": frequent, "spend_before": frequent * 40.0, "idle": 5.0, "tenure": 300.0,
        "channel": "web", "store": None, "at": pd.Timestamp("2026-03-01"),
        "days_after": bought.astype(int), "spend_after": spend,
    })  # fmt: skip
    return satisfied, around


@pytest.mark.parametrize("effect", [0.0, 0.12])
def test_the_raw_difference_is_wrong_where_the_adjusted_covers_the_truth(effect):
    # 20 replications: 95 % less 4 standard errors of a coverage over 20 is .755
    rng = np.random.default_rng(4)
    found = [compare(sides(satisfied), around).oftener(TOP, REST) for satisfied, around in (
        shop(rng, effect) for _ in range(20)
    )]  # fmt: skip
    assert np.mean([f.adjusted.low <= effect <= f.adjusted.high for f in found]) >= 0.755
    assert np.mean([f.raw.low <= effect <= f.raw.high for f in found]) < 0.4
    assert np.mean([f.raw.value for f in found]) > effect + 0.05


def test_money_is_adjusted_too():
    # nothing but purchases before lies between the groups: the raw difference is all confounding
    rng = np.random.default_rng(7)
    found = [compare(sides(satisfied), around).more(TOP, REST) for satisfied, around in (
        shop(rng, 0.0) for _ in range(12)
    )]  # fmt: skip
    assert np.mean([f.raw.low > 0 for f in found]) > 0.5
    assert np.mean([f.adjusted.low <= 0 <= f.adjusted.high for f in found]) >= 0.7


def bent(n=20_000, effect=0.15):
    """Draw a binary outcome and a group that both hang on a bent function of history; known, and a wrong column."""
    rng = np.random.default_rng(11)
    x = rng.standard_normal(n)
    bend = np.abs(x) - np.sqrt(2 / np.pi)
    chance = 1 / (1 + np.exp(-1.2 * bend))
    inside = rng.random(n) < chance
    outcome = (rng.random(n) < np.clip(0.4 + 0.2 * bend, 0.02, 0.8) + effect * inside).astype(float)
    right, wrong = (pd.DataFrame({("x", ""): column}) for column in (bend, rng.standard_normal(n)))
    return sides(inside), outcome, right, wrong, effect


@pytest.mark.parametrize(("weights", "regression", "is_right"), [
    ("right", "wrong", True), ("wrong", "right", True), ("right", "right", True), ("wrong", "wrong", False),
])  # fmt: skip
def test_either_model_may_be_wrong_but_not_both(weights, regression, is_right):
    groups, outcome, right, wrong, effect = bent()
    held = {"right": right, "wrong": wrong}
    found = standardise(weigh(groups, held[weights]), outcome, held[regression]).difference(TOP, REST)
    error = (found.high - found.low) / 2 / 1.96
    assert (abs(found.value - effect) < SURE * error) == is_right


def test_weights_make_the_groups_alike():
    satisfied, around = shop(np.random.default_rng(1), 0.1)
    weighting = compare(sides(satisfied), around).weighting
    balance = weighting.balance().set_index("covariate")
    assert balance.loc["days_before", "before"] > 0.1
    assert balance["after"].max() < 0.1
    assert weighting.alone < 0.05
    for code in (0, 1):
        assert weighting.weights[weighting.codes == code].sum() == pytest.approx(len(around))


def test_groups_that_do_not_overlap_are_not_compared():
    rng = np.random.default_rng(2)
    _, around = shop(rng, 0.1)
    likes = np.log(around["days_before"]) * 9 - 10 + rng.logistic(size=len(around)) > 0
    found = compare(sides(likes), around)
    assert found.is_large
    assert found.bought is None
    assert not found.oftener(TOP, REST).adjusted.is_known


def test_what_moves_with_today_or_never_varies_is_no_column():
    _, around = shop(np.random.default_rng(3), 0.1, n=60)
    columns = history(around)
    assert set(columns.columns.get_level_values(0)) == {"days_before", "spend_before"}
    assert np.allclose(columns.std(ddof=0), 1)
    assert affordable(columns, smallest=9).shape[1] == 1


def test_a_column_that_others_tell_already_is_left_out():
    _, around = shop(np.random.default_rng(3), 0.1, n=400)
    here = np.arange(400) % 3 == 0
    # whoever buys in the only store buys in the channel of stores
    around = around.assign(channel=np.where(here, "store", "web"), store=np.where(here, "S1", None))
    assert list(history(around)["channel"].columns) == ["store"]
    assert "store" not in history(around).columns.get_level_values(0)


@pytest.mark.parametrize(("seen", "kind"), [
    (lambda s: 0.3 + 0.12 * (s - 1), "scale"),
    (lambda s: 0.4 + 0.25 * (s == 5), "top"),
    (lambda s: 0.2 + 0.1 * (s - 1) + 0.3 * (s == 5), "steeper"),
    (lambda s: 0.1 + 0.2 * np.minimum(s - 1, 3), "flatter"),
    (lambda s: 0.5 + 0 * s, "none"),
    (lambda s: 0.8 - 0.12 * (s - 1), "falls"),
])  # fmt: skip
def test_only_the_top_or_all_of_the_scale(seen, kind):
    rng = np.random.default_rng(8)
    scores = rng.integers(1, 6, 4_000).astype(float)
    bought = (rng.random(4_000) < seen(scores)).astype(float)
    assert shape(scores, 5, bought, rng.standard_normal((4_000, 2))).kind == kind


def test_few_answers_do_not_settle_which_and_two_scores_cannot():
    rng = np.random.default_rng(5)
    scores = rng.choice([3.0, 4.0, 5.0], 400, p=[0.1, 0.2, 0.7])
    bought = (rng.random(400) < 0.4 + 0.12 * (scores - 3)).astype(float)
    assert shape(scores, 5, bought, np.empty((400, 0))).kind == "unsettled"
    assert shape(np.maximum(scores, 4), 5, bought, np.empty((400, 0))) is None


def test_one_point_is_worth_what_was_planted():
    rng = np.random.default_rng(6)
    x = rng.standard_normal(3_000)
    scores = np.clip(np.round(3.5 + x + rng.standard_normal(3_000)), 1, 5)
    spend = 40 * np.exp(0.2 * rng.standard_normal(3_000)) * (1 + 0.8 * (x > 0)) + 10 * scores
    # the score is not linear in what is held equal; the outcome is, which is enough
    held = np.column_stack([x > 0]).astype(float)
    found = per_point(scores, spend, held)
    assert abs(found.value - 10) < SURE * (found.high - found.low) / 2 / 1.96
    assert per_point(scores, spend, held[:, :0]).low > 10
    assert not per_point(np.ones(9), np.ones(9), np.empty((9, 0))).is_known


def test_scores_of_too_few_are_joined():
    scores = pd.Series(np.repeat([1.0, 2.0, 3.0, 4.0, 5.0], [5, 60, 100, 100, 10]))
    bought = pd.Series([True, False] * 137 + [True])
    assert list(joined(scores, bought).cat.categories) == ["1 to 2", "3", "4 to 5"]
    assert list(joined(scores, pd.Series(data=True, index=scores.index)).cat.categories) == ["1 to 5"]
    assert kinds_of(pd.Series([0, 6, 7, 8, 9, 10])).value_counts().to_dict() == {
        "detractors": 2, "passives": 2, "promoters": 2,
    }  # fmt: skip


@pytest.fixture(scope="module")
def found(demo_run):
    return sat.study(demo_run)


def test_the_planted_link_to_leaving_is_found(found):
    # satisfaction lowers the odds of leaving, in a line: the very satisfied come back more often, and not they alone
    bought = found.afterwards
    again = bought.top.oftener(TOP, REST)
    assert again.adjusted.low > 0
    assert bought.shape.kind in {"scale", "unsettled"}
    assert bought.shape.step > 1e-4
    assert bought.kinds.oftener("promoters", "detractors").adjusted.low > 0
    assert bought.top.weighting.balance()["after"].max() < 0.1


def test_the_title_tells_the_adjusted_figure_and_the_fold_the_raw_one(found, demo_run):
    again = found.afterwards.top.oftener(TOP, REST)
    shown = sat.show_afterwards(found, demo_run)
    assert f"{100 * again.adjusted.value:.1f} points more often than others with equal behaviour" in shown.words[0]
    assert f"{100 * again.raw.value:.1f} (" not in shown.words[0]
    assert any(f"As observed, with nothing held equal: {100 * again.raw.value:.1f} (" in word for word in shown.words)
    assert "no unmeasured confounder" in shown.text
    unfolded = shown.html[: shown.html.index("<details")]
    words = pd.Series(unfolded).str.replace(r"<svg.*?</svg>", " ", regex=True).str.replace(r"<[^>]+>", " ", regex=True)
    assert len(words[0].split()) <= 130


def told(survey, rows, **score):
    """Give the survey with so many of its answers, with other scores."""
    answers = survey.answers().sort_values("answered_at").drop_duplicates("customer_id").head(rows)
    return SimpleNamespace(
        answers=lambda: answers.assign(**score), as_of=survey.as_of, top=survey.top, outcome=survey.outcome,
        overall=survey.overall, recommend=survey.recommend,
    )  # fmt: skip


def test_where_only_a_recommendation_was_asked_promoters_are_the_top(found, demo_run):
    survey = told(found.survey, 1_500)
    survey.overall, survey.outcome = None, survey.recommend
    shown = sat.show_afterwards(SimpleNamespace(now=found.now, afterwards=after_answers(demo_run, survey)), demo_run)
    assert shown.words[0].startswith("Promoters ")
    assert any(word.startswith('Each row is a score of "Recommend') for word in shown.words)


def test_without_detractors_money_is_told_of_the_top_box(found, demo_run):
    happy = told(found.survey, 1_500, score_recommend=9.0)
    bought = after_answers(demo_run, happy)
    assert "Promoters" not in money_words(bought, demo_run)


@pytest.mark.parametrize(("rows", "score"), [
    (3, {}), (0, {}), (70, {}), (900, {"score_satisfaction": 5.0}), (900, {"score_satisfaction": 3.0}),
])  # fmt: skip
def test_too_little_is_a_gap_with_a_sentence(found, demo_run, rows, score):
    gap = after_answers(demo_run, told(found.survey, rows, **score))
    assert isinstance(gap, Gap)
    assert gap.delivered
    assert gap.show().text.startswith("Whether the satisfied come back is not shown. Needed: ")


def test_money_that_one_customer_decides_is_not_told():
    satisfied, around = shop(np.random.default_rng(4), 0.1)
    assert compare(sides(satisfied), around).more(TOP, REST).adjusted.is_known
    wholesaler = around["spend_after"].where(around.index != around["spend_after"].idxmax(), 1e6)
    found = compare(sides(satisfied), around.assign(spend_after=wholesaler))
    assert not found.more(TOP, REST).adjusted.is_known
    assert found.oftener(TOP, REST).adjusted.is_known


@pytest.mark.parametrize("again", [0, 1])
def test_where_nobody_or_everybody_bought_nothing_is_compared(again):
    satisfied, around = shop(np.random.default_rng(9), 0.1, n=300)
    around = around.assign(days_after=again, spend_after=25.0 * again)
    found = compare(sides(satisfied), around)
    assert found.bought is None
    assert not found.more(TOP, REST).adjusted.is_known
    assert found.rows()["adjusted"].isna().all()


def test_no_survey_is_a_gap_of_what_was_not_delivered(demo_run):
    assert not after_answers(demo_run, None).delivered
