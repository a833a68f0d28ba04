"""Rates beside the limits of chance."""

import numpy as np
import pytest
from scipy import stats

from crmlib.stats.control import ControlLimits


def test_large_counts_have_the_limits_of_the_normal_distribution():
    found = ControlLimits.of([4000, 4100, 3900], [100_000] * 3)
    low, high = found.limits([100_000], 0.95)
    reach = stats.norm.ppf(0.975) * np.sqrt(4000) / 100_000
    assert (low[0], high[0]) == pytest.approx((0.04 - reach, 0.04 + reach), abs=2e-5)
    assert found.z == pytest.approx([0, 100 / np.sqrt(4000), -100 / np.sqrt(4000)], abs=0.02)


@pytest.mark.parametrize("confidence", [0.95, 0.998])
def test_a_rate_on_a_limit_is_as_far_off_as_the_limit_says(confidence):
    # the limit of 1,000 cases lies between two whole numbers: one is inside, the other outside
    events, cases = np.full(50, 25.0), np.full(50, 1000.0)
    limit = 1000 * ControlLimits.of(events, cases).limits([1000], confidence)[1][0]
    for number, outside in ((np.floor(limit), False), (np.ceil(limit), True)):
        beyond = stats.poisson.sf(number, 25.0) + stats.poisson.pmf(number, 25.0) / 2
        assert bool(beyond < (1 - confidence) / 2) is outside


def test_one_in_twenty_is_outside_the_inner_limits_by_chance():
    events = np.random.default_rng(1).poisson(25, 4000)
    found = ControlLimits.of(events, np.full(4000, 1000))
    assert found.spread == 1
    share, error = (found.p < 0.05).mean(), np.sqrt(0.05 * 0.95 / 4000)
    assert share == pytest.approx(0.05, abs=4 * error)


def test_what_differs_beyond_chance_has_wider_limits():
    rng = np.random.default_rng(2)
    rates = 0.03 * rng.gamma(25, 1 / 25, 200)
    found = ControlLimits.of(rng.poisson(rates * 4000), np.full(200, 4000))
    plain = ControlLimits.of(rng.poisson(0.03 * 4000, 200), np.full(200, 4000))
    assert found.spread > 1.5
    assert found.limits([4000], 0.95)[1] > plain.limits([4000], 0.95)[1]
    assert (np.abs(found.z) > 1.96).mean() < 0.15


def test_one_that_stands_out_does_not_widen_the_limits():
    assert ControlLimits.of([50, 48, 52, 49, 51, 47, 53, 110], [2000] * 8).spread == 1


def test_limits_far_out_are_finite():
    found = ControlLimits.of([900, 0, 0, 0], [1000] * 4)
    assert found.spread > 5
    assert np.isfinite(np.concatenate(found.limits([1000], 0.998))).all()


@pytest.mark.parametrize(("events", "cases"), [([], []), ([0, 0], [0, 0]), ([0, 0], [100, 200])])
def test_nothing_to_compare_is_missing(events, cases):
    found = ControlLimits.of(events, cases)
    assert np.isnan(found.p).all()
    assert found.spread == 1
