"""The funnel of a report: from all people in its files to the few who bought lately, each step a part of one before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import days_bought
from crmlib.months import months_before

if TYPE_CHECKING:
    import ibis.expr.types as ir

STEPS: Final = ("files", "buyers", "year", "active", "period", "likely")
"""People in the files; with a purchase; in the last 12 months; active; in the report's period; likely to leave."""


def count_buyers(table: ir.Table, as_of: date, since: dict[str, date]) -> ir.Table:
    """Count the known customers who bought before a date, ``buyers``, and since each of some days (Ibis, one row)."""
    days = days_bought(table, as_of)
    lasts = days.group_by("customer_id").agg(last=days.day.max())
    counts = {name: lasts.count(where=lasts["last"] >= ibis.date(day.isoformat())) for name, day in since.items()}
    return lasts.agg(buyers=lasts.count(), **counts)


def count_waiting(members: ir.Table, table: ir.Table, as_of: date) -> ir.Table:
    """Count members who joined before a date and have not bought: ``dated`` (of whom a day is known), ``waiting``."""
    bought = days_bought(table, as_of).select(whose="customer_id").distinct()
    joined = members.select("customer_id", "joined_at").left_join(bought, members.customer_id == bought.whose)
    early = joined.joined_at.notnull() & (joined.joined_at < ibis.date(as_of.isoformat()))
    return joined.agg(dated=joined.joined_at.count(), waiting=joined.count(where=early & joined.whose.isnull()))


def count_funnel(
    table: ir.Table,
    as_of: date,
    active_days: int,
    *,
    seen_until: date | None = None,
    members: ir.Table | None = None,
    likely: int | None = None,
) -> pd.DataFrame:
    """Count the people of every step.

    Parameters
    ----------
    table
        Customers' days, orders or order lines.
    as_of
        Exclusive end of what the report sees; its period is the month before.
    active_days
        Who bought within so many days is active.
    seen_until
        Exclusive end of the days on which a sale would have been seen, from which the active are counted; `as_of` if
        not given.
    members
        The clean table of customers, where there is one.
    likely
        How many of the active are likely to leave, where that is known.

    Returns
    -------
    pandas.DataFrame
        One row a step of :data:`STEPS` in their order: ``step, people, part_of`` (the step that they are part of;
        empty for the first), ``whole`` (how many that has). People in the files are left out where no member's day of
        joining is known, the last 12 months where the active reach further back.
    """
    starts = {
        "year": months_before(as_of, 12),
        "active": (seen_until or as_of) - timedelta(days=active_days),
        "period": months_before(as_of, 1),
    }
    people = {name: int(n) for name, n in count_buyers(table, as_of, starts).to_pandas().iloc[0].items()}
    if members is not None:
        known = count_waiting(members, table, as_of).to_pandas().iloc[0]
        if known["dated"]:
            people["files"] = people["buyers"] + int(known["waiting"])
    if starts["active"] <= starts["year"]:
        del people["year"]
    if likely is not None:
        people["likely"] = likely
    inside = {"period": "active" if starts["period"] >= starts["active"] else "year", "likely": "active"}
    rows, before = [], ""
    for step in (step for step in STEPS if step in people):
        part_of = inside.get(step, before)
        rows.append({"step": step, "people": people[step], "part_of": part_of, "whole": people.get(part_of)})
        before = step
    return pd.DataFrame(rows).astype({"whole": "float64"})
