"""Order lines that are delivered in two files: orders with their time and customer, lines with articles and money."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from crmlib.prep.proposal.choosing import Choice, choose_table
from crmlib.prep.proposal.groups import Sampled
from crmlib.prep.proposal.synonyms import likeness

_UNIQUE = 0.99


@dataclass(frozen=True, slots=True)
class Joined:
    """Two deliveries that make order lines together."""

    # lines, orders: the delivery that has the money and the one that has the time
    lines: Sampled
    orders: Sampled
    # lines_key, orders_key: the order number in each
    lines_key: str
    orders_key: str
    choice: Choice  # the order lines as matched
    found: float  # share of the sampled lines whose order is in the sample

    @property
    def query(self) -> str:
        """SQL that keeps every line, with the file and line it stands on; a line without an order has no time."""
        own = {each.name for each in self.lines.columns}
        taken = [match.raw for match in self.choice.matches.values() if match.raw not in own]
        more = "".join(f", orders.{_quoted(name)}" for name in taken)
        on = f"lines.{_quoted(self.lines_key)} = orders.{_quoted(self.orders_key)}"
        return f"SELECT lines.*{more} FROM lines LEFT JOIN orders ON {on}"


def join_order_lines(samples: Sequence[Sampled]) -> Joined | None:
    """Find the two deliveries that make the best order lines together, if any do."""
    found = []
    for orders in samples:
        for lines in samples:
            joined = _join(lines, orders) if orders is not lines else None
            if joined is not None:
                found.append(joined)
    return max(found, key=lambda each: (each.choice.score, each.found), default=None)


def _join(lines: Sampled, orders: Sampled) -> Joined | None:
    keys = _order_number(lines), _order_number(orders)
    if keys[0] is None or keys[1] is None or orders.column(keys[1]).unique < _UNIQUE:
        return None
    alone = _transactions(lines), _transactions(orders)
    if alone[0].lacking != ("ordered_at",) or "ordered_at" in alone[1].lacking:
        return None
    names = {each.name for each in lines.columns}
    both = [*lines.columns, *(each for each in orders.columns if each.name not in names)]
    choice = next(each for each in choose_table(both, ["orders"]) if each.table == "transactions")
    if choice.lacking:
        return None
    left, right = lines.rows.column(keys[0]), orders.rows.column(keys[1])
    share = pc.mean(pc.is_in(left, value_set=pc.unique(right))).as_py() or 0.0
    return Joined(lines, orders, keys[0], keys[1], choice, share)


def _transactions(sample: Sampled) -> Choice:
    return next(each for each in choose_table(sample.columns, sample.group.labels) if each.table == "transactions")


def _order_number(sample: Sampled) -> str | None:
    """Find the column of order numbers by its name."""
    likely = [(likeness(each.name, "transactions", "order_id"), each.name) for each in sample.columns]
    best = max(likely, default=(0.0, ""))
    return best[1] if best[0] >= 0.9 else None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
