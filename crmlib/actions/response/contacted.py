"""Who was contacted, what was known of them the day before, and whether they bought in the window after (Ibis)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import ibis

from crmlib.features import before
from crmlib.orders import count_orders, is_bought
from crmlib.stats.sampling import MOST

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    import pandas as pd

CONTACT: Final = ["campaign_id", "customer_id"]
SUMS: Final = ["orders", "lines", "promotion_lines", "spend", "bought", "spend_after"]


def contacts_over(contacts: ir.Table, as_of: date, window_days: int) -> ir.Table:
    """Give one row a campaign and customer whose window is over: ``campaign_id, customer_id, day, arm, cost``.

    Whoever stands in both arms of a campaign was in neither, and is left out; ``arm`` is empty where no source tells.
    """
    seen = before(contacts, as_of - timedelta(days=window_days), "contacted_at")
    seen = seen.filter(seen.customer_id.notnull())
    rows = seen.group_by(CONTACT).agg(
        day=seen.contacted_at.min().date(),
        arm=seen.arm.min(),
        arms=seen.arm.nunique(),
        cost=seen.cost.max().cast("float64"),
    )
    return rows.filter(rows.arms <= 1).drop("arms")


def of_some_people(contacts: ir.Table, most: int = MOST) -> tuple[ir.Table, int]:
    """Keep all contacts of some people, about ``most`` together, and say how many contacts there were.

    By the first digits of their pseudonyms, which a keyed hash made: the same people on every engine.
    """
    there = int(contacts.count().to_pandas())
    if there <= most:
        return contacts, there
    below = f"{int(most / there * 16**6):06x}"
    return contacts.filter(contacts.customer_id.substr(1, 6) < below), there


def around_contacts(contacts: ir.Table, orders: ir.Table, window_days: int) -> ir.Table:
    """Add up by contact and channel what was bought before its day, and in the window after it, in one pass.

    ``campaign_id, customer_id, channel``; of before ``orders, lines, promotion_lines, spend, first_day, last_day``; of
    the window ``bought`` (orders) and ``spend_after``. What was bought on the day itself is neither.
    """
    asked = contacts.select(*CONTACT, contacts.day.name("told"))
    rows = orders.filter(is_bought(orders)).inner_join(asked, "customer_id")
    rows = rows.mutate(on=rows.ordered_at.date())
    earlier = rows.on < rows.told
    after = (rows.on > rows.told) & (rows.on <= rows.told + ibis.interval(days=window_days))
    return rows.group_by([*CONTACT, "channel"]).agg(
        orders=count_orders(rows, where=earlier),
        lines=rows.lines.sum(where=earlier),
        promotion_lines=rows.promotion_lines.sum(where=earlier),
        spend=rows.amount.sum(where=earlier).cast("float64"),
        first_day=rows.on.min(where=earlier),
        last_day=rows.on.max(where=earlier),
        bought=count_orders(rows, where=after),
        spend_after=rows.amount.sum(where=after).cast("float64"),
    )


def contacted_people(contacts: ir.Table, orders: ir.Table, window_days: int) -> pd.DataFrame:
    """Bring contacts to pandas, one row each, oldest first, with all that :func:`around_contacts` adds up.

    Sums are nought where nothing was bought, days are missing; ``in_<channel>`` are the orders of each channel.
    """
    told = contacts.order_by(CONTACT).to_pandas()
    around = around_contacts(contacts, orders, window_days).order_by([*CONTACT, "channel"]).to_pandas()
    around[SUMS] = around[SUMS].astype(float).fillna(0.0)
    days = {name: around[name].astype("datetime64[us]") for name in ("first_day", "last_day")}
    grouped = around.assign(**days).groupby(CONTACT, sort=False)
    added = grouped[SUMS].sum().join(grouped.agg(first_day=("first_day", "min"), last_day=("last_day", "max")))
    channels = around.pivot_table(index=CONTACT, columns="channel", values="orders", aggfunc="sum", observed=True)
    rows = told.join(added.join(channels.add_prefix("in_")), on=CONTACT)
    sums = [*SUMS, *(name for name in rows.columns if name.startswith("in_"))]
    rows[sums] = rows[sums].fillna(0.0)
    kinds = {"day": rows["day"].astype("datetime64[us]"), "cost": rows["cost"].astype(float)}
    return rows.assign(**kinds).sort_values(["day", *CONTACT], kind="stable").reset_index(drop=True)
