"""Returns matched to the purchases they undo, by order or customer, so that no unit is undone twice; on any engine.

The rule is one that could be followed by hand. Returns are taken in the order of time. Each undoes the nearest earlier
purchase that has enough units left; where none has enough, the nearest ones together. What finds nothing is unmatched.

By hand that is one return after the other. Here every return asks for its purchase at once, and all are granted up to
the first in its group whose wish depends on what the one before it gets; the others ask again. A few rounds do.
"""

from typing import Final

import ibis

from crmlib.params.cleaning import ReturnsRules
from crmlib.prep.logic import surely
from crmlib.prep.staging import Keep

UNITS = "decimal(18, 4)"
BY_ORDER: Final = "order"
BY_PREFIX: Final = "cancelled_order"
BY_CUSTOMER: Final = "customer"
UNMATCHED: Final = "none"

_PLACE: Final = ("source", "file", "line")
_RETURN_COLUMNS: Final = (*_PLACE, "order_id", "returned_at", "customer_id", "product_id")
_MONEY: Final = "decimal(18, 4)"
_LATER: Final = 1 << 40
"""Returns that name their order have their turn before all others: the others' numbers begin here."""


def allocate(pairs: ibis.Table, keep: Keep, name: str) -> list[ibis.Table]:
    """Give returns the purchases they undo: ``back, bought, take`` (units), one table a round.

    ``pairs`` has one row a return and an earlier purchase that it may undo: ``group`` (no purchase stands in two),
    ``back`` and ``bought`` (their numbers, in the order of time), ``units`` (what the return brings back) and ``left``
    (what is left of the purchase, above zero).
    """
    taken: list[ibis.Table] = []
    still = pairs
    while int(still.count().to_pandas()):
        taken.append(keep(_granted(still), f"{name}_{len(taken)}"))
        still = lessen(pairs, all_of(taken))
    return taken


def all_of(taken: list[ibis.Table]) -> ibis.Table:
    """Put what was taken in several rounds into one table."""
    # an engine may widen the decimals of a round
    alike = [part.mutate(take=part["take"].cast(UNITS)) for part in taken]
    return alike[0] if len(alike) == 1 else ibis.union(*alike)


def lessen(pairs: ibis.Table, taken: ibis.Table) -> ibis.Table:
    """Take away the returns that have been served and the units they took; purchases of which nothing is left go."""
    used = taken.group_by("bought").agg(used=taken["take"].sum().cast(UNITS))
    still = pairs.anti_join(taken, "back").left_join(used, "bought")
    left = (still["left"] - still.used.fill_null(ibis.literal(0).cast(UNITS))).cast(UNITS)
    return still.select("group", "back", "bought", "units", left=left).filter(lambda t: t["left"] > 0)


def _granted(pairs: ibis.Table) -> ibis.Table:
    """Grant the wishes that depend on no other: ``back, bought, take``."""
    wishes = _wishes(pairs)
    whole = wishes.filter(wishes.waits == 0).select("back", "bought", take=wishes.units.cast(UNITS))
    # the first of its group for which no purchase has enough may take several
    torn = wishes.filter((wishes.turn == 0) & ~wishes.enough).select("back")
    return whole.union(_spread(pairs.semi_join(torn, "back")))


def _wishes(pairs: ibis.Table) -> ibis.Table:
    """Let each return ask for one purchase, and say whether it must wait for an earlier one of its group."""
    enough = pairs["left"] >= pairs.units
    nearest = ibis.window(group_by=pairs.back, order_by=[enough.cast("int64").desc(), pairs.bought.desc()])
    ranked = pairs.mutate(enough=enough, place=ibis.row_number().over(nearest))
    wish = ranked.filter(ranked.place == 0)
    asked = wish.units.sum().over(ibis.cumulative_window(group_by=wish.bought, order_by=wish.back))
    wish = wish.mutate(stuck=(~wish.enough | (asked > wish["left"])).cast("int64"))
    in_turn = ibis.cumulative_window(group_by=wish["group"], order_by=wish.back)
    return wish.mutate(
        waits=wish.stuck.max().over(in_turn),
        turn=ibis.row_number().over(ibis.window(group_by=wish["group"], order_by=wish.back)),
    )


def _spread(pairs: ibis.Table) -> ibis.Table:
    """Spread returns over several purchases, the nearest first, until they are whole or nothing is left."""
    nearer = ibis.cumulative_window(group_by=pairs.back, order_by=pairs.bought.desc())
    before = pairs["left"].sum().over(nearer) - pairs["left"]
    open_units = pairs.mutate(wanted=(pairs.units - before).cast(UNITS))
    wanted = open_units.filter(open_units.wanted > 0)
    return wanted.select("back", "bought", take=ibis.least(wanted["left"], wanted.wanted).cast(UNITS))


def match_returns(transactions: ibis.Table, rules: ReturnsRules, keep: Keep) -> ibis.Table:
    """Match the returns of goods to the purchases they undo; no unit is undone twice.

    A return that names its order (``returned_order_id``, or an order number that is a cancellation's less its prefix)
    undoes lines of that order and product, where it holds any, and no others. Any other return undoes purchases of the
    same customer and product. A purchase is never later than its return; anonymous returns are matched by order alone.
    Lines without a quantity are matched by their money.

    A match is known when the return is made: a reader of an earlier day keeps the rows with ``returned_at`` before it.
    What a return undoes does not depend on later returns, but for one case: a later return that names its order may
    claim the units that an earlier one without a number would have been given.

    One row a return line and purchase line, and one for what a return leaves unmatched: ``source, file, line, order_id,
    returned_at, customer_id, product_id`` of the return; ``purchase_source, purchase_file, purchase_line,
    purchase_order_id, purchased_at`` (missing where unmatched); ``quantity`` (units undone; money where no quantity was
    delivered) and ``amount`` (money given back for them), both positive; ``matched_by`` and ``whole_line`` (whether the
    row undoes all of the purchase line). Quantities and amounts of a return add up to the return's.
    """
    returns = keep(_returns(transactions, rules), "returns")
    pairs = keep(_numbered(_pairs(returns, _purchases(transactions))), "return_pairs")
    taken = allocate(pairs.select("group", "back", "bought", "units", left=pairs.bought_units), keep, "undone")
    return _matches(returns, pairs, taken)


def _returns(lines: ibis.Table, rules: ReturnsRules) -> ibis.Table:
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
        *_RETURN_COLUMNS, "units", "counted", "undone", "amount",
        names_order=back.returned_order_id.notnull(),
        number=ibis.row_number().over(order_by=[back.returned_at, *(back[name] for name in _PLACE)]),
    )  # fmt: skip


def _purchases(lines: ibis.Table) -> ibis.Table:
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


def _measured(lines: ibis.Table) -> dict[str, ibis.Value]:
    """Measure a line in units, or in money where it has none, and say which."""
    counted = surely(lines.quantity != 0)
    return {"units": ibis.ifelse(counted, lines.quantity.abs(), lines.amount.abs()).cast(UNITS), "counted": counted}


def _product(lines: ibis.Table) -> ibis.Value:
    return lines.product_id.fill_null("")


def _pairs(returns: ibis.Table, purchases: ibis.Table) -> ibis.Table:
    """Pair each return with the purchases it may undo, by order and by customer."""
    same = [
        _product(returns) == purchases.p_product,
        returns.counted == purchases.p_counted,
        returns.returned_at >= purchases.purchased_at,
    ]
    by_order = returns.join(purchases, [returns.undone == purchases.purchase_order_id, *same])
    by_customer = returns.join(purchases, [returns.customer_id == purchases.p_customer, *same])
    columns = [
        *(f"purchase_{name}" for name in (*_PLACE, "order_id")), "purchased_at", "bought_units", "p_customer",
        "p_product", "number", "units",
    ]  # fmt: skip
    every = by_order.select(*columns, later=ibis.literal(0, "int64")).union(
        by_customer.select(*columns, later=ibis.literal(_LATER, "int64"))
    )
    # who names an order that holds the product is served from it alone
    first = every.later.min().over(ibis.window(group_by=every.number))
    return every.mutate(first=first).filter(lambda t: t.later == t["first"])


def _numbered(pairs: ibis.Table) -> ibis.Table:
    """Give purchases numbers in the order of time, returns their turn, and say who competes with whom."""
    order = [pairs.purchased_at, *(pairs[f"purchase_{name}"] for name in _PLACE)]
    owner = ibis.coalesce(pairs.p_customer, ibis.literal("order ") + pairs.purchase_order_id)
    numbered = pairs.mutate(
        bought=ibis.dense_rank().over(order_by=order),
        back=pairs.number + pairs.later,
        group=owner + ibis.literal("\x1f") + pairs.p_product,
    )
    return numbered.drop("later", "first", "number", "p_customer", "p_product")


def _matches(returns: ibis.Table, pairs: ibis.Table, rounds: list[ibis.Table]) -> ibis.Table:
    """Tell of each match both lines, and of each return what is left of it."""
    purchases = pairs.drop("back", "units", "group").distinct()
    if not rounds:
        return _unmatched(returns.mutate(matched=ibis.literal(0).cast(UNITS)), purchases)
    taken = all_of(rounds)
    upto = taken["take"].sum().over(ibis.cumulative_window(group_by=taken.back, order_by=taken.bought.desc()))
    taken = taken.mutate(upto=upto.cast(UNITS), number=taken.back % _LATER, by_order=taken.back < _LATER)
    sums = taken.group_by("number").agg(matched=taken["take"].sum().cast(UNITS))
    matched = taken.join(returns, "number").join(purchases, "bought")
    shares = (_part(matched, matched.upto) - _part(matched, matched.upto - matched["take"])).cast(_MONEY)
    how = ibis.cases((~matched.by_order, BY_CUSTOMER), (matched.names_order, BY_ORDER), else_=ibis.literal(BY_PREFIX))
    told = matched.select(
        *_RETURN_COLUMNS, *_purchase_columns(purchases),
        quantity=matched["take"].cast(UNITS), amount=shares, matched_by=how,
        whole_line=matched["take"] == matched.bought_units,
    )  # fmt: skip
    left = returns.left_join(sums, "number")
    left = left.mutate(matched=left.matched.fill_null(ibis.literal(0).cast(UNITS)))
    return told.union(_unmatched(left, purchases))


def _purchase_columns(purchases: ibis.Table) -> list[str]:
    return [name for name in purchases.columns if name not in ("bought", "bought_units")]


def _part(rows: ibis.Table, units: ibis.Value) -> ibis.Value:
    """Give the money of so many units of a return; parts of one return add up to it exactly."""
    share = units.cast("float64") / rows.units.cast("float64")
    return (rows.amount.cast("float64") * share).cast(_MONEY)


def _unmatched(returns: ibis.Table, purchases: ibis.Table) -> ibis.Table:
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
