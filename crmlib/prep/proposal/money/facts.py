"""What the numbers of order lines say of themselves, and the roles that their headers allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis

from crmlib.prep.arguing import articles, relations
from crmlib.prep.landing import LINE
from crmlib.prep.proposal.synonyms import tokens

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


@dataclass(frozen=True, slots=True)
class Columns:
    """The raw columns that matter for money: keys by canonical name, and each number's possible roles, likeliest first.

    Attributes
    ----------
    keys
        Raw columns of the order, the line, the article, its description.
    roles
        By raw column of numbers that is no key; empty where the header says nothing.
    preferred
        The columns that the headers alone speak for, by canonical name.
    """

    keys: Mapping[str, str]
    roles: Mapping[str, Sequence[str]]
    preferred: Mapping[str, str]

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

    lines: Any
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
    def levels_told(self) -> bool:
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


def gather(lines: Any, columns: Columns) -> Facts:
    """Measure the columns of numbers."""
    numbers = list(columns.roles)
    levels: dict[str, relations.Level] = {}
    if "order_id" in columns.keys:
        identity = [columns.keys[name] for name in ("product_id", "description", "line_id") if name in columns.keys]
        several = identity or columns.having("quantity")[:1]
        levels = relations.levels(lines, columns.keys["order_id"], numbers, several, LINE)
    return Facts(lines, columns, relations.extents(lines, numbers), levels)


def sides(facts: Facts, value: Any) -> dict[str, relations.Agreement]:
    """Hold a line's money, summed over each order, against what the order came to.

    Each total is taken as it is, less shipping, less tax, less both, and each of these before the order's discount
    (``…+discount``). Empty where there are no order numbers or no totals.
    """
    order, lines = facts.columns.keys.get("order_id"), facts.lines
    if order is None:
        return {}

    def column(role: str) -> Any:
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
    told = articles.per_unit(lines, article, quantity, column).verdict() if article else ""
    if told:
        return told
    best = [
        max((each.equal for each in sides(facts, value).values()), default=0)
        for value in (lines[column] * lines[quantity], lines[column])
    ]
    return "" if best[0] == best[1] else "price" if best[0] > best[1] else "total"


def says_paid(header: str) -> bool:
    """Say whether a header says that money came in, and not only that it was asked for.

    Examples
    --------
    >>> [says_paid(header) for header in ("Amount Paid", "Unpaid", "Internet sales", "买家实际支付金额")]
    [True, False, False, True]
    """
    return bool(_PAID & set(tokens(header))) or any(word in header for word in _PAID_CJK)
