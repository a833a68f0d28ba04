"""The roles that headers allow columns of money, the likeliest first, and what the numbers say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import ibis
import ibis.expr.types as ir

from crmlib.prep.arguing import articles, relations
from crmlib.prep.landing import LINE
from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.fitting import is_number
from crmlib.prep.proposal.synonyms import by_form, forms, has_word, likeness, place_of, tokens
from crmlib.prep.proposal.words import ADJUNCTS, CURRENCIES, also

Value: TypeAlias = ir.NumericValue
"""An expression of money over the lines."""

ORDER_ROLES: Final = ("order_total", "order_discount", "order_shipping", "order_tax", "order_refund")
LINE_ROLES: Final = (
    "amount", "amount_before_discount", "unit_price", "discount", "discount_rate", "discount_percent", "refund", "cost",
)  # fmt: skip
MONEY: Final = ("amount", "amount_before_discount", "unit_price", "order_total")
"""Any of these is money of a line or an order."""

_PAID: Final = frozenset(
    ["paid", "payment", "payable", "net", "received", "bezahlt", "netto", "paye", "payee", "pagado", "pago", "encaisse"]
)
_PAID_CJK: Final = ("实付", "实收", "实际", "支付", "付款", "应付", "成交", "支払")
_OF_LINE: Final = {"order_discount": "discount", "order_refund": "refund", "order_total": "amount"}
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
        (column.name, roles_of(column.name, of_the_order=column.name in of_orders))
        for column in columns
        if is_number(column)
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
    return by_form(also(role))


def also_place(header: str, role: str) -> int:
    """Give the place of a header among the names that a role may have beside its own; a large number if it has none."""
    known = _also(role)
    return min((known[form] for form in forms(header) if form in known), default=len(known))


def says_total(header: str) -> bool:
    """Say whether a header says that its money is a sum: then it is never the price of one."""
    return has_word(header, _TOTALS, _TOTALS_CJK)


def order_level(columns: Sequence[Evidence]) -> frozenset[str]:
    """Name the columns that are of the whole order, where others say that they are of its lines.

    Shopify writes ``Lineitem price`` beside ``Total``, its interface ``line_items.price`` beside ``total_price``:
    there, a total without such words is the order's.
    """
    lines = {column.name for column in columns if is_of_lines(column.name)}
    return frozenset(column.name for column in columns if column.name not in lines) if len(lines) > 1 else frozenset()


def is_of_lines(header: str) -> bool:
    """Say whether a header says that its column is of a line of the order."""
    words = tokens(header)
    return len(words) > 1 and (words[0] in _LINE or words[:2] in _LINE_PAIRS)


def says_paid(header: str) -> bool:
    """Say whether a header says that money came in, and not only that it was asked for."""
    return has_word(header, _PAID, _PAID_CJK)


@dataclass(frozen=True, slots=True)
class Columns:
    """The raw columns that matter for money: keys by canonical name, and the possible roles of each number."""

    keys: Mapping[str, str]  # raw columns of the order, the line, the article, its description
    roles: Mapping[str, Sequence[str]]  # by raw column of numbers that is no key; empty where the header says nothing
    preferred: Mapping[str, str]  # the columns that the headers alone speak for, by canonical name

    @property
    def article(self) -> str | None:
        """The column that tells articles apart."""
        return self.keys.get("product_id") or self.keys.get("description")

    def called(self, *roles: str) -> list[str]:
        """List the columns whose likeliest role is one of these, the one with the best header first."""
        best = [self.preferred[role] for role in roles if role in self.preferred]
        found = [raw for raw, may in self.roles.items() if may and may[0] in roles]
        return sorted(found, key=lambda raw: raw not in best)

    def having(self, *roles: str) -> list[str]:
        """List the columns called so, or those that may have one of these roles where none is."""
        return self.called(*roles) or [raw for raw, may in self.roles.items() if set(may) & set(roles)]


@dataclass(frozen=True, slots=True)
class Facts:
    """The lines with the extents and levels of every column of numbers."""

    lines: ibis.Table
    columns: Columns
    extents: Mapping[str, relations.Extent]
    levels: Mapping[str, relations.Level]

    def is_of_order(self, raw: str) -> bool:
        """Say whether a column is an order's: in nearly all orders, or in the few there are if its header says so."""
        level = self.levels.get(raw)
        if level is None:
            return False
        named = next(iter(self.columns.roles.get(raw, ())), "") in ORDER_ROLES
        return level.is_of_order or (named and 0 < level.orders == level.repeated + level.once)

    @property
    def has_levels(self) -> bool:
        """Whether any order has several different lines, so that an order's money can be told from a line's."""
        return any(level.orders for level in self.levels.values())

    def some(self, raw: str) -> bool:
        """Say whether a column has any number that is not nought."""
        return self.extents[raw].some > 0

    def of_line(self, *roles: str, but: Sequence[str | None] = (), surely: bool = False) -> list[str]:
        """List the columns of lines that have a role, or may have one, and any number that is not nought."""
        named = self.columns.called(*roles) if surely else self.columns.having(*roles)
        return [raw for raw in named if raw not in but and not self.is_of_order(raw) and self.some(raw)]

    def of_order(self, role: str) -> list[str]:
        """List the columns of orders that may have a role."""
        return [raw for raw in self.columns.having(role, _OF_LINE.get(role, role)) if self.is_of_order(raw)]


def gather(lines: ibis.Table, columns: Columns) -> Facts:
    """Measure the columns of numbers."""
    numbers = list(columns.roles)
    levels: dict[str, relations.Level] = {}
    if "order_id" in columns.keys:
        identity = [columns.keys[name] for name in ("product_id", "description", "line_id") if name in columns.keys]
        several = identity or columns.having("quantity")[:1]
        levels = relations.levels(lines, columns.keys["order_id"], numbers, several, LINE)
    return Facts(lines, columns, relations.extents(lines, numbers), levels)


def sides(facts: Facts, value: Value) -> dict[str, relations.Agreement]:
    """Hold a line's money, summed over each order, against what the order came to.

    Each total is taken as it is, less shipping, less tax, less both, and each of these before the order's discount
    (``…+discount``). Empty where there are no order numbers or no totals.
    """
    order, lines = facts.columns.keys.get("order_id"), facts.lines
    if order is None:
        return {}

    def column(role: str) -> Value:
        names = facts.of_order(role)
        return lines[names[0]].abs().fill_null(0.0) if names else ibis.literal(0.0)

    shipping, tax, discount = (column(role) for role in ("order_shipping", "order_tax", "order_discount"))
    found = {}
    for total in facts.of_order("order_total"):
        for name, taken in {"": 0.0, "-shipping": shipping, "-tax": tax, "-shipping-tax": shipping + tax}.items():
            found[f"{total}{name}"] = lines[total] - taken
            found[f"{total}{name}+discount"] = lines[total] - taken + discount
    return relations.sums_agree(lines, order, value, found) if found else {}


def price_or_total(facts: Facts, column: str, quantity: str) -> str:
    """Give ``price`` or ``total``, by articles sold in several quantities or by what orders come to, or nothing."""
    article, lines = facts.columns.article, facts.lines
    kind = articles.per_unit(lines, article, quantity, column).verdict() if article else ""
    if kind:
        return kind
    best = [
        max((side.equal for side in sides(facts, value).values()), default=0)
        for value in (lines[column] * lines[quantity], lines[column])
    ]
    return "" if best[0] == best[1] else "price" if best[0] > best[1] else "total"
