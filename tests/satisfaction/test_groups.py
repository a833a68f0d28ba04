"""Scores by place, and which stand apart."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions

from crmlib.satisfaction import net_promoter_score, study
from crmlib.satisfaction.scores.comparison import (
    ABOVE,
    ALIKE,
    BELOW,
    adjusted,
    compare_groups,
    stands,
    told,
    told_by_place,
    weighted_difference,
)
from crmlib.satisfaction.scores.groups import by_group, headline
from crmlib.satisfaction.scores.stores import FALLING, NO_CHANGE, show_stores, store_lines, stores_over_time


def test_each_group_is_scored_alone(survey):
    answers = survey.answers(365)
    found = by_group(survey, answers, "touchpoint", top=5).set_index("touchpoint")
    store = answers[answers["touchpoint"] == "store visit"]
    expected = net_promoter_score(store["score_recommend"], people=store["person"])
    assert found.loc["store visit", ["nps", "nps_low", "nps_high"]].tolist() == pytest.approx(
        [expected.value, expected.low, expected.high]
    )
    assert found["answers"].sum() == len(answers)
    assert found.loc["store visit", "people"] == store["person"].nunique()


def test_a_survey_without_a_question_leaves_its_score_unknown(survey):
    found = headline(replace(survey, recommend=None), survey.answers(90), top=5)
    assert not found["nps"].is_known
    assert found["top_box"].is_known


def _stands(given, groups):
    found = compare_groups(given, groups)
    return dict(zip(found.index, stands(found["difference"], adjusted(found["p"])), strict=True))


def test_the_troubled_store_is_found_and_the_others_are_not_accused(survey):
    answers = survey.answers()
    found = _stands(told(survey, answers), answers["store_id"])
    assert found.pop("S07") == BELOW
    assert BELOW not in found.values()


def test_chance_alone_accuses_nobody():
    # 20 surveys of eight equal stores: 5 % of them may name one, four standard errors above is 5 of 20
    rng = np.random.default_rng(2)
    accused = 0
    for _ in range(20):
        weight = rng.lognormal(0, 0.8, 400)
        given = pd.DataFrame(
            {"person": np.arange(400) // 2, "weight": weight, "value": rng.integers(-1, 2, 400) * 100.0}
        )
        accused += set(_stands(given, pd.Series(rng.integers(0, 8, 400))).values()) != {ALIKE}
    assert accused <= 5


def test_two_groups_apart_stand_on_either_side():
    given = pd.DataFrame({"person": range(80), "weight": 1.0, "value": [100.0, 0] * 20 + [-100.0, 0] * 20})
    assert _stands(given, pd.Series(["N"] * 40 + ["S"] * 40)) == {"N": ABOVE, "S": BELOW}


def test_few_people_or_answers_all_alike_cannot_stand_apart():
    given = pd.DataFrame({"person": range(25), "weight": 1.0, "value": [-100.0] * 5 + [100.0, 0] * 10})
    assert _stands(given, pd.Series(["n"] * 5 + ["s"] * 20))["n"] == ALIKE
    alike = given.assign(value=[100.0] * 25)
    assert set(_stands(alike, pd.Series(["n"] * 12 + ["s"] * 13)).values()) == {ALIKE}


def test_the_difference_of_equal_answers_is_welchs():
    rng = np.random.default_rng(1)
    given = pd.DataFrame({"person": range(100), "weight": 1.0, "value": rng.normal(0, 1, 100)})
    inside = np.arange(100) < 30
    gap, p = weighted_difference(given, inside)
    welch = distributions.ttest_ind(given["value"][inside], given["value"][~inside], equal_var=False)
    # the population's variance over n here, over n - 1 there
    assert gap.value == pytest.approx(given["value"][inside].mean() - given["value"][~inside].mean())
    assert p == pytest.approx(welch.pvalue, rel=0.05)


def test_weights_and_a_persons_answers_count_as_in_a_regression_clustered_by_person():
    from statsmodels.regression.linear_model import WLS

    rng = np.random.default_rng(6)
    person, inside = rng.integers(0, 60, 200), rng.random(200) < 0.4
    given = pd.DataFrame({"person": person, "weight": rng.lognormal(0, 0.5, 200), "value": rng.normal(0, 1, 200)})
    gap, p = weighted_difference(given, inside)
    model = WLS(given["value"], np.column_stack([np.ones(200), inside]), weights=given["weight"])
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": person, "use_correction": False})
    assert gap.value == pytest.approx(fitted.params.iloc[1])
    # without the corrections for few clusters, and with Student's limits in the place of the normal ones
    assert p == pytest.approx(2 * distributions.t.sf(abs(gap.value) / fitted.bse.iloc[1], 40), rel=0.05)


def test_small_groups_are_drawn_to_the_mean_for_ranking():
    rng = np.random.default_rng(8)
    sizes = {"huge": 400, "big": 300, "mid": 200, "tiny": 12}
    lean = {"huge": 0.5, "big": 0.2, "mid": 0.35, "tiny": 0.75}
    store = np.repeat(list(sizes), list(sizes.values()))
    value = np.concatenate([100.0 * (rng.random(n) < lean[name]) for name, n in sizes.items()])
    given = pd.DataFrame({"person": range(len(store)), "weight": 1.0, "value": value})
    plain = given.groupby(store)["value"].mean()
    ranked = compare_groups(given, pd.Series(store))["ranked"]
    moved = (ranked - plain).abs()
    assert moved["tiny"] == moved.max()
    assert abs(moved["huge"]) < 2
    assert ((ranked - value.mean()).abs() <= (plain - value.mean()).abs() + 1e-9).all()


def test_without_a_recommendation_places_are_compared_by_the_mean(survey):
    asked = replace(survey, recommend=None)
    answers = asked.answers(365)
    given = told_by_place(asked, answers)
    assert given["value"].equals(answers["score_satisfaction"].rename("value"))
    found = compare_groups(given, answers["store_id"])
    assert adjusted(found["p"])["S07"] < 0.05
    assert found["ranked"].idxmin() == "S07"


@pytest.fixture(scope="module")
def found(demo_run):
    return study(demo_run)


def test_an_answer_is_about_the_category_of_most_of_its_orders_money(found, clean):
    lines = clean["transactions"].merge(clean["products"][["product_id", "category"]], on="product_id")
    bought = lines[lines["is_product"] & ~lines["is_return"]]
    spent = bought.groupby(["order_id", "category"])["amount"].sum().reset_index()
    most = spent[spent["amount"] == spent.groupby("order_id")["amount"].transform("max")]
    told_of = found.grouped.merge(most.drop_duplicates("order_id", keep=False), on="order_id")
    assert len(told_of) > 1_500
    assert (told_of["category_x"] == told_of["category_y"]).all()


def test_all_kinds_are_compared_at_once(found):
    places = found.places
    assert places["kind"].unique().tolist() == ["touchpoint", "store", "channel", "category", "tier", "segment"]
    assert places["q"].tolist() == pytest.approx(adjusted(places["p"]).tolist())
    troubled = places.set_index("name").loc["成都𠮷㵘广场店"]
    assert troubled["stands"] == BELOW
    assert len(found.stores) == 8
    assert set(found.stores["moves"]) == {NO_CHANGE}


@pytest.fixture(scope="module")
def falling(survey):
    """Let one store of the demo's fall to detractors alone."""
    recent = survey.invitations["answered_at"] >= "2026-06-01"
    falls = recent & (survey.invitations["store_id"] == "S02")
    worse = survey.invitations.assign(score_recommend=survey.invitations["score_recommend"].mask(falls, 3.0))
    asked = replace(survey, invitations=worse)
    return asked, asked.answers(365).rename(columns={"store_id": "store"})


def test_a_store_that_falls_is_told_and_the_others_are_not(falling):
    found = stores_over_time(*falling).set_index("store")
    assert found.pop("moves").to_dict() == {name: FALLING if name == "S02" else NO_CHANGE for name in found.index}


def test_a_stores_line_is_its_score_by_quarter_with_gaps_where_nobody_answered(falling):
    asked, grouped = falling
    quiet = (grouped["store"] == "S05") & (grouped["answered_at"] < "2026-01-31")
    lines = store_lines(asked, grouped[~quiet]).set_index("store")
    assert lines.groupby("store").size().eq(4).all()
    last = grouped[(grouped["store"] == "S02") & (grouped["answered_at"] >= "2026-08-02")]
    assert lines.loc["S02"].iloc[-1][["answers", "people"]].tolist() == [len(last), last["person"].nunique()]
    assert lines.loc["S02", "nps"].tolist()[-1] == -100
    assert lines.loc["S02", "nps"].tolist()[0] > -50
    assert lines.loc["S05"].iloc[0][["people", "nps"]].isna().tolist() == [False, True]


def test_the_picture_names_the_store_that_falls_and_draws_no_line_of_few(demo_run, falling):
    asked, grouped = falling
    few = grouped[(grouped["store"] != "S05") | (grouped["person"].isin(grouped["person"].unique()[:200]))]
    found = SimpleNamespace(survey=asked, grouped=few, stores=stores_over_time(asked, few))
    (shown,) = show_stores(found, demo_run)
    assert "Stores over time: 1 moved clearly" in shown.text
    assert "Figure: S02: falling" in shown.text
    (gated,) = shown.data.values()
    drawn = gated.frame
    assert drawn["store"].iloc[0] == "S02"
    assert drawn.loc[drawn["people"].isna(), "nps"].isna().all()
    assert drawn["nps"].isna().any()


def test_stores_of_too_few_answers_have_no_picture(demo_run, survey):
    few = survey.answers(365).rename(columns={"store_id": "store"}).head(12)
    found = SimpleNamespace(survey=survey, grouped=few, stores=stores_over_time(survey, few))
    assert "In no quarter did enough customers" in show_stores(found, demo_run)[0].text
