"""How well a score puts customers in order."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from crmlib.stats.ranks import auc


@pytest.fixture
def scored():
    rng = np.random.default_rng(11)
    outcome = rng.random(500) < 0.3
    good = np.round(outcome + rng.normal(0, 1, 500), 1)  # rounded, so that there are ties
    return outcome, good, np.round(good + rng.normal(0, 0.7, 500), 1)


def test_area_equals_sklearns_with_ties(scored):
    outcome, good, _ = scored
    assert auc(outcome, good).value == pytest.approx(roc_auc_score(outcome, good), abs=1e-12)


def test_variance_equals_delongs_double_sum():
    outcome, score = np.array([0, 0, 0, 1, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8, 0.3, 0.9])
    wins = (score[outcome == 1][:, None] > score[outcome == 0][None, :]).astype(float)
    variance = wins.mean(axis=1).var(ddof=1) / 3 + wins.mean(axis=0).var(ddof=1) / 3
    estimate = auc(outcome, score)
    logit = np.log(estimate.high / (1 - estimate.high)) - np.log(estimate.value / (1 - estimate.value))
    assert logit * estimate.value * (1 - estimate.value) / 1.959964 == pytest.approx(np.sqrt(variance), rel=1e-6)


def test_equal_scores_count_half():
    assert auc([0, 0, 1, 1], [1, 1, 1, 1]).value == 0.5


def test_perfect_order_has_no_interval_and_one_kind_alone_no_value():
    assert auc([0, 0, 1, 1], [1, 2, 3, 4]).value == 1
    assert not auc([0, 0, 1, 1], [1, 2, 3, 4]).has_interval
    assert not auc([0, 0], [1, 2]).is_known


@pytest.mark.parametrize(
    ("outcome", "score", "message"),
    [([0, 2], [1, 2], "0 or 1"), ([0, 1], [1, np.nan], "missing"), ([0, 1], [1], "one length")],
)
def test_refuses_what_cannot_be_ordered(outcome, score, message):
    with pytest.raises(ValueError, match=message):
        auc(outcome, score)
