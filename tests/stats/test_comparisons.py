"""Intervals for a difference."""

import numpy as np
import pytest

from crmlib.stats.comparisons import benjamini_hochberg, proportion_difference, welch_difference


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


def test_the_published_example_has_four_findings():
    # Benjamini & Hochberg (1995), section 4: fifteen p-values, the first four rejected at 0.05
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    adjusted = benjamini_hochberg(p)
    assert (adjusted <= 0.05).sum() == 4
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)


def test_what_was_not_tested_does_not_count():
    assert benjamini_hochberg([np.nan, 0.04])[1] == pytest.approx(0.04)
    assert np.isnan(benjamini_hochberg([np.nan])).all()


def test_a_p_value_outside_its_range_is_refused():
    with pytest.raises(ValueError, match=r"\[0, ?1\]|within the interval|between 0 and 1"):
        benjamini_hochberg([1.2])
