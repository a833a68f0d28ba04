"""Intervals by resampling."""

import numpy as np
import pytest

from crmlib.stats import bootstrap, intervals


def drawn(statistic, *arrays, seed, n_resamples=1_000):
    """Give the statistic of arrays drawn together, the first of them as they are."""
    n = len(arrays[0])
    again = bootstrap.times_drawn(n, np.random.default_rng(seed), n_resamples)
    taken = [np.arange(n), *(np.repeat(np.arange(n), times) for times in again)]
    return bootstrap.estimate([statistic(*(np.asarray(array)[rows] for array in arrays)) for rows in taken], n)


def test_agrees_with_the_formula_where_there_is_one():
    values = np.random.default_rng(1).normal(10, 3, 300)
    estimate = drawn(np.mean, values, seed=2, n_resamples=2_000)
    formula = intervals.mean(values)
    # the limits of 2,000 resamples move by about 0.05 standard errors (3 / sqrt(300) = .17): four of those
    assert (estimate.low, estimate.high) == pytest.approx((formula.low, formula.high), abs=0.035)
    assert estimate.value == values.mean()


def test_the_same_seed_gives_the_same_interval():
    first, second = (drawn(np.median, np.arange(30.0), seed=5, n_resamples=100) for _ in range(2))
    assert first == second


def test_each_resample_has_as_many_customers_as_the_sample():
    times = np.array(list(bootstrap.times_drawn(50, np.random.default_rng(1), 2_000)))
    assert (times.sum(axis=1) == 50).all()
    # each customer is drawn once on average, and its number varies by 1 - 1/50; four standard errors of 2,000 draws
    assert times.mean(axis=0) == pytest.approx(np.ones(50), abs=4 / np.sqrt(2_000))
    assert times.var() == pytest.approx(0.98, abs=0.02)


def test_what_belongs_together_is_drawn_together():
    x = np.arange(40.0)
    estimate = drawn(lambda a, b: float(np.corrcoef(a, b)[0, 1]), x, -x, seed=1, n_resamples=50)
    assert (estimate.low, estimate.high) == pytest.approx((-1, -1))


def test_a_paired_difference_decides_what_two_intervals_cannot():
    rng = np.random.default_rng(3)
    truth = rng.normal(0, 10, 200)
    noise = rng.normal(0, 5, 200)

    def error(y, prediction):
        return float(np.abs(y - prediction).mean())

    worse, better = truth + noise * 1.05, truth + noise
    alone = [drawn(error, truth, p, seed=4) for p in (worse, better)]
    assert alone[0].low < alone[1].high
    assert drawn(lambda y, a, b: error(y, a) - error(y, b), truth, worse, better, seed=4).low > 0


def test_undefined_resamples_are_left_out():
    def share_of_first(x):
        return float((x == 0).mean()) if (x == 0).any() else np.nan

    assert drawn(share_of_first, [0.0, 1.0, 2.0], seed=1, n_resamples=200).low == pytest.approx(1 / 3)


def test_without_a_defined_resample_there_is_no_interval():
    assert not bootstrap.estimate([3.0, np.nan], n=1).has_interval
    assert not bootstrap.estimate([np.nan, 3.0], n=1).is_known
    assert np.isnan(bootstrap.limits(np.full((3, 2), np.nan))).all()


def test_limits_are_those_of_each_figure():
    low, high = bootstrap.limits(np.column_stack([np.arange(41.0), np.arange(41.0) + 100]), confidence=0.9)
    assert (*low, *high) == pytest.approx((2, 102, 38, 138))
