"""The business at a glance: every figure for every span of time, in all and by channel, store, category and tier."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.engine import computed_once
from crmlib.features import before
from crmlib.orders import as_orders, count_orders
from crmlib.segmentation.business.measures import FIGURES
from crmlib.segmentation.business.people import part_people, window_people
from crmlib.segmentation.business.rates import CENTS, square_sums, with_rates
from crmlib.segmentation.business.windows import Window, cuts_of, slot_of, slot_table, slots_between

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

ALL: Final = "all"
PARTS: Final = ("channel", "store", "category", "tier")
BOUGHT_IN: Final = ("channel", "store", "category")
"""Parts of which it can be said who came back to them: a tier is the one of the extract, earned by coming back."""

KEYS: Final = ("window", "part", "item")
SUMS: Final = ("gross", "returned", "net", "identified", "orders", "units", "buyers", "active", "new", "returning",
               "reactivated", "lost", "before", "again", "discount", "points")  # fmt: skip
COLUMNS: Final = tuple(
    dict.fromkeys([*KEYS, *SUMS, *(name for figure in FIGURES for name in figure.columns), "largest"])
)


def business_figures(
    transactions: Table,
    windows: list[Window],
    as_of: date,
    *,
    categories: Table | None = None,
    members: Table | None = None,
    lost_after: float | None = None,
) -> pd.DataFrame:
    """Work out every figure of the business for every span of time, in all and by part of the business.

    :data:`COLUMNS`, one row a span, ``part`` of the business (``all`` and those of :data:`PARTS` that the data have)
    and ``item`` of it. New and returning customers are told apart by all their purchases in the shop, whichever the
    part; who bought again bought in this part in the span before as well (not told of a tier, which is earned by it and
    is that of the extract); who came back after a pause or was lost (``lost_after`` days) is counted in all only.
    Missing where the data do not tell: ``discount`` and ``points`` where no line says any, the kinds of customers where
    the history is short. Categories are those of :func:`crmlib.orders.orders_by_category`.
    """
    with computed_once(_rows(as_orders(transactions), windows, as_of, members)) as orders, ExitStack() as held:
        rows = {part: orders.mutate(item=orders[part]) for part in (ALL, *PARTS) if part in orders.columns}
        if categories is not None:
            told = held.enter_context(computed_once(_rows(categories, windows, as_of)))
            rows["category"] = told.mutate(item=told.category)
        # stretches that lie in a span, not only in one before it
        cuts = cuts_of(windows)
        inside = sorted({slot for window in windows for slot in slots_between(cuts, window.start, window.end)})
        parts = [_by_buyer(each.filter(each.slot.isin(inside)), part) for part, each in rows.items()]
        sums = _by_span(ibis.union(*parts), windows).to_pandas()
        again = part_people({part: rows[part] for part in BOUGHT_IN if part in rows}, windows)
    if sums.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    people = pd.concat([window_people(transactions, windows, as_of, lost_after).assign(part=ALL, item=ALL), again])
    figures = _put_together(sums.merge(people, on=list(KEYS), how="left", suffixes=("_in_part", "")), windows)
    order = {"window": [window.code for window in windows], "part": [ALL, *PARTS]}

    def placed(keys: pd.Series) -> pd.Series:
        return keys.map(order[str(keys.name)].index) if keys.name in order else keys

    return figures.sort_values(list(KEYS), key=placed, ignore_index=True)[list(COLUMNS)]


def _put_together(sums: pd.DataFrame, windows: list[Window]) -> pd.DataFrame:
    known = sums["window"].map({window.code: window.known for window in windows}).astype(bool)
    days = sums["window"].map({window.code: window.days for window in windows})
    told = sums.assign(
        active=sums["active_in_part"], new=sums["new_in_part"].where(known), days=days,
        undiscounted=sums["told"] + sums["discount"],
    )  # fmt: skip
    return with_rates(told).assign(largest=sums["top"] / sums["gross"].where(sums["gross"] > 0))


def _rows(orders: Table, windows: list[Window], as_of: date, members: Table | None = None) -> Table:
    """Keep orders with products bought or taken back, each with the parts of the business it belongs to."""
    seen = before(orders, as_of)
    seen = seen.filter((seen.lines > 0) | (seen.returned_lines > 0))
    rows = seen.select(
        *_TAKEN,
        *(["category"] if "category" in seen.columns else []),
        all=ibis.literal(ALL), store="store_id",
        buyer=ibis.coalesce(seen.customer_id, seen.order_id), slot=slot_of(seen.ordered_at, cuts_of(windows)),
        # of who bought nothing yet it is not known when they will
        first_at=ibis.ifelse(
            seen.first_at < ibis.timestamp(as_of.isoformat()), seen.first_at, ibis.null("timestamp(6)")
        ),
    )  # fmt: skip
    rows = rows.filter(rows.slot > 0)
    return (
        rows
        if members is None
        else rows.left_join(members.select("customer_id", "tier"), "customer_id").drop("customer_id_right")
    )


_TAKEN: Final = (
    "customer_id", "order_id", "parts", "channel", "lines", "amount", "units", "lines_without_units", "returned",
    "discount", "discount_told", "points_redeemed",
)  # fmt: skip


def _by_buyer(rows: Table, part: str) -> Table:
    """Sum by stretch of time, item of a part and buyer: a customer, or an anonymous order."""
    rows = rows.filter(rows.item.notnull())
    summed = rows.group_by(["slot", "item", "buyer"]).agg(
        first_at=rows.first_at.max(),
        orders=count_orders(rows, rows.lines > 0),
        money=rows.amount.sum(),
        pieces=rows.units.sum().fill_null(0),
        taken=rows.returned.sum(),
        off=rows.discount.sum(),
        told=rows.discount_told.sum(),
        points=rows.points_redeemed.sum(),
        unsaid=rows.lines_without_units.sum(),
    )
    return summed.mutate(part=ibis.literal(part))


_SUMMED: Final = ("orders", "money", "pieces", "taken", "off", "told", "points", "unsaid")


def _by_span(sums: Table, windows: list[Window]) -> Table:
    """Sum the stretches of each span by buyer, and the buyers with the squares that intervals need."""
    met = sums.join(slot_table(windows), "slot")
    met = met.filter((met.part == ALL) | (met.window != "rolling_before"))
    new = met.first_at >= met.starts
    buyers = met.group_by([*KEYS, "buyer", met.first_at.notnull().name("is_known"), new.name("is_new")]).agg(
        **{name: met[name].sum() for name in _SUMMED}
    )
    came = buyers.orders > 0
    drawn = buyers.mutate(
        s=buyers.money.round(2).cast(CENTS), u=buyers.pieces.round(2).cast(CENTS), o=buyers.orders.cast("int64")
    )
    cast = {"gross": "money", "returned": "taken", "orders": "o", "discount": "off", "told": "told", "points": "points"}
    return drawn.group_by(list(KEYS)).agg(
        **square_sums(drawn) | {"buyers": came.sum()},
        **{name: drawn[summed].sum().cast("float64") for name, summed in cast.items()},
        identified=drawn.money.sum(where=drawn.is_known).fill_null(0).cast("float64"),
        # unknown where a line does not say how many
        units=(drawn.unsaid.sum() > 0).ifelse(ibis.null("float64"), drawn.pieces.sum().cast("float64")),
        active=(came & drawn.is_known).sum().cast("float64"),
        new=(came & drawn.is_known & drawn.is_new).sum().cast("float64"),
        top=drawn.money.max().cast("float64"),
    )
