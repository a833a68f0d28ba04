"""Intervals for one figure."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions

from crmlib.stats import intervals
from crmlib.stats.intervals import checked_weights, design_effect, effective_sample_size


def test_wilson_equals_the_closed_form():
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81 of 263 and 0 of 20
    estimate = intervals.proportion(81, 263)
    assert (round(estimate.low, 4), round(estimate.high, 4)) == (0.2553, 0.3662)
    estimate = intervals.proportion(0, 20)
    assert (estimate.low, round(estimate.high, 4)) == (0, 0.1611)


def test_a_smaller_effective_n_widens_the_interval_and_keeps_n():
    plain, weighted = intervals.proportion(30, 100), intervals.proportion(30, 100, effective_n=50)
    assert weighted.n == 100
    assert weighted.low == pytest.approx(intervals.proportion(15, 50).low)
    assert weighted.high - weighted.low > plain.high - plain.low


def test_nothing_observed_is_unknown_not_zero():
    assert not intervals.proportion(0, 0).is_known
    assert not intervals.mean([]).is_known
    assert not intervals.ratio([1, 2], [0, 0]).is_known


@pytest.mark.parametrize(("successes", "n"), [(5, 4), (-1, 4)])
def test_impossible_counts_are_refused(successes, n):
    with pytest.raises(ValueError, match="between 0 and"):
        intervals.proportion(successes, n)
    with pytest.raises(ValueError, match="between 0 and"):
        intervals.proportions([successes], [n])


def test_an_effective_n_of_zero_is_refused():
    with pytest.raises(ValueError, match="effective n"):
        intervals.proportion(1, 2, effective_n=0)


def test_many_shares_at_once_equal_one_by_one_and_keep_their_index():
    frame = intervals.proportions(pd.Series([3, 9], index=["north", "south"]), [10, 12])
    single = intervals.proportion(9, 12)
    assert frame.loc["south", ["value", "low", "high"]].tolist() == pytest.approx(
        [single.value, single.low, single.high]
    )


def test_an_unweighted_mean_has_students_interval():
    values = np.random.default_rng(1).gamma(2, 3, 40)
    expected = distributions.t.interval(0.95, 39, values.mean(), distributions.sem(values))
    estimate = intervals.mean(values)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((values.mean(), *expected))


def test_missing_values_are_left_out_with_their_weights():
    estimate = intervals.mean([1, np.nan, 3], weights=[1, 50, 3])
    assert (estimate.value, estimate.n) == (2.5, 2)


def test_one_value_has_no_interval():
    estimate = intervals.mean([4.0])
    assert estimate.value == 4
    assert not estimate.has_interval


def test_weighted_mean_covers_the_truth():
    # 400 samples with unequal chances; 95 % ± 4 standard errors of a share over 400 is .906 to .994
    rng = np.random.default_rng(7)
    population = rng.gamma(2, 10, 20_000)
    chance = np.clip(population / population.mean() * 0.01, 0.002, 0.05)
    covered = 0
    for _ in range(400):
        drawn = rng.random(20_000) < chance
        estimate = intervals.mean(population[drawn], weights=1 / chance[drawn])
        covered += estimate.low <= population.mean() <= estimate.high
    assert 0.906 <= covered / 400 <= 0.994


def test_ratio_is_totals_over_totals():
    spend, orders = [20.0, 90.0, 30.0, np.nan], [1.0, 3.0, 1.0, 2.0]
    estimate = intervals.ratio(spend, orders)
    # by hand: residuals -8, 6 and 2 from 28 an order; sqrt(3/2 · 104) / 5 = 2.498; t(2) = 4.3027
    assert (estimate.value, estimate.n) == (28, 3)
    assert estimate.high - estimate.value == pytest.approx(4.3027 * np.sqrt(1.5 * 104) / 5, rel=1e-4)


def test_design_effect_is_one_plus_the_squared_variation_of_the_weights():
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    assert design_effect(weights) == pytest.approx(1 + weights.var() / weights.mean() ** 2)
    assert effective_sample_size(weights) * design_effect(weights) == pytest.approx(4)


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1, -1], "not negative"), ([1, np.nan], "finite"), ([0, 0], "all weights are zero"), ([1], "expected 2 weights")],
)
def test_refuses_what_is_no_weight(weights, message):
    with pytest.raises(ValueError, match=message):
        checked_weights(weights, 2)


def test_no_answers_have_no_effective_size():
    assert effective_sample_size([]) == 0
    assert design_effect([]) == 1
