"""What the chapter says in words: names of rules and features, who wins, and how far probabilities are off."""

import pytest

from crmlib.churn.history.features import FEATURES, GROUPS, TITLES
from crmlib.churn.models.contenders import contender
from crmlib.churn.proof.probabilities import shift_sentence
from crmlib.churn.proof.sureness import order_words
from crmlib.stats import Estimate
from crmlib.stats.calibration import CalibrationError


@pytest.mark.parametrize(
    ("name", "label", "called"),
    [
        ("rank_sum", "recency and frequency ranks", 'the simple rule "recency and frequency ranks"'),
        ("recency", "days since the last purchase", 'the simple rule "days since the last purchase"'),
        ("logistic", "logistic regression", "the logistic regression"),
    ],
)
def test_rules_and_models_have_names(name, label, called):
    assert (contender(name).label, contender(name).called) == (label, called)
    assert contender(name).simple == ("simple" in called)


def test_every_feature_has_a_name_of_its_own_and_a_group():
    assert len({feature.title for feature in FEATURES}) == len(TITLES) == len(FEATURES)
    assert {feature.group for feature in FEATURES} == set(GROUPS)
    assert TITLES["silence"] == "longer since the last purchase"


@pytest.mark.parametrize(
    ("rival", "difference", "said"),
    [
        (
            "rank_sum",
            Estimate(0.011, 0.003, 0.020, 2357),
            "the MBG/NBD purchase model orders customers 1.1 points worse than the best simple rule",
        ),
        (
            "recency",
            Estimate(0.002, -0.006, 0.010, 2357),
            "the MBG/NBD purchase model orders customers as well as the best simple rule",
        ),
        (
            "logistic",
            Estimate(-0.02, -0.03, -0.01, 900),
            "the MBG/NBD purchase model orders customers 2.0 points better than the logistic regression",
        ),
    ],
)
def test_a_rival_is_held_against_the_chosen_one(rival, difference, said, speaker):
    assert order_words("mbg_nbd", rival, difference, speaker) == said


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        (
            Estimate(-0.02, -0.03, -0.01, 900),
            "Of the active it expected 2.0 points fewer leavers than came (1.0 to 3.0).",
        ),
        (Estimate(0.02, 0.01, 0.03, 900), "Of the active it expected 2.0 points more leavers than came (1.0 to 3.0)."),
        (
            Estimate(0.01, -0.01, 0.03, 900),
            "Of the active it expected as many leavers as came (difference 1.0 points, −1.0 to 3.0).",
        ),
    ],
)
def test_too_many_or_too_few_expected_leavers_are_said(shift, said, speaker):
    assert shift_sentence(CalibrationError(0.03, 0.01, 0.02, shift), speaker) == said
