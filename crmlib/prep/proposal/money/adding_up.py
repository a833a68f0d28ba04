"""What goods, discount, postage and tax add up to: the sum proves which column is which, and nothing is asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, Final

import ibis

from crmlib.prep.arguing import articles, relations
from crmlib.prep.logic import surely
from crmlib.prep.proposal.money.facts import Facts, says_paid
from crmlib.prep.proposal.readings import Reading
from crmlib.words import _

_DISCOUNTS: Final = ("discount", "order_discount", "discount_rate")
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


def sum_of(facts: Facts, goods: Any, totals: Sequence[str], taken: Sequence[str]) -> Sum | None:
    """Find a total that goods come to with what stands beside them, where any of it is not nought."""
    lines = facts.lines
    for found in _sums(facts, totals, taken):
        off = lines[found.discount].abs().fill_null(0.0) if found.discount else ibis.literal(0.0)
        beside = [lines[raw].fill_null(0.0) for raw in found.beside]
        whole = goods - off + sum(beside, ibis.literal(0.0))
        changed = ibis.or_(*[surely(each != 0) for each in (*([off] if found.discount else []), *beside)])
        if all(relations.agree(lines, whole, lines[found.total], where).holds for where in (goods.notnull(), changed)):
            return found
    return None


def _sums(facts: Facts, totals: Sequence[str], taken: Sequence[str]) -> Iterator[Sum]:
    discounts = [raw for raw in facts.columns.having(*_DISCOUNTS) if raw not in taken and facts.some(raw)]
    named = [raw for raw in facts.columns.called(*_BESIDE) if raw not in (*taken, *discounts)]
    extras = [raw for raw in named if facts.some(raw)][:_MOST]
    beside = list(chain.from_iterable(combinations(extras, n) for n in range(len(extras) + 1)))
    for total in totals:
        yield from (Sum(total, off, each) for off in (*discounts, None) for each in beside if off or each)


def is_paid_less(facts: Facts, amount: str, product: Any) -> bool:
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


def postage_told(facts: Facts, amount: str, shipping: str, reading: Reading) -> str:
    """Say whether money is ``without`` the postage or has it ``within``, by what an article costs a piece; or nothing.

    The one that stays the same for an article, however many are sold or whatever the postage, is the goods alone.
    """
    article, quantity = facts.columns.article, reading.columns.get("quantity")
    if article is None:
        return ""
    lines = facts.lines
    units = lines[quantity].abs() if isinstance(quantity, str) else ibis.literal(1.0)
    values = (lines[amount] / units, (lines[amount] - lines[shipping].fill_null(0.0)) / units)
    tried = (
        (units > 1, lines[shipping].fill_null(0.0) != 0)
        if isinstance(quantity, str)
        else (surely(lines[shipping] != 0),)
    )
    told = (articles.steadier(lines, article, *values, where) for where in tried)
    return {"first": "without", "second": "within"}.get(next(filter(None, told), ""), "")
