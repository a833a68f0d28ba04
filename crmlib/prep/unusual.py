"""Accounts, prices and quantities out of the ordinary: flagged, never deleted.

A price is far when the logarithm of the unit price lies more than so many median absolute deviations from the product's
median, and the ratio to the median is worth a look. Logarithms, because prices err by factors (a lost decimal mark);
medians, because one wrong price must not hide itself (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993).
"""

from datetime import date
from math import log
from typing import Final

import ibis

from crmlib.params.cleaning import AccountRules, OutlierRules
from crmlib.prep.keys import customer_number
from crmlib.prep.logic import surely
from crmlib.prep.staging import Keep

STAFF: Final = "staff"
TEST: Final = "test"
WHOLESALE: Final = "wholesale"
TO_SIGMA: Final = 1.4826
"""The median absolute deviation times this is the standard deviation where values are normal."""

_AN_INCH: Final = 1e-9
"""A ratio that is exactly the limit is not beyond it, on no engine."""


def kind_by_number(rows: ibis.Table, rules: AccountRules) -> ibis.Value:
    """Tell staff and tests by their customer number as delivered: ``staff``, ``test`` or missing."""
    staff = test = ibis.literal(value=False)
    if rules.staff_ids:
        staff = staff | surely(rows.customer_id.isin([customer_number(number) for number in rules.staff_ids]))
    if rules.staff_pattern:
        staff = staff | surely(rows.customer_id.re_search(rules.staff_pattern))
    if rules.test_pattern:
        test = test | surely(rows.customer_id.re_search(rules.test_pattern))
    return ibis.cases((staff, STAFF), (test, TEST), else_=ibis.null("string"))


def with_accounts(rows: ibis.Table, rules: AccountRules, as_of: date, keep: Keep) -> ibis.Table:
    """Tell the kind of every person's account, and take the customer number from the kinds the parameters name.

    A person of whom one number is staff is staff under every number. Resellers are judged by their purchases before
    ``as_of``: whose orders have so many units on average, from so many orders on.
    """
    kinds = keep(_kinds(rows, rules, as_of), "account_kinds")
    joined = rows.drop("account_kind").left_join(kinds, rows.customer_id == kinds["_person"]).drop("_person")
    if not rules.as_anonymous:
        return joined
    nobody = surely(joined.account_kind.isin(rules.as_anonymous))
    return joined.mutate(customer_id=ibis.ifelse(nobody, ibis.null("string"), joined.customer_id))


def _kinds(rows: ibis.Table, rules: AccountRules, as_of: date) -> ibis.Table:
    """Give the persons who are no ordinary customers: ``_person, account_kind``."""
    known = rows.filter(rows.customer_id.notnull())
    seen = surely(known.ordered_at < ibis.timestamp(as_of.isoformat())) & known.is_purchase
    persons = known.group_by(_person=known.customer_id).agg(
        staff=(known.account_kind == STAFF).sum(),
        test=(known.account_kind == TEST).sum(),
        orders=known.order_id.nunique(where=seen),
        units=known.quantity.sum(where=seen),
    )
    resells = _resells(persons, rules)
    kind = ibis.cases(
        (surely(persons.staff > 0), STAFF), (surely(persons.test > 0), TEST), (resells, WHOLESALE),
        else_=ibis.null("string"),
    )  # fmt: skip
    return persons.select("_person", account_kind=kind).filter(lambda t: t.account_kind.notnull())


def _resells(persons: ibis.Table, rules: AccountRules) -> ibis.Value:
    """Say of persons with their ``orders`` and ``units`` whether they buy for a shop of their own."""
    if rules.wholesale is None:
        return ibis.literal(value=False)
    large = persons.units.cast("float64") >= persons.orders * rules.wholesale.units_per_order
    return (persons.orders >= rules.wholesale.orders) & surely(large)


def same_resellers(clean: ibis.Table, rules: AccountRules, as_of: date) -> bool:
    """Say whether the clean lines' resellers are those of another end of the report."""
    if rules.wholesale is None:
        return True
    known = clean.filter(clean.customer_id.notnull())
    seen = surely(known.ordered_at < ibis.timestamp(as_of.isoformat())) & known.is_purchase
    persons = known.group_by("customer_id").agg(
        orders=known.order_id.nunique(where=seen), units=known.quantity.sum(where=seen), kind=known.account_kind.max()
    )
    resells, marked = _resells(persons, rules), surely(persons.kind == WHOLESALE)
    judged = ~surely(persons.kind.isin([STAFF, TEST]))
    return persons.filter(judged & (resells != marked)).limit(1).to_pandas().empty


def with_resellers_anew(clean: ibis.Table, rules: AccountRules, as_of: date, keep: Keep) -> ibis.Table:
    """Tell the resellers of clean lines by what another report sees; staff and tests stay what they are."""
    others = clean.mutate(account_kind=clean.account_kind.nullif(WHOLESALE))
    return with_accounts(others, rules, as_of, keep).select(*clean.columns)


def with_outliers(rows: ibis.Table, sales: ibis.Table, rules: OutlierRules | None, keep: Keep) -> ibis.Table:
    """Add ``is_price_outlier`` and ``is_quantity_outlier``, judged on product lines with a price above zero.

    The medians are those of the product's purchases of all dates; a product with few sales is not judged.
    """
    if rules is None:
        return rows.mutate(is_price_outlier=ibis.literal(value=False), is_quantity_outlier=ibis.literal(value=False))
    judged = _with_logs(rows)
    usual = keep(_usual(_with_logs(sales), rules), "usual_prices")
    joined = judged.left_join(usual, judged.product_id == usual["_product"])
    flags = {
        "is_price_outlier": _far(joined, "_log_price", rules.price_ratio, rules, both_ways=True),
        # one unit where others buy a gross is no error: only more than usual is far
        "is_quantity_outlier": _far(joined, "_log_quantity", rules.quantity_ratio, rules, both_ways=False),
    }
    return joined.mutate(**flags).select(*rows.columns, *flags)


def _with_logs(rows: ibis.Table) -> ibis.Table:
    """Add the logarithms of unit price and quantity, missing where the line is not judged."""
    units, money = rows.quantity.cast("float64").abs(), rows.amount.cast("float64").abs()
    price = ibis.coalesce(rows.unit_price.cast("float64"), money / units.nullif(0.0))
    fit = rows.is_product & surely(money > 0)
    nothing = ibis.null("float64")
    return rows.mutate(
        _log_price=ibis.ifelse(fit & surely(price > 0), price.nullif(0.0).abs().ln(), nothing),
        _log_quantity=ibis.ifelse(fit & surely(units > 0), units.nullif(0.0).ln(), nothing),
    )


def _usual(judged: ibis.Table, rules: OutlierRules) -> ibis.Table:
    """Give each product's medians and median absolute deviations, where it has sales enough."""
    sold = judged.filter(judged.is_purchase & judged.product_id.notnull())
    price, quantity = (_middle_and_away(sold, name, rules.lines) for name in ("_log_price", "_log_quantity"))
    return price.outer_join(quantity, "_product").select(
        **{name: part[name] for part in (price, quantity) for name in part.columns if name != "_product"},
        _product=ibis.coalesce(price["_product"], quantity["_product"]),
    )


def _middle_and_away(sold: ibis.Table, name: str, fewest: int) -> ibis.Table:
    """Give each product's median and median absolute deviation of one measure.

    Prices and quantities repeat: equal values are counted first, and the medians are those of few values with weights.
    """
    told = sold.filter(sold[name].notnull())
    values = told.group_by(_product=told.product_id, _value=told[name]).agg(_times=told.count())
    middle = _median(values, fewest)
    away = values.join(middle, "_product")
    away = away.mutate(_value=(away["_value"] - away["_median"]).abs())
    spread = _median(away.select("_product", "_value", "_times"), fewest)
    both = middle.join(spread, "_product")
    return both.select("_product", **{f"{name}_middle": middle["_median"], f"{name}_away": spread["_median"]})


def _median(values: ibis.Table, fewest: int) -> ibis.Table:
    """Give the lower median of values with weights, by product: ``_product, _median``."""
    upto = values["_times"].sum().over(ibis.cumulative_window(group_by=values["_product"], order_by=values["_value"]))
    whole = values["_times"].sum().over(ibis.window(group_by=values["_product"]))
    ranked = values.mutate(_upto=upto, _whole=whole)
    upper = ranked.filter((ranked["_whole"] >= fewest) & (ranked["_upto"] * 2 >= ranked["_whole"]))
    return upper.group_by("_product").agg(_median=upper["_value"].min())


def _far(joined: ibis.Table, name: str, ratio: float, rules: OutlierRules, *, both_ways: bool) -> ibis.Value:
    distance = joined[name] - joined[f"{name}_middle"]
    distance = distance.abs() if both_ways else distance
    limit = ibis.greatest(joined[f"{name}_away"] * (rules.deviations * TO_SIGMA), ibis.literal(log(ratio)))
    return surely(distance > limit + _AN_INCH)
