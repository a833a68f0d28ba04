"""One row a customer at a cutoff: what was known then, and what the customer did next."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import ibis

from crmlib.btyd import ModifiedBetaGeoNBD, PurchaseModel
from crmlib.churn.history.described import describe_customers
from crmlib.churn.history.events import NO_EVENTS, Events, seen_events
from crmlib.churn.history.features import NAMES, with_features
from crmlib.churn.history.own_features import NONE, OwnFeatures
from crmlib.churn.models.purchases import fit_purchases
from crmlib.features import before, days_bought
from crmlib.stats.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import pandas as pd
    from ibis import Table
    from numpy.typing import NDArray

    from crmlib.churn.history.cutoffs import Coverage, Plan

LABELS: Final = ("churned", "next_purchase_days", "next_spend")

LEAST_OF_EACH: Final = 20
"""So many leavers and so many stayers a cutoff needs, to teach or to judge: an AUC from fewer says nothing."""


class UnobservedWindowError(ValueError):
    """A label was asked for a window of which a part was not observed."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The customers of one cutoff, one row each, sorted by ``customer_id``; `own` names the features of one's own.

    The columns of `describe_customers` and the features made of them, with ``churned`` and ``next_spend`` where the
    cutoff has labels: nothing else in it is of the cutoff or later. `purchases` is the purchase model of the cutoff.
    """

    cutoff: date
    horizon_days: int
    customers: pd.DataFrame
    own: tuple[str, ...] = ()
    purchases: PurchaseModel | None = None
    memory: dict[tuple[object, ...], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def churned(self) -> NDArray[np.bool_]:
        """Whether each customer bought nothing in the label window."""
        return self.customers["churned"].to_numpy(dtype=bool)

    @property
    def features(self) -> list[str]:
        """Which columns of the customers are features, one's own last."""
        return [*(name for name in NAMES if name in self.customers), *self.own]

    def sampled(self) -> Slice:
        """Keep a sample to learn from, of the same customers at every cutoff; see `crmlib.stats.sampling`."""
        some = sampled(self.customers)
        return self if some is self.customers else replace(self, customers=some)


def remembered(past: Sequence[Slice], name: str, learn: Callable[[], Any]) -> Any:
    """Learn of these very slices once; several rounds of the competition ask the same."""
    memory, key = past[-1].memory, (name, *map(id, past))
    if key not in memory:
        # kept with what was learnt, so that no other slice can take their places in memory
        memory[key] = (tuple(past), learn())
    return memory[key][1]


def unlabelled_slice(
    transactions: Table,
    cutoff: date,
    horizon_days: int,
    own: OwnFeatures = NONE,
    *,
    days: Table | None = None,
    events: Events = NO_EVENTS,
) -> Slice:
    """Describe the customers at a date whose future is not known: the ones to score."""
    described = describe_customers(transactions, cutoff, horizon_days, own, days=days, events=events)
    rows = described.order_by("customer_id").to_pandas()
    if not rows["customer_id"].is_unique:
        raise ValueError(f"one of the features {', '.join(own)} has several rows a customer: it has to have one")
    model = fit_purchases(ModifiedBetaGeoNBD, rows)
    return Slice(cutoff, horizon_days, with_features(rows, cutoff, horizon_days, model), tuple(own), model)


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
    events: Events = NO_EVENTS,
) -> Slice:
    """Describe the customers at a cutoff and add what they did next, if the whole window was observed."""
    dated = transactions if days is None else days
    labels = churn_labels(dated, cutoff, horizon_days, coverage).order_by("customer_id").to_pandas()
    described = unlabelled_slice(transactions, cutoff, horizon_days, own, days=days, events=events)
    labelled = described.customers.merge(labels, on="customer_id", validate="one_to_one")
    return replace(described, customers=labelled)


def labelled_slices(
    transactions: Table,
    plan: Plan,
    coverage: Coverage,
    own: OwnFeatures = NONE,
    *,
    days: Table | None = None,
    events: Events = NO_EVENTS,
) -> tuple[Slice, ...]:
    """Cut the past at every cutoff of a plan, the test last."""
    return tuple(
        labelled_slice(transactions, cutoff, plan.horizon_days, coverage, own, days=days, events=events)
        for cutoff in plan.labelled
    )


def leaking_columns(
    describe: Callable[[Table, Events, date], Table],
    transactions: Table,
    cutoff: date,
    events: Events = NO_EVENTS,
    known: pd.DataFrame | None = None,
) -> tuple[str, ...]:
    """Find the columns of a description that differ once later lines and events are taken away: they know the future.

    A difference in who is described counts as a leak of ``customer_id``. What is ``known`` is the description by all
    lines, where it has been computed before.
    """

    def described(lines: Table, told: Events) -> pd.DataFrame:
        return describe(lines, told, cutoff).order_by("customer_id").to_pandas().set_index("customer_id")

    with_future = described(transactions, events) if known is None else known.set_index("customer_id")
    without = described(before(transactions, cutoff), seen_events(events, cutoff))
    if not with_future.index.equals(without.index):
        return ("customer_id",)
    return tuple(sorted(name for name in without.columns if not with_future[name].equals(without[name])))


def leaks_at(
    transactions: Table,
    cutoff: date,
    horizon_days: int,
    own: OwnFeatures = NONE,
    known: Slice | None = None,
    *,
    events: Events = NO_EVENTS,
) -> tuple[str, ...]:
    """Find what this chapter knows of customers from after a cutoff; see `leaking_columns`.

    Features are made of these columns, of one cutoff's customers, and of nothing else. ``known`` is the cutoff's slice,
    where it has been cut before.
    """
    return leaking_columns(
        lambda lines, told, day: describe_customers(lines, day, horizon_days, own, events=told),
        transactions,
        cutoff,
        events,
        None if known is None else known.customers,
    )
