"""What each customer did before a date, as the numbers that segments are looked for in."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.selectors as columns
import numpy as np
import pandas as pd

from crmlib.segmentation.purchase_details import detailed_purchases, known_details
from crmlib.stats.sampling import sampled

AMOUNTS: Final = {
    "days_since_last": "activity",
    "purchase_days": "activity",
    "days_since_first": "activity",
    "order_value": "basket",
    "lines_per_order": "basket",
    "line_value": "basket",
    "spend": "basket",
}
"""Numbers of any size, with the block of features they belong to."""

PARTS: Final = {"category": "category", "channel": "channel", "payment_method": "payment", "daypart": "daypart"}
"""What a customer's orders are divided by, with the block."""

MOST_PARTS: Final = 12
OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What customers did before a date.

    One row a customer sorted by ``customer_id``: the amounts of :data:`AMOUNTS`, ``orders, lines`` and ``promotion,
    weekend`` (orders on which it was so). By name of :data:`PARTS`, in the same order: the orders with each value, and
    ``known_orders`` those of which a value is known (an order may hold several categories, so that the values add up to
    more); ``nominal`` where a part holds but each customer's main value (1).
    """

    customers: pd.DataFrame
    parts: dict[str, pd.DataFrame]
    nominal: bool = False
    known_orders: dict[str, pd.Series] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.customers)

    def sampled(self) -> "Behaviour":
        """Keep a sample of the customers; see :func:`crmlib.stats.sampling.sampled`."""
        some = sampled(self.customers)
        if some is self.customers:
            return self

        def kept(rows: Any) -> Any:
            return rows.loc[some.index].reset_index(drop=True)

        parts, known_orders = (
            {name: kept(rows) for name, rows in each.items()} for each in (self.parts, self.known_orders)
        )
        return Behaviour(some.reset_index(drop=True), parts, self.nominal, known_orders)

    def mains(self, names: Collection[str] = tuple(PARTS)) -> "Behaviour":
        """Put each customer's main value of some parts in place of how their orders are divided: mixed types."""
        mains = {}
        for name, part in ((name, part) for name, part in self.parts.items() if name in names):
            # a tie goes to the first by name; whoever has no value has no main one
            first = part.to_numpy().argmax(axis=1)
            one = np.eye(part.shape[1])[first] * (part.to_numpy().sum(axis=1, keepdims=True) > 0)
            mains[name] = pd.DataFrame(one, columns=part.columns)
        known_orders = {name: part.sum(axis=1) for name, part in mains.items()}
        return Behaviour(self.customers, mains, nominal=True, known_orders=known_orders)


def behaviour(
    transactions: ibis.Table, as_of: date, products: ibis.Table | None = None, marks: frozenset[str] | None = None
) -> Behaviour:
    """Describe what each known customer had done before a date; `marks` is what the data have, where it is known."""
    lines = detailed_purchases(transactions, as_of, products)
    # where lines have no order number, a day is an order
    lines = lines.mutate(order=ibis.coalesce(lines.order_id, lines.ordered_at.date().cast("string")))
    marks = known_details(transactions, as_of) if marks is None else marks
    unknown = [name for name, mark in {"promotion": "promotion", "weekend": "time"}.items() if mark not in marks]
    customers = _described(lines, as_of).drop(columns=unknown)
    wanted = [name for name in PARTS if _delivered(name, marks, products)]
    if not wanted:
        return Behaviour(customers, {})
    values = _values(lines, wanted)
    parts = _parts(values, wanted, customers["customer_id"])
    return Behaviour(customers, parts, known_orders=_known_orders(values, list(parts), customers["customer_id"]))


def _delivered(part: str, marks: frozenset[str], products: ibis.Table | None) -> bool:
    if part == "category":
        return products is not None
    return ("time" if part == "daypart" else part) in marks


def _described(lines: ibis.Table, as_of: date) -> pd.DataFrame:
    last_day = ibis.date((as_of - timedelta(days=1)).isoformat())
    whole = lines.group_by("customer_id").agg(
        first=lines.ordered_at.min().date(),
        last=lines.ordered_at.max().date(),
        orders=lines.order.nunique(),
        purchase_days=lines.ordered_at.date().nunique(),
        lines=lines.count(),
        spend=lines.amount.sum().cast("float64"),
        promotion=lines.order.nunique(where=lines.on_promotion),
        weekend=lines.order.nunique(where=lines.weekend),
    )
    whole = whole.mutate(
        days_since_last=last_day.delta(whole["last"], unit="day"),
        days_since_first=last_day.delta(whole["first"], unit="day"),
    )
    frame: pd.DataFrame = whole.drop("first", "last").to_pandas().sort_values("customer_id", ignore_index=True)
    numbers = frame.columns.drop("customer_id")
    frame[numbers] = frame[numbers].astype("float64")
    return frame.assign(
        order_value=frame["spend"] / frame["orders"],
        lines_per_order=frame["lines"] / frame["orders"],
        line_value=frame["spend"] / frame["lines"],
    )


def _values(lines: ibis.Table, wanted: list[str]) -> ibis.Table:
    """List the known values of each order line under each other: ``customer_id, order, part, value``."""
    wide = lines.select("customer_id", order=lines.order, **{name: lines[name] for name in wanted})
    long = wide.pivot_longer(columns.cols(*wanted), names_to="part", values_to="value")
    return long.filter(long.value.notnull())


def _parts(values: ibis.Table, wanted: list[str], customers: pd.Series) -> dict[str, pd.DataFrame]:
    """Count the orders with each value that most customers have, the rest as other; no part where no line says it."""
    counted = values.group_by(["customer_id", "part", "value"]).agg(orders=values.order.nunique()).to_pandas()
    counted = _numbered(counted, customers)
    parts = dict(list(counted.groupby("part")))
    return {name: _wide(parts[name], len(customers)) for name in wanted if name in parts}


def _known_orders(values: ibis.Table, names: list[str], customers: pd.Series) -> dict[str, pd.Series]:
    counted = values.group_by(["customer_id", "part"]).agg(orders=values.order.nunique()).to_pandas()
    parts = dict(list(_numbered(counted, customers).groupby("part")))
    return {
        name: pd.Series(np.bincount(rows["row"], weights=rows["orders"], minlength=len(customers)), name=name)
        for name, rows in ((name, parts[name]) for name in names)
    }


def _numbered(counted: pd.DataFrame, customers: pd.Series) -> pd.DataFrame:
    """Say in which row each customer stands; who is none of them is left out."""
    row = pd.Index(customers).get_indexer(pd.Index(counted["customer_id"]))
    return counted.drop(columns="customer_id").assign(row=row)[row >= 0]


def _wide(counted: pd.DataFrame, customers: int) -> pd.DataFrame:
    common = counted.groupby("value").agg(people=("orders", "size")).reset_index()
    common = common.sort_values(["people", "value"], ascending=[False, True])["value"].head(MOST_PARTS)
    names = counted["value"].where(counted["value"].isin(common), OTHER)
    column, values = pd.factorize(names, sort=True)
    cell = counted["row"].to_numpy() * len(values) + column
    orders = np.bincount(cell, weights=counted["orders"], minlength=customers * len(values))
    return pd.DataFrame(orders.reshape(customers, len(values)), columns=pd.Index(values.astype("str")))
