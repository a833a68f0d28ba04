"""References between tables: a line that names an article, a store, a customer or an order nobody has heard of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis

from crmlib.params.cleaning import Severity
from crmlib.prep.contracts import REASONS, WARNINGS, Rule
from crmlib.prep.logic import surely
from crmlib.prep.mapping import Mapped

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

_FEW: Final = 200
"""Unknown values up to this many are written into the expression; more are joined."""


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
        each
        for each in found
        if each.column in mapped.given
        and each.key in delivered.get(each.table, ())
        and (mapped.table, each.column) != (each.table, each.key)
    ]


Keep = Callable[[Any, str], Any]
"""Writes rows to a private file and gives them back as a table."""


def with_references(
    mapped: Mapped, tables: Mapping[str, Mapped], severities: Mapping[str, Severity], first: int, keep: Keep
) -> tuple[Any, tuple[Rule, ...]]:
    """Mark the lines whose reference leads nowhere, as warnings or as reasons.

    Only different values are compared, so that a table whose references all hold costs one look at each column.
    """
    rows, rules = mapped.rows, []
    delivered = {name: each.given for name, each in tables.items()}
    for position, each in enumerate(references(mapped, delivered), start=first):
        severity = severities.get(each.rule, "warn")
        unknown = keep(_unknown(mapped.rows, each, tables[each.table].rows), f"{each.rule}_{mapped.table}")
        rows, breaks = _marked(rows, each, unknown)
        rules.append(Rule(each.rule, severity, breaks))
        if breaks is not None:
            bits = WARNINGS if severity == "warn" else REASONS
            broken = ibis.ifelse(surely(breaks), ibis.literal(1 << position, "int64"), ibis.literal(0, "int64"))
            rows = rows.mutate(**{bits: rows[bits] + broken})
    return rows.select(*mapped.rows.columns), tuple(rules)


def _unknown(rows: Any, reference: Reference, target: Any) -> Any:
    """Give the different values that no good line of the other table has; postage is no article of the catalogue."""
    rows = rows.filter(rows.is_product) if reference.column == "product_id" and "is_product" in rows.columns else rows
    known = target.filter(target[REASONS] == 0)
    values = rows.filter(rows[reference.column].notnull()).select(value=rows[reference.column]).distinct()
    return values.anti_join(known, values["value"] == known[reference.key])


def _marked(rows: Any, reference: Reference, values: Any) -> tuple[Any, Any | None]:
    """Give a condition that holds where the value is unknown; None where all are known."""
    few = values.limit(_FEW + 1).to_pyarrow()["value"].to_pylist()
    if not few:
        return rows, None
    if len(few) <= _FEW:
        return rows, rows[reference.column].isin(few)
    mark = values.select(_value=values["value"], _nobody=ibis.literal(value=True))
    joined = rows.left_join(mark, rows[reference.column] == mark["_value"])
    return joined, joined["_nobody"]
