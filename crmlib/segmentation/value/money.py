"""Do the values hold in money: what the models foresaw of the held-out time against what was spent in it."""

from dataclasses import dataclass, field
from datetime import date
from math import exp, hypot, log, sqrt
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.btyd import fit_spend
from crmlib.btyd.gamma_gamma import NoSpendModelError
from crmlib.features import next_purchases
from crmlib.segmentation.value.errors import spend_swings, value_swings
from crmlib.segmentation.value.foreseen import foreseen_of_made
from crmlib.segmentation.value.holdout import Judged
from crmlib.stats import Estimate

RARE: Final = 1
"""Repeat purchases up to which a customer has been seen once or twice."""


@dataclass(frozen=True, slots=True)
class SpendEachTime:
    """What the spend model foresaw of each purchase of the held-out time, over what was spent on it: 1 is right.

    Attributes
    ----------
    rare
        Of customers who had been seen once or twice before it.
    others
        Of those who had been seen more often.
    apart
        How much more was foreseen of the rare than of the others, beside what they spent: 1 is as much.
    """

    rare: Estimate = field(default_factory=Estimate.unknown)
    others: Estimate = field(default_factory=Estimate.unknown)
    apart: Estimate = field(default_factory=Estimate.unknown)


def held_out_money(judged: Judged, transactions: Any, as_of: date) -> Estimate:
    """Estimate how much money the models foresaw for each unit spent in the held-out time: 1 is right, above too much.

    The chosen purchase model and a spend model, both fitted before the split, foresee the customers known by then;
    what is counted is what the value ahead counts, gross product purchases of the same customers, not discounted.

    Parameters
    ----------
    judged
        From :func:`crmlib.segmentation.value.holdout.judge`.
    transactions
        The clean table (Ibis).
    as_of
        Exclusive end of the held-out time.

    Returns
    -------
    Estimate
        With the 95 % interval of :func:`crmlib.segmentation.value.foreseen.foreseen_of_made`: the luck of customers,
        and the uncertainty of the parameters, unless one of the models has no usable covariance. Unknown where nothing
        was spent, or where what was spent before the split carries no spend model.
    """
    customers = judged.held.summary
    made = money_made(customers.index, transactions, judged.split, as_of).to_numpy()
    try:
        spend = fit_spend(customers)
        foreseen = (judged.forecasts[judged.chosen] * spend.expected_spend(customers)).to_numpy("float64")
        swings = value_swings(customers, foreseen, judged.models[judged.chosen], spend, judged.held.horizon)
    except NoSpendModelError:
        return Estimate.unknown(len(customers))
    return foreseen_of_made(foreseen, made, swings)


def spend_each_time(judged: Judged, transactions: Any, as_of: date) -> SpendEachTime:
    """Estimate how well the spend model foresaw single purchases of rare customers, and of the others.

    How often customers then came is taken as it was, so that only what they spent each time is judged.

    Parameters
    ----------
    judged
        From :func:`crmlib.segmentation.value.holdout.judge`.
    transactions
        The clean table (Ibis).
    as_of
        Exclusive end of the held-out time.

    Returns
    -------
    SpendEachTime
        With 95 % intervals of the luck of customers and the uncertainty of the spend model's parameters, where that is
        known; unknown where what was spent carries no spend model.
    """
    customers, times = judged.held.summary, judged.held.actual.to_numpy("float64")
    try:
        spend = fit_spend(customers)
        foreseen = spend.expected_spend(customers).to_numpy() * times
        swings = spend_swings(customers, spend) * times[:, None]
    except NoSpendModelError:
        return SpendEachTime()
    made = money_made(customers.index, transactions, judged.split, as_of).to_numpy()
    rare = (customers["frequency"] <= RARE).to_numpy()
    one, other = ((foreseen[rows], made[rows], swings[rows]) for rows in (rare & (times > 0), ~rare & (times > 0)))
    return SpendEachTime(foreseen_of_made(*one), foreseen_of_made(*other), _apart(one, other))


_Group: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _apart(rare: _Group, others: _Group) -> Estimate:
    """Put one ratio of foreseen to made over another: luck adds up, the parameters are the same in both."""
    one, other = (foreseen_of_made(foreseen, made, swings[:, :0]) for foreseen, made, swings in (rare, others))
    if not (one.has_interval and other.has_interval):
        return Estimate.unknown(one.n + other.n)
    moved = [swings.sum(axis=0) / foreseen.sum() for foreseen, _made, swings in (rare, others)]
    luck = hypot(*(log(each.high / each.value) for each in (one, other)))
    reach = hypot(luck, 1.96 * sqrt(float(((moved[0] - moved[1]) ** 2).sum())))
    value = one.value / other.value
    return Estimate(value, value * exp(-reach), value * exp(reach), one.n + other.n)


def money_made(customers: pd.Index, transactions: Any, split: date, as_of: date) -> pd.Series:
    """Sum what each of these customers spent on products from a split to ``as_of``, nothing where they did not buy."""
    later = next_purchases(transactions, split, (as_of - split).days)
    spent = later.select("customer_id", spend=later.spend.cast("float64")).to_pandas()
    return spent.set_index("customer_id")["spend"].reindex(customers).fillna(0.0)
