"""The orders that a list of returns names, taken back in full, and those among them that nobody delivered."""

from dataclasses import dataclass
from typing import Any, Final

import ibis

from crmlib.params import ParameterError, Parameters
from crmlib.prep.counted import holds
from crmlib.prep.landing.lines import nearest_columns
from crmlib.prep.logic import surely
from crmlib.prep.marks import LISTED
from crmlib.prep.parsing import id_text, tidy_text
from crmlib.prep.typed import fitting

_MOST_UNKNOWN: Final = 0.5
"""Older orders may stand on a list; where most of it is in no delivery, its numbers are not those of the orders."""


@dataclass(frozen=True, slots=True)
class Listed:
    """How many lines a list of returns has, how many orders these name, and how many of them no source delivers."""

    file: str
    lines: int
    orders: int
    unknown: int

    @property
    def is_doubtful(self) -> bool:
        """Whether its lines name no order, or mostly orders that nobody knows; a list without lines is none's fault."""
        return self.unknown > _MOST_UNKNOWN * self.orders or (self.lines > 0 and not self.orders)


def with_listed(con: Any, rows: ibis.Table, params: Parameters) -> ibis.Table:
    """Mark the lines whose order stands on the list of returned orders, where there is one."""
    numbers = listed_numbers(con, params)
    if numbers is None:
        return rows
    orders = numbers.mutate(**{LISTED: ibis.literal(value=True)})
    joined = rows.left_join(orders, rows.order_id == orders["_number"]).drop("_number")
    return joined.mutate(**{LISTED: surely(joined[LISTED])})


def listed_numbers(con: Any, params: Parameters) -> ibis.Table | None:
    """Give the different order numbers of the list, as the order lines write them: ``_number``; None without."""
    listed = params.cleaning.returns.orders
    if listed is None:
        return None
    names = con.table(listed.file)
    for key, raw in {"column": listed.column, **{f"where.{raw}": raw for raw in listed.where}}.items():
        if raw not in names.columns:
            near = nearest_columns(raw, names.columns)
            raise ParameterError(f"cleaning.returns.orders.{key}: {listed.file} has no column {raw!r}. {near}")
    missing = params.files[listed.file].missing
    counts = names.filter(holds(names, listed.where, missing))
    number = id_text(tidy_text(fitting(counts[listed.column], "text"), missing))
    return counts.select(_number=number).filter(lambda t: t["_number"].notnull()).distinct()


def look_up_listed(con: Any, rows: ibis.Table, params: Parameters) -> Listed | None:
    """Count the orders of the list, and those among them that no order line has; None where there is no list."""
    listed, numbers = params.cleaning.returns.orders, listed_numbers(con, params)
    if listed is None or numbers is None:
        return None
    known = rows.select("order_id").distinct()
    unknown = numbers.anti_join(known, numbers["_number"] == known.order_id)
    every = con.table(listed.file)
    return Listed(listed.file, *(int(table.count().to_pandas()) for table in (every, numbers, unknown)))
