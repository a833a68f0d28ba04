"""Order, probabilities, and intervals from the same resampled customers."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.metrics import log_loss as sklearn_log_loss

from crmlib.stats import bootstrap
from crmlib.stats.predictions import (
    Ranking,
    WeightedAuc,
    WeightedTop,
    brier_score,
    gain_table,
    leavers_among_top,
    resampled,
    weighted_metrics,
)


@pytest.fixture
def scored():
    rng = np.random.default_rng(5)
    churned = rng.random(800) < 0.4
    good = np.clip(np.round(0.4 + 0.2 * (churned - 0.4) + rng.normal(0, 0.2, 800), 2), 0.01, 0.99)
    worse = np.clip(np.round(good + rng.normal(0, 0.2, 800), 2), 0.01, 0.99)
    return churned, good, worse


def test_scores_are_sklearns(scored):
    churned, good, _ = scored
    assert brier_score(churned, good) == pytest.approx(brier_score_loss(churned, good))
    loss = weighted_metrics(churned, good, good)["log_loss"]
    assert loss(np.ones(800)) == pytest.approx(sklearn_log_loss(churned, good))


def test_weighted_area_is_sklearns_with_ties_and_weights(scored):
    churned, good, _ = scored
    weights = np.random.default_rng(1).integers(0, 4, 800).astype(float)
    assert WeightedAuc.of(churned, good)(weights) == pytest.approx(roc_auc_score(churned, good, sample_weight=weights))


def test_scores_by_hand():
    assert brier_score([1, 0], [0.8, 0.4]) == pytest.approx(0.1)
    area = WeightedAuc.of([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    assert (area(np.ones(4)), area(np.array([1, 0, 1, 1]))) == (0.75, 1.0)
    half = np.array([0.5, 0.5])
    loss = weighted_metrics(np.array([True, False]), half, half)["log_loss"]
    assert loss(np.ones(2)) == pytest.approx(np.log(2))
    draws = bootstrap.estimate([0.5, 0.4, 0.5, 0.6], n=20, confidence=0.5)
    assert (draws.value, draws.low, draws.high) == pytest.approx((0.5, 0.45, 0.55))


def test_one_kind_alone_has_no_area():
    assert np.isnan(WeightedAuc.of([1, 1, 0], [0.1, 0.2, 0.3])(np.array([1.0, 1.0, 0.0])))


def test_log_loss_of_a_certain_mistake_is_finite():
    mistaken = np.array([0.0])
    assert np.isfinite(weighted_metrics(np.array([True]), mistaken, mistaken)["log_loss"](np.ones(1)))


def delong(churned, a, b):
    """Give the difference of two areas on the same customers and its standard error (DeLong et al. 1988)."""
    wins = [np.sign(score[churned][:, None] - score[~churned][None, :]) / 2 for score in (a, b)]
    ahead = wins[0] - wins[1]
    parts = (ahead.mean(axis=1), ahead.mean(axis=0))
    return ahead.mean(), np.sqrt(sum(part.var(ddof=1) / len(part) for part in parts))


def test_paired_bootstrap_agrees_with_delong(scored):
    churned, good, worse = scored
    metrics = {
        (name, metric): function
        for name, score in (("good", good), ("worse", worse))
        for metric, function in weighted_metrics(churned, score, score).items()
    }
    draws = resampled(metrics, 800, rng=np.random.default_rng(3), n_resamples=1_000)
    paired = bootstrap.estimate(draws["good", "auc"] - draws["worse", "auc"], 800)
    value, error = delong(churned, good, worse)
    # limits of 1,000 resamples move by some 0.07 standard errors and the percentile interval is not symmetric
    assert paired.value == pytest.approx(value)
    limits = (value - 1.959964 * error, value + 1.959964 * error)
    assert (paired.low, paired.high) == pytest.approx(limits, abs=0.326 * error)


def test_resampling_repeats(scored):
    churned, good, _ = scored
    metrics = {("m", name): each for name, each in weighted_metrics(churned, good, good).items()}
    first, second = (resampled(metrics, 800, rng=np.random.default_rng(3), n_resamples=20) for _ in range(2))
    assert first.equals(second)


def test_an_order_alone_has_no_probability_scores(scored):
    churned, good, _ = scored
    assert list(weighted_metrics(churned, good, None)) == ["auc"]


def test_a_perfect_order_reaches_all_leavers_first():
    churned = [1] * 20 + [0] * 80
    gains = gain_table(churned, np.arange(100, 0, -1))
    assert gains["gain"].tolist() == pytest.approx([0.5] + [1.0] * 9)
    assert gains["lift"].iloc[0] == pytest.approx(5)


def test_a_score_that_says_nothing_reaches_by_chance_whatever_the_order_of_rows():
    rng = np.random.default_rng(1)
    churned = rng.permutation([1] * 30 + [0] * 70)
    gains = gain_table(churned, np.zeros(100))
    assert gains["gain"].tolist() == pytest.approx(gains["contacted"].tolist())


def test_nobody_left_has_no_gain():
    gains = gain_table([0, 0], [0.1, 0.2], parts=2)
    assert gains[["gain", "lift"]].isna().all().all()


def test_ties_are_spread():
    assert leavers_among_top([1, 0, 1, 0], [1, 1, 1, 1], 0.25) == 0.5
    assert leavers_among_top([1, 0, 1, 0], [0.9, 0.5, 0.5, 0.1], 0.5) == 1.5


def test_halves_by_hand():
    halves = gain_table([1, 1, 0, 0], [0.9, 0.8, 0.3, 0.1], parts=2).drop(columns=["low", "high"])
    assert halves.iloc[0].to_dict() == {"contacted": 0.5, "customers": 2, "leavers": 2, "gain": 1, "lift": 2}
    assert halves.iloc[1].to_dict() == {"contacted": 1, "customers": 4, "leavers": 2, "gain": 1, "lift": 1}


def test_many_customers_are_resampled_in_the_normal_limit(monkeypatch):
    rng = np.random.default_rng(2)
    truth = rng.normal(size=4_000)
    churned = rng.random(4_000) < 1 / (1 + np.exp(-truth))
    scores = {"good": truth + rng.normal(size=4_000), "tied": np.round(truth)}
    tops = {"lift": (0.1, 0.1), "gain": (0.4, 1.0)}
    metrics = {
        (name, metric): function
        for name, score in scores.items()
        for metric, function in weighted_metrics(churned, score, 1 / (1 + np.exp(-score)), tops).items()
    }
    drawn = resampled(metrics, 4_000, rng=np.random.default_rng(3), n_resamples=1_500)
    monkeypatch.setattr("crmlib.stats.predictions.NORMAL_ABOVE", 3_000)
    normal = resampled(metrics, 4_000, rng=np.random.default_rng(3), n_resamples=1_500)
    assert normal.iloc[0].equals(drawn.iloc[0])
    # a deviation of 1,500 draws is known to 2 %, so that two are within a tenth of each other
    np.testing.assert_allclose(normal[1:].std(), drawn[1:].std(), rtol=0.1)
    np.testing.assert_allclose(normal[1:].corr(), drawn[1:].corr(), atol=0.1)


def test_the_weighted_gain_and_lift_are_those_of_the_gain_table(scored):
    churned, good, _ = scored
    ranking, gains = Ranking.of(churned, good), gain_table(churned, good)
    for row in gains.itertuples():
        assert WeightedTop(ranking, row.contacted)(np.ones(800)) == pytest.approx(row.gain)
        assert WeightedTop(ranking, row.contacted, row.contacted)(np.ones(800)) == pytest.approx(row.lift)


def test_who_is_drawn_twice_counts_twice_in_the_gain(scored):
    churned, good, _ = scored
    times = np.random.default_rng(1).integers(0, 4, 800)
    again = gain_table(np.repeat(churned, times), np.repeat(good, times))
    weighted = WeightedTop(Ranking.of(churned, good), 0.3)(times.astype(float))
    assert weighted == pytest.approx(again["gain"].iloc[2])


def test_nobody_who_left_has_no_weighted_gain():
    assert np.isnan(WeightedTop(Ranking.of([1, 0], [0.2, 0.1]), 0.5)(np.array([0.0, 2.0])))
