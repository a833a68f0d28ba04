"""Rules for which a line is judged beside others: references that nobody knows, and dates far ahead of all the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import ibis
import numpy as np
import pandas as pd

from crmlib.params import Parameters
from crmlib.params.cleaning import Severity
from crmlib.prep.contracts import REASONS, WARNINGS, Rule
from crmlib.prep.logic import bit, surely
from crmlib.prep.mapping import Mapped
from crmlib.prep.refunds import latest_time
from crmlib.prep.staging import Keep

UNKNOWN: Final = "unknown_"
"""Prefix of the rules' names; the column follows."""

_TARGETS: Final = {
    "product_id": ("products", "product_id"),
    "store_id": ("stores", "store_id"),
    "customer_id": ("customers", "customer_id"),
    "order_id": ("transactions", "order_id"),
    "returned_order_id": ("transactions", "order_id"),
}
"""Which column of which table must know the value; a table's own key refers to nothing."""

_FEW_VALUES: Final = 200
"""Unknown values up to this many are written into the expression; more are joined."""
FAR_AHEAD: Final = "far_ahead"
_UNLESS_SAID: Final = "quarantine"
A_YEAR: Final = 365
"""Days without a line, from which on a few lines behind them do not belong to the extract."""
_FEW: Final = 3
_MOST: Final = 0.01
"""So many lines, or such a part of all, may be dated years ahead; more are sales after a hole."""
_FEWEST_BEFORE: Final = 20
"""So many lines before stand for each line ahead, at the least."""
_TIMES_AS_LONG: Final = 3
"""The stretch is so many times nineteen in twenty of the gaps before it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose values must stand in another table: ``column`` in ``table.key``."""

    column: str
    table: str
    key: str

    @property
    def rule(self) -> str:
        """Name of the rule that a line breaks whose value nobody knows."""
        return f"{UNKNOWN}{self.column}"


def references(mapped: Mapped, delivered: Mapping[str, frozenset[str]]) -> list[Reference]:
    """List the references of a table that can be checked: both columns are delivered."""
    found = [Reference(column.name, *_TARGETS[column.name]) for column in mapped.columns if column.name in _TARGETS]
    return [
        one
        for one in found
        if one.column in mapped.given
        and one.key in delivered.get(one.table, ())
        and (mapped.table, one.column) != (one.table, one.key)
    ]


def with_references(
    mapped: Mapped, tables: Mapping[str, Mapped], severities: Mapping[str, Severity], first: int, keep: Keep
) -> tuple[ibis.Table, tuple[Rule, ...]]:
    """Mark the lines whose reference leads nowhere, as warnings or as reasons.

    Only different values are compared, so that a table whose references all hold costs one look at each column.
    """
    rows, rules = mapped.rows, []
    delivered = {name: table.given for name, table in tables.items()}
    for position, reference in enumerate(references(mapped, delivered), start=first):
        severity = severities.get(reference.rule, "warn")
        values = _unknown(mapped.rows, reference, tables[reference.table].rows)
        unknown = keep(values, f"{reference.rule}_{mapped.table}")
        rows, breaks = _with_unknown(rows, reference, unknown)
        rules.append(Rule(reference.rule, severity, breaks))
        if breaks is not None:
            bits = WARNINGS if severity == "warn" else REASONS
            rows = rows.mutate(**{bits: rows[bits] + bit(position, surely(breaks))})
    return rows.select(*mapped.rows.columns), tuple(rules)


def _unknown(rows: ibis.Table, reference: Reference, target: ibis.Table) -> ibis.Table:
    """Give the different values that no good line of the other table has; postage is no article of the catalogue."""
    rows = rows.filter(rows.is_product) if reference.column == "product_id" and "is_product" in rows.columns else rows
    known = target.filter(target[REASONS] == 0)
    values = rows.filter(rows[reference.column].notnull()).select(value=rows[reference.column]).distinct()
    return values.anti_join(known, values["value"] == known[reference.key])


def _with_unknown(rows: ibis.Table, reference: Reference, values: ibis.Table) -> tuple[ibis.Table, ibis.Value | None]:
    """Give a condition that holds where the value is unknown; None where all are known."""
    few = values.limit(_FEW_VALUES + 1).to_pyarrow()["value"].to_pylist()
    if not few:
        return rows, None
    if len(few) <= _FEW_VALUES:
        return rows, rows[reference.column].isin(few)
    mark = values.select(_value=values["value"], _nobody=ibis.literal(value=True))
    joined = rows.left_join(mark, rows[reference.column] == mark["_value"])
    return joined, joined["_nobody"]


def with_far_ahead(rows: ibis.Table, position: int, params: Parameters) -> tuple[ibis.Table, Rule]:
    """Mark the order lines that are dated years ahead, as reasons or as the parameters say."""
    severity = params.cleaning.severity.get(FAR_AHEAD, _UNLESS_SAID)
    good = rows.filter((rows[REASONS] == 0) & rows.ordered_at.notnull())
    counted = good.group_by(day=latest_time(good).date()).agg(lines=good.count()).to_pandas()
    first = first_far_ahead(counted.sort_values("day", ignore_index=True), params.as_of)
    if first is None:
        return rows, Rule(FAR_AHEAD, severity, None)
    ahead = surely(latest_time(rows) >= ibis.timestamp(first.isoformat()))
    bits = WARNINGS if severity == "warn" else REASONS
    return rows.mutate(**{bits: rows[bits] + bit(position, ahead)}), Rule(FAR_AHEAD, severity, ahead)


def first_far_ahead(days: pd.DataFrame, as_of: date | None) -> date | None:
    """Give the first day that lies years ahead of all others, by the rhythm of the days themselves; None where none.

    ``days`` has ``day, lines`` in order; a day before ``as_of`` is not ahead.
    """
    day = np.array([pd.Timestamp(date_of).toordinal() for date_of in days["day"]], dtype="int64")
    gaps, before = np.diff(day), days["lines"].to_numpy(dtype="int64").cumsum()
    for place in np.flatnonzero(gaps >= A_YEAR):
        here, left = int(before[place]), int(before[-1] - before[place])
        if as_of is not None and day[place + 1] < as_of.toordinal():
            continue
        usual = int(np.quantile(gaps[:place], 0.95, method="inverted_cdf")) if place else 0
        few = left <= max(_FEW, _MOST * here) and left * _FEWEST_BEFORE <= here
        if few and gaps[place] > _TIMES_AS_LONG * usual:
            return date.fromordinal(int(day[place + 1]))
    return None
