"""The dictionary of the business figures: what each one counts, and which columns it comes from."""

from dataclasses import dataclass

from crmlib.words import _, formats


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the business.

    Attributes
    ----------
    code
        Its column in the table ``business_figures``.
    label, definition
        Its name and what it counts, in the reader's words.
    unit
        ``money, people, count, share`` or ``number``.
    source
        The columns of the clean tables that it is made of.
    needs
        Column without which it is left out; empty where every shop has it.
    missing
        What the page calls that which the data do not hold where it is left out.
    """

    code: str
    label: str
    definition: str
    unit: str
    source: str
    needs: str = ""
    missing: str = ""


def dictionary(lost_after: float | None = None, lost_share: float | None = None) -> list[Figure]:
    """Define every figure of the business, in the order of the page.

    Parameters
    ----------
    lost_after
        Days without a purchase after which a customer counts as lost, to be said in the definition.
    lost_share
        Share of the returns after a first day of purchase that come sooner.

    Examples
    --------
    >>> [each.code for each in dictionary()][:3]
    ['net', 'net_per_day', 'orders']
    """
    return [*_money_and_people(lost_after, lost_share), *_averages(), *_where_delivered()]


def _money_and_people(lost_after: float | None, lost_share: float | None) -> list[Figure]:
    days = _("{n} days").format(n=round(lost_after)) if lost_after else _("as many days as make a customer lost")
    share = formats.share(lost_share, decimals=0) if lost_share else _("nearly all")
    who = "customer_id, ordered_at, is_purchase"
    return [
        Figure("net", _("Net revenue"), _("Products sold less products taken back, anonymous sales included."),
               "money", "amount, is_purchase, is_return, is_product"),
        Figure("net_per_day", _("Net revenue per day"), _("Net revenue over the days of the span: months differ in "
               "length."), "money", "amount, is_purchase, is_return, is_product"),
        Figure("orders", _("Orders"), _("Distinct order numbers with a product bought."),
               "count", "order_id, is_purchase"),
        Figure("active", _("Active customers"), _("Known customers who bought."), "people", who),
        Figure("new", _("New customers"), _("Active customers who had never bought before in the data, in whatever "
               "part of the business."), "people", who),
        Figure("reactivated", _("Back after a pause"),
               _("Active customers who had bought before, but not in the month before (twelve months before, for "
                 "twelve months). In all only: who pauses in one store may buy in another."), "people", who),
        Figure("lost", _("Newly lost customers"),
               _("Customers who reached {days} without a purchase within the span. Of the customers with one day of "
                 "purchase who came back, {share} did so sooner, and of those still waiting then no more than one in "
                 "ten come back. Who returns later was lost all the same, and then counts as back after a pause. In "
                 "all only.")
               .format(days=days, share=share), "people", who),
        Figure("repurchase_rate", _("Repurchase rate"),
               _("Of the customers who bought in the month before (twelve months before), the share who bought in the "
                 "span too; of a channel, store or category, who bought in it in both. Not told of a tier: it is the "
                 "one of the extract, earned by buying again."), "share", who),
    ]  # fmt: skip


def _averages() -> list[Figure]:
    return [
        Figure("average_order_value", _("Order value"), _("Gross revenue over orders."), "money",
               "amount, order_id, is_purchase"),
        Figure("identified_share", _("Known customers' share"),
               _("Gross revenue of orders with a customer number (members) over all gross revenue."), "share",
               "amount, customer_id, is_purchase"),
        Figure("returned_share", _("Returned"),
               _("Money of products taken back in the span, whenever they were bought, over gross revenue."), "share",
               "amount, is_return, is_product"),
        Figure("gross", _("Gross revenue"), _("Products sold, before anything was taken back; postage, fees and "
               "vouchers left out."), "money", "amount, is_purchase"),
        Figure("returning", _("Returning customers"), _("Active customers who had bought before the span, in whatever "
               "part of the business."), "people", "customer_id, ordered_at, is_purchase"),
        Figure("units_per_order", _("Units per order"), _("Units sold over orders."), "number",
               "quantity, order_id, is_purchase"),
        Figure("price_per_unit", _("Price per unit"),
               _("Gross revenue over units sold: the price paid, after discount."), "money",
               "amount, quantity, is_purchase"),
    ]  # fmt: skip


def _where_delivered() -> list[Figure]:
    return [
        Figure("discount_share", _("Discount"),
               _("Discounts over what the same lines would have cost without them; lines that do not say their "
                 "discount are left out."), "share", "discount, amount, is_purchase", "discount",
               _("discounts")),
        Figure("points", _("Points redeemed"), _("Loyalty points spent, where the source says so."), "count",
               "points_redeemed, is_purchase", "points",
               _("points")),
    ]  # fmt: skip
