"""Features of one's own: measured at each cutoff on the lines before it, and on nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import ibis.expr.operations as ops
from ibis import Deferred, Table

from crmlib.features import before

if TYPE_CHECKING:
    from datetime import date

OwnFeature: TypeAlias = Deferred | Callable[[Table], Table]
"""An expression that sums a customer's lines up (``_.promotion_id.count()``), or a function of the lines of all."""
OwnFeatures: TypeAlias = Mapping[str, OwnFeature]

NONE: Final[OwnFeatures] = MappingProxyType({})

HINDSIGHT: Final = ("account_kind", "is_price_outlier", "is_quantity_outlier")
"""Columns that cleaning judges by all that was delivered, what came later too."""


class LookAheadError(ValueError):
    """A feature reads something else than the lines before the cutoff."""


def measure_own(transactions: Table, cutoff: date, features: OwnFeatures) -> list[Table]:
    """Measure each feature as of a cutoff: tables of ``customer_id`` and the feature, a number (Ibis).

    What it sees are the lines of known customers before the cutoff, returns among them, without `HINDSIGHT`; one that
    reads any other table, or is not one number a customer, is refused.
    """
    seen = before(transactions, cutoff)
    lines = seen.filter(seen.customer_id.notnull()).drop(*(name for name in HINDSIGHT if name in seen.columns))
    return [_measured(lines, name, feature) for name, feature in features.items()]


def _measured(lines: Table, name: str, feature: OwnFeature) -> Table:
    """Apply one feature to the lines and hold what comes out to the rules."""
    if isinstance(feature, Deferred):
        found = lines.group_by("customer_id").agg(**{name: feature})
    elif callable(feature):
        found = feature(lines)
    else:
        raise LookAheadError(
            f"the feature {name} is bound to a table of its own: give an expression of ibis._, such as "
            "_.amount.max(), or a function of the lines before the cutoff"
        )
    if not isinstance(found, Table) or len(found.columns) != 2 or "customer_id" not in found.columns:
        raise ValueError(f"the feature {name} has to be a table of customer_id and one number a customer")
    _check_reads_only(found, lines, name)
    (column,) = set(found.columns) - {"customer_id"}
    if not (found[column].type().is_numeric() or found[column].type().is_boolean()):
        raise ValueError(f"the feature {name} is {found[column].type()}, not a number")
    return found.select("customer_id", **{name: found[column].cast("float64")})


def _check_reads_only(found: Table, lines: Table, name: str) -> None:
    """Refuse what was made of any other table than the lines given."""
    place = ops.UnboundTable(name="lines before the cutoff", schema=lines.schema())
    tables = found.op().replace({lines.op(): place}).find((ops.PhysicalTable, ops.SQLQueryResult))
    if set(tables) - {place}:
        raise LookAheadError(
            f"the feature {name} reads another table than the lines before the cutoff, and could know what came later: "
            "make it of the lines that it is given alone"
        )
