"""Customers who behave as a model says, to test what is said of real ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.btyd.histories import Array, Indices
from crmlib.btyd.model import Nature, PurchaseModel, checked_weeks
from crmlib.btyd.summary import DAYS_PER_WEEK


def simulate(
    model: PurchaseModel,
    customers: pd.DataFrame,
    rng: np.random.Generator,
    *,
    horizon: float = 0.0,
    days: bool = False,
) -> pd.DataFrame:
    """Let customers of a model buy and leave.

    Parameters
    ----------
    model : PurchaseModel
        With parameters.
    customers : pandas.DataFrame
        One row a customer: ``T``, weeks from the first purchase to the end of observation, and the model's covariates.
    rng : numpy.random.Generator
    horizon : float
        Weeks to go on after the end of observation.
    days : bool
        Record purchases by the day and merge those of one day, as `customer_summary` does (give ``T`` in whole days).
        Otherwise times are exact.

    Returns
    -------
    pandas.DataFrame
        The customers with ``frequency``, ``recency``, ``log_gaps`` as observed by ``T``, and what nobody observes:
        ``alive`` at ``T`` and ``future``, the purchases within the horizon.

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD
    >>> model = BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> simulated = simulate(model, pd.DataFrame({"T": [39.0] * 10_000}), np.random.default_rng(1))
    >>> bool(abs(simulated["frequency"].mean() - model.expected_purchases_new(39.0)) < 0.1)
    True
    """
    horizon = checked_weeks(horizon)
    T = customers["T"].to_numpy(dtype=np.float64)
    nature = _nature(model, customers, rng)
    seen = _Seen.nobody(len(T))
    for who, when in _purchases(nature, T + horizon, rng):
        if days:
            seen.record(who, np.ceil(when * DAYS_PER_WEEK) / DAYS_PER_WEEK, T[who])
        else:
            seen.record(who, when, T[who])
    columns = {
        "frequency": seen.frequency,
        "recency": seen.recency,
        "log_gaps": seen.log_gaps,
        "alive": nature.death > T,
        "future": seen.future,
    }
    return customers.assign(**columns)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was recorded of each customer so far."""

    frequency: npt.NDArray[np.int64]
    recency: Array
    log_gaps: Array
    last: Array
    future: npt.NDArray[np.int64]

    @classmethod
    def nobody(cls, n: int) -> "_Seen":
        return cls(np.zeros(n, dtype=np.int64), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n, dtype=np.int64))

    def record(self, who: Indices, when: Array, T: Array) -> None:
        gap = when - self.last[who]
        new = gap > 0
        who, when, T, gap = who[new], when[new], T[new], gap[new]
        self.last[who] = when
        self.future[who[when > T]] += 1
        now = when <= T
        self.frequency[who[now]] += 1
        self.recency[who[now]] = when[now]
        self.log_gaps[who[now]] += np.log(gap[now])


def _nature(model: PurchaseModel, customers: pd.DataFrame, rng: np.random.Generator) -> Nature:
    """Draw what each customer is like from the model's distributions."""
    histories = model.histories(customers.assign(frequency=0, recency=0.0))
    params = model.at(histories)
    by_customer = params if params.shape[1] == 1 else params[:, histories.back]
    return model.nature(np.broadcast_to(by_customer, (len(by_customer), len(customers))), rng)


def _purchases(nature: Nature, end: Array, rng: np.random.Generator) -> Iterator[tuple[Indices, Array]]:
    """Give the customers' next purchases, round by round, until all have left or time is over."""
    who = np.arange(len(end), dtype=np.intp)
    when = np.zeros(len(end))
    while len(who):
        when = when + rng.gamma(nature.phases, 1.0, len(who)) / nature.rate[who]
        still = when <= np.minimum(end[who], nature.death[who])
        who, when = who[still], when[still]
        yield who, when
        leaves = rng.random(len(who)) < nature.leave[who]
        nature.death[who[leaves]] = when[leaves]
        who, when = who[~leaves], when[~leaves]
