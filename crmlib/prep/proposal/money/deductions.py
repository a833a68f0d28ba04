"""What stands between listed and paid money: discounts of lines, postage and tax, proved by what they add up to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Final

import ibis

from crmlib.prep.arguing import articles, relations
from crmlib.prep.logic import surely
from crmlib.prep.proposal.money.facts import Facts, Value, says_paid, sides
from crmlib.prep.proposal.readings import Asked, Option, Reading
from crmlib.words import _

_DISCOUNTS: Final = ("discount", "order_discount", "discount_rate")
_KINDS: Final = ("discount", "discount_rate", "discount_percent")
_BESIDE: Final = ("order_shipping", "order_tax")
_MOST: Final = 3
_MOSTLY: Final = 0.9
_NEAR: Final = 0.6
"""What is paid for goods is no less than this of their listed price, coupons and all."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum that holds on every row: goods, less a discount, with postage and tax, come to a total."""

    total: str
    discount: str | None
    beside: tuple[str, ...]

    @property
    def words(self) -> str:
        """The sum as a reason beside the goods."""
        parts = [*([f"− {self.discount}"] if self.discount else []), *(f"+ {raw}" for raw in self.beside)]
        return _("{parts} it comes to {total} on every row").format(parts=" ".join(parts), total=self.total)


def sum_of(facts: Facts, goods: Value, totals: Sequence[str], taken: Sequence[str]) -> Sum | None:
    """Find a total that goods come to with what stands beside them, where any of it is not nought."""
    lines = facts.lines
    for found in _sums(facts, totals, taken):
        off = lines[found.discount].abs().fill_null(0.0) if found.discount else ibis.literal(0.0)
        beside = [lines[raw].fill_null(0.0) for raw in found.beside]
        whole = goods - off + sum(beside, ibis.literal(0.0))
        changed = ibis.or_(*[surely(part != 0) for part in (*([off] if found.discount else []), *beside)])
        if all(relations.agree(lines, whole, lines[found.total], where).holds for where in (goods.notnull(), changed)):
            return found
    return None


def _sums(facts: Facts, totals: Sequence[str], taken: Sequence[str]) -> Iterator[Sum]:
    discounts = [raw for raw in facts.columns.having(*_DISCOUNTS) if raw not in taken and facts.some(raw)]
    named = [raw for raw in facts.columns.called(*_BESIDE) if raw not in (*taken, *discounts)]
    extras = [raw for raw in named if facts.some(raw)][:_MOST]
    beside = list(chain.from_iterable(combinations(extras, n) for n in range(len(extras) + 1)))
    for total in totals:
        yield from (Sum(total, off, extra) for off in (*discounts, None) for extra in beside if off or extra)


def is_paid_less(facts: Facts, amount: str, product: Value) -> bool:
    """Say whether money that its header calls paid is what price × quantity came to, coupons apart: never above it."""
    if not says_paid(amount):
        return False
    paid = facts.lines[amount].abs()
    rows = facts.lines.select(paid=paid, product=product.abs())
    rows = rows.filter((rows.paid > 0) & (rows["product"] > 0))
    under, near = rows.paid <= rows["product"] + 0.01, rows.paid >= _NEAR * rows["product"]
    found = rows.agg(n=rows.count(), under=under.sum(), near=near.sum()).to_pandas().iloc[0]
    n, under, near = (int(found[name] or 0) for name in ("n", "under", "near"))
    return n > 0 and under == n and near >= _MOSTLY * n


def place_of_postage(facts: Facts, amount: str, shipping: str, reading: Reading) -> str:
    """Say whether money is ``without`` the postage or has it ``within``, by what an article costs a piece; or nothing.

    The one that stays the same for an article, however many are sold or whatever the postage, is the goods alone.
    """
    article, quantity = facts.columns.article, reading.plain.get("quantity")
    if article is None:
        return ""
    lines = facts.lines
    units = lines[quantity].abs() if quantity else ibis.literal(1.0)
    values = (lines[amount] / units, (lines[amount] - lines[shipping].fill_null(0.0)) / units)
    posted = surely(lines[shipping] != 0)
    tried = (units > 1, posted) if quantity else (posted,)
    steadier = (articles.steadier(lines, article, *values, where) for where in tried)
    return {"first": "without", "second": "within"}.get(next(filter(None, steadier), ""), "")


def read_discount(facts: Facts, reading: Reading, money: Value) -> Value:
    """Map the discount of lines, if there is any, and give their money after it."""
    columns = facts.of_line(*_KINDS, "order_discount", but=list(reading.plain.values()))
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


def _kind(facts: Facts, reading: Reading, money: Value, column: str) -> str:
    """Say what a discount is: as the totals of orders tell, as its numbers and its header do; else ask."""
    extent = facts.extents[column]
    is_share = extent.least >= 0 and extent.most <= 1 and extent.whole < extent.lines
    may_be_percent = extent.least >= 0 and 1 < extent.most <= 100 and extent.whole == extent.lines
    named = facts.columns.roles[column][:1] == ("discount_percent",)
    likely = "discount_rate" if is_share else "discount_percent" if named and may_be_percent else "discount"
    if "amount" in reading.columns or named or not (is_share or may_be_percent):
        return likely
    rate = facts.lines[column]
    off = dict(zip(_KINDS, (rate.abs(), money * rate, money * rate / 100), strict=True))
    agree = {
        name: max((side.equal for side in sides(facts, money - less).values()), default=0) for name, less in off.items()
    }
    best = max(agree, key=lambda name: agree[name])
    if agree[best] and list(agree.values()).count(agree[best]) == 1:
        return best
    options = ("discount", "discount_rate") if is_share else ("discount", "discount_percent")
    reading.ask(_ask_discount(column, sorted(options, key=lambda name: name != likely)))
    return likely


def _is_before(facts: Facts, reading: Reading, money: Value, discount: str, share: Value | None) -> bool:
    """Say whether money is before its discount: by price times quantity, else by what the article usually costs."""
    lines = facts.lines
    price, quantity = (reading.plain.get(name) for name in ("unit_price", "quantity"))
    if price and quantity:
        product = lines[price] * lines[quantity]
        off = product * share if share is not None else lines[discount].abs()
        found = relations.price_times_quantity(lines.mutate(_money=money, _off=off), "_money", price, quantity, "_off")
        return found.discounted > 0 and found.before >= _MOSTLY * found.discounted and found.after < found.before
    if facts.columns.article is None:
        return False
    units = lines[quantity].abs() if quantity else ibis.literal(1.0)
    off = lines[discount].fill_null(0.0)
    listed = money / (1 - share.fill_null(0.0)) if share is not None else money + off.abs()
    steadier = articles.steadier(lines, facts.columns.article, money / units, listed / units, off != 0)
    return steadier == "first"


def _ask_discount(discount: str, options: Sequence[str]) -> Asked:
    """Ask what a discount is, where numbers like its own may be money, a share or per cent."""
    means = {
        "discount": _("{discount} is money").format(discount=discount),
        "discount_rate": _("{discount} is a share of the price: 0.2 is a fifth").format(discount=discount),
        "discount_percent": _("{discount} is per cent of the price: 20 is a fifth").format(discount=discount),
    }
    asks = _("What is {discount}: money, a share, or per cent? Nothing beside it tells.")
    sets = {name: {f"columns.{kind}": discount if kind == name else None for kind in _KINDS} for name in options}
    answers = {name: name.removeprefix("discount_") if name != "discount" else "money" for name in options}
    every = tuple(Option(answers[name], means[name], sets[name]) for name in options)
    return Asked("kind_of_discount", "money", asks.format(discount=discount), every)
