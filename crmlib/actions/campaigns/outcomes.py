"""What contacted and left-out customers bought before a campaign, in the window after it, and in the weeks after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.actions.response.contacted import CONTACT, contacts_over
from crmlib.features import before
from crmlib.orders import count_orders, is_bought

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir

BEFORE_DAYS: Final = 365
"""Days before a contact whose spend tells what a customer would spend anyway."""
AFTERMATH_DAYS: Final = 60
"""Days since the contact up to which purchases pulled forward would be missed."""
SUMS: Final = ("bought", "spend", "full_price", "bought_later", "spend_before", "bought_before")


def campaign_people(contacts: ir.Table, orders: ir.Table, as_of: date, window_days: int) -> pd.DataFrame:
    """Give one row a campaign and customer whose window is over, by day, campaign and customer.

    ``campaign_id, customer_id, day, arm, cost`` (see `contacts_over`), ``responded`` (the campaign's own count, up to
    the end of the window) and, in one pass over the orders, of the window ``bought`` (orders), ``spend`` and
    ``full_price`` (spend of orders without promotion); ``bought_later`` (orders from the window's end to
    :data:`AFTERMATH_DAYS`, missing where that is not over), of the year before ``spend_before, bought_before`` and
    ``idle`` (days since the last purchase, missing without one).
    """
    told = contacts_over(contacts, as_of, window_days)
    rows = told.left_join(_responses(contacts, as_of, window_days), CONTACT).select(*told.columns, "responded")
    people: pd.DataFrame = rows.order_by(CONTACT).to_pandas()
    around = _around(told, before(orders, as_of), window_days).order_by(CONTACT).to_pandas()
    people = people.merge(around, on=CONTACT, how="left")
    day = people["day"].astype("datetime64[us]")
    seen_later = day + timedelta(days=AFTERMATH_DAYS) < pd.Timestamp(as_of)
    sums = {name: people[name].astype("float64").fillna(0.0) for name in SUMS}
    sums["bought_later"] = sums["bought_later"].where(seen_later)
    last = people.pop("last_day").astype("datetime64[us]")
    people = people.assign(
        day=day, cost=people["cost"].astype("float64").fillna(0.0), idle=(day - last).dt.days,
        responded=people["responded"].fillna(value=False).astype(bool), **sums,
    )  # fmt: skip
    return people.sort_values(["day", *CONTACT], kind="stable", ignore_index=True)


def in_two_at_once(people: pd.DataFrame, window_days: int) -> int:
    """Count the customers of whom the windows of two campaigns overlap: what they buy then counts for both."""
    since = people.sort_values("day", kind="stable").groupby("customer_id")["day"].diff()
    return int(people.loc[since < timedelta(days=window_days), "customer_id"].nunique())


def _responses(contacts: ir.Table, as_of: date, window_days: int) -> ir.Table:
    """Say who responded by the campaign's own count, in either arm, before the window was over."""
    seen = before(contacts, as_of, "contacted_at")
    over = seen.contacted_at + ibis.interval(days=window_days + 1)
    answered = (seen.responded_at < over).fill_null(ibis.literal(value=False))
    return seen.group_by(CONTACT).agg(responded=answered.any())


def _around(told: ir.Table, orders: ir.Table, window_days: int) -> ir.Table:
    """Add up by contact what was bought around its day; what was bought on the day itself counts for neither side."""
    asked = told.select(*CONTACT, told.day.name("told"))
    rows = orders.filter(is_bought(orders)).inner_join(asked, "customer_id")
    rows = rows.mutate(on=rows.ordered_at.date())
    ends, later = (rows.told + ibis.interval(days=days) for days in (window_days, AFTERMATH_DAYS))
    after = (rows.on > rows.told) & (rows.on <= ends)
    weeks = (rows.on > ends) & (rows.on <= later)
    earlier = rows.on < rows.told
    year = earlier & (rows.on >= rows.told - ibis.interval(days=BEFORE_DAYS))
    return rows.group_by(CONTACT).agg(
        bought=count_orders(rows, where=after),
        spend=rows.amount.sum(where=after).cast("float64"),
        full_price=rows.amount.sum(where=after & (rows.promotion_lines == 0)).cast("float64"),
        bought_later=count_orders(rows, where=weeks),
        spend_before=rows.amount.sum(where=year).cast("float64"),
        bought_before=count_orders(rows, where=year),
        last_day=rows.on.max(where=earlier),
    )
