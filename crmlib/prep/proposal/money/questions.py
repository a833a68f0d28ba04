"""Questions about money that the numbers raise and do not answer."""

from collections.abc import Sequence
from typing import Final

from crmlib.prep.proposal.readings import Asked, Option
from crmlib.words import _

_MOST: Final = 4


def ask_price(column: str, quantity: str) -> Asked:
    """Ask whether a column is a price or a line's money, where no article is sold in several quantities."""
    asks = _("Is {column} the price of one, or the money of the line? No article is sold in several quantities.")
    return Asked(
        "price_or_line_total",
        "money",
        asks.format(column=column),
        (
            Option("price_of_one", _times(column, quantity),
                   {"columns.unit_price": column, "columns.amount": None}),
            Option("money_of_the_line", _alone(column),
                   {"columns.amount": column, "columns.unit_price": None}),
        ),
    )  # fmt: skip


def ask_far(amount: str, price: str, quantity: str, told: str) -> Asked:
    """Ask which of three columns is the money of a line, where one is not the product of the others."""
    options = [
        Option("amount", _alone(amount), {"columns.amount": amount, "columns.unit_price": None}),
        Option("price_times_quantity", _times(price, quantity),
               {"columns.unit_price": price, "columns.amount": None}),
        Option("price_is_the_line", _alone(price),
               {"columns.amount": price, "columns.unit_price": None}),
    ]  # fmt: skip
    if told == "total":
        options = [options[2], *options[:2]]
    asks = _("Which is the money of a line? {amount} is not {price} × {quantity}.")
    return Asked("money_of_a_line", "money", asks.format(amount=amount, price=price, quantity=quantity), tuple(options))


def ask_amount(amounts: Sequence[str], mapped: str = "amount") -> Asked:
    """Ask which of several columns of money came in, where no word and no other column tells."""
    options = tuple(
        Option(f"column_{n}", _("{column} is what came in").format(column=raw), {f"columns.{mapped}": raw})
        for n, raw in enumerate(amounts[:_MOST], start=1)
    )
    asks = _("Which is the money that came in: {columns}? They differ, and nothing beside them says why.")
    return Asked("which_amount", "money", asks.format(columns=", ".join(amounts[:_MOST])), options)


def ask_order_discount(discount: str) -> Asked:
    """Ask whether an order's discount is still to come off the money of its lines."""
    return Asked(
        "order_discount",
        "money",
        _("Is {discount} still to come off the money of the lines? No total of the order tells.").format(
            discount=discount
        ),
        (
            Option("off_already", _("the lines are after it")),
            Option("to_come_off", _("it is spread over the order's lines"), {"columns.order_discount": discount}),
        ),
    )


def ask_discount(discount: str, options: Sequence[str]) -> Asked:
    """Ask what a discount is, where numbers like its own may be money, a share or per cent."""
    means = {
        "discount": _("{discount} is money").format(discount=discount),
        "discount_rate": _("{discount} is a share of the price: 0.2 is a fifth").format(discount=discount),
        "discount_percent": _("{discount} is per cent of the price: 20 is a fifth").format(discount=discount),
    }
    every = ("discount", "discount_rate", "discount_percent")
    return Asked(
        "kind_of_discount",
        "money",
        _("What is {discount}: money, a share, or per cent? Nothing beside it tells.").format(discount=discount),
        tuple(
            Option(name.removeprefix("discount_") if name != "discount" else "money", means[name],
                   {f"columns.{other}": discount if other == name else None for other in every})
            for name in options
        ),
    )  # fmt: skip


def ask_shipping(mapped: str, total: str, shipping: str) -> Asked:
    """Ask whether an order's money contains the postage."""
    beside = {f"columns.{mapped}": total, "columns.order_shipping": None}
    within = {"columns.amount": None, "columns.order_total": total, "columns.order_shipping": shipping}
    return Asked(
        "shipping_in_total",
        "money",
        _("Does {total} contain {shipping}? Postage is no sale of goods.").format(total=total, shipping=shipping),
        (
            Option("beside_it", _("{total} is the money of the goods alone").format(total=total), beside),
            Option("contained", _("{shipping} is taken off {total}").format(shipping=shipping, total=total), within),
        ),
    )


def _times(column: str, quantity: str) -> str:
    return _("{column} × {quantity} is the money of a line").format(column=column, quantity=quantity)


def _alone(column: str) -> str:
    return _("{column} is the money of a line").format(column=column)
