"""How long active customers take to buy again, what goes with coming back sooner, and whether the dates held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.btyd import ModifiedBetaGeoNBD, next_purchase_dates
from crmlib.churn.history.silences import silences
from crmlib.stats.cox import hazard_ratios
from crmlib.stats.intervals import proportions
from crmlib.stats.sampling import sampled
from crmlib.stats.survival import KaplanMeier
from crmlib.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ibis import Table

    from crmlib.btyd import PurchaseModel
    from crmlib.churn.study import Study

DOUBLED: Final[Mapping[str, str]] = {
    "days_since_last": N_("days since the last purchase"),
    "purchase_days": N_("days with a purchase"),
    "days_since_first": N_("days since the first purchase"),
    "average_order_value": N_("average order value"),
}
"""Features of the regression, each as the logarithm to base 2: a ratio goes with twice as much."""

GROUPS: Final = {1: N_("1 day"), 2: N_("2 to 4 days"), 5: N_("5 days or more")}
"""Customers by days with a purchase, from the number on."""

QUANTILES: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class TimeToEvent:
    """When the active customers of the test's cutoff bought next.

    ``curves``: Kaplan-Meier's, by ``group`` of :data:`GROUPS` (0: all): ``time, share, low, high, customers``.
    ``ratios``: see :func:`crmlib.stats.cox.hazard_ratios`. ``dates``: of customers whose date lay in the time seen,
    how many were back by it: ``expected, customers, back, observed, low, high``.
    """

    customers: int
    all: KaplanMeier
    curves: pd.DataFrame
    ratios: pd.DataFrame
    dates: pd.DataFrame


def next_waits(table: Table, cutoff: date, until: date) -> Table:
    """Say of each customer known by a cutoff how long the next purchase took: ``customer_id, wait, happened`` (Ibis).

    1 on the cutoff's own day; of who did not buy before the end, the days that were seen.
    """
    seen, day = silences(table, until), ibis.date(cutoff.isoformat())
    at = seen.filter(seen.day < day, seen.following.isnull() | (seen.following >= day))
    last_day = ibis.date((until - timedelta(days=1)).isoformat())
    return at.select(
        "customer_id",
        wait=at.following.fill_null(last_day).delta(day, unit="day").cast("int64") + 1,
        happened=at.following.notnull(),
    )


def time_to_event(
    customers: pd.DataFrame, waits: pd.DataFrame, cutoff: date, model: PurchaseModel | None
) -> TimeToEvent:
    """Describe when customers, with what was known of them at a cutoff, bought next."""
    joined = sampled(customers).merge(waits, on="customer_id", validate="one_to_one").sort_values("customer_id")
    group = pd.cut(joined["purchase_days"], [*GROUPS, np.inf], right=False, labels=list(GROUPS)).astype("int64")
    curves = [_curve(joined[group == name], name) for name in GROUPS]
    features = np.log2(1 + joined[list(DOUBLED)].clip(lower=0))
    features = features.loc[:, features.max() > features.min()]
    happened = joined["happened"].any() and len(features.columns)
    return TimeToEvent(
        len(customers),
        KaplanMeier.of(joined["wait"], joined["happened"]),
        pd.concat(curves, ignore_index=True),
        hazard_ratios(joined["wait"], joined["happened"], features) if happened else pd.DataFrame(),
        _dates_kept(joined, cutoff, model),
    )


def _curve(customers: pd.DataFrame, group: int) -> pd.DataFrame:
    curve = KaplanMeier.of(customers["wait"], customers["happened"]).curve
    return curve.drop(columns="at_risk").assign(group=group, customers=len(customers))


def _dates_kept(joined: pd.DataFrame, cutoff: date, model: PurchaseModel | None) -> pd.DataFrame:
    """Count who was back by the day that a purchase model had set at the cutoff, as far as it was seen."""
    if model is None:
        return pd.DataFrame(columns=["expected", "customers", "back", "observed", "low", "high"])
    last_day = cutoff - timedelta(days=1)
    dates = next_purchase_dates(model, joined, last_day, QUANTILES)
    # wait is what was seen where nothing happened
    longest = joined["wait"].max()
    rows = []
    for share in QUANTILES:
        days = (dates[share] - pd.Timestamp(last_day)).dt.days.to_numpy(dtype="float64")
        told = days <= longest
        back = joined["happened"].to_numpy(dtype=bool) & (joined["wait"].to_numpy() <= days)
        rows.append({"expected": share, "customers": int(told.sum()), "back": int(back[told].sum())})
    counted = pd.DataFrame(rows)
    observed = proportions(counted["back"], counted["customers"]).rename(columns={"value": "observed"})
    return counted.join(observed[["observed", "low", "high"]])


def measure_time_to_event(found: Study) -> TimeToEvent | None:
    """Look at the active customers of the test's cutoff; ``None`` without a test."""
    if not found.slices:
        return None
    test = found.slices[-1]
    known = test.customers
    active = known[known["days_since_last"] < found.active_days]
    until = test.cutoff + timedelta(days=test.horizon_days)
    waits = next_waits(found.bought, test.cutoff, until).to_pandas()
    again = (known["frequency"] > 0).any()
    model = ModifiedBetaGeoNBD.fit(sampled(known)[["frequency", "recency", "T"]]) if again else None
    return time_to_event(active, waits, test.cutoff, model)
