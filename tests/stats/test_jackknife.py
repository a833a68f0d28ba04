"""Intervals from leaving out a group of customers at a time."""

from math import isnan, nan

import numpy as np
import pytest

from crmlib.stats.jackknife import delete_a_group


def test_of_a_mean_it_is_the_spread_of_the_groups_means():
    rng = np.random.default_rng(4)
    groups = rng.normal(3, 1, (16, 50)).mean(axis=1)
    without = [np.delete(groups, place).mean() for place in range(16)]
    found = delete_a_group(groups.mean(), without, 800)
    error = groups.std(ddof=1) / np.sqrt(16)
    assert (found.high - found.low) / 2 == pytest.approx(2.1314 * error, rel=1e-4)  # t with 15 degrees of freedom


def test_it_covers_as_often_as_it_says_where_customers_count_many_times():
    rng = np.random.default_rng(5)
    hits = 0
    for _replication in range(300):
        rate, group = rng.beta(2, 2, 400), rng.integers(0, 16, 400)
        bought = rng.binomial(20, rate)
        share = [bought[group != one].sum() / (20 * (group != one).sum()) for one in range(16)]
        found = delete_a_group(bought.sum() / 8000, share, 400, least=0, most=1)
        hits += found.low <= 0.5 <= found.high
    # 95 % give or take four standard errors
    assert 0.90 <= hits / 300 <= 1


def test_what_is_unknown_or_hangs_on_one_group_has_no_interval():
    assert not delete_a_group(nan, [1.0, 2.0], 30).is_known
    for without in ([1.0], [1.0, nan]):
        found = delete_a_group(1.0, without, 30)
        assert found.value == 1
        assert isnan(found.low)


def test_it_stays_on_the_scale():
    found = delete_a_group(0.99, [0.9, 1.0, 0.95, 1.0], 30, least=0, most=1)
    assert found.high == 1
