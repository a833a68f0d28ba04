"""Values that cannot be true: scores outside their scale, births in the future, negative costs."""

from collections.abc import Iterator
from typing import Any, Final

import ibis

from crmlib.params import Parameters
from crmlib.params.contracts import Range
from crmlib.prep.mapping import Mapped

OUTSIDE: Final = "outside_"
"""Prefix of the rules' names; the column follows."""

_USUAL: Final[dict[str, dict[str, Range]]] = {
    "transactions": {"unit_price": (0, None), "cost": (0, None), "points_redeemed": (0, None)},
    "customers": {"age": (0, 120), "points": (0, None)},
    "products": {"unit_cost": (0, None)},
    "contacts": {"cost": (0, None), "response_value": (0, None)},
}
"""What nearly every shop means; the parameters' ranges replace these, column by column."""

_NET_PROMOTER: Final[Range] = (0, 10)
_EARLIEST_BIRTH: Final = 1900


def impossible(mapped: Mapped, params: Parameters) -> Iterator[tuple[str, Any]]:
    """Give a rule's name and its condition for every delivered column whose values have bounds.

    A return may book its cost, points and price back with a minus, and so may a voucher, which is no product.
    """
    for name, bounds in _bounds(mapped, params).items():
        outside = _outside(mapped.rows[name], bounds)
        if mapped.table == "transactions" and name not in params.cleaning.ranges:
            outside = outside & ~mapped.rows.is_return & mapped.rows.is_product
        yield f"{OUTSIDE}{name}", outside
    for name in ("birth_date", "opened_at", "joined_at"):
        if name in mapped.given and mapped.table in ("customers", "stores"):
            day, latest = mapped.rows[name], params.cleaning.latest or params.as_of
            future = day >= ibis.date(latest.isoformat()) if latest is not None else ibis.literal(value=False)
            yield f"{OUTSIDE}{name}", future | (day < ibis.date(_EARLIEST_BIRTH, 1, 1))


def _bounds(mapped: Mapped, params: Parameters) -> dict[str, Range]:
    """Bring the usual bounds, those of the survey's questions and those of the parameters together."""
    usual: dict[str, Range] = {params.satisfaction.recommend: _NET_PROMOTER, params.satisfaction.overall: (0, None)}
    scores = usual | dict(_declared_scales(params))
    bounds = {**_USUAL.get(mapped.table, {}), **(scores if mapped.table == "surveys" else {}), **params.cleaning.ranges}
    return {
        column.name: bounds[column.name] for column in mapped.columns if column.name in bounds.keys() & mapped.given
    }


def _declared_scales(params: Parameters) -> Iterator[tuple[str, Range]]:
    """Give the bounds of the scores whose scale is declared; what is declared to be no answer is possible too."""
    for name, rule in params.satisfaction.scales.items():
        if rule.low is not None and rule.high is not None:
            yield name, (min([rule.low, *rule.missing]), max([rule.high, *rule.missing]))
        elif rule.missing:
            yield name, (None, None)


def _outside(value: Any, bounds: Range) -> Any:
    least, most = bounds
    outside = ibis.literal(value=False)
    if least is not None:
        outside = outside | (value < least)
    if most is not None:
        outside = outside | (value > most)
    return outside
