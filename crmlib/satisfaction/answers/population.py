"""Who answers is not who buys: last year's customers, and weights that bring the answers back to their shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.features import known_purchases
from crmlib.orders import as_orders, count_orders
from crmlib.stats.intervals import design_effect, effective_sample_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis import Table
    from numpy.typing import NDArray

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.workspace import Run

FEWEST = 10
"""A category with fewer answers than this is joined to the others: one answer must not speak for a crowd."""
CAP: Final = 8.0
"""Times the mean weight: where simulated chains have the least mean squared error (docs/methods.md)."""
OTHERS = "(others)"
UNKNOWN = "(unknown)"
_ROUNDS = 200
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights of answers (mean 1), the attributes in fact used, and what they cost.

    The answers stand for the `covered` share of the customer base, without categories nobody answered from.
    `design_effect` is by what factor weighting widens the variance of a mean (Kish 1965), `largest_gap` the largest
    difference left between a weighted share and its target: 0 where raking converged.
    """

    weights: pd.Series
    by: tuple[str, ...]
    covered: float
    design_effect: float
    effective_n: float
    largest_gap: float


def rake(
    answers: pd.DataFrame, population: pd.DataFrame, by: Sequence[str], *, fewest: int = FEWEST, cap: float = CAP
) -> Raked:
    """Weight answers so that each attribute is spread over them as over all customers, scaled to one after the other.

    Iterative proportional fitting (Deming & Stephan 1940, Annals of Mathematical Statistics 11). An attribute that is
    missing, or has one category, is left out. Categories with fewer answers than `fewest` are joined; those still too
    small leave the population that is spoken for. Weights above `cap` times the mean are cut to it, so that no answer
    speaks for too many (Kalton & Flores-Cervantes 2003, J. Off. Stat. 19).
    """
    answered = answers.loc[:, [name for name in by if name in answers and name in population]].astype("string")
    known = population.loc[:, answered.columns].astype("string").fillna(UNKNOWN)
    answered = answered.fillna(UNKNOWN)
    covered = pd.Series(data=True, index=known.index)
    for name in answered.columns:
        answered[name], known[name] = _joined(answered[name], known[name], fewest)
        covered &= known[name].isin(answered[name].unique())
    used = [name for name in answered.columns if len(answered[name].unique()) > 1]
    weights = _fitted(answered[used], known.loc[covered, used], cap)
    return Raked(
        weights=pd.Series(weights, index=answers.index, name="weight"),
        by=tuple(used),
        covered=float(covered.mean()) if len(covered) else 1.0,
        design_effect=design_effect(weights) if len(weights) else 1.0,
        effective_n=effective_sample_size(weights),
        largest_gap=_largest_gap(answered[used], known.loc[covered, used], weights),
    )


def _joined(answered: pd.Series, known: pd.Series, fewest: int) -> tuple[pd.Series, pd.Series]:
    """Join categories with too few answers into one."""
    counts = answered.value_counts()
    large = counts.index[counts >= fewest]
    return answered.where(answered.isin(large), OTHERS), known.where(known.isin(large), OTHERS)


def _fitted(answered: pd.DataFrame, known: pd.DataFrame, cap: float) -> NDArray[np.float64]:
    weights = np.ones(len(answered))
    margins = [_margin(answered[name], known[name]) for name in answered.columns]
    for _round in range(_ROUNDS if margins and len(known) else 0):
        before = weights
        for codes, target in margins:
            have = np.bincount(codes, weights, minlength=len(target)) / weights.sum()
            weights = weights * np.divide(target, have, out=np.ones(len(target)), where=have > 0)[codes]
        # cut inside the rounds, so that the other answers make up for what is cut
        weights = np.minimum(weights / weights.mean(), cap)
        if np.abs(weights - before).max() < _CLOSE:
            break
    return weights / weights.mean() if len(weights) else weights


def _margin(answered: pd.Series, known: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    codes, names = pd.factorize(answered, sort=True)
    shares = known.value_counts(normalize=True).reindex(names, fill_value=0.0)
    return np.asarray(codes, dtype=np.int64), np.asarray(shares, dtype=np.float64)


def _largest_gap(answered: pd.DataFrame, known: pd.DataFrame, weights: NDArray[np.float64]) -> float:
    gaps = [0.0]
    for name in answered.columns if len(known) else ():
        codes, target = _margin(answered[name], known[name])
        gaps.append(float(np.abs(np.bincount(codes, weights, minlength=len(target)) / weights.sum() - target).max()))
    return max(gaps)


YEAR: Final = 365
SHOWN_DAYS: Final = 396
"""Answers that the chapter shows: thirteen months."""
ENOUGH: Final = 400
"""Answers of the headline's days from which these are weighted for themselves: fewer err more (docs/methods.md)."""
_BANDS: Final = (0, 1, 3, 6, float("inf"))
_BAND_NAMES: Final = ("1", "2-3", "4-6", "7+")


def buyers(transactions: Table, as_of: date, days: int = YEAR) -> Table:
    """Describe the customers who bought in the last so many days: orders, main channel and main store.

    `customer_id, orders, channel, store_id`; the main one has the most orders, the first in the alphabet on a tie.
    """
    seen = known_purchases(as_orders(transactions), as_of)
    recent = seen.filter(seen.ordered_at >= ibis.timestamp((as_of - timedelta(days=days)).isoformat()))
    counted = recent.group_by("customer_id").agg(orders=count_orders(recent))
    channel, store = (_main(recent, name) for name in ("channel", "store_id"))
    joined = counted.left_join(channel, "customer_id").drop("customer_id_right")
    return joined.left_join(store, "customer_id").drop("customer_id_right")


def _main(recent: Table, name: str) -> Table:
    told = recent.filter(recent[name].notnull())
    counted = told.group_by(["customer_id", name]).agg(n=count_orders(told))
    place = ibis.row_number().over(group_by=counted.customer_id, order_by=[counted.n.desc(), counted[name].asc()])
    return counted.mutate(place=place).filter(lambda t: t.place == 0).select("customer_id", name)


def population(run: Run, as_of: date) -> pd.DataFrame:
    """Describe every customer who bought in the year before a date, for weighting.

    `customer_id, orders` (a band, as text), `channel, store` and the columns of `customers` that the parameters weight
    by, from today's extract at every `as_of`: they say whom an answer stands for, not what comes.
    """
    base: pd.DataFrame = buyers(run.table("orders"), as_of).to_pandas()
    bands = pd.cut(base["orders"], _BANDS, labels=list(_BAND_NAMES)).astype("string")
    base = base.assign(orders=bands).rename(columns={"store_id": "store"})
    if not run.has("customers"):
        return base
    customers = run.table("customers")
    known = [n for n in run.params.satisfaction.weight_by if n in customers.columns and n not in base.columns]
    return base.merge(customers.select("customer_id", *known).to_pandas(), on="customer_id", how="left")


def weigh(survey: Survey, customers: pd.DataFrame, by: list[str], days: int = SHOWN_DAYS) -> tuple[Survey, Raked]:
    """Weight the answers of so many last days to the customer base; those from outside it keep the mean weight."""
    answers = survey.answers(days)[["customer_id"]]
    known = answers.reset_index().merge(customers, on="customer_id", how="inner").set_index("index").sort_index()
    raked = rake(known, customers, by)
    return survey.weighted(raked.weights), raked


def weigh_window(weighted: Survey, customers: pd.DataFrame, by: list[str], days: int) -> tuple[Survey, Raked | None]:
    """Weight the answers of the headline's days for themselves; too few keep their weights of thirteen months."""
    if len(weighted.answers(days)) < ENOUGH:
        return weighted, None
    return weigh(weighted, customers, by, days)
