"""Which action each customer gets: the most gain under a budget and so many contacts a channel, one a customer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EXACT: Final = 2_000
"""So many offers are allocated exactly; more by prices."""
SAMPLE: Final = 2_000
"""So many customers, spread over the gains, tell the prices of the limits."""
SWEEPS: Final = 2
BISECTIONS: Final = 16
NOBODY: Final = -1
_CENT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Limits:
    """What there is to give: contacts by channel (infinite: no limit), money, and customers in all."""

    capacity: Floats
    budget: float = np.inf
    at_most: float = np.inf

    def less(self, channels: Ints, spent: float) -> Limits:
        """Give what is left after one contact by each of these channels, for so much money."""
        used = np.bincount(channels, minlength=len(self.capacity))
        budget, most = max(self.budget - spent, 0.0), self.at_most - len(channels)
        return Limits(self.capacity - used, budget, most)

    def times(self, share: float) -> Limits:
        """Give a share of everything."""
        return Limits(self.capacity * share, self.budget * share, self.at_most * share)

    @property
    def amounts(self) -> Floats:
        """All of them in one row: by channel, money, customers."""
        return np.array([*self.capacity, self.budget, self.at_most], dtype=float)


@dataclass(frozen=True, slots=True)
class Offers:
    """What there is to choose from: gains and costs, customers × actions, and the channel's place of each action.

    An offer whose gain is not above 0, or missing, is not to be had.
    """

    gain: Floats
    cost: Floats
    channel: Ints

    @property
    def places(self) -> tuple[Ints, Ints]:
        """Customer and action of each offer that is to be had."""
        customers, actions = np.nonzero(self.gain > 0)
        return customers, actions

    def above(self, prices: Floats) -> Floats:
        """Give each offer's gain above the prices of what it takes; of what is not to be had, no end below."""
        above = self.gain - prices[self.channel] - prices[-2] * self.cost - prices[-1]
        above[~(self.gain > 0)] = -np.inf
        return above

    def left(self, limits: Limits, chosen: Ints) -> Limits:
        """Give what is left once these customers have these actions."""
        rows = np.flatnonzero(chosen != NOBODY)
        return limits.less(self.channel[chosen[rows]], float(self.cost[rows, chosen[rows]].sum()))


def allocate(offers: Offers, limits: Limits) -> Ints:
    """Choose one action a customer, or none, so that the gains sum to the most.

    The place of each customer's action, -1 for none. Small problems are solved exactly as an integer programme; large
    ones by the prices of the limits (the linear programme's, of a sample), then greedily by the gain above these.
    Nobody is left out for whom there is room.
    """
    exact = len(offers.places[0]) <= EXACT
    chosen = exact_allocation(offers, limits) if exact else np.full(len(offers.gain), NOBODY)
    prices = np.zeros(len(limits.amounts)) if exact else limit_prices(offers, limits)
    return greedy(offers, offers.left(limits, chosen), chosen, prices)


def exact_allocation(offers: Offers, limits: Limits) -> Ints:
    """Solve the integer programme (HiGHS, by SciPy), within a tenth of a per mille."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    chosen = np.full(len(offers.gain), NOBODY)
    customers, actions = offers.places
    if not len(customers):
        return chosen
    matrix, most = _constraints(offers, limits)
    solved = milp(
        -offers.gain[customers, actions], constraints=LinearConstraint(matrix, ub=most), bounds=Bounds(0, 1),
        integrality=np.ones(len(customers)), options={"mip_rel_gap": 1e-4},
    )  # fmt: skip
    taken = solved.x > 0.5
    chosen[customers[taken]] = actions[taken]
    return chosen


def limit_prices(offers: Offers, limits: Limits) -> Floats:
    """Price a contact by each channel, a unit of money and a place on the list, as the linear programme does.

    Of very many customers, sorted by the best gain, every so manieth stands for its neighbours; then each price in turn
    is set so that all of them, who take what brings most above the prices, take no more than there is.
    """
    from scipy.optimize import linprog

    best = np.argsort(-np.nan_to_num(offers.gain, nan=-np.inf).max(axis=1, initial=-np.inf), kind="stable")
    share = min(1.0, SAMPLE / max(len(best), 1))
    sample = best[((np.arange(int(len(best) * share)) + 0.5) / share).astype(int)]
    part = replace(offers, gain=offers.gain[sample], cost=offers.cost[sample])
    customers, actions = part.places
    prices, limited = np.zeros(len(limits.amounts)), np.isfinite(limits.amounts)
    if not len(customers) or not limited.any():
        return prices
    matrix, most = _constraints(part, limits.times(share))
    solved = linprog(-part.gain[customers, actions], A_ub=matrix, b_ub=most, method="highs-ds")
    prices[limited] = -solved.ineqlin.marginals[len(sample) :]
    for _sweep in range(0 if share == 1 else SWEEPS):
        for place in np.flatnonzero(limited):
            prices[place] = _cleared(offers, limits, prices, int(place))
    return prices


def _cleared(offers: Offers, limits: Limits, prices: Floats, place: int) -> float:
    """Give the price of one limit at which what is asked for by all, at the prices of the others, just fits."""
    free = prices.copy()
    free[place] = 0.0
    value, most = offers.above(free), float(limits.amounts[place])
    if place != len(prices) - 2:
        by_it = np.ones(len(offers.channel), dtype=bool) if place == len(prices) - 1 else offers.channel == place
        worth = value[:, by_it].max(axis=1, initial=-np.inf)
        lead = worth - value[:, ~by_it].max(axis=1, initial=0.0)
        if most >= len(lead):
            return 0.0
        return max(0.0, float(-np.partition(-lead, int(most))[int(most)]))
    low, high = 0.0, max(1.0, 4 * prices[place])
    rows = np.arange(len(value))
    for _step in range(BISECTIONS):
        middle = (low + high) / 2
        asked = value - middle * offers.cost
        action = asked.argmax(axis=1)
        spent = offers.cost[rows, action][asked[rows, action] > 0].sum()
        low, high = (middle, high) if spent > most else (low, middle)
    return high


def greedy(offers: Offers, left: Limits, chosen: Ints, prices: Floats) -> Ints:
    """Let every customer without an action ask for the one with most gain above its price, and grant what there is.

    Those with most above the price come first; who is refused asks again for what is still open, until nothing is.
    """
    chosen = chosen.copy()
    above = offers.above(prices)
    free = np.flatnonzero(np.isfinite(above).any(axis=1) & (chosen == NOBODY))
    while len(free):
        room = (left.capacity[offers.channel] >= 1) & (left.at_most >= 1)
        wanted = np.where(room & (offers.cost[free] <= left.budget + _CENT), above[free], -np.inf)
        action = wanted.argmax(axis=1)
        most = wanted[np.arange(len(free)), action]
        order = np.argsort(-most, kind="stable")
        order = order[np.isfinite(most[order])]
        free, action = free[order], action[order]
        spent = offers.cost[free, action]
        granted = _room(offers.channel[action], spent, left)
        chosen[free[granted]] = action[granted]
        left = left.less(offers.channel[action[granted]], float(spent[granted].sum()))
        free = np.sort(free[~granted])
    return chosen


def _room(channels: Ints, spent: Floats, left: Limits) -> NDArray[np.bool_]:
    """Say for whom, in the order given, there is room by channel, in money and in all."""
    room = (np.arange(len(channels)) < left.at_most) & (np.cumsum(spent) <= left.budget + _CENT)
    for place, most in enumerate(left.capacity):
        asking = channels == place
        room &= ~asking | (np.cumsum(asking) <= most)
    return room


def _constraints(offers: Offers, limits: Limits) -> tuple[csr_array, Floats]:
    """Give one row a customer (one action at the most), then one a limit that there is, over the offers to be had."""
    from scipy.sparse import csr_array, vstack

    customers, actions = offers.places
    ones, columns = np.ones(len(customers)), np.arange(len(customers))
    one_each = csr_array((ones, (customers, columns)), shape=(len(offers.gain), len(customers)))
    by_channel = [offers.channel[actions] == place for place in range(len(limits.capacity))]
    used = np.vstack([*by_channel, offers.cost[customers, actions], ones]).astype(float)
    limited = np.isfinite(limits.amounts)
    matrix = vstack([one_each, csr_array(used[limited])], format="csr")
    return matrix, np.concatenate([np.ones(len(offers.gain)), limits.amounts[limited]])
