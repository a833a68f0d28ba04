"""The money of a whole order, spread over its lines exactly to the cent."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

import ibis

from crmlib.prep.counted import is_left_out
from crmlib.prep.landing import BROKEN, FILE, LINE
from crmlib.prep.logic import surely
from crmlib.prep.mapping import SOURCE, UNREADABLE, Mapped
from crmlib.prep.marks import DISCOUNT_BEYOND, MERGED, ORDER_DIFFERS, REFUND, REFUND_BEYOND
from crmlib.prep.money import MONEY, as_money

ORDER_MONEY: Final = ("order_total", "order_discount", "order_shipping", "order_tax", "order_refund")

_CENT: Final = ibis.literal(Decimal("0.01"), "decimal(20, 2)")
_SUM: Final = "decimal(38, 4)"
_ORDER: Final = "_order"
_STANDS: Final = "_stands"
_GROUP: Final = (SOURCE, _ORDER, _STANDS)


def tells_of_orders(given: frozenset[str]) -> bool:
    """Tell whether any source delivers the money of whole orders."""
    return bool(given.intersection(ORDER_MONEY))


def spread_orders(mapped: Mapped) -> Mapped:
    """Spread totals, discounts and tax of orders over their lines, and what was given back of them.

    What is spread of a total is the total less shipping and tax, in proportion to what the lines are worth, else to
    their quantities, else in equal parts; without a total the order's discount and tax come off the lines, the discount
    as far as they cost anything: the rest is one on shipping. An order whose money cannot be read has lines without
    money. Money stands on the lines of an order or on one of them: the largest counts. Lines that are merged or left
    out are spread over among themselves.
    """
    rows = _summed(_grouped(mapped.rows), mapped)
    rows = _with_goods(rows)
    if REFUND in rows.columns:
        rows = rows.mutate(**{REFUND: _without_tax(rows[REFUND].abs(), rows.amount, rows.tax)})
    if "order_refund" in mapped.given:
        rows = _with_refunds(rows)
    own = [name for name in rows.columns if name.startswith("_of_")] + [_ORDER, _STANDS]
    return replace(mapped, rows=rows.drop(*own))


def _grouped(rows: ibis.Table) -> ibis.Table:
    """Say which lines are one order: a line without an order number is one, and what does not count stays apart."""
    apart = rows[FILE] + ibis.literal("/")
    order = ibis.coalesce(rows.order_id, apart + rows[LINE].cast("string"))
    merged = rows[MERGED].notnull() | rows[BROKEN]
    stands = ibis.cases((is_left_out(rows), apart + "left out"), (merged, apart + "merged"), else_=ibis.literal(""))
    return rows.mutate(**{_ORDER: order, _STANDS: stands})


def _summed(rows: ibis.Table, mapped: Mapped) -> ibis.Table:
    """Tell on every line what its order is: lines, worth, quantities, and the money that is told of it."""
    order = ibis.window(group_by=[rows[name] for name in _GROUP])
    worth, units = rows.amount.abs(), rows.quantity.abs()
    sums = {
        "_of_lines": rows[LINE].count(),
        "_of_known": rows.amount.count(),
        "_of_counted": rows.quantity.count(),
        "_of_value": rows.amount.cast(_SUM).sum(),
        "_of_worth": worth.cast(_SUM).sum(),
        "_of_units": units.cast(_SUM).sum(),
        **{f"_of_least_{name}": rows[name].min() for name in ORDER_MONEY if name in mapped.given},
        **{f"_of_most_{name}": rows[name].max() for name in ORDER_MONEY if name in mapped.given},
        "_of_lost": _unread(mapped, rows).cast("int64").max(),
    }
    told = rows.mutate(**{name: value.over(order) for name, value in sums.items()})
    return _weighed(_largest(told, mapped.given))


def _unread(mapped: Mapped, rows: ibis.Table) -> ibis.Value:
    names = [column.name for column in mapped.columns]
    bits = sum(1 << names.index(name) for name in ORDER_MONEY if name in mapped.given)
    return (rows[UNREADABLE] & bits) != 0


def _largest(rows: ibis.Table, given: frozenset[str]) -> ibis.Table:
    """Take the largest that is told of an order, and mark the lines that tell something else of it."""
    money, differs = {}, ibis.literal(value=False)
    for name in ORDER_MONEY:
        if name not in given:
            money[f"_of_{name}"] = ibis.null(MONEY)
            continue
        least, most = rows[f"_of_least_{name}"], rows[f"_of_most_{name}"]
        largest = ibis.ifelse(-least > most, least, most)
        money[f"_of_{name}"] = largest
        differs = differs | surely((rows[name] != 0) & (rows[name] != largest))
    return rows.mutate(**money, **{ORDER_DIFFERS: differs})


def _weighed(rows: ibis.Table) -> ibis.Table:
    """Weigh the lines of an order by their worth, else by their quantities, else alike, and add the weights up."""
    valued = (rows["_of_known"] == rows["_of_lines"]) & (rows["_of_worth"] > 0)
    counted = (rows["_of_counted"] == rows["_of_lines"]) & (rows["_of_units"] > 0)
    one = ibis.literal(1).cast(MONEY)
    weight = ibis.cases((surely(valued), rows.amount.abs()), (surely(counted), rows.quantity.abs()), else_=one)
    weighed = rows.mutate(_of_weight=weight.cast(MONEY), _of_valued=surely(valued))
    return _added_up(weighed, "_of_weight")


def _added_up(rows: ibis.Table, weight: str) -> ibis.Table:
    """Add the sum of a weight up to each line of its order, and the sum over all of them."""
    group = [rows[name] for name in _GROUP]
    upto = ibis.cumulative_window(group_by=group, order_by=[rows[FILE], rows[LINE]])
    value = rows[weight].cast(_SUM).sum()
    return rows.mutate(
        **{f"{weight}_upto": value.over(upto), f"{weight}_whole": value.over(ibis.window(group_by=group))}
    )


@dataclass(frozen=True, slots=True)
class _Spread:
    """Gives each line of an order its share of money, in proportion to a weight; the shares add up exactly."""

    rows: ibis.Table
    weight: str

    def share(self, money: ibis.Value) -> ibis.Value:
        """Give the line's share: what is due up to it less what was due before it, each rounded to the cent."""
        upto, own = self.rows[f"{self.weight}_upto"], self.rows[self.weight]
        return as_money(self._due(money, upto) - self._due(money, upto - own))

    def _due(self, money: ibis.Value, upto: ibis.Value) -> ibis.Value:
        whole = self.rows[f"{self.weight}_whole"]
        part = money.cast("float64") * (upto.cast("float64") / whole.cast("float64").nullif(0.0))
        cents = (part * 100 + 0.5).floor().cast("int64").cast("decimal(20, 2)")
        return ibis.ifelse(upto == whole, as_money(money), as_money(cents * _CENT))


def _with_goods(rows: ibis.Table) -> ibis.Table:
    """Give the lines their amount, discount and tax: of the order's total, else less the order's discount and tax."""
    spread, nothing = _Spread(rows, "_of_weight"), ibis.literal(0).cast(MONEY)
    total, value = rows["_of_order_total"], rows["_of_value"]
    negative = surely(ibis.coalesce(total.cast(_SUM), value) < 0)

    def signed(name: str) -> ibis.Value:
        money = rows[f"_of_order_{name}"].fill_null(0).abs()
        return ibis.ifelse(negative, -money, money)

    goods = as_money(total - signed("shipping") - signed("tax"))
    known = ibis.ifelse(rows["_of_valued"], rows.amount, nothing)
    rest = as_money(goods - ibis.ifelse(rows["_of_valued"], as_money(value), nothing))
    listed, worth = signed("discount"), as_money(value)
    discounted = ibis.ifelse(negative, ibis.greatest(listed, worth), ibis.least(listed, worth))
    discounted = ibis.ifelse(rows["_of_known"] == rows["_of_lines"], discounted, listed)
    off = spread.share(discounted)
    tax = spread.share(signed("tax"))
    from_lines = rows.amount - off - tax
    amount = ibis.ifelse(total.notnull(), known + spread.share(rest), from_lines)
    readable = rows["_of_lost"] == 0
    discount = ibis.ifelse(rows["_of_order_discount"].notnull(), rows.discount.fill_null(0) + off.abs(), rows.discount)
    return rows.mutate(
        amount=as_money(ibis.ifelse(readable, amount, ibis.null(MONEY))),
        discount=as_money(discount),
        tax=ibis.ifelse(readable & rows["_of_order_tax"].notnull(), tax, ibis.null(MONEY)),
        **{DISCOUNT_BEYOND: surely(discounted != listed)},
    )


def _with_refunds(rows: ibis.Table) -> ibis.Table:
    """Give the lines their refund of what was given back for the order, at most what they were sold for.

    What was given back has the order's tax in it, as what was paid; beyond what was sold it is shipping.
    """
    none = ibis.literal(0).cast(MONEY)
    sold = ibis.ifelse(surely(rows.amount > 0), rows.amount, none).cast(MONEY)
    taxed = ibis.ifelse(surely(rows.amount > 0), rows.tax.fill_null(0), none).cast(MONEY)
    rows = _added_up(_added_up(rows.mutate(_of_sold=sold, _of_taxed=taxed), "_of_sold"), "_of_taxed")
    whole = rows["_of_sold_whole"]
    back = _without_tax(rows["_of_order_refund"].abs(), whole, rows["_of_taxed_whole"])
    share = ibis.ifelse(surely(back >= whole), rows["_of_sold"], _Spread(rows, "_of_sold").share(back))
    own = rows[REFUND] if REFUND in rows.columns else ibis.null(MONEY)
    beyond = {REFUND_BEYOND: surely(back > whole)}
    return rows.mutate(**beyond, **{REFUND: as_money(ibis.ifelse(back.isnull(), own, own.fill_null(0) + share))})


def _without_tax(back: ibis.Value, sold: ibis.Value, tax: ibis.Value) -> ibis.Value:
    """Take out of money given back the tax that was paid with it: it is as much of it as of what was sold."""
    share = sold.cast("float64") / (sold + tax).cast("float64").nullif(0.0)
    net = (back.cast("float64") * share).round(2).try_cast(MONEY)
    return as_money(ibis.ifelse(surely(tax != 0), net, back))
