"""What each column of numbers may mean in order lines, by its header: all it may, the likeliest first."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.fitting import is_number
from crmlib.prep.proposal.synonyms import forms, likeness, place_of, tokens
from crmlib.prep.proposal.words import ADJUNCTS, CURRENCIES, also

ROLES: Final = (
    "quantity", "unit_price", "amount", "amount_before_discount", "discount", "discount_rate", "discount_percent",
    "refund", "order_total", "order_discount", "order_shipping", "order_tax", "order_refund", "cost",
    "points_redeemed",
)  # fmt: skip
"""Canonical columns of order lines that hold money, quantities or rates."""

LEVELS: Final = {
    "amount": "order_total",
    "amount_before_discount": "order_total",
    "discount": "order_discount",
    "refund": "order_refund",
}
"""What a name means of the whole order where a file has columns of its own for the lines, as Shopify's."""

_LINE: Final = frozenset(["lineitem", "lineitems"])
_LINE_PAIRS: Final = (("line", "item"), ("line", "items"), ("order", "items"), ("order", "lines"))
_TOTALS: Final = frozenset(
    [
        "total", "totals", "subtotal", "sum", "revenue", "turnover", "summe", "gesamt", "gesamtpreis", "gesamtbetrag",
        "gesamtsumme", "zwischensumme", "umsatz", "somme", "recette", "suma", "ingresos", "soma", "receita",
    ]
)  # fmt: skip
_TOTALS_CJK: Final = ("合计", "小计", "总", "合計", "小計", "総", "売上")
_LEAST: Final = 0.45
_ALSO: Final = 0.4
_ALSO_WITHOUT_ADJUNCT: Final = 0.35


def money_candidates(columns: Sequence[Evidence]) -> list[tuple[str, tuple[str, ...]]]:
    """Give for each column of numbers every role in order lines that its header allows, the likeliest first.

    Columns whose headers say nothing to us are among them, with no role. Dates written as numbers and codes with
    leading zeros are not. Which role is right, the values must tell.
    """
    of_orders = order_level(columns)
    return [
        (each.name, roles_of(each.name, of_the_order=each.name in of_orders)) for each in columns if is_number(each)
    ]


def roles_of(header: str, *, of_the_order: bool = False) -> tuple[str, ...]:
    """Give the roles that a header allows, the likeliest first."""
    scored = {role: _score(header, role) for role in ROLES}
    if of_the_order:
        for line, order in LEVELS.items():
            scored[order] = max(scored[order], scored[line])
            scored[line] = min(scored[line], _ALSO_WITHOUT_ADJUNCT) if scored[line] else 0.0
    likely = [role for role in ROLES if scored[role]]
    return tuple(sorted(likely, key=lambda role: (-scored[role], _later(role, of_the_order=of_the_order))))


def _later(role: str, *, of_the_order: bool) -> tuple[bool, int]:
    return (of_the_order and not role.startswith("order_"), ROLES.index(role))


@cache
def _score(header: str, role: str) -> float:
    sure = likeness(header, "transactions", role)
    if sure >= _LEAST:
        return sure - min(place_of(header, "transactions", role), 50) / 1_000
    words = tokens(header)
    known = _also(role)
    if any(form in known for form in forms(header)):
        return _ALSO
    shorter = tuple(word for word in words if word not in ADJUNCTS["transactions"] and word not in CURRENCIES)
    return _ALSO_WITHOUT_ADJUNCT if shorter and any(form in known for form in forms(" ".join(shorter))) else 0.0


@cache
def _also(role: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, name in enumerate(also(role)):
        for form in forms(name):
            found.setdefault(form, place)
    return found


def also_place(header: str, role: str) -> int:
    """Give the place of a header among the names that a role may have beside its own; a large number if it has none."""
    known = _also(role)
    return min((known[form] for form in forms(header) if form in known), default=len(known))


def says_total(header: str) -> bool:
    """Say whether a header says that its money is a sum: then it is never the price of one."""
    return bool(_TOTALS.intersection(tokens(header))) or any(word in header for word in _TOTALS_CJK)


def order_level(columns: Sequence[Evidence]) -> frozenset[str]:
    """Name the columns that are of the whole order, where others say that they are of its lines.

    Shopify writes ``Lineitem price`` beside ``Total``, its interface ``line_items.price`` beside ``total_price``:
    there, a total without such words is the order's.
    """
    lines = {each.name for each in columns if is_of_lines(each.name)}
    return frozenset(each.name for each in columns if each.name not in lines) if len(lines) > 1 else frozenset()


def is_of_lines(header: str) -> bool:
    """Say whether a header says that its column is of a line of the order."""
    words = tokens(header)
    return len(words) > 1 and (words[0] in _LINE or words[:2] in _LINE_PAIRS)
