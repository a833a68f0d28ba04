"""Allocate a million customers × eight actions under a budget, two channels and a longest list, and time it."""

from time import perf_counter

import numpy as np

from crmlib.actions.lists.allocation import NOBODY, Limits, Offers, allocate, exact_allocation, limit_prices

CUSTOMERS, ACTIONS = 1_000_000, 8


def shop(customers: int, seed: int = 1) -> Offers:
    """Draw a shop's offers: the gains of a customer go together, a call costs more than a message and brings more."""
    rng = np.random.default_rng(seed)
    channel = np.array([0, 0, 1, 1, 1, 1, 1, 1])
    cost = np.where(channel == 0, 10.0, 0.8) + 5 * rng.random((customers, ACTIONS))
    worth = rng.lognormal(3, 1.2, (customers, 1)) * rng.uniform(0.2, 1.0, (customers, ACTIONS))
    gain = worth * np.where(channel == 0, 0.4, 0.25) - cost
    gain[rng.random(gain.shape) < 0.3] = np.nan
    return Offers(gain, cost, channel)


def gained(offers: Offers, chosen: np.ndarray) -> float:
    """Sum the gains of those who have an action."""
    rows = np.flatnonzero(chosen != NOBODY)
    return float(offers.gain[rows, chosen[rows]].sum())


def bound(offers: Offers, limits: Limits) -> float:
    """Bound the gain of any allocation from above, by the prices of the limits (the Lagrangian's dual)."""
    prices = limit_prices(offers, limits)
    given = np.where(prices > 0, prices * np.where(np.isfinite(limits.amounts), limits.amounts, 0), 0).sum()
    return float(offers.above(prices).max(axis=1, initial=0).sum() + given)


if __name__ == "__main__":
    for calls, budget in ((500, 200_000.0), (20_000, 400_000.0), (20_000, np.inf)):
        offers, limits = shop(CUSTOMERS), Limits(np.array([calls, np.inf]), budget, 300_000)
        start = perf_counter()
        chosen = allocate(offers, limits)
        seconds, part = perf_counter() - start, gained(offers, chosen) / bound(offers, limits)
        print(
            f"{CUSTOMERS:,} × {ACTIONS}, {calls:,} calls, budget {budget:,.0f}: {seconds:.1f} s, "
            f"{np.count_nonzero(chosen != NOBODY):,} customers, at least {part:.3%} of the most there is"
        )
    for seed in range(3):
        offers, limits = shop(4_000, seed), Limits(np.array([60.0, np.inf]), 1_500.0, 900)
        part = gained(offers, allocate(offers, limits)) / gained(offers, exact_allocation(offers, limits))
        print(f"4,000 × {ACTIONS}, seed {seed}: {part:.4%} of the exact programme's gain")
