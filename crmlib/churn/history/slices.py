"""One row a customer at a cutoff: what was known then, and what the customer did next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

import ibis
import numpy as np
import pandas as pd
from ibis import Table
from numpy.typing import NDArray

from crmlib.churn.history.cutoffs import Coverage, Plan
from crmlib.churn.history.own_features import OwnFeature, OwnFeatures, measure_own
from crmlib.features import DAYS_PER_WEEK, before, days_bought
from crmlib.orders import as_orders, count_orders
from crmlib.stats.sampling import sampled

LABELS: Final = ("churned", "next_purchase_days", "next_spend")
NONE: Final[Mapping[str, OwnFeature]] = MappingProxyType({})

LEAST_OF_EACH: Final = 20
"""So many leavers and so many stayers a cutoff needs, to teach or to judge: an AUC from fewer says nothing."""


class UnobservedWindowError(ValueError):
    """A label was asked for a window of which a part was not observed."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The customers of one cutoff, one row each, sorted by ``customer_id``; `own` names the features of one's own.

    The features of `describe_customers`, with ``churned`` and ``next_spend`` where the cutoff has labels: nothing else
    in it is of the cutoff or later.
    """

    cutoff: date
    horizon_days: int
    customers: pd.DataFrame
    own: tuple[str, ...] = ()

    @property
    def churned(self) -> NDArray[np.bool_]:
        """Whether each customer bought nothing in the label window."""
        return self.customers["churned"].to_numpy(dtype=bool)

    def sampled(self) -> "Slice":
        """Keep a sample to learn from, of the same customers at every cutoff; see `crmlib.stats.sampling`."""
        return replace(self, customers=sampled(self.customers))


def describe_customers(
    transactions: Table, cutoff: date, horizon_days: int, own: OwnFeatures = NONE, *, days: Table | None = None
) -> Table:
    """Describe each customer from what was known before a cutoff (Ibis in, Ibis out).

    Only events count, each by its own time: what a current extract says of a customer (tier, points, city) may have
    been written later. ``customer_id, days_since_last, days_since_first, purchase_days, orders, spend, returned,
    average_order_value`` (money as float), ``recent_purchase_days, recent_spend`` (in the horizon before the cutoff),
    ``frequency, recency, T`` in weeks as buy-till-you-die models take them, and one's own features, 0 where a customer
    has none.
    """
    seen = days_bought(transactions if days is None else days, cutoff)
    recent = seen.day >= ibis.date((cutoff - timedelta(days=horizon_days)).isoformat())
    last_day = ibis.date((cutoff - timedelta(days=1)).isoformat())
    by_day = seen.group_by("customer_id").agg(
        first_day=seen.day.min(), last_day=seen.day.max(), purchase_days=seen.count(), spend=seen.amount.sum(),
        recent_purchase_days=seen.count(where=recent), recent_spend=seen.amount.sum(where=recent).fill_null(0),
    )  # fmt: skip
    orders = before(as_orders(transactions), cutoff)
    counted = orders.filter(orders.customer_id.notnull()).group_by("customer_id").agg(
        orders=lambda t: count_orders(t, t.lines > 0), returned=lambda t: t.returned.sum()
    )  # fmt: skip
    joined = by_day.left_join(counted, "customer_id")
    silent, age = (last_day.delta(joined[name], unit="day").cast("int64") for name in ("last_day", "first_day"))
    described = joined.select(
        "customer_id",
        days_since_last=silent,
        days_since_first=age,
        purchase_days="purchase_days",
        orders="orders",
        average_order_value=joined.spend.cast("float64") / joined.orders,
        spend=joined.spend.cast("float64"),
        returned=joined.returned.cast("float64"),
        recent_purchase_days="recent_purchase_days",
        recent_spend=joined.recent_spend.cast("float64"),
        frequency=joined.purchase_days - 1,
        recency=(age - silent).cast("float64") / DAYS_PER_WEEK,
        T=age.cast("float64") / DAYS_PER_WEEK,
    )
    if taken := sorted(set(described.columns) & set(own)):
        raise ValueError(f"the chapter has a feature {', '.join(taken)} already: give yours another name")
    for feature in measure_own(transactions, cutoff, own):
        described = described.left_join(feature, "customer_id").drop("customer_id_right")
    return described.fill_null(dict.fromkeys(own, 0.0)) if own else described


def unlabelled_slice(
    transactions: Table, cutoff: date, horizon_days: int, own: OwnFeatures = NONE, *, days: Table | None = None
) -> Slice:
    """Describe the customers at a date whose future is not known: the ones to score."""
    rows = describe_customers(transactions, cutoff, horizon_days, own, days=days).order_by("customer_id").to_pandas()
    if not rows["customer_id"].is_unique:
        raise ValueError(f"one of the features {', '.join(own)} has several rows a customer: it has to have one")
    return Slice(cutoff, horizon_days, rows, tuple(own))


def churn_labels(transactions: Table, cutoff: date, horizon_days: int, coverage: Coverage) -> Table:
    """Say of each customer known at a cutoff whether they bought nothing within the horizon after it (Ibis).

    ``customer_id, churned, next_purchase_days, next_spend`` (0 if churned). A window that was not observed whole is
    refused: calling who may have bought there churned would be wrong.
    """
    end = cutoff + timedelta(days=horizon_days)
    if not coverage.covers(cutoff, end):
        raise UnobservedWindowError(
            f"the window {cutoff} to {end} was not observed whole: sales are known from {coverage.first_day} to "
            f"{coverage.observed_until}, with {len(coverage.holes)} holes; take an earlier cutoff or a shorter horizon"
        )
    seen = days_bought(transactions, end)
    start = ibis.date(cutoff.isoformat())
    after = seen.day >= start
    bought = seen.group_by("customer_id").agg(
        first_day=seen.day.min(), next_purchase_days=seen.count(where=after),
        next_spend=seen.amount.sum(where=after).fill_null(0).cast("float64"),
    )  # fmt: skip
    known = bought.filter(bought.first_day < start)
    return known.select(
        "customer_id", "next_purchase_days", "next_spend", churned=known.next_purchase_days == 0
    ).relocate("churned", after="customer_id")


def labelled_slice(
    transactions: Table,
    cutoff: date,
    horizon_days: int,
    coverage: Coverage,
    own: OwnFeatures = NONE,
    *,
    days: Table | None = None,
) -> Slice:
    """Describe the customers at a cutoff and add what they did next, if the whole window was observed."""
    dated = transactions if days is None else days
    labels = churn_labels(dated, cutoff, horizon_days, coverage).order_by("customer_id").to_pandas()
    described = unlabelled_slice(transactions, cutoff, horizon_days, own, days=days)
    labelled = described.customers.merge(labels, on="customer_id", validate="one_to_one")
    return replace(described, customers=labelled)


def labelled_slices(
    transactions: Table, plan: Plan, coverage: Coverage, own: OwnFeatures = NONE, *, days: Table | None = None
) -> tuple[Slice, ...]:
    """Cut the past at every cutoff of a plan, the test last."""
    return tuple(
        labelled_slice(transactions, cutoff, plan.horizon_days, coverage, own, days=days) for cutoff in plan.labelled
    )


def leaking_columns(
    describe: Callable[[Table, date], Table], transactions: Table, cutoff: date, known: pd.DataFrame | None = None
) -> tuple[str, ...]:
    """Find the columns of a description that differ once later lines are taken away: they know the future.

    A difference in who is described counts as a leak of ``customer_id``. What is ``known`` is the description by all
    lines, where it has been computed before.
    """

    def described(lines: Table) -> pd.DataFrame:
        return describe(lines, cutoff).order_by("customer_id").to_pandas()

    whole = described(transactions) if known is None else known
    with_future, without = (
        frame.set_index("customer_id") for frame in (whole, described(before(transactions, cutoff)))
    )
    if not with_future.index.equals(without.index):
        return ("customer_id",)
    return tuple(sorted(name for name in without.columns if not with_future[name].equals(without[name])))


def leaks_at(
    transactions: Table, cutoff: date, horizon_days: int, own: OwnFeatures = NONE, known: Slice | None = None
) -> tuple[str, ...]:
    """Find the features of this chapter that know something from after a cutoff; see `leaking_columns`.

    ``known`` is the cutoff's slice, where it has been cut before.
    """
    customers = None if known is None else known.customers.drop(columns=list(LABELS), errors="ignore")
    return leaking_columns(
        lambda lines, day: describe_customers(lines, day, horizon_days, own), transactions, cutoff, customers
    )
