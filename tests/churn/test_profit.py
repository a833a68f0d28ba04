"""What a campaign may bring, and the profit of the one that a score steers best."""

import numpy as np
import pytest
from scipy import stats

from crmlib.churn.money.profit import Campaign, expected_maximum_profit, roc_hull


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


def test_a_share_known_exactly_gives_the_plain_maximum():
    churned, score = np.array([0, 1] * 4), np.arange(1, 9) / 10
    order = np.argsort(-score)
    left, stayed = np.cumsum(churned[order]), np.cumsum(1 - churned[order])
    plain = max(0, (left * (0.3 * 190 - 1) - stayed * 11).max()) / 8
    assert expected_maximum_profit(churned, score, Campaign(spread=0)).value == pytest.approx(plain)
    # a hair of uncertainty moves it by a hair
    assert expected_maximum_profit(churned, score, Campaign(spread=1e-3)).value == pytest.approx(plain, rel=1e-3)


@pytest.mark.parametrize("hopeless", [{"incentive": 300}, {"kept": 0}, {"kept": -0.1}])
def test_a_campaign_that_cannot_pay_earns_nothing(hopeless):
    assert expected_maximum_profit([0, 1] * 4, np.arange(1, 9) / 10, Campaign(**hopeless)).value == 0


def test_contacts_without_cost_reach_everybody():
    # nothing to lose: all four leavers of eight are contacted, three in ten kept
    free = Campaign(incentive=0, contact=0)
    assert expected_maximum_profit([0, 1] * 4, np.zeros(8), free).value == pytest.approx(0.5 * 0.3 * 200)


@pytest.mark.parametrize(
    "wrong", [{"kept_value": 0}, {"contact": -1}, {"incentive": -1}, {"kept": 1.5}, {"spread": -1}]
)
def test_impossible_campaigns_are_refused(wrong):
    with pytest.raises(ValueError, match=r"campaign|costs"):
        Campaign(**wrong)
