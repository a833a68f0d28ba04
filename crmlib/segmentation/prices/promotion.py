"""How many of a customer's orders hold something on promotion, drawn to the average where orders are few."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import ibis
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.segmentation.marked import marked_purchases
from crmlib.stats import Estimate

Numbers = NDArray[np.float64]

_LIMIT: Final = 9.0  # shapes between e^-9 and e^9: beyond, all customers are alike or each is all or nothing


@dataclass(frozen=True, slots=True)
class PromotionShares:
    """What part of their orders customers place with something on promotion.

    Attributes
    ----------
    customers
        One row a customer, sorted: ``customer_id, orders, promoted`` (orders with a line on promotion), ``share``
        (posterior mean) with ``low, high`` (95 % credible).
    a, b
        The shapes of the beta distribution of customers' own shares; NaN where customers do not differ.
    average
        The share of all orders, with an interval that counts customers as the source of chance.
    """

    customers: pd.DataFrame
    a: float
    b: float
    average: Estimate

    @property
    def differ(self) -> bool:
        """Whether customers differ in it more than by chance."""
        return bool(np.isfinite(self.a))


def promotion_orders(transactions: Any, as_of: date) -> pd.DataFrame:
    """Count, for each known customer, the orders and those with a line on promotion, in the engine.

    The order is the unit, as a coupon is on all of its lines. Where lines have no order number, a day is an order.
    """
    bought = marked_purchases(transactions, as_of)
    bought = bought.mutate(order=ibis.coalesce(bought.order_id, bought.ordered_at.date().cast("string")))
    counted = bought.group_by("customer_id").agg(
        orders=bought.order.nunique(), promoted=bought.order.nunique(where=bought.on_promotion)
    )
    return counted.to_pandas().sort_values("customer_id", ignore_index=True)


def promotion_shares(counted: pd.DataFrame) -> PromotionShares:
    """Estimate each customer's share by empirical Bayes: the population's distribution is learned from all of them.

    Parameters
    ----------
    counted
        ``customer_id, orders, promoted``; at least one order each. It is not changed.

    Notes
    -----
    Beta-binomial by maximum likelihood. Where the likelihood is not better than one share for all by more than chance
    (the 5 % point of the mixture of chi-squares on the boundary, Self & Liang 1987), everybody gets the average.

    References
    ----------
    Robbins (1956); for the beta-binomial, Casella (1985), The American Statistician 39.

    Examples
    --------
    >>> counted = pd.DataFrame({"customer_id": [f"k{n}" for n in range(60)], "orders": 20, "promoted": [1, 19] * 30})
    >>> shares = promotion_shares(counted)
    >>> shares.differ, bool(shares.customers["share"].iloc[0] < 0.1)
    (True, True)
    """
    from scipy.stats import beta

    from crmlib.stats.intervals import ratio

    average = ratio(counted["promoted"], counted["orders"])
    shapes = _shapes(counted["promoted"].to_numpy(float), counted["orders"].to_numpy(float))
    if shapes is None:
        same = counted.assign(share=average.value, low=average.low, high=average.high)
        return PromotionShares(same, float("nan"), float("nan"), average)
    a, b = shapes
    # customers with the same counts have the same answer
    keys = ["promoted", "orders"]
    distinct = counted[keys].drop_duplicates()
    yes, no = a + distinct["promoted"], b + distinct["orders"] - distinct["promoted"]
    told = distinct.assign(share=yes / (yes + no), low=beta.ppf(0.025, yes, no), high=beta.ppf(0.975, yes, no))
    return PromotionShares(counted.merge(told, on=keys, how="left"), a, b, average)


def _shapes(promoted: Numbers, orders: Numbers) -> tuple[float, float] | None:
    """Fit the beta distribution; nothing where customers do not differ, or nobody ever buys on promotion."""
    from scipy.optimize import minimize
    from scipy.special import betaln, digamma

    pairs, weight = np.unique(np.column_stack([promoted, orders]), axis=0, return_counts=True)
    yes, whole = pairs[:, 0], pairs[:, 1]
    overall = float((weight * yes).sum() / (weight * whole).sum())
    if not 0 < overall < 1:
        return None

    def loss(logs: Numbers) -> tuple[float, Numbers]:
        a, b = np.exp(logs)
        value = (weight * (betaln(a + yes, b + whole - yes) - betaln(a, b))).sum()
        common = digamma(a + b) - digamma(a + b + whole)
        slopes = np.array([
            (weight * (digamma(a + yes) - digamma(a) + common)).sum() * a,
            (weight * (digamma(b + whole - yes) - digamma(b) + common)).sum() * b,
        ])  # fmt: skip
        return -float(value), -slopes

    start = np.log([4 * overall, 4 * (1 - overall)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(-_LIMIT, _LIMIT)] * 2)
    alike = (weight * (yes * np.log(overall) + (whole - yes) * np.log1p(-overall))).sum()
    # 2.706 is the 5 % point of an equal mixture of nothing and a chi-square with one degree
    if 2 * (-found.fun - alike) < 2.706:
        return None
    a, b = (float(f"{shape:.9g}") for shape in np.exp(found.x))
    return a, b
