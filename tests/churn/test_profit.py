"""Costs and benefits of contacting, under assumptions."""

import numpy as np
import pytest
from scipy import stats

from crmlib.churn.money.profit import (
    Campaign,
    break_even_reduction,
    expected_maximum_profit,
    profit_by_share,
    roc_hull,
)


def test_published_expected_maximum_profit():
    # empulse's documented value for the usual defaults of Verbraken, Verbeke & Baesens (2013)
    result = expected_maximum_profit([0, 1] * 4, np.arange(1, 9) / 10, Campaign())
    assert result.value == pytest.approx(23.8756, abs=5e-5)


def test_it_is_the_mean_of_the_best_profit_over_the_share_kept():
    rng = np.random.default_rng(2)
    churned = (rng.random(300) < 0.3).astype(float)
    score = churned + rng.normal(0, 1, 300)
    campaign = Campaign(kept_value=100, incentive=12, contact=3)
    order = np.argsort(-score)
    left, stayed = np.cumsum(churned[order]), np.cumsum(1 - churned[order])
    kept = stats.beta.rvs(6, 14, size=20_000, random_state=5)
    best = [
        max(0, (left * (g * (100 - 12) - 3) - stayed * (12 + 3)).max()) / 300
        for g in kept
    ]  # fmt: skip
    result = expected_maximum_profit(churned, score, campaign)
    # a simulation of 20,000 draws: four standard errors. An offer that a leaver declines costs the contact alone.
    assert result.value == pytest.approx(np.mean(best), abs=4 * np.std(best) / np.sqrt(20_000))


def test_weights_are_repetitions():
    churned, score = np.array([0, 1, 1, 0, 1.0]), np.array([0.1, 0.4, 0.8, 0.5, 0.9])
    times = np.array([2, 1, 0, 3, 1])
    weighted = expected_maximum_profit(churned, score, Campaign(), times)
    repeated = expected_maximum_profit(np.repeat(churned, times), np.repeat(score, times), Campaign())
    assert weighted.value == pytest.approx(repeated.value)


def test_ties_make_no_order():
    churned = np.array([1, 0, 1, 0])
    assert expected_maximum_profit(churned, np.zeros(4), Campaign()) == expected_maximum_profit(
        churned[::-1], np.zeros(4), Campaign()
    )


@pytest.mark.parametrize("churned", [[0, 0, 0], [1, 1, 1]])
def test_one_kind_alone_earns_nothing(churned):
    assert expected_maximum_profit(churned, [0.1, 0.2, 0.3], Campaign()).value == 0


def test_the_hull_is_convex_and_spans_everybody():
    rng = np.random.default_rng(3)
    churned = (rng.random(200) < 0.5).astype(float)
    left, stayed = roc_hull(churned, rng.random(200), np.ones(200))
    assert (left[0], stayed[0], left[-1], stayed[-1]) == (0, 0, 1, 1)
    slopes = np.diff(left) / np.maximum(np.diff(stayed), 1e-12)
    assert (np.diff(slopes) <= 1e-9).all()


def test_profit_by_hand():
    curve = profit_by_share([1, 0, 1, 0], [0.9, 0.8, 0.3, 0.1], Campaign(200, 10, 1, 6, 14), [0.5, 1.0])
    # two contacted, one leaver of whom 0.3 is kept: 0.3 * 190 - 10 - 2 * 1
    assert curve["profit"].tolist() == pytest.approx([45.0, 2 * 57 - 20 - 4])
    halves = profit_by_share([1, 1, 0, 0], [0.9, 0.8, 0.2, 0.1], Campaign(), [0.5])
    assert halves["profit"].tolist() == pytest.approx([112.0])
    assert (curve["low"] < curve["profit"]).all()
    assert (curve["profit"] < curve["high"]).all()


def test_at_the_break_even_reduction_a_contact_earns_nothing():
    campaign = Campaign(kept_value=200, incentive=10, contact=1)
    reduction = break_even_reduction(0.6, campaign)
    assert reduction * (200 - 10) - 10 * 0.4 - 1 == pytest.approx(0)
    assert reduction == pytest.approx(0.0263, abs=5e-5)


@pytest.mark.parametrize("wrong", [{"kept_value": 0}, {"contact": -1}, {"incentive": 300}, {"alpha": 0}])
def test_impossible_campaigns_are_refused(wrong):
    with pytest.raises(ValueError, match=r"campaign|costs"):
        Campaign(**wrong)
