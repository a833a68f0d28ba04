"""A customer's own rate behind a share of their orders: surely beyond the average customer's, or perhaps by chance."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crmlib.stats.shrinkage import Numbers, beta_shapes


@dataclass(frozen=True, slots=True)
class OwnRates:
    """How customers' own rates spread at the report's date.

    Attributes
    ----------
    average
        The average customer's rate.
    a, b
        Shapes of their beta distribution; missing where customers differ no more than by chance.
    """

    average: float
    a: float
    b: float

    @property
    def differ(self) -> bool:
        """Whether customers differ more than by chance."""
        return bool(np.isfinite(self.a))

    def beyond(self, yes: Numbers, orders: Numbers, *, above: bool) -> Numbers:
        """Give the probability that a customer's own rate lies above (or below) the average customer's."""
        from scipy.special import betainc

        below: Numbers = betainc(self.a + yes, self.b + orders - yes, self.average)
        return 1 - below if above else below


def own_rates(yes: Numbers, orders: Numbers) -> OwnRates:
    """Learn from all customers how their own rates spread; who has no order says nothing."""
    seen = orders > 0
    shapes = beta_shapes(yes[seen], orders[seen]) if seen.any() else None
    if shapes is None:
        return OwnRates(float(yes.sum() / max(orders.sum(), 1.0)), float("nan"), float("nan"))
    return OwnRates(shapes[0] / sum(shapes), *shapes)


def by_chance(orders: Numbers, rate: float, holds: Callable[[Numbers, Numbers], NDArray[np.bool_]]) -> Numbers:
    """Give the probability that a rule would hold for each customer if all bought at the same rate.

    `holds` says of arrays of ``yes, orders`` where the rule holds.
    """
    from scipy.stats import binom

    numbers, place = np.unique(orders.astype(np.int64), return_inverse=True)
    whole = np.repeat(numbers, numbers + 1)
    yes = np.concatenate([np.arange(number + 1) for number in numbers]) if len(numbers) else whole
    some = whole > 0
    met = np.zeros(len(whole), dtype=bool)
    met[some] = holds(yes[some].astype(float), whole[some].astype(float))
    chance = np.bincount(np.searchsorted(numbers, whole), weights=binom.pmf(yes, whole, rate) * met,
                         minlength=len(numbers))  # fmt: skip
    return np.asarray(chance[place], dtype=np.float64)
