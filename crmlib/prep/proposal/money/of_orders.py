"""Money of whole orders: a total where lines have none, a discount to spread, a refund, the postage within."""

from typing import Any

from crmlib.prep.proposal.money.facts import Facts, sides
from crmlib.prep.proposal.money.questions import ask_shipping
from crmlib.prep.proposal.readings import Reading
from crmlib.words import _


def read_order_money(facts: Facts, value: Any, reading: Reading) -> None:
    """Map what the columns of orders say beyond the lines.

    Parameters
    ----------
    value
        Expression of a line's money; None where lines have none.
    """
    _refund(facts, reading)
    discounts = [raw for raw in facts.of_order("order_discount") if facts.some(raw)]
    totals = facts.of_order("order_total")
    if value is not None:
        if discounts and _is_to_come_off(facts, value):
            why = _("the lines come to the total and this; spread over the order's lines")
            reading.map("order_discount", discounts[0], why if totals else _("an order's, spread over its lines"))
        _shipping_of_lines(facts, reading)
        return
    if not totals:
        return
    reading.map("order_total", totals[0], _("the same on every line of an order: the order's, spread over its lines"))
    shipping = [raw for raw in facts.of_order("order_shipping") if facts.some(raw)]
    if shipping:
        reading.asked.append(ask_shipping("order_total", totals[0], shipping[0]))


def _refund(facts: Facts, reading: Reading) -> None:
    of_order = [raw for raw in facts.of_order("order_refund") if facts.some(raw)]
    if of_order:
        reading.map("order_refund", of_order[0], _("an order's, spread over its lines"))
        return
    taken = [raw for raw in reading.columns.values() if isinstance(raw, str)]
    of_line = facts.of_line("refund", "order_refund", but=taken)
    if of_line:
        reading.map("refund", of_line[0], _("money given back beside the sale"))


def _is_to_come_off(facts: Facts, value: Any) -> bool:
    """Say whether an order's discount is still to come off its lines: they come to the total and the discount."""
    found = sides(facts, value)
    before = max((each.equal for name, each in found.items() if name.endswith("+discount")), default=0)
    after = max((each.equal for name, each in found.items() if not name.endswith("+discount")), default=0)
    return before >= after


def _shipping_of_lines(facts: Facts, reading: Reading) -> None:
    """Ask about postage where a row is an order and the only money that it has may contain it."""
    amount = reading.columns.get("amount")
    shipping = facts.of_line("order_shipping")
    if isinstance(amount, str) and shipping and "unit_price" not in reading.columns and not facts.levels_told:
        reading.asked.append(ask_shipping("amount", amount, shipping[0]))
