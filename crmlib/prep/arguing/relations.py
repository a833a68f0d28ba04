"""How the numbers of order lines hang together: what repeats within an order, what is price times quantity, a rate.

Every function takes lines (an Ibis table with one row a line, numbers typed) and names of their columns, and gives
counts. The counts are the same whether the columns are canonical or still called as a file calls them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis
import pandas as pd

from crmlib.prep.logic import surely

_CENT: Final = 0.006
"""Half a cent and a little: how far a rounded price may be from the true one, for each unit."""


def number(value: Any) -> float:
    """Take nothing for nought."""
    return 0.0 if value is None or pd.isna(value) else float(value)


def sold(good: ibis.Table) -> ibis.Table:
    """Take the clean lines that sell something for some money, with their ``day``."""
    lines = good.filter(good.is_product & ~good.is_return & (good.amount != 0))
    return lines.mutate(day=lines.ordered_at.date())


@dataclass(frozen=True, slots=True)
class Level:
    """Whether a column is an order's and not a line's, counted over orders of several different lines."""

    orders: int  # orders of several different lines in which the column has a value
    repeated: int  # those in which it is the same on every line
    once: int  # those in which only one line has it, the first or the last
    values: int  # different values over all these orders, two at the most: where there is but one, nothing can be told

    @property
    def is_of_order(self) -> bool:
        """Whether the column is an order's in nearly all of them."""
        return self.orders >= 2 and self.values > 1 and self.repeated + self.once >= 0.95 * self.orders


def levels(
    lines: ibis.Table, order: str, columns: Sequence[str], identity: Sequence[str], line: str
) -> dict[str, Level]:
    """Count for each column in how many orders of several different lines it is one value of the order.

    Lines are different where a column of ``identity`` is; without any, every order of several lines counts.
    """
    if not columns:
        return {}
    known = lines.filter(lines[order].notnull())
    grouped = known.group_by(order).agg(
        _n=known.count(),
        **{f"_lo{i}": known[name].min() for i, name in enumerate(identity)},
        **{f"_hi{i}": known[name].max() for i, name in enumerate(identity)},
        _start=known[line].min(),
        _end=known[line].max(),
        **{f"_c{i}": known[name].count() for i, name in enumerate(columns)},
        **{f"_min{i}": known[name].min() for i, name in enumerate(columns)},
        **{f"_max{i}": known[name].max() for i, name in enumerate(columns)},
        **{f"_at{i}": known[line].min(where=known[name].notnull()) for i, name in enumerate(columns)},
    )
    several = grouped.filter(grouped["_n"] > 1)
    if identity:
        differ = [surely(several[f"_lo{i}"] != several[f"_hi{i}"]) for i in range(len(identity))]
        several = several.filter(ibis.or_(*differ))
    counts = several.agg(**{
        f"{what}{i}": value for i in range(len(columns)) for what, value in _level(several, i).items()
    }).to_pandas().iloc[0]  # fmt: skip
    return {
        name: Level(*(int(number(counts[f"{what}{i}"])) for what in ("orders", "repeated", "once", "values")))
        for i, name in enumerate(columns)
    }


def _level(orders: ibis.Table, place: int) -> dict[str, ibis.Value]:
    filled, least, most = orders[f"_c{place}"], orders[f"_min{place}"], orders[f"_max{place}"]
    some = filled > 0
    at = orders[f"_at{place}"]
    alone = (filled == 1) & (surely(at == orders["_start"]) | surely(at == orders["_end"]))
    repeated = (filled == orders["_n"]) & surely(least == most)
    return {
        "orders": some.sum(),
        "repeated": (some & repeated).sum(),
        "once": (some & alone & ~repeated).sum(),
        "values": 1 + (most.max() > least.min()).cast("int64"),
    }


@dataclass(frozen=True, slots=True)
class Product:
    """How often money is price times quantity."""

    lines: int  # lines with all of them
    equal: int  # those whose money is price times quantity
    discounted: int  # lines with a discount of more than nothing beside them
    # those whose money is price times quantity before the discount, and after it
    before: int
    after: int
    far: int  # lines whose money is less than half of, or more than twice, price times quantity


def price_times_quantity(
    lines: ibis.Table, money: str, price: str, quantity: str, discount: str | ibis.Value | None = None
) -> Product:
    """Count how often money is price times quantity, before and after a discount (a column, or an expression)."""
    product = lines[price] * lines[quantity]
    off = ibis.literal(0.0) if discount is None else (lines[discount] if isinstance(discount, str) else discount)
    rows = lines.select(
        money=lines[money], product=product, off=off.fill_null(0.0), near=_CENT * (lines[quantity].abs() + 1)
    )
    rows = rows.filter(rows.money.notnull() & rows["product"].notnull() & (rows["product"] != 0))
    equal = (rows.money.abs() - rows["product"].abs()).abs() <= rows.near
    after = (rows.money.abs() - (rows["product"].abs() - rows.off.abs())).abs() <= rows.near
    ratio = (rows.money / rows["product"]).abs()
    off_some = rows.off != 0
    counts = rows.agg(
        lines=rows.count(), equal=equal.sum(), discounted=off_some.sum(), before=(off_some & equal).sum(),
        after=(off_some & after).sum(), far=((ratio < 0.5) | (ratio > 2)).sum(),
    ).to_pandas().iloc[0]  # fmt: skip
    return Product(*(int(number(counts[name])) for name in Product.__slots__))


@dataclass(frozen=True, slots=True)
class Extent:
    """The numbers of a column at a glance: how many, how many not nought, the least, the most, how many whole."""

    lines: int
    some: int
    least: float
    most: float
    whole: int


def extents(lines: ibis.Table, columns: Sequence[str]) -> dict[str, Extent]:
    """Give the extent of each column."""
    if not columns:
        return {}
    counts = lines.agg(**{
        f"{what}{i}": value
        for i, name in enumerate(columns)
        for what, value in {
            "lines": lines[name].count(), "some": surely(lines[name] != 0).sum(), "least": lines[name].min(),
            "most": lines[name].max(), "whole": surely(lines[name] == lines[name].floor()).sum(),
        }.items()
    }).to_pandas().iloc[0]  # fmt: skip
    return {
        name: Extent(
            int(number(counts[f"lines{i}"])), int(number(counts[f"some{i}"])), number(counts[f"least{i}"]),
            number(counts[f"most{i}"]), int(number(counts[f"whole{i}"])),
        )
        for i, name in enumerate(columns)
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreement:
    """In how many orders (or lines) both sides are known, and in how many they are equal to the cent."""

    known: int
    equal: int

    @property
    def holds(self) -> bool:
        """Whether they are equal nearly always."""
        return self.known > 0 and self.equal >= 0.95 * self.known


def sums_agree(
    lines: ibis.Table, order: str, value: ibis.Value, sides: Mapping[str, ibis.Value]
) -> dict[str, Agreement]:
    """Hold the sum of a line value over each order against money of the order, such as total less shipping.

    ``sides`` are expressions of an order's money; each is taken from the line where it is largest, so that money that
    stands on every line or on the first one only is the same.
    """
    rows = lines.select(
        order=lines[order],
        value=value,
        units=ibis.literal(1.0),
        **{f"_{i}": side for i, side in enumerate(sides.values())},
    )
    rows = rows.filter(rows["order"].notnull())
    orders = rows.group_by("order").agg(
        value=rows["value"].sum(), n=rows.count(), **{f"_{i}": rows[f"_{i}"].max() for i in range(len(sides))}
    )
    near = _CENT * (orders.n + 1)
    counts = orders.agg(
        **{f"known{i}": (orders["value"].notnull() & orders[f"_{i}"].notnull()).sum() for i in range(len(sides))},
        **{f"equal{i}": surely((orders["value"] - orders[f"_{i}"]).abs() <= near).sum() for i in range(len(sides))},
    ).to_pandas().iloc[0]  # fmt: skip
    return {
        name: Agreement(int(number(counts[f"known{i}"])), int(number(counts[f"equal{i}"])))
        for i, name in enumerate(sides)
    }


def agree(lines: ibis.Table, left: ibis.Value, right: ibis.Value, where: ibis.Value) -> Agreement:
    """Count the lines of a condition on which two expressions of money are equal to the cent."""
    rows = lines.select(left=left, right=right, asked=surely(where))
    rows = rows.filter(rows.asked & rows.left.notnull() & rows.right.notnull())
    counts = rows.agg(known=rows.count(), equal=((rows.left - rows.right).abs() <= 2 * _CENT).sum()).to_pandas().iloc[0]
    return Agreement(int(number(counts["known"])), int(number(counts["equal"])))
