"""Which column is the money: a line's price or total, before or after the discount, an order's, listed or paid.

Headers say which roles a column may have (:mod:`crmlib.prep.proposal.matching`); the numbers say which it has, and
where they do not, a question is asked.
"""

from typing import Final

import ibis

from crmlib.prep.arguing import articles, relations
from crmlib.prep.proposal.money.deductions import Sum, is_paid_less, read_discount, sum_of
from crmlib.prep.proposal.money.facts import Facts, Value, price_or_total, says_paid, says_total, sides
from crmlib.prep.proposal.money.of_orders import ask_amount, read_order_money
from crmlib.prep.proposal.readings import Asked, Option, Reading
from crmlib.words import _

_MOSTLY: Final = 0.9
_MOST_UNITS: Final = 1_000
_FEW: Final = 3
_AMOUNTS: Final = ("amount", "amount_before_discount", "order_total")


def read_money(facts: Facts, reading: Reading) -> None:
    """Decide what every column of money is, or ask."""
    quantity = _quantity(facts, reading)
    prices = facts.of_line("unit_price", but=[quantity], surely=True)
    amounts = facts.of_line(*_AMOUNTS, but=[quantity], surely=True)
    if not prices and not amounts:
        prices = _price_by_sums(facts, quantity)
    if not prices and not amounts:
        amounts = facts.of_line(*_AMOUNTS, but=[quantity])
    if not prices and not amounts:
        prices = facts.of_line("unit_price", but=[quantity])
    value: Value | None = None
    if amounts:
        value = _with_amount(facts, reading, amounts, prices[0] if prices else None, quantity)
    elif prices:
        value = _with_price(facts, reading, prices[0], quantity)
    read_order_money(facts, value, reading)


def _quantity(facts: Facts, reading: Reading) -> str | None:
    """Take the column called so; else whole small numbers far under a price beside them, whatever they are called."""
    named = [raw for raw in facts.columns.having("quantity") if not facts.is_of_order(raw)]
    if named:
        reading.map("quantity", named[0])
        return named[0]
    priced = [raw for raw, may in facts.columns.roles.items() if may and may[0] in ("unit_price", "amount")]
    priced = [raw for raw in priced if not facts.is_of_order(raw)]
    for raw in priced:
        small, rest = facts.extents[raw], [facts.lines[other].abs() for other in priced if other != raw]
        if rest and small.whole == small.lines and 0 < small.most <= _MOST_UNITS:
            under = ibis.and_(*[facts.lines[raw].abs() * 2 < other for other in rest])
            if int(facts.lines.agg(n=under.sum()).to_pandas()["n"].iloc[0] or 0) >= _MOSTLY * small.lines:
                reading.map("quantity", raw, _("whole numbers far under the money beside them: units"))
                return raw
    return None


def _price_by_sums(facts: Facts, quantity: str | None) -> list[str]:
    """Take a cost for the price where it adds up to what the order came to."""
    units = facts.lines[quantity] if quantity else 1.0
    for raw in facts.of_line("cost", but=[quantity]):
        if any(found.holds for found in sides(facts, facts.lines[raw] * units).values()):
            return [raw]
    return []


def _with_price(facts: Facts, reading: Reading, price: str, quantity: str | None) -> Value:
    """Decide whether the only money of a line is the price of one or the line's, and ask where nothing tells."""
    lines = facts.lines
    if quantity is None:
        reading.map("amount", price, _("a line is one piece where nobody counts them"))
        return read_discount(facts, reading, lines[price])
    kind = price_or_total(facts, price, quantity) if facts.extents[quantity].most > 1 else "price"
    if kind == "total":
        reading.map("amount", price, _("it grows with the quantity for the same article: money of the line"))
        return read_discount(facts, reading, lines[price])
    if not kind and facts.columns.article is None and articles.grows(lines, quantity, price):
        reading.map("amount", price, _("it grows as the quantity does: money of the line"))
        return read_discount(facts, reading, lines[price])
    reading.map("unit_price", price)
    if not kind:
        reading.ask(_ask_price(price, quantity))
    return read_discount(facts, reading, lines[price] * lines[quantity])


def _with_amount(facts: Facts, reading: Reading, amounts: list[str], price: str | None, quantity: str | None) -> Value:
    """Take the money of a line from one or several columns of amounts, held against price times quantity."""
    lines = facts.lines
    amount = _listed_or_paid(facts, amounts, reading) if len(amounts) > 1 else amounts[0]
    if "amount_before_discount" in reading.columns:
        off = lines[str(reading.columns["discount"])].abs().fill_null(0.0)
        return lines[amount] - off
    varies = quantity is not None and facts.extents[quantity].most > 1 and not says_total(amount)
    if price is None and quantity is not None and varies and price_or_total(facts, amount, quantity) == "price":
        why = _("it does not grow with the quantity for the same article: the price of one")
        reading.unmap("amount")
        reading.map("unit_price", amount, why)
        return read_discount(facts, reading, lines[amount] * lines[quantity])
    reading.map("amount", amount, reading.why.get("amount", ""))
    if price is not None:
        reading.map("unit_price", price)
    if price is not None and quantity is not None:
        found = relations.price_times_quantity(lines, amount, price, quantity)
        strange = found.lines >= _FEW and 2 * found.equal < found.lines
        proved = any(side.holds for side in sides(facts, lines[amount]).values())
        product = lines[price] * lines[quantity]
        found_sum = sum_of(facts, product, [amount], [amount, price, quantity]) if strange and not proved else None
        if found_sum is not None:
            return _price_of_sum(facts, found_sum, price, product, reading)
        paid_less = is_paid_less(facts, amount, product)
        if strange and not proved and not paid_less and not _explained(facts, amount, price, quantity):
            reading.ask(_ask_far(amount, price, quantity, price_or_total(facts, price, quantity)))
    return read_discount(facts, reading, lines[amount])


def _price_of_sum(facts: Facts, found: Sum, price: str, product: Value, reading: Reading) -> Value:
    """Take price × quantity for the goods, where a total is proved to hold postage, tax or a discount besides."""
    reading.unmap("amount")
    reading.map("unit_price", price, _("× quantity {sum}").format(sum=found.words))
    if found.discount is None:
        return product
    reading.map("discount", found.discount)
    return product - facts.lines[found.discount].abs().fill_null(0.0)


def _explained(facts: Facts, amount: str, price: str, quantity: str) -> bool:
    """Say whether a discount beside them explains why money is not price times quantity."""
    lines = facts.lines
    product = lines[price] * lines[quantity]
    for raw in facts.of_line("discount", "discount_rate", "discount_percent", "order_discount"):
        for off in (lines[raw].abs(), product * lines[raw], product * lines[raw] / 100):
            found = relations.price_times_quantity(lines.mutate(_off=off), amount, price, quantity, "_off")
            if found.after >= _MOSTLY * found.discounted > 0:
                return True
    return False


def _goods(facts: Facts, amounts: list[str], reading: Reading) -> str | None:
    """Find the goods among several amounts: less a discount, with postage or tax, they come to another one."""
    for goods in amounts:
        found = sum_of(facts, facts.lines[goods], [raw for raw in amounts if raw != goods], amounts)
        if found is not None:
            reading.map("amount_before_discount" if found.discount else "amount", goods, found.words)
            if found.discount:
                reading.map("discount", found.discount)
            return goods
    return None


def _listed_or_paid(facts: Facts, amounts: list[str], reading: Reading) -> str:
    """Choose between what was listed and what was paid; a refund that stands between them speaks for the listed."""
    lines = facts.lines
    totals = {raw: float(lines[raw].sum().to_pandas() or 0.0) for raw in amounts}
    listed = max(amounts, key=lambda raw: totals[raw])
    paid_ones = [raw for raw in amounts if says_paid(raw)]
    if totals[listed] == min(totals.values()):
        return (paid_ones or amounts)[0]
    goods = _goods(facts, amounts, reading)
    if goods is not None:
        return goods
    paid = next((raw for raw in paid_ones if raw != listed), min(amounts, key=lambda raw: totals[raw]))
    refunds = facts.of_line("refund", "order_refund", but=amounts)
    if refunds:
        back = lines[refunds[0]]
        if relations.agree(lines, lines[listed] - back.abs(), lines[paid], back != 0).holds:
            why = _("less {refund} it is {paid}, wherever something was given back")
            reading.map("amount", listed, why.format(refund=refunds[0], paid=paid))
            return listed
    if not paid_ones:
        reading.ask(ask_amount(sorted(amounts, key=lambda raw: raw != paid)))
    reading.map(
        "amount", paid, _("what was paid; {listed} stands beside it").format(listed=listed) if paid_ones else ""
    )
    return paid


def _ask_price(column: str, quantity: str) -> Asked:
    """Ask whether a column is a price or a line's money, where no article is sold in several quantities."""
    asks = _("Is {column} the price of one, or the money of the line? No article is sold in several quantities.")
    options = (
        Option("price_of_one", _times(column, quantity), {"columns.unit_price": column, "columns.amount": None}),
        Option("money_of_the_line", _alone(column), {"columns.amount": column, "columns.unit_price": None}),
    )
    return Asked("price_or_line_total", "money", asks.format(column=column), options)


def _ask_far(amount: str, price: str, quantity: str, kind: str) -> Asked:
    """Ask which of three columns is the money of a line, where one is not the product of the others."""
    options = [
        Option("amount", _alone(amount), {"columns.amount": amount, "columns.unit_price": None}),
        Option("price_times_quantity", _times(price, quantity), {"columns.unit_price": price, "columns.amount": None}),
        Option("price_is_the_line", _alone(price), {"columns.amount": price, "columns.unit_price": None}),
    ]
    if kind == "total":
        options = [options[2], *options[:2]]
    asks = _("Which is the money of a line? {amount} is not {price} × {quantity}.")
    return Asked("money_of_a_line", "money", asks.format(amount=amount, price=price, quantity=quantity), tuple(options))


def _times(column: str, quantity: str) -> str:
    return _("{column} × {quantity} is the money of a line").format(column=column, quantity=quantity)


def _alone(column: str) -> str:
    return _("{column} is the money of a line").format(column=column)
