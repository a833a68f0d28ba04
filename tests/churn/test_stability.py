"""The population stability index: by hand, inside its band for equal samples, outside it for shifted ones."""

import numpy as np
import pytest
from scipy import stats

from crmlib.churn.watch.stability import Stability, population_stability


def test_by_hand():
    found = population_stability([1] * 60 + [2] * 40, [1] * 50 + [2] * 50)
    # .1 ln 1.2 - .1 ln .8, and chi-square's 3.8415 with one degree of freedom times (1/100 + 1/100)
    assert found.value == pytest.approx(0.1 * np.log(1.2) - 0.1 * np.log(0.8))
    assert found.by_chance == pytest.approx(3.8415 * 0.02, abs=1e-6)
    assert found.change == "as_before"


def test_a_bin_that_emptied_counts_as_half_a_customer():
    found = population_stability([1] * 100, [1] * 90 + [2] * 10)
    assert found.value == pytest.approx(0.1 * np.log(1 / 0.9) - 0.095 * np.log(0.005 / 0.1))


@pytest.mark.parametrize("draw", [lambda rng, n: rng.gamma(2, 10, n), lambda rng, n: rng.poisson(2, n)])
def test_equal_samples_pass_the_limit_one_time_in_twenty(draw):
    rng = np.random.default_rng(8)
    passed = 0
    for _ in range(400):
        found = population_stability(draw(rng, 1_500), draw(rng, 900))
        passed += found.value > found.by_chance
    # bins made of one sample; 400 times .05 within three standard errors and a little
    assert stats.binom.cdf(passed, 400, 0.05) > 0.001
    assert passed / 400 < 0.1


@pytest.mark.parametrize(("shift", "change"), [(0.15, "little"), (0.4, "other"), (1.0, "very_other")])
def test_shifted_samples_are_outside_and_named_by_their_size(shift, change):
    rng = np.random.default_rng(3)
    found = population_stability(rng.normal(shift, 1, 5_000), rng.normal(0, 1, 5_000))
    assert found.value > found.by_chance
    assert found.change == change
    # two normals a shift apart: the index is its square
    assert found.value == pytest.approx(shift**2, rel=0.3)


def test_chance_is_not_called_a_change_however_large_it_looks():
    assert Stability(0.3, 0.4).change == "as_before"


def test_what_is_the_same_for_all_is_stable():
    assert population_stability([1.0] * 30, [1.0] * 20) == Stability(0.0, 0.0)
    assert population_stability([], [1.0, 2.0]) == Stability(0.0, 0.0)


def test_what_many_share_may_move_a_little_with_the_mean_of_all():
    rng = np.random.default_rng(1)
    some, all_else = rng.normal(0, 1, 700), np.zeros(300)
    shared = population_stability(np.concatenate([some, all_else + 0.01]), np.concatenate([some, all_else]))
    assert shared.change == "as_before"
    moved = population_stability(np.concatenate([some, all_else + 0.5]), np.concatenate([some, all_else]))
    assert moved.change == "very_other"


def test_what_rises_above_all_values_of_before_stays_in_the_last_bin():
    before = np.repeat([1.0, 2.0, 3.0], [20, 20, 60])
    assert population_stability(before + (before == 3), before) == population_stability(before, before)
