"""Customers' contacts, the complaints among them, and how long these wait until they are settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.features import before, known_purchases
from crmlib.orders import as_orders, count_orders
from crmlib.satisfaction.evidence import Gap
from crmlib.stats import Estimate, intervals
from crmlib.stats.survival import KaplanMeier
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ibis import Table

    from crmlib.workspace import Run

COMPLAINT: Final = "complaint"
_SECONDS: Final = 86_400


def read_contacts(run: Run) -> pd.DataFrame | Gap:
    """Read customers' contacts before `as_of`, or say why there are none to read.

    `customer_id, at, kind` (small letters), `channel, touchpoint, store_id, order_id, topic, owner, first_response_at,
    resolved_at, adopted`.
    """
    if not run.has("interactions"):
        return _no_complaints(_("no table of contacts by customers among the sources"))
    rows = before(run.table("interactions"), run.as_of, "at").drop("text")
    found: pd.DataFrame = rows.mutate(kind=rows.kind.lower()).to_pandas()
    if found.empty:
        return _no_complaints(_("a table of contacts without one before this date"), delivered=True)
    return found.sort_values(["at", "customer_id"], kind="stable", ignore_index=True)


def complaints_among(contacts: pd.DataFrame | Gap) -> pd.DataFrame | Gap:
    """Keep the complaints, or say why there are none to read."""
    if isinstance(contacts, Gap):
        return contacts
    found = contacts[contacts["kind"] == COMPLAINT]
    if found.empty:
        return _no_complaints(_("contacts, but no complaint among them"), delivered=True)
    return found.reset_index(drop=True)


def read_complaints(run: Run) -> pd.DataFrame | Gap:
    """Read the complaints of a run before `as_of`, or say why there are none to read; see `read_contacts`."""
    return complaints_among(read_contacts(run))


def _no_complaints(found: str, *, delivered: bool = False) -> Gap:
    needed = _("a table of customers' contacts with complaints in it")
    return Gap(needed, found, _("Complaints and the time to settle them are not reported."), delivered)


def waiting(complaints: pd.DataFrame, as_of: date, event: str = "resolved_at") -> pd.DataFrame:
    """Give the complaints before `as_of` with `days` (waited so far) and `settled` (or waiting still)."""
    end = pd.Timestamp(as_of)
    made = complaints[complaints["at"] < end]
    settled = made[event] < end
    days = (made[event].where(settled, end) - made["at"]).dt.total_seconds() / _SECONDS
    # a settlement noted before the complaint is a slip of the clock, not a negative wait
    return made.assign(days=days.clip(lower=0.0).astype(float), settled=settled.astype(bool))


def median_wait(waits: pd.DataFrame) -> Estimate:
    """Estimate the median days until a complaint is settled (Kaplan-Meier); unknown where fewer than half are."""
    return KaplanMeier.of(waits["days"], waits["settled"]).median


def settled_by(waits: pd.DataFrame, days: Sequence[float]) -> pd.DataFrame:
    """Estimate the share of complaints settled within so many days, those that wait still counted as such.

    `days, share, share_low, share_high` (Kaplan-Meier, log-log interval), `people` with complaints.
    """
    read = KaplanMeier.of(waits["days"], waits["settled"]).by(days)
    named = read.rename(columns={"low": "share_low", "high": "share_high"}).drop(columns="time")
    named.insert(0, "days", list(days))
    return named.assign(people=waits["customer_id"].nunique())


def complaints_by(waits: pd.DataFrame, group: str) -> pd.DataFrame:
    """Count complaints of each topic, store or touchpoint, the most frequent first.

    The group, `people, complaints, open` and the `median, median_low, median_high` days until settled.
    """
    rows = []
    for name, part in waits.groupby(group, dropna=True, sort=True):
        median = median_wait(part)
        counted = {
            "people": part["customer_id"].nunique(),
            "complaints": len(part),
            "open": int((~part["settled"]).sum()),
        }
        rows.append({group: name, **counted, "median": median.value,
                     "median_low": median.low, "median_high": median.high})  # fmt: skip
    columns = [group, "people", "complaints", "open", "median", "median_low", "median_high"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["complaints", group], ascending=[False, True], ignore_index=True
    )


def complaint_rate(complaints: pd.DataFrame, transactions: Table, as_of: date, days: int) -> Estimate:
    """Estimate complaints of known customers per 1,000 of their orders (Wilson; one complaint an order)."""
    start = pd.Timestamp(as_of) - pd.Timedelta(days=days)
    recent = complaints[(complaints["at"] >= start) & (complaints["at"] < pd.Timestamp(as_of))].dropna(
        subset=["customer_id"]
    )
    bought = known_purchases(as_orders(transactions), as_of)
    bought = bought.filter(bought.ordered_at >= start)
    orders = int(count_orders(bought).to_pandas())
    return intervals.proportion(min(len(recent), orders), orders).scaled(1_000)
