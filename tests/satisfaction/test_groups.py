"""Scores by place, and which stand apart."""

import numpy as np
import pandas as pd
import pytest

from crmlib.satisfaction import net_promoter_score
from crmlib.satisfaction.scores.groups import ABOVE, ALIKE, BELOW, by_group, headline, stand_apart


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
    from dataclasses import replace

    found = headline(replace(survey, recommend=None), survey.answers(90), top=5)
    assert not found["nps"].is_known
    assert found["top_box"].is_known


def test_the_troubled_store_is_found_and_the_others_are_not_accused(survey):
    stands = stand_apart(survey.answers(), "store_id", "score_recommend")
    assert stands["S07"] == BELOW
    assert (stands.drop("S07") != BELOW).all()


def test_chance_alone_accuses_nobody():
    # 20 surveys of eight equal stores: 5 % of them may name one, four standard errors above is 5 of 20
    rng = np.random.default_rng(2)
    accused = 0
    for _ in range(20):
        answers = pd.DataFrame({"person": range(400), "store": np.arange(400) % 8, "score": rng.integers(1, 6, 400)})
        accused += int((stand_apart(answers, "store", "score") != ALIKE).any())
    assert accused <= 5


def test_two_groups_apart_stand_on_either_side():
    scores = [5, 5, 4, 5] * 10 + [1, 2, 1, 2] * 10
    answers = pd.DataFrame({"person": range(80), "store": ["N"] * 40 + ["S"] * 40, "score": scores})
    assert stand_apart(answers, "store", "score").to_dict() == {"N": ABOVE, "S": BELOW}


def test_one_answer_cannot_stand_apart():
    answers = pd.DataFrame({"person": range(5), "store": ["n", "s", "s", "s", "s"], "score": [1, 5, 5, 4, 5]})
    assert stand_apart(answers, "store", "score")["n"] == ALIKE
