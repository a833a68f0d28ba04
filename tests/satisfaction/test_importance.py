"""The arithmetic of relative importance."""

from itertools import combinations, permutations

import numpy as np
import pytest

from crmlib.satisfaction.importance import lmg, relative_weights, subset_r_squared


def _correlations(k, seed, n=200):
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, 1))
    drivers = common * 0.8 + rng.normal(size=(n, k))
    return np.corrcoef(np.column_stack([drivers, drivers @ rng.uniform(0, 1, k) + rng.normal(size=n)]).T)


def _r_squared(correlations, subset):
    chosen = list(subset)
    if not chosen:
        return 0.0
    inside, outcome = correlations[np.ix_(chosen, chosen)], correlations[chosen, -1]
    return float(outcome @ np.linalg.solve(inside, outcome))


def _lmg_by_orders(correlations):
    """Average each driver's gain over every order of entry, as the definition says."""
    k = len(correlations) - 1
    orders = list(permutations(range(k)))
    gains = np.zeros(k)
    for order in orders:
        for place, driver in enumerate(order):
            gains[driver] += _r_squared(correlations, order[: place + 1]) - _r_squared(correlations, order[:place])
    return gains / len(orders)


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_lmg_equals_its_definition(k):
    correlations = _correlations(k, seed=k)
    assert lmg(correlations) == pytest.approx(_lmg_by_orders(correlations), abs=1e-12)


def test_every_subset_has_the_r_squared_of_its_regression():
    correlations = _correlations(4, seed=9)
    explained = subset_r_squared(correlations)
    for size in range(5):
        for subset in combinations(range(4), size):
            index = sum(1 << driver for driver in subset)
            assert explained[index] == pytest.approx(_r_squared(correlations, subset), abs=1e-12)


@pytest.mark.parametrize("share_out", [lmg, relative_weights])
@pytest.mark.parametrize("k", [2, 6, 12])
def test_shares_sum_to_r_squared(share_out, k):
    correlations = _correlations(k, seed=k)
    assert share_out(correlations).sum() == pytest.approx(_r_squared(correlations, range(k)), abs=1e-10)


@pytest.mark.parametrize("share_out", [lmg, relative_weights])
def test_many_matrices_at_once_equal_one_by_one(share_out):
    several = np.stack([_correlations(4, seed=s) for s in range(3)])
    assert np.allclose(share_out(several), np.stack([share_out(one) for one in several]))


def test_relative_weights_equal_lmg_for_two_drivers():
    # Johnson (2000): identical for two drivers, close to it for more
    correlations = _correlations(2, seed=3)
    assert relative_weights(correlations) == pytest.approx(lmg(correlations), abs=1e-12)
    correlations = _correlations(6, seed=3)
    assert relative_weights(correlations) == pytest.approx(lmg(correlations), abs=0.02)


def test_a_driver_told_twice_shares_what_it_explains():
    correlations = np.array([[1.0, 1.0, 0.6], [1.0, 1.0, 0.6], [0.6, 0.6, 1.0]])
    assert lmg(correlations) == pytest.approx([0.18, 0.18])
    assert relative_weights(correlations) == pytest.approx([0.18, 0.18])
