"""Returns matched to the purchases they undo: by the order they name, else by customer, product and quantity."""

from typing import Any, Final

import ibis

from crmlib.params.cleaning import ReturnsRules
from crmlib.prep.logic import surely
from crmlib.prep.returns.allocation import UNITS, Stage, all_of, allocate, lessen

BY_ORDER: Final = "order"
BY_PREFIX: Final = "cancelled_order"
BY_CUSTOMER: Final = "customer"
UNMATCHED: Final = "none"

_PLACE: Final = ("source", "file", "line")
_MONEY: Final = "decimal(18, 4)"


def match_returns(transactions: Any, rules: ReturnsRules, stage: Stage) -> Any:
    """Match the returns of goods to the purchases they undo; no unit is undone twice.

    A return that names its order (``returned_order_id``, or an order number that is a cancellation's less its prefix)
    undoes lines of that order and product. Any other undoes purchases of the same customer and product, by the rule of
    :mod:`crmlib.prep.returns.allocation`. A purchase is never later than its return; anonymous returns are matched by
    order alone. Lines without a quantity are matched by their money.

    A match is known when the return is made: a reader of an earlier day keeps the rows with ``returned_at`` before it.
    What a return undoes does not depend on later returns, but for one case: a later return that names its order may
    claim the units that an earlier one without a number would have been given.

    Parameters
    ----------
    transactions
        The clean table.
    rules
        How a return is recognised; the prefix of cancellations.
    stage
        Keeps the table of a step.

    Returns
    -------
    ibis.Table
        One row a return line and purchase line, and one for what a return leaves unmatched: ``source, file, line``,
        ``order_id, returned_at, customer_id, product_id`` of the return; ``purchase_source, purchase_file,
        purchase_line, purchase_order_id, purchased_at`` (missing where unmatched); ``quantity`` (units undone; money
        where no quantity was delivered) and ``amount`` (money given back for them), both positive; ``matched_by``
        (``order``, ``cancelled_order``, ``customer``, ``none``) and ``whole_line`` (whether the row undoes all of the
        purchase line). Quantities and amounts of a return add up to the return's.
    """
    returns = stage(_returns(transactions, rules), "returns")
    pairs = stage(_numbered(_pairs(returns, _purchases(transactions))), "return_pairs")
    named = pairs.filter(pairs.way == BY_ORDER)
    by_order = allocate(_open(named), stage, "by_order")
    rest = _open(pairs.filter(pairs.way == BY_CUSTOMER))
    if by_order:
        rest = stage(lessen(rest, all_of(by_order)), "return_rest")
    by_customer = allocate(rest, stage, "by_customer")
    return _told(returns, pairs, [(by_order, BY_ORDER), (by_customer, BY_CUSTOMER)])


def _returns(lines: Any, rules: ReturnsRules) -> Any:
    """Give returns of goods numbers in the order of time, what they bring back and the order they name."""
    undone = lines.returned_order_id
    if rules.order_id_prefix:
        prefix = rules.order_id_prefix
        stripped = ibis.ifelse(
            lines.order_id.startswith(prefix), lines.order_id.substr(len(prefix)), ibis.null("string")
        )
        undone = ibis.coalesce(undone, stripped)
    back = lines.filter(lines.is_return & lines.is_product).mutate(undone=undone, **_measured(lines))
    back = back.filter(back.units > 0).mutate(returned_at=back.ordered_at, amount=(-back.amount).cast(_MONEY))
    return back.select(
        *_PLACE, "order_id", "returned_at", "customer_id", "product_id", "units", "counted", "undone", "amount",
        names_order=back.returned_order_id.notnull(),
        back=ibis.row_number().over(order_by=[back.returned_at, *(back[name] for name in _PLACE)]),
    )  # fmt: skip


def _purchases(lines: Any) -> Any:
    bought = lines.filter(~lines.is_return & lines.is_product).mutate(**_measured(lines))
    bought = bought.filter(surely(bought.units > 0) & surely(bought.amount >= 0))
    return bought.select(
        **{f"purchase_{name}": bought[name] for name in (*_PLACE, "order_id")},
        purchased_at=bought.ordered_at,
        p_customer=bought.customer_id,
        p_product=_product(bought),
        p_counted=bought.counted,
        bought_units=bought.units,
    )


def _measured(lines: Any) -> dict[str, Any]:
    """Measure a line in units, or in money where it has none, and say which."""
    counted = surely(lines.quantity != 0)
    return {"units": ibis.ifelse(counted, lines.quantity.abs(), lines.amount.abs()).cast(UNITS), "counted": counted}


def _product(lines: Any) -> Any:
    return lines.product_id.fill_null("")


def _pairs(returns: Any, purchases: Any) -> Any:
    """Pair each return with the purchases it may undo, by order and by customer."""
    same = [
        _product(returns) == purchases.p_product,
        returns.counted == purchases.p_counted,
        returns.returned_at >= purchases.purchased_at,
    ]
    by_order = returns.join(purchases, [returns.undone == purchases.purchase_order_id, *same])
    by_customer = returns.join(purchases, [returns.customer_id == purchases.p_customer, *same])
    columns = [*(f"purchase_{name}" for name in (*_PLACE, "order_id")), "purchased_at", "bought_units", "back", "units"]
    order_group = by_order.undone + ibis.literal("\x1f") + by_order.p_product
    customer_group = by_customer.p_customer + ibis.literal("\x1f") + by_customer.p_product
    return by_order.select(*columns, way=ibis.literal(BY_ORDER), group=order_group).union(
        by_customer.select(*columns, way=ibis.literal(BY_CUSTOMER), group=customer_group)
    )


def _numbered(pairs: Any) -> Any:
    """Give purchases numbers in the order of time."""
    order = [pairs.purchased_at, *(pairs[f"purchase_{name}"] for name in _PLACE)]
    return pairs.mutate(bought=ibis.dense_rank().over(order_by=order))


def _open(pairs: Any) -> Any:
    return pairs.select("group", "back", "bought", "units", left=pairs.bought_units)


def _told(returns: Any, pairs: Any, found: list[tuple[list[Any], str]]) -> Any:
    """Tell of each match both lines, and of each return what is left of it."""
    purchases = pairs.drop("back", "units", "way", "group").distinct()
    rounds = [each.mutate(way=ibis.literal(way)) for taken, way in found for each in taken]
    if not rounds:
        return _unmatched(returns.mutate(matched=ibis.literal(0).cast(UNITS)), purchases)
    taken = all_of(rounds)
    upto = taken["take"].sum().over(ibis.cumulative_window(group_by=taken.back, order_by=taken.bought.desc()))
    taken = taken.mutate(upto=upto.cast(UNITS))
    sums = taken.group_by("back").agg(matched=taken["take"].sum().cast(UNITS))
    matched = taken.join(returns, "back").join(purchases, "bought")
    shares = (_part(matched, matched.upto) - _part(matched, matched.upto - matched["take"])).cast(_MONEY)
    how = ibis.cases(
        (matched.way == BY_CUSTOMER, BY_CUSTOMER), (matched.names_order, BY_ORDER), else_=ibis.literal(BY_PREFIX)
    )
    told = matched.select(
        *_RETURN_COLUMNS, *_purchase_columns(purchases),
        quantity=matched["take"].cast(UNITS), amount=shares, matched_by=how,
        whole_line=matched["take"] == matched.bought_units,
    )  # fmt: skip
    left = returns.left_join(sums, "back")
    left = left.mutate(matched=left.matched.fill_null(ibis.literal(0).cast(UNITS)))
    return told.union(_unmatched(left, purchases))


_RETURN_COLUMNS: Final = (*_PLACE, "order_id", "returned_at", "customer_id", "product_id")


def _purchase_columns(purchases: Any) -> list[str]:
    return [name for name in purchases.columns if name not in ("bought", "bought_units")]


def _part(rows: Any, units: Any) -> Any:
    """Give the money of so many units of a return; parts of one return add up to it exactly."""
    share = units.cast("float64") / rows.units.cast("float64")
    return (rows.amount.cast("float64") * share).cast(_MONEY)


def _unmatched(returns: Any, purchases: Any) -> Any:
    """Tell of each return what found no purchase."""
    left = returns.filter(returns.matched < returns.units)
    return left.select(
        *_RETURN_COLUMNS,
        **{name: ibis.null(purchases[name].type()) for name in _purchase_columns(purchases)},
        quantity=(left.units - left.matched).cast(UNITS),
        amount=(left.amount - _part(left, left.matched)).cast(_MONEY),
        matched_by=ibis.literal(UNMATCHED),
        whole_line=ibis.null("boolean"),
    )
