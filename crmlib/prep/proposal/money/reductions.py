"""Discounts of lines: money or a rate, and whether the line's money is before or after them."""

from typing import Any, Final

import ibis

from crmlib.prep.arguing import articles, relations
from crmlib.prep.proposal.money.facts import Facts, sides
from crmlib.prep.proposal.money.questions import ask_discount
from crmlib.prep.proposal.readings import Reading
from crmlib.words import _

_MOSTLY: Final = 0.9


def read_discount(facts: Facts, reading: Reading, money: Any) -> Any:
    """Map the discount of lines, if there is any, and give their money after it."""
    taken = [raw for raw in reading.columns.values() if isinstance(raw, str)]
    columns = facts.of_line("discount", "discount_rate", "discount_percent", "order_discount", but=taken)
    if not columns:
        return money
    column, lines = columns[0], facts.lines
    name = _kind(facts, reading, money, column)
    share = {"discount_rate": lines[column], "discount_percent": lines[column] / 100}.get(name)
    why = _("all lie between 0 and 1: shares of the price") if name == "discount_rate" else ""
    reading.map(name, column, why)
    off = money * share if share is not None else lines[column].abs()
    after = money - off.fill_null(0.0)
    if "amount" not in reading.columns:
        return after
    if not _is_before(facts, reading, money, column, share):
        return money
    amount = reading.columns["amount"]
    reading.map("amount_before_discount", amount, _("it is the listed money also where a discount stands"))
    return after


def _kind(facts: Facts, reading: Reading, money: Any, column: str) -> str:
    """Say what a discount is: as the totals of orders tell, as its numbers and its header do; else ask."""
    extent = facts.extents[column]
    is_share = extent.least >= 0 and extent.most <= 1 and extent.whole < extent.lines
    may_be_percent = extent.least >= 0 and 1 < extent.most <= 100 and extent.whole == extent.lines
    named = facts.columns.roles[column][:1] == ("discount_percent",)
    likely = "discount_rate" if is_share else "discount_percent" if named and may_be_percent else "discount"
    if "amount" in reading.columns or named or not (is_share or may_be_percent):
        return likely
    off = {"discount": facts.lines[column].abs(), "discount_rate": money * facts.lines[column],
           "discount_percent": money * facts.lines[column] / 100}  # fmt: skip
    agree = {
        name: max((each.equal for each in sides(facts, money - each).values()), default=0) for name, each in off.items()
    }
    best = max(agree, key=lambda name: agree[name])
    if agree[best] and list(agree.values()).count(agree[best]) == 1:
        return best
    options = [
        likely,
        *(
            name
            for name in (("discount", "discount_rate") if is_share else ("discount", "discount_percent"))
            if name != likely
        ),
    ]
    reading.ask(ask_discount(column, options))
    return likely


def _is_before(facts: Facts, reading: Reading, money: Any, discount: str, share: Any) -> bool:
    """Say whether money is before its discount: by price times quantity, else by what the article usually costs."""
    lines = facts.lines
    price, quantity = (reading.columns.get(name) for name in ("unit_price", "quantity"))
    if isinstance(price, str) and isinstance(quantity, str):
        product = lines[price] * lines[quantity]
        off = product * share if share is not None else lines[discount].abs()
        found = relations.price_times_quantity(lines.mutate(_money=money, _off=off), "_money", price, quantity, "_off")
        return found.discounted > 0 and found.before >= _MOSTLY * found.discounted and found.after < found.before
    if facts.columns.article is None:
        return False
    units = lines[quantity].abs() if isinstance(quantity, str) else ibis.literal(1.0)
    off = lines[discount].fill_null(0.0)
    listed = money / (1 - share.fill_null(0.0)) if share is not None else money + off.abs()
    told = articles.steadier(lines, facts.columns.article, money / units, listed / units, off != 0)
    return told == "first"
