"""The orders that a list of returns names, and their lines: each is taken back in full."""

from typing import Any

import ibis

from crmlib.params import ParameterError, Parameters
from crmlib.prep.counted import holds
from crmlib.prep.landing.nearest import nearest_columns
from crmlib.prep.logic import surely
from crmlib.prep.marks import LISTED
from crmlib.prep.parsing import id_text, tidy_text
from crmlib.prep.typed import fitting


def with_listed(con: Any, rows: Any, params: Parameters) -> Any:
    """Mark the lines whose order stands on the list of returned orders, where there is one."""
    numbers = listed_numbers(con, params)
    if numbers is None:
        return rows
    orders = numbers.mutate(**{LISTED: ibis.literal(value=True)})
    joined = rows.left_join(orders, rows.order_id == orders["_number"]).drop("_number")
    return joined.mutate(**{LISTED: surely(joined[LISTED])})


def listed_numbers(con: Any, params: Parameters) -> Any | None:
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
