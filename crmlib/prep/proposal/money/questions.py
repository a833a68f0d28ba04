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


def ask_amount(amounts: Sequence[str]) -> Asked:
    """Ask which of several columns of money came in, where no word and no other column tells."""
    options = tuple(
        Option(f"column_{n}", _alone(raw), {"columns.amount": raw}) for n, raw in enumerate(amounts[:_MOST], start=1)
    )
    asks = _("Which is the money that came in: {columns}? They differ, and nothing beside them says why.")
    return Asked("which_amount", "money", asks.format(columns=", ".join(amounts[:_MOST])), options)


def ask_shipping(mapped: str, total: str, shipping: str) -> Asked:
    """Ask whether an order's money contains the postage.

    Parameters
    ----------
    mapped
        The canonical column that the money is mapped to as long as nobody has answered.
    """
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
