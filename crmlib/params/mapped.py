"""What the mapping of a source must hold: names that its table has, a line's money, and nothing that contradicts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from crmlib.params.errors import did_you_mean
from crmlib.tables import MEASURED, TABLES
from crmlib.tables.vocabulary import SCORE_PREFIX

if TYPE_CHECKING:
    from crmlib.params.sources import Source

_MONEY: Final = (("amount",), ("amount_before_discount",), ("quantity", "unit_price"), ("order_total",))
"""What a line's money may be read from."""


def refuse_wrong_columns(table: str, source: "Source") -> None:
    """Refuse unknown canonical names, missing required ones, and columns that mean nothing together."""
    known = [column.name for column in TABLES[table].delivered]
    mapped = [*source.columns, *source.constants]
    for name in mapped:
        _refuse_unknown(f"{table} has no column", name, known, scores=table == "surveys")
    missing = [c.name for c in TABLES[table].columns if c.required and c.name not in mapped]
    if missing:
        raise ValueError(f"{table} must map {', '.join(missing)}")
    if table == "transactions":
        _refuse_senseless_money(mapped)
    _refuse_marks(table, source, mapped)
    for name in source.latest.key if source.latest is not None else ():
        if name not in mapped:
            raise ValueError(f"latest: the key {name!r} is not mapped. {did_you_mean(name, mapped)}")


def _refuse_unknown(what: str, name: str, known: Sequence[str], *, scores: bool) -> None:
    if name not in known and not (scores and name.startswith(SCORE_PREFIX)):
        raise ValueError(f"{what} {name!r}. {did_you_mean(name, known)}")


def _refuse_senseless_money(mapped: Sequence[str]) -> None:
    """Refuse a line without money, and parts of an order's or a line's money that nothing can be made of."""
    names = set(mapped)
    if not any(names.issuperset(columns) for columns in _MONEY):
        raise ValueError(
            "transactions must map amount, or quantity and unit_price, or amount_before_discount, or order_total"
        )
    if "order_shipping" in names and "order_total" not in names:
        raise ValueError("order_shipping is what comes off order_total, which is not mapped; leave it out")
    if {"discount_rate", "discount_percent"} <= names:
        raise ValueError("discount_rate and discount_percent say the same; map one of them")
    if "refunded_at" in names and not names & {"refund", "order_refund"}:
        raise ValueError("refunded_at dates refund or order_refund, and neither is mapped")


def _refuse_marks(table: str, source: "Source", mapped: Sequence[str]) -> None:
    """Refuse marks for columns that are not mapped or hold no number."""
    kinds = {column.name: column.kind for column in TABLES[table].delivered}
    numbers = [name for name in mapped if kinds.get(name, "number") in MEASURED]
    for key in ("decimal", "thousands"):
        given = getattr(source, key)
        for name in given if isinstance(given, dict) else ():
            if name not in numbers:
                raise ValueError(f"{key}: {name!r} is no mapped number. {did_you_mean(name, numbers)}")
