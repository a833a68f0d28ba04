"""One condition of a tag, evaluated for every customer at every date, and how surely it is no chance."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crmlib.params.tags import SHARES, TagCondition
from crmlib.segmentation.tags.history import History, Matrix, field_values, over, share_counts
from crmlib.stats.shrinkage import Numbers, beta_shapes

Flags = NDArray[np.bool_]

_COMPARE: Final = {"at_least": np.greater_equal, "at_most": np.less_equal, "above": np.greater, "below": np.less}


@dataclass(frozen=True, slots=True)
class OwnRates:
    """How customers' own rates spread: a beta distribution; no shapes where they differ no more than by chance."""

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


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """What a condition came to: the limit, a quantile worked out, and where it held (customers × dates).

    The chance is, of each customer, the probability that it would hold today if all bought at the average rate; 0 or 1
    for no share. A share in whose rates customers do not differ is not proven: it cannot be told from chance.
    """

    limit: float
    held: Flags
    chance: Matrix
    rates: OwnRates | None = None
    proven: bool = True


def evaluate(past: History, condition: TagCondition, window: int) -> ConditionResult | None:
    """Evaluate a condition for every customer at every date; nothing where the data lack its field.

    Limits by quantile, and how customers' rates spread, are those of the report's date at all dates. A share holds
    where it is beyond the limit and the customer's own rate lies beyond the average customer's, on the limit's side,
    with the probability ``condition.sure``: empirical Bayes, beta-binomial (Casella 1985). Where customers differ no
    more than by chance, the condition is told by the count alone and marked as unproven.
    """
    if condition.field in SHARES:
        counts = share_counts(past, condition.field, condition.of, window)
        return None if counts is None else _share(condition, *counts)
    figure = field_values(past, condition.field, condition.of, window)
    if figure is None:
        return None
    limit = _limit(condition, figure)
    held = _beyond(condition, figure, limit)
    return ConditionResult(limit, held, held[:, 0].astype(float))


def _share(condition: TagCondition, yes: Matrix, orders: Matrix) -> ConditionResult:
    limit = _limit(condition, over(yes, orders))
    rates = own_rates(yes[:, 0], orders[:, 0])
    asked = condition.sure or 0.0
    above = condition.operator in {"at_least", "above"}

    def holds(yes: Matrix, orders: Matrix) -> Flags:
        held = _beyond(condition, over(yes, orders), limit)
        if asked and rates.differ:
            held[held] = rates.beyond(yes[held], orders[held], above=above) >= asked
        return held

    chance = by_chance(orders[:, 0], rates.average, holds)
    return ConditionResult(limit, holds(yes, orders), chance, rates, proven=rates.differ or not asked)


def _limit(condition: TagCondition, figure: Matrix) -> float:
    if condition.value is not None:
        return condition.value
    today = figure[:, 0]
    today = today[~np.isnan(today)]
    # a limit that is itself observed keeps equal customers on one side
    return float(np.quantile(today, condition.quantile or 0.0, method="inverted_cdf")) if len(today) else np.nan


def _beyond(condition: TagCondition, figure: Matrix, limit: float) -> Flags:
    # what is not known is no reason for a tag
    return np.asarray(_COMPARE[condition.operator](figure, limit) & ~np.isnan(figure))


def own_rates(yes: Numbers, orders: Numbers) -> OwnRates:
    """Learn from all customers how their own rates spread; who has no order says nothing."""
    seen = orders > 0
    shapes = beta_shapes(yes[seen], orders[seen]) if seen.any() else None
    if shapes is None:
        return OwnRates(float(yes.sum() / max(orders.sum(), 1.0)), float("nan"), float("nan"))
    return OwnRates(shapes[0] / sum(shapes), *shapes)


def by_chance(orders: Numbers, rate: float, holds: Callable[[Numbers, Numbers], NDArray[np.bool_]]) -> Numbers:
    """Give the probability that a rule would hold for each customer if all bought at the same rate."""
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
