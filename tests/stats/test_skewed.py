"""Means of what a few large customers decide."""

import numpy as np
import pytest
from scipy import stats as distributions

from crmlib.stats.skewed import ENOUGH_CUSTOMERS, ENOUGH_TO_COMPARE, mean_difference, mean_limits


def covered(limits, mean):
    low, high = limits
    return float(np.mean((low <= mean) & (mean <= high)))


@pytest.mark.parametrize(("spread", "least"), [(1.0, 0.91), (1.3, 0.89)])
@pytest.mark.parametrize("n", [ENOUGH_CUSTOMERS, 100])
def test_limits_cover_the_mean_of_skewed_spend(n, spread, least):
    rng = np.random.default_rng(11)
    spend = rng.lognormal(0, spread, (n, 4000))
    # standard error 0.5 points; the percentile bootstrap covers 86 and 83 % of 30 customers
    assert least <= covered(mean_limits(spend), np.exp(spread**2 / 2)) <= 0.96


def test_limits_cover_spend_as_buyers_bring_it():
    rng = np.random.default_rng(12)
    shape = (ENOUGH_CUSTOMERS, 4000)
    orders = 1 + rng.poisson(rng.gamma(0.8, 2.0, shape))
    # gamma-gamma: the mean order of a customer is 4 over 4 times a gamma rate, 1 on average
    spend = rng.gamma(4.0 * orders) / (4.0 * rng.gamma(3.5, 1 / 2.5, shape))
    assert 0.90 <= covered(mean_limits(spend), 2.6) <= 0.96


def test_limits_cover_the_mean_of_purchases():
    rng = np.random.default_rng(14)
    bought = rng.poisson(rng.gamma(0.5, 2.0, (40, 4000))).astype("float64")
    assert 0.92 <= covered(mean_limits(bought), 1.0) <= 0.96
    # ± 1.96 standard errors: above 1 more than twice as often as below
    reach = 1.96 * bought.std(axis=0, ddof=1) / np.sqrt(40)
    assert covered((bought.mean(axis=0) - reach, bought.mean(axis=0) + reach), 1.0) < 0.92


def test_without_skewness_the_limits_are_students():
    values = np.arange(40.0)[:, None]
    low, high = mean_limits(np.hstack([values, -values]))
    expected = distributions.t.interval(0.95, 39, values.mean(), values.std(ddof=1) / np.sqrt(40))
    assert (low[0], high[0]) == pytest.approx(expected, rel=1e-6)
    assert (-high[1], -low[1]) == pytest.approx(expected, rel=1e-6)


def test_limits_lean_to_where_the_large_customers_are_and_stay_above_nothing():
    whale = np.r_[np.ones(39), 5000.0]
    low, high = mean_limits(np.column_stack([whale, -whale, np.full(40, 3.0)]))
    assert low[0] == 0
    assert high[0] - whale.mean() > 2 * (whale.mean() - low[0])
    assert high[1] > 0
    assert (low[2], high[2]) == (3.0, 3.0)


def test_few_customers_have_no_interval():
    low, high = mean_limits(np.ones((ENOUGH_CUSTOMERS - 1, 2)))
    assert np.isnan([*low, *high]).all()


def test_the_difference_of_two_groups_is_found_and_denied():
    rng = np.random.default_rng(2)
    rich, poor = rng.lognormal(1.0, 0.5, 300), rng.lognormal(0.5, 0.5, 300)
    found = mean_difference(rich, poor)
    assert found.low > 0
    assert found.value == pytest.approx(rich.mean() - poor.mean())
    assert not mean_difference(poor[:150], poor[150:]).excludes(0)
    few = mean_difference(poor[: ENOUGH_TO_COMPARE - 1], rich)
    assert few.is_known
    assert not few.has_interval
    assert not mean_difference(poor[:0], rich).is_known


def test_without_skewness_the_difference_is_welchs():
    one, two = np.arange(50.0), np.arange(60.0) * 3
    found = mean_difference(one, two)
    expected = distributions.ttest_ind(one, two, equal_var=False).confidence_interval()
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-6)


def test_the_interval_of_a_difference_covers_skewed_spend():
    rng = np.random.default_rng(13)
    pairs = (mean_difference(rng.lognormal(0, 1, 50), rng.lognormal(0, 1, 600)) for _round in range(800))
    # standard error 0.9 points
    assert 0.90 <= np.mean([not pair.excludes(0) for pair in pairs]) <= 0.97
