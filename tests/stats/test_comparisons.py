"""Intervals for a difference."""

import numpy as np
import pytest

from crmlib.stats.comparisons import proportion_difference, welch_difference


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, table II, method 10
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((10, 10, 0, 20), 0.6791, 1.0)],
)
def test_difference_of_shares_equals_newcombes_published_limits(counts, low, high):
    estimate = proportion_difference(*counts)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=5e-5)  # printed to four digits


def test_an_empty_group_leaves_the_difference_unknown():
    assert not proportion_difference(0, 0, 3, 10).is_known
    assert not welch_difference([1.0], [1.0, 2.0]).is_known


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="between 0 and"):
        proportion_difference(5, 4, 1, 2)


def test_difference_of_means_is_welchs():
    estimate = welch_difference([5, 6, 7, 8, np.nan], [1, 2, 3, 4])
    # equal spreads of 5/3 and n = 4: 4 ± t(6) · sqrt(5/6)
    assert (estimate.value, estimate.n) == (4, 8)
    assert estimate.high - 4 == pytest.approx(2.4469 * np.sqrt(5 / 6), rel=1e-4)


def test_constant_groups_differ_exactly():
    estimate = welch_difference([2, 2], [1, 1])
    assert (estimate.low, estimate.value, estimate.high) == (1, 1, 1)
