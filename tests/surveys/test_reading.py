"""Scores as figures may use them, and what is asked about them."""

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.params import Parameters
from crmlib.params.sections import SatisfactionSection
from crmlib.surveys import TOP_BOX, read_scores, scale_doubts

PEOPLE = 240


@pytest.fixture
def of_case(project):
    """Give a function that reads the survey of a case beside the project, or skips and says so."""

    def read(case):
        file = project.parent / "shared" / "cases" / case / "exports" / "survey.csv"
        if not file.is_file():
            pytest.skip(f"case not found: expected {file}")
        rows = pd.read_csv(file)
        return rows.rename(columns={name: f"score_{name}" for name in rows.columns[3:]})

    return read


def _read(rows, **knobs):
    return read_scores(rows, SatisfactionSection(**knobs))


def _kinds(found):
    return [(doubt.kind, doubt.column) for doubt in found.doubts]


def _answered(doubt, name):
    """Give the parameters with an answer, as `satisfaction.scales.<score>.<key>` sets them."""
    (answer,) = [each for each in doubt.answers if each.name == name]
    scales = {}
    for key, value in answer.sets.items():
        _section, _scales, score, rule = key.split(".")
        scales.setdefault(score, {})[rule] = value
    return {"scales": scales}


def test_an_ordinary_survey_is_not_doubted(answered):
    rows = answered()
    found = _read(rows)
    assert found.doubts == ()
    assert {name: str(scale) for name, scale in found.scales.items()} == {
        "score_recommend": "0 to 10", "score_satisfaction": "1 to 5", "score_staff": "1 to 5", "score_price": "1 to 5",
        "score_range": "1 to 5",
    }  # fmt: skip
    pd.testing.assert_frame_equal(found.scores[rows.columns], rows)


@pytest.mark.parametrize("code", [99.0, 9.0, -1.0, 0.0])
def test_codes_are_left_out_and_asked(answered, code):
    rows = answered()
    coded = rows.assign(score_staff=rows["score_staff"].mask(np.arange(PEOPLE) % 8 == 0, code))
    found = _read(coded)
    assert _kinds(found) == [("codes", "score_staff")]
    right = rows["score_staff"][np.arange(PEOPLE) % 8 != 0].mean()
    assert found.scores["score_staff"].mean() == right
    doubt = found.doubts[0]
    assert "30 of 240" in doubt.seen
    assert f"{code:g}".replace("-", "\N{MINUS SIGN}") in doubt.seen
    settled = _read(coded, **_answered(doubt, "no_answer"))
    assert settled.doubts == ()
    assert settled.scores["score_staff"].mean() == right
    as_answer = _read(coded, **_answered(doubt, "answer"))
    assert as_answer.scores["score_staff"].mean() == coded["score_staff"].mean()


def test_nought_that_goes_with_low_scores_counts_and_is_asked(answered):
    rows = answered()
    from_nought = rows.assign(score_staff=(rows["score_recommend"] / 2).round() - rows.index % 2)
    from_nought = from_nought.assign(score_staff=from_nought["score_staff"].clip(0, 5))
    found = _read(from_nought)
    assert _kinds(found) == [("nought", "score_staff")]
    assert found.scores["score_staff"].mean() == from_nought["score_staff"].mean()


def test_a_reversed_score_is_withheld_until_it_is_said_which_end_is_best(answered):
    rows = answered()
    turned = rows.assign(score_satisfaction=6 - rows["score_satisfaction"])
    found = _read(turned)
    assert _kinds(found) == [("reversed", "score_satisfaction")]
    assert found.withheld == {"score_satisfaction"}
    assert '"Satisfaction" is lower where' in found.doubts[0].seen
    settled = _read(turned, **_answered(found.doubts[0], "low_is_best"))
    assert settled.doubts == ()
    assert settled.scores["score_satisfaction"].tolist() == rows["score_satisfaction"].tolist()
    stands = _read(turned, **_answered(found.doubts[0], "high_is_best"))
    assert stands.withheld == frozenset()


def test_of_two_contradicting_scores_both_are_withheld(answered):
    rows = answered()[["score_recommend", "score_satisfaction"]]
    turned = rows.assign(score_satisfaction=6 - rows["score_satisfaction"])
    (doubt,) = _read(turned).doubts
    assert set(doubt.withheld) == {"score_recommend", "score_satisfaction"}
    assert [answer.name for answer in doubt.answers] == [
        "satisfaction_low_is_best", "recommend_low_is_best", "neither",
    ]  # fmt: skip
    for name in ("satisfaction_low_is_best", "recommend_low_is_best", "neither"):
        assert _read(turned, **_answered(doubt, name)).doubts == ()


def test_a_reversed_driver_is_told_and_withholds_nothing(answered):
    rows = answered()
    found = _read(rows.assign(score_staff=6 - rows["score_staff"]))
    assert _kinds(found) == [("reversed", "score_staff")]
    assert found.withheld == frozenset()


@pytest.mark.parametrize("high", [5, 7])
def test_recommendation_not_asked_from_0_to_10_is_no_promoter_score(answered, high):
    rows = answered()
    asked = rows.assign(score_recommend=1 + np.round(rows["score_recommend"] / 10 * (high - 1)))
    found = _read(asked)
    assert _kinds(found) == [("recommend_scale", "score_recommend")]
    assert found.withheld == {"score_recommend"}
    as_seen = _read(asked, **_answered(found.doubts[0], f"scale_1_to_{high}"))
    assert as_seen.withheld == {"score_recommend"}
    assert [(doubt.kind, doubt.answers) for doubt in as_seen.doubts] == [("no_promoters", ())]
    assert _read(asked, **_answered(found.doubts[0], "scale_0_to_10")).doubts == ()


def test_constant_answers_are_said(answered):
    found = _read(answered().assign(score_range=3.0))
    assert _kinds(found) == [("constant", "score_range")]
    assert "All 240 answers" in found.doubts[0].seen
    filled_in = _read(answered().assign(score_range=3.0), **_answered(found.doubts[0], "filled_in"))
    assert "score_range" not in filled_in.scores


def test_a_best_answer_that_nobody_gave_is_asked(answered):
    rows = answered()
    (doubt,) = _read(rows.assign(score_satisfaction=rows["score_satisfaction"].clip(2, 4))).doubts
    assert (doubt.kind, doubt.withheld) == ("top_unused", (TOP_BOX,))
    lower = _read(rows.clip(upper=4)[["score_satisfaction"]], **_answered(doubt, "ends_lower"))
    assert lower.doubts == ()
    assert lower.scales["score_satisfaction"].high == 4


def test_satisfaction_alone_at_the_low_end_is_asked():
    scores = pd.DataFrame({"score_satisfaction": [1, 1, 2, 2, 2, 3, 2, 1, 4, 1] * 10})
    (doubt,) = _read(scores).doubts
    assert (doubt.kind, doubt.withheld) == ("low_end", ("score_satisfaction",))
    assert _read(scores, **_answered(doubt, "low_is_best")).scores["score_satisfaction"].max() == 5


def test_a_fine_scale_and_a_low_top_are_asked(answered):
    rows = answered()
    percent = rows.assign(score_satisfaction=rows["score_satisfaction"] * 19 + 3)
    assert _kinds(_read(percent)) == [("top_wanted", "score_satisfaction")]
    assert _kinds(_read(percent, top=90)) == []
    ten = rows.assign(score_satisfaction=rows["score_satisfaction"] * 2)
    assert _kinds(_read(ten, top=5)) == [("top_low", "score_satisfaction")]


def test_answers_outside_a_declared_scale_are_left_out_and_told(answered):
    rows = answered().assign(score_staff=[6.0, *answered()["score_staff"][1:]])
    found = _read(rows, scales={"score_staff": {"low": 1, "high": 5}})
    assert [(doubt.kind, doubt.answers) for doubt in found.doubts] == [("outside", ())]
    assert found.scores["score_staff"].max() == 5


@pytest.mark.parametrize("rows", [[], [4.0], [np.nan], [3.0, 3.0, 3.0], ["good", "bad"], [1e12, 5.0]])
def test_next_to_nothing_is_read_without_fault(rows):
    names = ["score_recommend", "score_satisfaction", "score_staff"]
    found = _read(pd.DataFrame(dict.fromkeys(names, rows)))
    assert all(doubt.seen for doubt in found.doubts)


def test_check_is_given_what_can_be_answered(answered):
    source = {"path": "o.csv", "columns": {"amount": "a", "ordered_at": "t"}}
    params = Parameters(series="s", title="T", sources={"transactions": source})
    rows = answered().assign(response_id="r")
    coded = rows.assign(score_staff=rows["score_staff"].mask(rows.index < 20, 99.0))
    assert [doubt.kind for doubt in scale_doubts(coded, params)] == ["codes"]
    assert [doubt.kind for doubt in scale_doubts(ibis.memtable(coded), params)] == ["codes"]
    assert scale_doubts(rows[["response_id"]], params) == []


def test_the_codes_of_a_real_layout_are_left_out(of_case):
    rows = of_case("svy_codes")
    found = _read(rows)
    assert _kinds(found) == [("codes", "score_satisfaction"), ("codes", "score_staff")]
    lately = pd.to_datetime(rows["answered"]) >= "2025-12-01"
    assert round(found.scores.loc[lately, "score_staff"].mean(), 2) == 3.76


def test_the_reversal_of_a_real_layout_is_asked(of_case):
    found = _read(of_case("svy_rev"))
    assert _kinds(found) == [("reversed", "score_satisfaction")]
    assert "\N{MINUS SIGN}0.80" in found.doubts[0].seen


def test_the_constant_answer_of_a_real_layout_is_said(of_case):
    assert _kinds(_read(of_case("constant_driver"))) == [("constant", "score_range")]
