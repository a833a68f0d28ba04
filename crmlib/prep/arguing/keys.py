"""Whether a column is a key: order numbers that come again, few different values, orders delivered twice."""

from dataclasses import dataclass
from typing import Final

import ibis

from crmlib.prep.arguing.relations import number
from crmlib.prep.landing import FILE
from crmlib.prep.logic import surely

ENOUGH: Final = 30
"""Lines from which on few different values are too few for a key."""

FEWEST: Final = 2
_SOME: Final = 0.02
_MERGED: Final = 0.2
"""Share of lines without an order number from which on merged cells explain them better than sales without one."""
_LATER_DAYS: Final = 2
"""Days after which the same order number is another order: a night at the till is one."""
_CYCLE_DAYS: Final = 180
"""The same for one customer, whose order may be delivered in parts."""


@dataclass(frozen=True, slots=True)
class OrderNumbers:
    """Order numbers: how many lines and orders, and how many of them come again elsewhere."""

    lines: int
    orders: int
    again: int  # orders whose lines lie more than a day apart, or belong to several customers
    spread: int  # orders whose lines stand in several files

    @property
    def is_no_key(self) -> bool:
        """Whether there are too few different ones."""
        return self.lines >= ENOUGH and self.orders <= FEWEST

    @property
    def comes_again(self) -> bool:
        """Whether so many come again that it is no error of typing."""
        return self.again >= 2 and self.again >= _SOME * self.orders


def order_numbers(lines: ibis.Table, given: frozenset[str]) -> OrderNumbers:
    """Count orders, and those that come again on other days or for other customers."""
    known = lines.filter(lines.order_id.notnull())
    orders = known.group_by("order_id").agg(
        n=known.count(), first=known.day.min(), last=known.day.max(),
        who=known.customer_id.min(), other=known.customer_id.max(),
        file=known[FILE].min(), to_file=known[FILE].max(), store=known.store_id.min(), elsewhere=known.store_id.max(),
    )  # fmt: skip
    days = orders["last"].epoch_days() - orders["first"].epoch_days()
    if "customer_id" in given:
        one_person = surely(orders.who == orders.other)
        again = surely(orders.who != orders.other) | (days >= ibis.ifelse(one_person, _CYCLE_DAYS, _LATER_DAYS))
    else:
        again = days >= _LATER_DAYS
    again = surely(again) | surely(orders.store != orders.elsewhere)
    found = orders.agg(
        lines=orders.n.sum(), orders=orders.count(), again=again.sum(),
        spread=(orders.file != orders.to_file).sum(),
    ).to_pandas().iloc[0]  # fmt: skip
    return OrderNumbers(*(int(number(found[name])) for name in OrderNumbers.__slots__))


def without_number(rows: ibis.Table) -> int:
    """Count lines without an order number where every order has one line only: cells merged over an order's lines."""
    counts = rows.agg(n=rows.count(), known=rows.order_id.count(), orders=rows.order_id.nunique()).to_pandas().iloc[0]
    lines, known, orders = (int(number(counts[name])) for name in ("n", "known", "orders"))
    return lines - known if known and known == orders and _MERGED * lines <= lines - known else 0


@dataclass(frozen=True, slots=True)
class DeliveredAgain:
    """Orders of which a line stands in more than one file."""

    orders: int
    whole: int  # those of them that the last file has whole
    # whether all of them agree in day and customer, the files follow one another by name as by their days, and most
    # orders stand in one file only: later deliveries, and not the like numbers of two stores
    sure: bool = False


def delivered_again(lines: ibis.Table, given: frozenset[str]) -> DeliveredAgain:
    """Count the orders of which the same line stands in several files; lines equal in all are merged already."""
    if "order_id" not in given:
        return DeliveredAgain(0, 0)
    item = next((name for name in ("line_id", "product_id", "description") if name in given), None)
    by = ["order_id", item] if item else ["order_id"]
    known = lines.filter(lines.order_id.notnull())
    items = known.group_by(by).agg(
        first=known[FILE].min(), last=known[FILE].max(), day=known.day.min(), to=known.day.max(),
        who=known.customer_id.min(), other=known.customer_id.max(),
    )  # fmt: skip
    twice = (items["first"] != items["last"]) & (items.day == items.to)
    alike = surely(items.who == items.other)
    newest = items.mutate(
        twice=surely(twice), alike=alike, newest=items["last"].max().over(ibis.window(group_by=items.order_id))
    )
    orders = newest.group_by("order_id").agg(
        twice=newest.twice.max(), alike=newest.alike.min(), whole=(newest["last"] == newest.newest).min()
    )
    found = orders.agg(
        n=orders.twice.sum(), whole=(orders.twice & orders.whole).sum(), alike=(orders.twice & orders.alike).sum(),
        orders=orders.count(),
    ).to_pandas().iloc[0]  # fmt: skip
    again, alike_ = int(number(found["n"])), int(number(found["alike"]))
    sure = bool(again) and alike_ == again and 2 * again <= int(number(found["orders"])) and _in_order(known)
    return DeliveredAgain(again, int(number(found["whole"])), sure)


def _in_order(lines: ibis.Table) -> bool:
    """Say whether the files come by name in the order of their last days."""
    files = lines.group_by(file=lines[FILE]).agg(last=lines.day.max()).order_by("file").to_pandas()["last"].tolist()
    return files == sorted(files) and len(set(files)) == len(files)
