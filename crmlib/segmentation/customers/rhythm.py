"""How long customers wait between purchases: each one's own rhythm, and how well it is known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import ibis
import numpy as np
from numpy.typing import NDArray

from crmlib.features import days_bought
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from ibis import Table
    from ibis.expr.types import IntegerColumn, StringColumn

RHYTHMS: Final = ("newcomer", "few", "uneven", "steady")
"""How well a rhythm is known: one purchase day; two to four; more, with uneven or with even gaps."""

_FEW: Final = 4  # gaps from which one can tell whether they are even

Floats = NDArray[np.float64]


def purchase_days(transactions: Table, as_of: date) -> Table:
    """List every day on which each known customer bought: ``customer_id, day, gap`` (days since the one before)."""
    return days_bought(transactions, as_of).drop("amount")


def customer_rhythm(transactions: Table, as_of: date) -> Table:
    """Describe each customer's rhythm in one row.

    ``customer_id, purchase_days, days_since_last, days_since_first, gap_days, gap_squares`` (sums of the gaps and of
    their squares), ``last_gap`` (days between the last two purchase days; empty with one).
    """
    days = purchase_days(transactions, as_of)
    last = days.day.max().over(ibis.window(group_by=days.customer_id))
    flagged = days.mutate(is_last=days.day == last)
    last_day = ibis.date((as_of - timedelta(days=1)).isoformat())
    whole = flagged.group_by("customer_id").agg(
        purchase_days=flagged.count(),
        first=flagged.day.min(),
        last=flagged.day.max(),
        gap_days=flagged.gap.sum().fill_null(0),
        gap_squares=(flagged.gap * flagged.gap).sum().fill_null(0),
        last_gap=flagged.gap.max(where=flagged.is_last),
    )
    return whole.mutate(
        days_since_last=last_day.delta(whole["last"], unit="day").cast("int64"),
        days_since_first=last_day.delta(whole["first"], unit="day").cast("int64"),
    ).drop("first", "last")


def purchase_waits(transactions: Table, as_of: date) -> Table:
    """List how long customers waited after every purchase day, and what was known of their rhythm on it.

    ``gaps, gap_days, gap_squares`` (number and sums of the gaps until that day), ``wait`` (days to the next purchase
    day, or to the last day seen; 1 at least), ``returned`` (whether the next one came), ``watched`` (days from the
    purchase day to the last day seen).
    """
    days = purchase_days(transactions, as_of)
    own = ibis.window(group_by=days.customer_id, order_by=days.day)
    until = ibis.cumulative_window(group_by=days.customer_id, order_by=days.day)
    last_day = ibis.date((as_of - timedelta(days=1)).isoformat())
    known = days.mutate(
        gaps=days.gap.count().over(until),
        gap_days=days.gap.sum().over(until).fill_null(0),
        gap_squares=(days.gap * days.gap).sum().over(until).fill_null(0),
        following=days.day.lead(1).over(own),
    )
    waits = known.select(
        "gaps", "gap_days", "gap_squares", returned=known.following.notnull(),
        watched=last_day.delta(known.day, unit="day").cast("int64"),
        wait=known.following.fill_null(last_day).delta(known.day, unit="day").cast("int64"),
    )  # fmt: skip
    return waits.filter(waits.wait > 0)


def steady(gaps: Any, gap_days: Any, gap_squares: Any) -> Any:
    """Say whose gaps are even (whole numbers of Ibis or NumPy in, flags out).

    The squared coefficient of variation, drawn to that of purchases at random, 1, with the weight of three gaps, lies
    below 0.6; all in whole numbers, so that every engine says the same.
    """
    return 10 * gaps * gaps * gap_squares < gap_days * gap_days * (16 * gaps - 18)


def rhythm_of(gaps: IntegerColumn, gap_days: IntegerColumn, gap_squares: IntegerColumn) -> StringColumn:
    """Tell how well the rhythm is known, as a code of :data:`RHYTHMS`, in the engine."""
    even = steady(gaps, gap_days, gap_squares)
    return ibis.cases((gaps == 0, "newcomer"), (gaps < _FEW, "few"), (even, "steady"), else_="uneven")


def known_rhythm(customers: pd.DataFrame) -> NDArray[np.object_]:
    """Tell how well each customer's rhythm is known, as a code of :data:`RHYTHMS`, of a frame."""
    gaps = customers["purchase_days"].to_numpy() - 1
    even = steady(gaps, customers["gap_days"].to_numpy(), customers["gap_squares"].to_numpy())
    named: NDArray[np.object_] = np.select(
        [gaps == 0, gaps < _FEW, even], ["newcomer", "few", "steady"], default="uneven"
    ).astype(object)
    return named


def typical_gap(customers: pd.DataFrame, typical: float) -> Floats:
    """Give each customer's own typical gap in days, drawn towards a newcomer's where purchases are few.

    ``typical`` weighs as much as two own gaps: the posterior mean of a gamma-exponential rate (Bühlmann 1967).
    """
    gaps = customers["purchase_days"].to_numpy(dtype="float64") - 1
    return np.asarray((2 * typical + customers["gap_days"].to_numpy(dtype="float64")) / (2 + gaps))


def before_last(customers: pd.DataFrame) -> pd.DataFrame:
    """Give each customer's rhythm as it was before the last gap, to judge that gap by."""
    last = customers["last_gap"].astype("float64").fillna(0).astype("int64")
    return customers.assign(
        purchase_days=(customers["purchase_days"] - 1).clip(lower=1),
        gap_days=customers["gap_days"] - last,
        gap_squares=customers["gap_squares"] - last**2,
    )


def rhythm_label(kind: str) -> str:
    """Name what is known of a customer's rhythm."""
    return {
        "newcomer": _("one purchase day"),
        "few": _("two to four purchase days"),
        "uneven": _("five or more, uneven gaps"),
        "steady": _("five or more, even gaps"),
    }[kind]
