"""How many of a customer's orders hold something on promotion, drawn to the average where orders are few."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import numpy as np
import pandas as pd

from crmlib.segmentation.marked import marked_purchases
from crmlib.segmentation.prices.shrinkage import beta_shapes
from crmlib.stats import Estimate


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
    Beta-binomial (:func:`crmlib.segmentation.prices.shrinkage.beta_shapes`). Where customers differ no more than by
    chance, everybody gets the average.

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
    shapes = beta_shapes(counted["promoted"].to_numpy(float), counted["orders"].to_numpy(float))
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
