"""Money of whole orders: a total where lines have none, a discount to spread, a refund, the postage within."""

from collections.abc import Sequence
from typing import Final

from crmlib.prep.proposal.money.deductions import place_of_postage
from crmlib.prep.proposal.money.facts import Facts, Value, says_paid, sides
from crmlib.prep.proposal.readings import Asked, Option, Reading
from crmlib.words import _

_EXTRAS: Final = ("order_shipping", "order_tax")
_MOST_ASKED: Final = 4


def read_order_money(facts: Facts, value: Value | None, reading: Reading) -> None:
    """Map what the columns of orders say beyond the lines."""
    _refund(facts, reading)
    discounts = [raw for raw in facts.of_order("order_discount") if facts.some(raw) and raw not in reading.taken]
    totals = facts.of_order("order_total")
    if value is not None:
        less = _paid_less(facts, totals, value)
        if less is not None:
            why = _("what was paid for the order, less than its lines come to; spread over them")
            reading.map("order_total", less, why)
            _within(facts, less, value, reading)
            return
        if discounts:
            _discount(facts, value, discounts[0], reading)
        _shipping_of_lines(facts, reading)
        return
    if not totals:
        return
    why = _("the same on every line of an order: the order's, spread over its lines")
    reading.map("order_total", _of_several(facts, totals, reading), why)
    shipping = [raw for raw in facts.of_order("order_shipping") if facts.some(raw)]
    if shipping:
        reading.ask(_ask_shipping("order_total", str(reading.columns["order_total"]), shipping[0]))


def _paid_less(facts: Facts, totals: Sequence[str], value: Value) -> str | None:
    """Give the total that was paid, where the lines come to another total and this one is lower."""
    paid = [raw for raw in totals if says_paid(raw)]
    if len(totals) < 2 or len(paid) != 1:
        return None
    found, (other, *_more) = sides(facts, value), [raw for raw in totals if raw not in paid]
    lower = (facts.lines[paid[0]] < facts.lines[other]).sum().to_pandas() or 0
    return paid[0] if other in found and found[other].holds and int(lower) and not found[paid[0]].holds else None


def _within(facts: Facts, paid: str, value: Value, reading: Reading) -> None:
    """Take postage and tax out of what was paid where orders without a discount say so; ask where none does."""
    known = {role: facts.of_order(role)[:1] for role in _EXTRAS}
    known = {role: raws for role, raws in known.items() if raws and facts.some(raws[0])}
    found = sides(facts, value)
    ways = {"": (), "-shipping": ("order_shipping",), "-tax": ("order_tax",), "-shipping-tax": _EXTRAS}
    equal = {name: found[f"{paid}{name}"].equal for name, roles in ways.items() if set(roles) <= set(known)}
    best = max(equal, key=lambda name: equal[name])
    shipping = known.get("order_shipping")
    if shipping and (not equal[best] or list(equal.values()).count(equal[best]) > 1):
        reading.ask(_ask_shipping("order_total", paid, shipping[0]))
        return
    for role in ways[best]:
        reading.map(role, known[role][0], _("within {total}, as orders without a discount say").format(total=paid))


def _of_several(facts: Facts, totals: Sequence[str], reading: Reading) -> str:
    """Choose between several totals of an order: what was paid where a word says so; else ask where they differ."""
    sums = {raw: float(facts.lines[raw].sum().to_pandas() or 0.0) for raw in totals}
    if len(set(sums.values())) == 1:
        return totals[0]
    paid = [raw for raw in totals if says_paid(raw)]
    if len(paid) != 1:
        reading.ask(ask_amount(totals, "order_total"))
    return (paid or totals)[0]


def _discount(facts: Facts, value: Value, discount: str, reading: Reading) -> None:
    """Let an order's discount come off its lines where they come to the total and it; ask where nothing tells."""
    found = sides(facts, value)
    before, after = (
        max((side.equal for name, side in found.items() if name.endswith("+discount") is discounted), default=0)
        for discounted in (True, False)
    )
    if before > after:
        why = _("the lines come to the total and this; spread over the order's lines")
        reading.map("order_discount", discount, why)
    elif before == after and (not found or not before):
        if {"amount", "amount_before_discount"} & reading.columns.keys():
            reading.ask(_ask_order_discount(discount))
        else:
            reading.map("order_discount", discount, _("an order's, off price × quantity, spread over its lines"))


def _refund(facts: Facts, reading: Reading) -> None:
    of_order = [raw for raw in facts.of_order("order_refund") if facts.some(raw)]
    if of_order:
        reading.map("order_refund", of_order[0], _("an order's, spread over its lines"))
        return
    of_line = facts.of_line("refund", "order_refund", but=list(reading.plain.values()))
    if of_line:
        reading.map("refund", of_line[0], _("money given back beside the sale"))


def _shipping_of_lines(facts: Facts, reading: Reading) -> None:
    """Ask about postage where a row is an order and the only money that it has may contain it."""
    amount = reading.plain.get("amount")
    shipping = facts.of_line("order_shipping")
    if not amount or not shipping or "unit_price" in reading.columns or facts.has_levels:
        return
    place = place_of_postage(facts, amount, shipping[0], reading)
    if place == "within":
        reading.map("order_total", amount, _("less the postage an article costs the same on every line"))
        reading.map("order_shipping", shipping[0], _("within {total}").format(total=amount))
    elif not place:
        reading.ask(_ask_shipping("amount", amount, shipping[0]))


def ask_amount(amounts: Sequence[str], mapped: str = "amount") -> Asked:
    """Ask which of several columns of money came in, where no word and no other column tells."""
    options = tuple(
        Option(f"column_{n}", _("{column} is what came in").format(column=raw), {f"columns.{mapped}": raw})
        for n, raw in enumerate(amounts[:_MOST_ASKED], start=1)
    )
    asks = _("Which is the money that came in: {columns}? They differ, and nothing beside them says why.")
    return Asked("which_amount", "money", asks.format(columns=", ".join(amounts[:_MOST_ASKED])), options)


def _ask_order_discount(discount: str) -> Asked:
    """Ask whether an order's discount is still to come off the money of its lines."""
    asks = _("Is {discount} still to come off the money of the lines? No total of the order tells.")
    options = (
        Option("off_already", _("the lines are after it")),
        Option("to_come_off", _("it is spread over the order's lines"), {"columns.order_discount": discount}),
    )
    return Asked("order_discount", "money", asks.format(discount=discount), options)


def _ask_shipping(mapped: str, total: str, shipping: str) -> Asked:
    """Ask whether an order's money contains the postage."""
    beside = {f"columns.{mapped}": total, "columns.order_shipping": None}
    within = {"columns.amount": None, "columns.order_total": total, "columns.order_shipping": shipping}
    asks = _("Does {total} contain {shipping}? Postage is no sale of goods.")
    options = (
        Option("beside_it", _("{total} is the money of the goods alone").format(total=total), beside),
        Option("contained", _("{shipping} is taken off {total}").format(shipping=shipping, total=total), within),
    )
    return Asked("shipping_in_total", "money", asks.format(total=total, shipping=shipping), options)
