"""Each customer's part in the expected maximum profit: the published figure, and what resamples make of it."""

import numpy as np
import pytest

from crmlib.churn.money.profit import Campaign, expected_maximum_profit
from crmlib.churn.proof.earnings import profit_each


def test_the_mean_of_the_parts_is_the_published_profit():
    # empulse's figure for its defaults
    assert profit_each([0, 1] * 4, np.arange(1, 9) / 10, Campaign()).mean() == pytest.approx(23.8756, abs=5e-5)


@pytest.mark.parametrize("digits", [1, 6])
def test_the_mean_of_the_parts_is_the_profit_over_the_hull(digits):
    rng = np.random.default_rng(2)
    churned = rng.random(900) < 0.3
    score = (churned + rng.normal(size=900)).round(digits)
    campaign = Campaign(kept_value=60.0)
    expected = expected_maximum_profit(churned, score, campaign).value
    assert profit_each(churned, score, campaign).mean() == pytest.approx(expected, rel=1e-9)


def test_resampled_parts_spread_as_the_profit_does():
    rng = np.random.default_rng(3)
    churned = rng.random(1_500) < 0.4
    score, campaign = churned + rng.normal(size=1_500), Campaign(kept_value=60.0)
    parts, times = profit_each(churned, score, campaign), rng.multinomial(1_500, np.full(1_500, 1 / 1_500), size=300)
    exact = [expected_maximum_profit(churned, score, campaign, weights.astype(float)).value for weights in times]
    # the same resamples: what is left is of the second order
    assert np.std(times @ parts / 1_500) == pytest.approx(np.std(exact), rel=0.05)


def test_a_campaign_that_never_pays_contacts_nobody():
    assert profit_each([0, 1, 0, 0], [0.1, 0.2, 0.3, 0.4], Campaign(kept_value=9.5)).tolist() == [0, 0, 0, 0]
    assert profit_each([0, 0], [0.1, 0.2], Campaign()).tolist() == [0, 0]
