"""The business at a glance: every figure for every span of time, in all and by channel, store, category and tier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.engine import computed_once
from crmlib.features import before, purchases
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
    products: Table | None = None,
    members: Table | None = None,
    lost_after: float | None = None,
) -> pd.DataFrame:
    """Work out every figure of the business for every span of time, in all and by part of the business.

    :data:`COLUMNS`, one row a span, ``part`` of the business (``all`` and those of :data:`PARTS` that the data have)
    and ``item`` of it. New and returning customers are told apart by all their purchases in the shop, whichever the
    part; who bought again bought in this part in the span before as well (not told of a tier, which is earned by it and
    is that of the extract); who came back after a pause or was lost (``lost_after`` days) is counted in all only.
    Missing where the data do not tell: ``discount`` and ``points`` where no line says any, the kinds of customers where
    the history is short.
    """
    with computed_once(_lines(transactions, windows, as_of, products, members)) as lines:
        # stretches that lie in a span, not only in one before it
        cuts = cuts_of(windows)
        inside = {slot for window in windows for slot in slots_between(cuts, window.start, window.end)}
        parts = [_by_buyer(lines.filter(lines.slot.isin(sorted(inside))), part) for part in (ALL, *PARTS)]
        sums = _by_span(ibis.union(*parts), windows).to_pandas()
        again = part_people(lines, windows, BOUGHT_IN)
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


def _lines(
    transactions: Table, windows: list[Window], as_of: date, products: Table | None, members: Table | None
) -> Table:
    """Keep products bought and taken back, each line with the parts of the business it belongs to."""
    seen = before(transactions, as_of)
    bought = purchases(seen)
    firsts = bought.filter(bought.customer_id.notnull()).group_by("customer_id").agg(first_at=bought.ordered_at.min())
    back = seen.filter(seen.is_return & seen.is_product)
    lines = _summable(bought, windows, taken_back=False).union(_summable(back, windows, taken_back=True))
    lines = lines.filter(lines.slot > 0).left_join(firsts, "customer_id").drop("customer_id_right")
    for table, key, part in ((products, "product_id", "category"), (members, "customer_id", "tier")):
        if table is None:
            lines = lines.mutate(**{part: ibis.null("string")})
        else:
            lines = lines.left_join(table.select(key, part), key).drop(f"{key}_right")
    return lines


def _summable(lines: Table, windows: list[Window], *, taken_back: bool) -> Table:
    nothing = ibis.literal(0).cast(lines.amount.type())
    return lines.select(
        "customer_id", "order_id", "product_id", "channel", "quantity", "discount", "points_redeemed",
        buyer=ibis.coalesce(lines.customer_id, lines.order_id), slot=slot_of(lines.ordered_at, cuts_of(windows)),
        all=ibis.literal(ALL), store="store_id", bought=ibis.literal(not taken_back),
        amount=nothing if taken_back else lines.amount, taken=-lines.amount if taken_back else nothing,
    )  # fmt: skip


def _by_buyer(lines: Table, part: str) -> Table:
    """Sum by stretch of time, item of a part and buyer: a customer, or an anonymous order.

    By order first: counting rows is much faster than counting distinct orders, and the same.
    """
    lines = lines.mutate(item=lines[part]).filter(lambda t: t.item.notnull())
    told = lines.discount.notnull() & lines.bought
    orders = lines.group_by(["slot", "item", "buyer", "order_id"]).agg(
        first_at=lines.first_at.max(),
        orders=(lines.bought & lines.order_id.notnull()).cast("int64").max(),
        money=lines.amount.sum(),
        pieces=lines.quantity.sum(where=lines.bought).fill_null(0),
        unsaid=(lines.bought & lines.quantity.isnull()).cast("int64").sum(),
        taken=lines.taken.sum(),
        off=lines.discount.sum(where=told),
        told=lines.amount.sum(where=told),
        points=lines.points_redeemed.sum(where=lines.bought),
    )
    sums = {name: orders[name].sum() for name in _SUMMED}
    summed = orders.group_by(["slot", "item", "buyer"]).agg(first_at=orders.first_at.max(), **sums)
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
