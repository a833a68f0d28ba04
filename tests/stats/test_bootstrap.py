"""Intervals by resampling."""

import numpy as np
import pytest

from crmlib.stats import bootstrap, intervals


def test_agrees_with_the_formula_where_there_is_one():
    values = np.random.default_rng(1).normal(10, 3, 300)
    drawn = bootstrap.interval(np.mean, values, rng=np.random.default_rng(2), n_resamples=2_000)
    formula = intervals.mean(values)
    # the limits of 2,000 resamples move by about 0.05 standard errors (3 / sqrt(300) = .17): four of those
    assert (drawn.low, drawn.high) == pytest.approx((formula.low, formula.high), abs=0.035)
    assert drawn.value == values.mean()


def test_the_same_seed_gives_the_same_interval():
    first, second = (
        bootstrap.interval(np.median, np.arange(30.0), rng=np.random.default_rng(5), n_resamples=100) for _ in range(2)
    )
    assert first == second


def test_what_belongs_together_is_drawn_together():
    x = np.arange(40.0)
    estimate = bootstrap.interval(
        lambda a, b: float(np.corrcoef(a, b)[0, 1]), x, -x, rng=np.random.default_rng(1), n_resamples=50
    )
    assert (estimate.low, estimate.high) == pytest.approx((-1, -1))


def test_a_paired_difference_decides_what_two_intervals_cannot():
    rng = np.random.default_rng(3)
    truth = rng.normal(0, 10, 200)
    noise = rng.normal(0, 5, 200)

    def error(y, prediction):
        return float(np.abs(y - prediction).mean())

    worse, better = truth + noise * 1.05, truth + noise
    alone = [bootstrap.interval(error, truth, p, rng=np.random.default_rng(4)) for p in (worse, better)]
    assert alone[0].low < alone[1].high
    assert bootstrap.paired_difference(error, truth, worse, better, rng=np.random.default_rng(4)).low > 0


def test_undefined_resamples_are_left_out():
    def share_of_first(x):
        return float((x == 0).mean()) if (x == 0).any() else np.nan

    estimate = bootstrap.interval(share_of_first, [0.0, 1.0, 2.0], rng=np.random.default_rng(1), n_resamples=200)
    assert estimate.low == pytest.approx(1 / 3)


def test_one_customer_has_no_interval():
    assert not bootstrap.interval(np.mean, [3.0], rng=np.random.default_rng(1)).has_interval


def test_arrays_of_different_length_are_refused():
    with pytest.raises(ValueError, match="one length"):
        bootstrap.interval(np.mean, [1, 2], [1], rng=np.random.default_rng(1))
    with pytest.raises(ValueError, match="at least one array"):
        bootstrap.resamples(np.mean, rng=np.random.default_rng(1))
