"""Money as the report counts it: in its currency and net of tax."""

from decimal import Decimal
from typing import Any, Final

import ibis

from crmlib.params.cleaning import CleaningSection
from crmlib.prep.logic import surely

_MONEY: Final = "decimal(18, 4)"
_FACTOR: Final = "decimal(26, 12)"
_WITH_TAX: Final = ("amount", "unit_price", "discount", "refund")
"""Money in which the tax stands; costs are delivered without."""


def in_report_money(rows: Any, given: frozenset[str], rules: CleaningSection, currency: str) -> Any:
    """Bring amounts, prices, discounts and costs into the report's currency, and take the tax off all but costs.

    A line without a currency is in the report's. The money of a line in a currency that the parameters do not list is
    unknown: its ``amount`` is emptied, and the contract sets the line aside. ``tax`` is what was taken off the amount:
    here, or of the order when its money was spread.
    """
    taxed = [name for name in _WITH_TAX if name in rows.columns]
    rows = rows if "tax" in rows.columns else rows.mutate(tax=ibis.null(_MONEY))
    if "currency" in given:
        rows = rows.mutate(currency=rows.currency.upper())
        factor = _rate(rows, rules.currencies, currency)
        rows = rows.mutate(**{name: _times(rows[name], factor) for name in (*taxed, "tax", "cost")})
    if rules.tax is None or not rules.tax.included:
        return rows
    net = _exactly(1 / (1 + Decimal(str(rules.tax.rate))))
    net_of_tax = rows.mutate(_gross=rows.amount, **{name: _times(rows[name], net) for name in taxed})
    return net_of_tax.mutate(tax=(net_of_tax["_gross"] - net_of_tax.amount).cast(_MONEY)).drop("_gross")


def unknown_currency(rows: Any, rules: CleaningSection, currency: str) -> Any:
    """Say which lines are in a currency that the parameters do not list."""
    return surely(~rows.currency.isin([*sorted({currency, *rules.currencies})]))


def _rate(rows: Any, rates: dict[str, float], currency: str) -> Any:
    one = _exactly(Decimal(1))
    known = [(rows.currency == code, _exactly(Decimal(str(rate)))) for code, rate in sorted(rates.items())]
    own = rows.currency.isnull() | (rows.currency == currency)
    return ibis.cases((own, one), *known, else_=ibis.null(_FACTOR))


def _exactly(factor: Decimal) -> Any:
    return ibis.literal(factor.quantize(Decimal("0.000000000001")), _FACTOR)


def _times(money: Any, factor: Any) -> Any:
    return (money * factor).try_cast(_MONEY)
