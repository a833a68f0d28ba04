"""What a line is worth: its delivered total, else what it would have cost; in the report's currency, net of tax."""

from decimal import Decimal
from typing import Final

import ibis

from crmlib.params.cleaning import CleaningSection
from crmlib.prep.logic import surely

MONEY: Final = "decimal(18, 4)"

_WIDE: Final = "decimal(38, 8)"
_SHARE: Final = "decimal(20, 10)"
_OTHER_DISCOUNTS: Final = frozenset({"amount_before_discount", "discount_rate", "discount_percent"})
_FACTOR: Final = "decimal(26, 12)"
_WITH_TAX: Final = ("amount", "unit_price", "discount", "refund")
"""Money in which the tax stands; costs are delivered without."""


def as_money(value: ibis.Value) -> ibis.Value:
    """Make money of a number; Ibis takes a product for as wide as its factors: one cast alone may be left out."""
    return value.cast(_WIDE).try_cast(MONEY)


def with_line_money(rows: ibis.Table, given: frozenset[str], unreadable: ibis.Value) -> ibis.Table:
    """Complete ``amount`` and ``discount`` of every line, and round ``unit_price`` to the money it is kept as.

    The money of a line whose total was delivered and cannot be read is unknown, not computed; so is money of more
    than 14 digits before the point. A discount lessens what the line would have cost, whatever its own sign.
    """
    product = _product(rows)
    if given & _OTHER_DISCOUNTS:
        before, amount, discount = _with_other_discounts(rows, given, product)
    else:
        before, amount, discount = product, rows.amount, rows.discount.abs()
    off = ibis.ifelse(before < 0, -discount, discount).fill_null(0).cast(_WIDE)
    computed = as_money(before - off)
    return rows.mutate(
        amount=ibis.ifelse(unreadable, ibis.null(MONEY), ibis.coalesce(amount, computed)),
        discount=as_money(discount),
        unit_price=rows.unit_price.try_cast(MONEY),
    )


def _product(rows: ibis.Table) -> ibis.Value:
    """Multiply the quantity by the unit price with all its decimals; in two parts, each within 38 digits."""
    coarse = rows.unit_price.try_cast(MONEY)
    fine = (rows.unit_price - coarse).cast(_SHARE)
    # 19 digits: DuckDB multiplies two of 18 in 64 bits and stops where they do not suffice
    units = rows.quantity.cast("decimal(19, 4)")
    return ((units * coarse).cast(_WIDE) + (units * fine).cast("decimal(36, 8)")).cast(_WIDE)


def _with_other_discounts(
    rows: ibis.Table, given: frozenset[str], product: ibis.Value
) -> tuple[ibis.Value, ibis.Value, ibis.Value]:
    """Give what a line would have cost, its total and its discount, where these are told in other words."""
    listed = rows.amount_before_discount if "amount_before_discount" in given else ibis.null(MONEY)
    before = ibis.coalesce(listed.cast(_WIDE), product)
    share = discount_share(rows, given)
    off = as_money(as_money(before).abs() * share)
    from_total = rows.amount.abs().cast("float64") * share.cast("float64") / (1 - share.cast("float64")).nullif(0.0)
    of_amount = ibis.coalesce(from_total.try_cast(MONEY), as_money((listed - rows.amount).abs()))
    told = ibis.ifelse(rows.amount.isnull(), off, of_amount)
    return before, rows.amount, ibis.coalesce(rows.discount.abs(), told)


def discount_share(rows: ibis.Table, given: frozenset[str]) -> ibis.Value:
    """Give the discount of a line as a share of its price; empty where it is none between 0 and 1."""
    shares = []
    if "discount_rate" in given:
        shares.append(rows.discount_rate.abs())
    if "discount_percent" in given:
        shares.append(rows.discount_percent.abs() * ibis.literal(Decimal("0.01"), "decimal(3, 2)"))
    if not shares:
        return ibis.null(_SHARE)
    share = ibis.coalesce(*shares)
    return ibis.ifelse(surely(share <= 1), share.try_cast(_SHARE), ibis.null(_SHARE))


def impossible_share(rows: ibis.Table, given: frozenset[str]) -> ibis.Value:
    """Tell the lines whose discount is delivered as a rate or in per cent and is no share of a price."""
    told = [rows[name].notnull() for name in ("discount_rate", "discount_percent") if name in given]
    some = told[0] if len(told) == 1 else told[0] | told[1]
    return some & discount_share(rows, given).isnull()


def in_report_money(rows: ibis.Table, given: frozenset[str], rules: CleaningSection, currency: str) -> ibis.Table:
    """Bring amounts, prices, discounts and costs into the report's currency, and take the tax off all but costs.

    A line without a currency is in the report's. The money of a line in a currency that the parameters do not list is
    unknown: its ``amount`` is emptied, and the contract sets the line aside. ``tax`` is what was taken off the amount:
    here, or of the order when its money was spread.
    """
    taxed = [name for name in _WITH_TAX if name in rows.columns]
    rows = rows if "tax" in rows.columns else rows.mutate(tax=ibis.null(MONEY))
    if "currency" in given:
        rows = rows.mutate(currency=rows.currency.upper())
        factor = _rate(rows, rules.currencies, currency)
        rows = rows.mutate(**{name: _times(rows[name], factor) for name in (*taxed, "tax", "cost")})
    if rules.tax is None or not rules.tax.included:
        return rows
    net = _exactly(1 / (1 + Decimal(str(rules.tax.rate))))
    net_of_tax = rows.mutate(_gross=rows.amount, **{name: _times(rows[name], net) for name in taxed})
    return net_of_tax.mutate(tax=(net_of_tax["_gross"] - net_of_tax.amount).cast(MONEY)).drop("_gross")


def unknown_currency(rows: ibis.Table, rules: CleaningSection, currency: str) -> ibis.Value:
    """Say which lines are in a currency that the parameters do not list."""
    return surely(~rows.currency.isin([*sorted({currency, *rules.currencies})]))


def _rate(rows: ibis.Table, rates: dict[str, float], currency: str) -> ibis.Value:
    one = _exactly(Decimal(1))
    known = [(rows.currency == code, _exactly(Decimal(str(rate)))) for code, rate in sorted(rates.items())]
    own = rows.currency.isnull() | (rows.currency == currency)
    return ibis.cases((own, one), *known, else_=ibis.null(_FACTOR))


def _exactly(factor: Decimal) -> ibis.Value:
    return ibis.literal(factor.quantize(Decimal("0.000000000001")), _FACTOR)


def _times(money: ibis.Value, factor: ibis.Value) -> ibis.Value:
    return (money * factor).try_cast(MONEY)
