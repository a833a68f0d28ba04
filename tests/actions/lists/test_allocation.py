"""One action a customer: exact and by prices, under a budget, channels and a longest list."""

import numpy as np
import pytest

from crmlib.actions.lists.allocation import NOBODY, Limits, Offers, allocate, exact_allocation, greedy, limit_prices

FREE = np.inf


def priced(offers, limits):
    nobody = np.full(len(offers.gain), NOBODY)
    return greedy(offers, limits, nobody, limit_prices(offers, limits))


def total(offers, chosen):
    rows = np.flatnonzero(chosen != NOBODY)
    return offers.gain[rows, chosen[rows]].sum()


def random_problem(seed, customers=300, actions=6):
    """Draw gains of which a customer's go together, dearer actions that bring more, and limits that bind."""
    rng = np.random.default_rng(seed)
    cost = rng.gamma(2, 2, (customers, actions)) + np.arange(actions)
    gain = rng.lognormal(2, 1, (customers, 1)) * rng.uniform(0.5, 1.5, (customers, actions)) + cost - 6
    gain[rng.random(gain.shape) < 0.4] = np.nan
    offers = Offers(gain, cost, rng.integers(0, 3, actions))
    limits = Limits(
        np.array([rng.integers(10, 60), rng.integers(10, 60), FREE]),
        float(rng.choice([FREE, 150 * rng.random() + 100])),
        float(rng.choice([FREE, rng.integers(60, 200)])),
    )
    return offers, limits


@pytest.mark.parametrize("seed", range(12))
def test_by_prices_is_within_a_hundredth_of_exact_and_both_keep_the_limits(seed):
    offers, limits = random_problem(seed)
    exact, greedily = exact_allocation(offers, limits), priced(offers, limits)
    for chosen in (exact, greedily):
        rows = np.flatnonzero(chosen != NOBODY)
        assert (offers.gain[rows, chosen[rows]] > 0).all()
        used = np.bincount(offers.channel[chosen[rows]], minlength=3)
        assert (used <= limits.capacity).all()
        assert offers.cost[rows, chosen[rows]].sum() <= limits.budget + 1e-6
        assert len(rows) <= limits.at_most
    assert total(offers, greedily) >= 0.99 * total(offers, exact)


def test_by_gain_alone_would_not_do():
    """A customer who is fine by message leaves the only call to one who can be reached by nothing else."""
    offers = Offers(np.array([[10.0, 9.9], [5.0, np.nan]]), np.ones((2, 2)), np.array([0, 1]))
    limits = Limits(np.array([1.0, FREE]))
    assert allocate(offers, limits).tolist() == [1, 0]
    assert priced(offers, limits).tolist() == [1, 0]
    assert greedy(offers, limits, np.full(2, NOBODY), np.zeros(4)).tolist() == [0, NOBODY]


def test_the_budget_goes_where_a_unit_of_it_brings_most():
    offers = Offers(np.array([[10.0], [6.0], [6.0]]), np.array([[10.0], [5.0], [5.0]]), np.array([0]))
    limits = Limits(np.array([FREE]), budget=10)
    assert allocate(offers, limits).tolist() == [NOBODY, 0, 0]


def test_what_does_not_pay_is_not_done_and_nothing_to_do_is_no_fault():
    free = Limits(np.array([FREE]))
    assert allocate(Offers(np.array([[-1.0], [0.0]]), np.zeros((2, 1)), np.array([0])), free).tolist() == [-1, -1]
    assert allocate(Offers(np.zeros((0, 1)), np.zeros((0, 1)), np.array([0])), free).tolist() == []


def test_nobody_is_left_out_for_whom_there_is_room(monkeypatch):
    offers, limits = random_problem(99)
    monkeypatch.setattr("crmlib.actions.lists.allocation.EXACT", 0)
    chosen = allocate(offers, limits)
    left = offers.left(limits, chosen)
    waiting = (offers.gain > 0) & (chosen == NOBODY)[:, None]
    room = (left.capacity[offers.channel] >= 1)[None, :] & (offers.cost <= left.budget)
    assert left.at_most < 1 or not (waiting & room).any()


def test_prices_of_a_sample_serve_very_many(monkeypatch):
    offers, limits = random_problem(5, customers=3_000)
    limits = Limits(limits.capacity * 8, 2_000.0, FREE)
    every = total(offers, priced(offers, limits))
    monkeypatch.setattr("crmlib.actions.lists.allocation.SAMPLE", 300)
    assert total(offers, priced(offers, limits)) >= 0.99 * every
