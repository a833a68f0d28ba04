"""Which column is the money: an order's or a line's, a price or a total, before or after the discount, listed or paid.

Headers say which roles a column may have (:mod:`crmlib.prep.proposal.matching`); the numbers say which it has.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis

from crmlib.prep.arguing import relations
from crmlib.prep.landing import LINE
from crmlib.prep.proposal.readings import Asked, Option, Reading
from crmlib.words import _

ORDER_ROLES: Final = ("order_total", "order_discount", "order_shipping", "order_tax", "order_refund")
LINE_ROLES: Final = (
    "amount", "amount_before_discount", "unit_price", "discount", "discount_rate", "discount_percent", "refund", "cost",
)  # fmt: skip
MONEY: Final = ("amount", "amount_before_discount", "unit_price", "order_total")
"""Any of these is money of a line or an order."""

_OF_LINE: Final = {"order_discount": "discount", "order_refund": "refund", "order_total": "amount"}
_OF_ORDER: Final = {"discount": "order_discount", "refund": "order_refund", "amount": "order_total"}
_MOSTLY: Final = 0.9


@dataclass(frozen=True, slots=True)
class Columns:
    """The raw columns that matter for money: keys by canonical name, and each number's possible roles, likeliest first.

    Attributes
    ----------
    keys
        Raw columns of the order, the line, the article, its description.
    roles
        By raw column of numbers that is no key; empty where the header says nothing.
    """

    keys: Mapping[str, str]
    roles: Mapping[str, Sequence[str]]

    def having(self, *roles: str) -> list[str]:
        """List the columns whose likeliest role is one of these, then those that may have it at all."""
        first = [raw for raw, may in self.roles.items() if may and may[0] in roles]
        return first + [raw for raw, may in self.roles.items() if raw not in first and set(may) & set(roles)]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the numbers say of themselves: extents and levels of every column."""

    lines: Any
    columns: Columns
    extents: Mapping[str, relations.Extent]
    levels: Mapping[str, relations.Level]

    def is_of_order(self, raw: str) -> bool:
        """Say whether a column is an order's: in nearly all orders, or in the few there are where its header says so."""
        level = self.levels.get(raw)
        if level is None:
            return False
        named = next(iter(self.columns.roles.get(raw, ())), "") in ORDER_ROLES
        return level.is_of_order or (named and 0 < level.orders == level.repeated + level.first)

    def some(self, raw: str | None) -> bool:
        """Say whether a column has any number that is not nought."""
        return raw is not None and self.extents[raw].some > 0


def gather(lines: Any, columns: Columns) -> Facts:
    """Measure the columns of numbers."""
    numbers = list(columns.roles)
    levels: dict[str, relations.Level] = {}
    if "order_id" in columns.keys:
        identity = [columns.keys[name] for name in ("product_id", "description", "line_id") if name in columns.keys]
        levels = relations.levels(lines, columns.keys["order_id"], numbers, identity or _units(columns), LINE)
    return Facts(lines, columns, relations.extents(lines, numbers), levels)


def _units(columns: Columns) -> list[str]:
    return columns.having("quantity")[:1]


def read_money(facts: Facts, reading: Reading) -> None:
    """Decide what every column of money is, or ask."""
    line = [raw for raw in facts.columns.roles if not facts.is_of_order(raw)]
    quantity = _quantity(facts, line, reading)
    value = _line_value(facts, line, quantity, reading)
    _order_money(facts, value, reading)


def _quantity(facts: Facts, line: Sequence[str], reading: Reading) -> str | None:
    """Take the column called so; else whole small numbers far under a price beside them, whatever they are called."""
    named = [raw for raw in facts.columns.having("quantity") if raw in line]
    if named:
        reading.map("quantity", named[0])
        return named[0]
    priced = [raw for raw in facts.columns.having("unit_price", "amount") if raw in line]
    for raw in priced:
        small, rest = facts.extents[raw], [other for other in priced if other != raw]
        if small.lines and small.whole == small.lines and 0 < small.most <= _MOST_UNITS and rest:
            low = facts.lines.agg(
                n=ibis.and_(*[facts.lines[raw].abs() * 2 < facts.lines[other].abs() for other in rest]).sum()
            ).to_pandas()["n"].iloc[0]  # fmt: skip
            if int(low or 0) >= _MOSTLY * small.lines:
                reading.map("quantity", raw, _("whole numbers far under the money beside them: units"))
                return raw
    return None


_MOST_UNITS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Value:
    """The money of a line as an expression, or nothing where only orders have money.

    Attributes
    ----------
    money
        Expression over the lines; None where there is none.
    """

    money: Any = None


def _line_value(facts: Facts, line: Sequence[str], quantity: str | None, reading: Reading) -> Value:
    """Find the price and the money of a line among the columns of lines."""
    lines = facts.lines
    prices = [raw for raw in facts.columns.having("unit_price") if raw in line and raw != quantity and facts.some(raw)]
    amounts = [
        raw for raw in facts.columns.having("amount", "amount_before_discount", "order_total")
        if raw in line and raw != quantity and raw not in prices and facts.some(raw)
    ]  # fmt: skip
    discounts = [
        raw for raw in facts.columns.having("discount", "discount_rate", "discount_percent", "order_discount")
        if raw in line and raw not in (*prices, *amounts, quantity) and facts.some(raw)
    ]  # fmt: skip
    if not prices and not amounts:
        prices = _price_by_sums(facts, line, quantity)
    if amounts:
        return _with_amount(facts, amounts, prices, quantity, discounts, reading)
    if prices:
        return _with_price(facts, prices[0], quantity, discounts, reading)
    for name in ("amount", "unit_price"):
        reading.unmap(name)
    del lines
    return Value()


def _price_by_sums(facts: Facts, line: Sequence[str], quantity: str | None) -> list[str]:
    """Take a cost for the price where it adds up to what the order came to."""
    order, totals = facts.columns.keys.get("order_id"), _of(facts, "order_total")
    if order is None or not totals:
        return []
    for raw in facts.columns.having("cost", "unit_price"):
        if raw in line and raw != quantity:
            value = facts.lines[raw] * (facts.lines[quantity] if quantity else 1.0)
            if any(found.holds for found in _sides(facts, order, value).values()):
                return [raw]
    return []


def _with_price(facts: Facts, price: str, quantity: str | None, discounts: Sequence[str], reading: Reading) -> Value:
    """Decide whether the only money of a line is the price of one or the line's, and ask where nothing tells."""
    lines, extent = facts.lines, facts.extents
    varies = quantity is not None and extent[quantity].lines > 0 and extent[quantity].most > 1
    reading.unmap("amount")
    if quantity is None:
        reading.unmap("unit_price")
        reading.map("amount", price, _("a line is one piece where nobody counts them"))
        return Value(lines[price])
    told = _price_or_total(facts, price, quantity) if varies else "price"
    if told == "total":
        reading.unmap("unit_price")
        reading.map("amount", price, _("it grows with the quantity for the same article: money of the line"))
        return _discounted(facts, Value(lines[price]), discounts, reading, on_amount=True)
    reading.map("unit_price", price, "" if told == "" else reading.why.get("unit_price", ""))
    if not told:
        reading.asked.append(_ask_price(price, quantity))
    return _discounted(facts, Value(lines[price] * lines[quantity]), discounts, reading, on_amount=False)


def _price_or_total(facts: Facts, column: str, quantity: str) -> str:
    """Give ``price`` or ``total``: by articles sold in several quantities, else by what orders come to, else nothing."""
    article = facts.columns.keys.get("product_id") or facts.columns.keys.get("description")
    told = relations.per_unit(facts.lines, article, quantity, column).told() if article else ""
    order = facts.columns.keys.get("order_id")
    if told or order is None or not _of(facts, "order_total"):
        return told
    as_price = _sides(facts, order, facts.lines[column] * facts.lines[quantity])
    as_total = _sides(facts, order, facts.lines[column])
    best = [max((each.equal for each in found.values()), default=0) for found in (as_price, as_total)]
    return "" if best[0] == best[1] else "price" if best[0] > best[1] else "total"


def _ask_price(column: str, quantity: str) -> Asked:
    return Asked(
        "price_or_line_total",
        "money",
        _("Is {column} the price of one, or the money of the whole line? No article is sold in several quantities.").format(
            column=column
        ),
        (
            Option("price_of_one", _("{column} × {quantity} is the money of a line").format(column=column, quantity=quantity),
                   {"columns.unit_price": column, "columns.amount": None}),
            Option("money_of_the_line", _("{column} is the money of a line").format(column=column),
                   {"columns.amount": column, "columns.unit_price": None}),
        ),
    )  # fmt: skip


def _with_amount(
    facts: Facts, amounts: Sequence[str], prices: Sequence[str], quantity: str | None, discounts: Sequence[str],
    reading: Reading,
) -> Value:  # fmt: skip
    """Take the money of a line from one or several columns of amounts, held against price times quantity."""
    lines, amount = facts.lines, amounts[0]
    price = prices[0] if prices else None
    if price is not None:
        reading.map("unit_price", price)
    if len(amounts) > 1:
        amount = _listed_or_paid(facts, amounts, reading)
    if price is None and quantity is not None and facts.extents[quantity].most > 1:
        if _price_or_total(facts, amount, quantity) == "price":
            reading.unmap("amount")
            reading.map("unit_price", amount, _("it does not grow with the quantity for the same article: a price"))
            return _discounted(facts, Value(lines[amount] * lines[quantity]), discounts, reading, on_amount=False)
    reading.map("amount", amount, reading.why.get("amount", ""))
    if price is not None and quantity is not None:
        found = relations.price_times_quantity(lines, amount, price, quantity)
        if found.lines >= 3 and found.far >= _MOSTLY * found.lines:
            told = _price_or_total(facts, price, quantity)
            reading.asked.append(_ask_far(amount, price, quantity, told))
    return _discounted(facts, Value(lines[amount]), discounts, reading, on_amount=True, price=price, quantity=quantity)


def _ask_far(amount: str, price: str, quantity: str, told: str) -> Asked:
    options = [
        Option("amount", _("{column} is the money of a line").format(column=amount),
               {"columns.amount": amount, "columns.unit_price": None}),
        Option("price_times_quantity", _("{column} × {quantity} is the money of a line").format(column=price, quantity=quantity),
               {"columns.unit_price": price, "columns.amount": None}),
        Option("price_is_the_line", _("{column} is the money of a line").format(column=price),
               {"columns.amount": price, "columns.unit_price": None}),
    ]  # fmt: skip
    if told == "total":
        options = [options[2], *options[:2]]
    asks = _("Which is the money of a line? {amount} is nowhere near {price} × {quantity}.")
    return Asked("money_of_a_line", "money", asks.format(amount=amount, price=price, quantity=quantity), tuple(options))


def _discounted(
    facts: Facts, value: Value, discounts: Sequence[str], reading: Reading, *, on_amount: bool,
    price: str | None = None, quantity: str | None = None,
) -> Value:  # fmt: skip
    """Tell whether a discount is money or a rate, and whether the line's money is before or after it."""
    if not discounts:
        reading.unmap("discount")
        return value
    lines, column = facts.lines, discounts[0]
    extent = facts.extents[column]
    is_rate = extent.least >= 0 and extent.most <= 1 and extent.whole < extent.lines
    is_percent = not is_rate and "discount_percent" in facts.columns.roles[column][:1] and extent.most <= 100
    name = "discount_rate" if is_rate else "discount_percent" if is_percent else "discount"
    if name != "discount":
        reading.unmap("discount")
    why = _("all lie between 0 and 1: shares of the price") if is_rate else ""
    reading.map(name, column, why)
    share = lines[column] if is_rate else lines[column] / 100
    if not on_amount:
        off = value.money * share if name != "discount" else lines[column].abs()
        return Value(value.money - off.fill_null(0.0))
    if not _is_before(facts, value.money, column, share if name != "discount" else None, price, quantity):
        return value
    amount = reading.columns["amount"]
    reading.unmap("amount")
    reading.map("amount_before_discount", amount, _("it is price × quantity also where a discount stands"))
    off = value.money * share if name != "discount" else lines[column].abs()
    return Value(value.money - off.fill_null(0.0))


def _is_before(facts: Facts, money: Any, discount: str, share: Any, price: str | None, quantity: str | None) -> bool:
    """Say whether money is before its discount: by price times quantity, else by the article's usual money of one."""
    lines = facts.lines.mutate(_money=money)
    if price is not None and quantity is not None:
        product = lines[price] * lines[quantity]
        off = product * share if share is not None else lines[discount].abs()
        found = relations.price_times_quantity(lines.mutate(_off=off), "_money", price, quantity, "_off")
        return found.discounted > 0 and found.before >= _MOSTLY * found.discounted and found.after < found.before
    article = facts.columns.keys.get("product_id") or facts.columns.keys.get("description")
    if article is None:
        return False
    units = lines[quantity].abs() if quantity is not None else ibis.literal(1.0)
    off = lines["_money"] * share if share is not None else lines[discount].abs()
    before = lines["_money"] / units
    after = ((lines["_money"] / (1 - share)) if share is not None else (lines["_money"] + off)) / units
    return relations.steadier(lines, article, before, after, (lines[discount] != 0)) == "first"


def _listed_or_paid(facts: Facts, amounts: Sequence[str], reading: Reading) -> str:
    """Choose between what was listed and what was paid; a refund that stands between them is mapped as such."""
    lines = facts.lines
    refunds = [raw for raw in facts.columns.having("refund", "order_refund") if raw not in amounts and facts.some(raw)]
    totals = {raw: _sum(lines, raw) for raw in amounts}
    listed = max(amounts, key=lambda raw: totals[raw])
    paid = next((raw for raw in amounts if _paid_words(raw) and raw != listed), None)
    paid = paid or min(amounts, key=lambda raw: totals[raw])
    if totals[listed] == totals[paid]:
        return amounts[0]
    if refunds:
        refund = refunds[0]
        net = relations.agree(lines, lines[listed] - lines[refund].abs(), lines[paid], lines[refund] != 0)
        if net.holds:
            why = _("less {refund} it is {paid}, wherever something was given back").format(refund=refund, paid=paid)
            reading.map("amount", listed, why)
            return listed
    reading.map("amount", paid, _("what was paid; {listed} stands beside it").format(listed=listed))
    return paid


def _sum(lines: Any, raw: str) -> float:
    return float(lines[raw].sum().to_pandas() or 0.0)


_PAID: Final = (
    "paid",
    "net",
    "received",
    "实付",
    "实收",
    "实际",
    "支付",
    "付款",
    "bezahlt",
    "netto",
    "payé",
    "pagad",
    "pago",
)


def _paid_words(raw: str) -> bool:
    low = raw.lower()
    return any(word in low for word in _PAID)


def _of(facts: Facts, role: str) -> list[str]:
    """List the columns of orders that may have a role."""
    return [raw for raw in facts.columns.having(role, _OF_LINE.get(role, role)) if facts.is_of_order(raw)]


def _sides(facts: Facts, order: str, value: Any) -> dict[str, relations.Agreement]:
    """Hold a line's money, summed over the order, against each total less shipping, less tax, before the discount."""
    lines = facts.lines

    def column(role: str) -> Any:
        names = _of(facts, role)
        return lines[names[0]].abs().fill_null(0.0) if names else ibis.literal(0.0)

    shipping, tax, discount = (column(role) for role in ("order_shipping", "order_tax", "order_discount"))
    sides = {}
    for total in _of(facts, "order_total"):
        for name, taken in {"": 0.0, "-shipping": shipping, "-tax": tax, "-shipping-tax": shipping + tax}.items():
            sides[f"{total}{name}"] = lines[total] - taken
            sides[f"{total}{name}+discount"] = lines[total] - taken + discount
    return relations.sums_agree(lines, order, value, sides) if sides else {}


def _order_money(facts: Facts, value: Value, reading: Reading) -> None:
    """Map what an order's columns say beyond its lines: its total where lines have no money, discount, refund."""
    order = facts.columns.keys.get("order_id")
    totals = _of(facts, "order_total")
    for role in ("refund", "discount"):
        _map_taken_off(facts, role, reading)
    if value.money is not None:
        if order is not None and totals:
            _check_discount(facts, order, value, reading)
        return
    if not totals:
        return
    reading.map("order_total", totals[0], _("the same on every line of an order: the order's, spread over its lines"))
    if any(facts.some(raw) for raw in _of(facts, "order_shipping")):
        shipping = _of(facts, "order_shipping")[0]
        reading.map("order_shipping", shipping)
        reading.asked.append(ask_shipping("order_total", totals[0], "order_shipping", shipping))


def ask_shipping(total_as: str, total: str, shipping_as: str, shipping: str) -> Asked:
    """Ask whether money contains the postage."""
    return Asked(
        "shipping_in_total",
        "money",
        _("Does {total} contain {shipping}? Postage is no sale of goods.").format(total=total, shipping=shipping),
        (
            Option("contained", _("{shipping} is taken off {total}").format(shipping=shipping, total=total),
                   {"columns.amount": None, "columns.order_total": total, f"columns.{shipping_as}": shipping}),
            Option("beside_it", _("{total} is the money of the goods alone").format(total=total),
                   {f"columns.{total_as}": total, f"columns.{shipping_as}": None}),
        ),
    )  # fmt: skip


def _map_taken_off(facts: Facts, role: str, reading: Reading) -> None:
    """Map a refund or a discount of orders, or a refund of lines, where any is not nought."""
    of_order = [raw for raw in _of(facts, f"order_{role}") if facts.some(raw)]
    if of_order:
        reading.map(f"order_{role}", of_order[0], _("an order's, spread over its lines"))
        if role == "discount" and reading.columns.get("discount") == of_order[0]:
            reading.unmap("discount")
        return
    if role == "refund":
        taken = {raw for raw in reading.columns.values() if isinstance(raw, str)}
        free = [raw for raw in facts.columns.having("refund", "order_refund") if raw not in taken and facts.some(raw)]
        if free:
            reading.map("refund", free[0], _("money given back beside the sale"))


def _check_discount(facts: Facts, order: str, value: Value, reading: Reading) -> None:
    """Keep an order's discount where the lines come to more than the total by it; drop it where they do not."""
    if reading.columns.get("order_discount") is None:
        return
    sides = _sides(facts, order, value.money)
    before = max((each.equal for name, each in sides.items() if name.endswith("+discount")), default=0)
    after = max((each.equal for name, each in sides.items() if not name.endswith("+discount")), default=0)
    if after > before:
        reading.unmap("order_discount")
    elif before > after:
        reading.why["order_discount"] = _("the lines come to the total and this; spread over the order's lines")


def unmapped_money(facts: Facts, reading: Reading) -> Iterator[str]:
    """List the columns of money that nothing uses, for a remark."""
    used = {raw for raw in reading.columns.values() if isinstance(raw, str)}
    yield from (raw for raw, roles in facts.columns.roles.items() if roles and raw not in used and facts.some(raw))
