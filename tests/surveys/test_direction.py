"""Scores that run against the others."""

import numpy as np
import pandas as pd
import pytest

from crmlib.surveys.direction import correlation, outermost, running_against


@pytest.fixture
def scores():
    """Give answers of 300 people to five questions that go together."""
    rng = np.random.default_rng(20261130)
    mood = rng.normal(size=300)
    names = ["recommend", "overall", "staff", "price", "range"]
    return pd.DataFrame({name: np.clip(np.round(3.5 + mood + rng.normal(size=300) * 0.7), 1, 5) for name in names})


def _sides(found):
    return [(each.turned, each.others, each.either) for each in found]


def test_scores_that_go_together_are_not_doubted(scores):
    assert running_against(scores, [], "recommend") == []


def test_the_turned_score_is_found_by_the_others(scores):
    turned = scores.assign(overall=6 - scores["overall"])
    (found,) = running_against(turned, [])
    assert (found.turned, found.either) == (("overall",), False)
    assert found.correlation.high < 0
    assert found.correlation.n == 300


def test_recommendation_is_believed_where_another_score_goes_with_it(scores):
    turned = scores.assign(**{name: 6 - scores[name] for name in ("overall", "staff", "price")})
    found = running_against(turned, [], "recommend")
    assert [each.turned for each in found] == [("overall",), ("price",), ("staff",)]


def test_of_two_scores_either_may_be_turned(scores):
    two = scores[["recommend", "overall"]].assign(overall=6 - scores["overall"])
    assert _sides(running_against(two, [], "recommend")) == [(("overall",), ("recommend",), True)]


def test_recommendation_alone_against_all_others_may_be_turned_or_they(scores):
    turned = scores.assign(recommend=6 - scores["recommend"])
    assert _sides(running_against(turned, [], "recommend")) == [
        (("recommend",), ("overall", "price", "range", "staff"), True)
    ]


def test_what_is_declared_is_believed(scores):
    two = scores[["recommend", "overall"]].assign(overall=6 - scores["overall"])
    assert _sides(running_against(two, ["overall"])) == [(("recommend",), ("overall",), False)]
    assert running_against(two, ["overall"], "recommend") == []


def test_few_answers_say_nothing(scores):
    turned = scores.assign(overall=6 - scores["overall"])
    assert running_against(turned.head(29), []) == []
    assert not correlation(scores["staff"].head(29), scores["price"].head(29)).is_known
    assert not correlation(scores["staff"], scores["staff"] * 0).is_known


def test_a_code_beside_the_scale_is_told_by_the_other_answers(scores):
    rng = np.random.default_rng(1)
    anybody = scores["staff"].mask(rng.random(300) < 0.15, 0)
    others = scores[["overall", "price"]]
    assert outermost(anybody, others, 0) == "none"
    assert outermost(scores["staff"] - 1, others, 0) == "answer"
    assert outermost(scores["staff"].head(40), others.head(40), 1) == "unknown"
