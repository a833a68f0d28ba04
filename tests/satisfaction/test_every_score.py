"""Every score of a window, weighted and not."""

from dataclasses import replace

import numpy as np
import pytest

from crmlib.satisfaction.scores.every_score import boxes, every_score
from crmlib.satisfaction.scores.groups import headline
from crmlib.surveys import Scale


def _asked(survey, low, high, top, seed=1):
    """Give the survey with an overall score on another scale."""
    scores = np.random.default_rng(seed).integers(low, high + 1, len(survey.invitations)).astype(float)
    answered = survey.invitations["score_satisfaction"].notna()
    invitations = survey.invitations.assign(score_satisfaction=np.where(answered, scores, np.nan))
    return replace(
        survey, invitations=invitations, top=top, scales={"score_satisfaction": Scale(float(low), float(high))}
    )


@pytest.mark.parametrize(
    ("low", "high", "top", "words"),
    [
        (1, 5, 5.0, ["Very satisfied (5)", "Satisfied, CSAT (4 to 5)", "Dissatisfied (1 to 2)"]),
        (1, 7, 6.0, ["Very satisfied (6 to 7)", "Dissatisfied (1 to 2)"]),
        (1, 7, 7.0, ["Very satisfied (7)", "Satisfied, CSAT (6 to 7)", "Dissatisfied (1 to 2)"]),
        (1, 10, 9.0, ["Very satisfied (9 to 10)", "Dissatisfied (1 to 2)"]),
        (0, 10, 10.0, ["Very satisfied (10)", "Satisfied, CSAT (9 to 10)", "Dissatisfied (0 to 1)"]),
        (0, 100, 90.0, ["Very satisfied (90 to 100)", "Dissatisfied (0)"]),
        (1, 3, 3.0, ["Very satisfied (3)", "Dissatisfied (1)"]),
        (1, 5, None, ["Satisfied, CSAT (4 to 5)", "Dissatisfied (1 to 2)"]),
    ],
)
def test_the_boxes_and_their_words_follow_the_scale(survey, low, high, top, words):
    assert [named for named, _low, _high in boxes(_asked(survey, low, high, top))] == words


def test_shares_are_those_of_the_answers(survey):
    answers = survey.answers(90)
    found = every_score(survey, answers).set_index("score")
    score = answers["score_satisfaction"].dropna()
    assert found.loc["Satisfied, CSAT (4 to 5)", "plain"] == pytest.approx((score >= 4).mean())
    assert found.loc["Dissatisfied (1 to 2)", "plain"] == pytest.approx((score <= 2).mean())
    assert found.loc["Mean (1 to 5)", "plain"] == pytest.approx(score.mean())


def test_weighted_scores_are_the_headlines_and_plain_ones_ignore_weights(survey):
    weighted = survey.weighted(survey.invitations["weight"] * np.where(survey.invitations.index % 3, 1.0, 4.0))
    found = every_score(weighted, weighted.answers(90)).set_index("score")
    nps = headline(weighted, weighted.answers(90), 5)["nps"]
    assert found.loc["Net promoter score", ["weighted", "weighted_low"]].tolist() == pytest.approx([nps.value, nps.low])
    plain = headline(survey, survey.answers(90), 5)["nps"]
    assert found.loc["Net promoter score", "plain"] == pytest.approx(plain.value)
    assert found.loc["Net promoter score", "plain"] != pytest.approx(nps.value)
