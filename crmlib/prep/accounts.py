"""Accounts that are no ordinary customers: staff, tests, resellers. Flagged, and without their number on demand."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import ibis

from crmlib.params.cleaning import AccountRules
from crmlib.prep.keys import customer_number
from crmlib.prep.logic import surely

STAFF: Final = "staff"
TEST: Final = "test"
WHOLESALE: Final = "wholesale"


def told_by_number(rows: Any, rules: AccountRules) -> Any:
    """Tell staff and tests by their customer number as delivered: ``staff``, ``test`` or missing."""
    staff = test = ibis.literal(value=False)
    if rules.staff_ids:
        staff = staff | surely(rows.customer_id.isin([customer_number(each) for each in rules.staff_ids]))
    if rules.staff_pattern:
        staff = staff | surely(rows.customer_id.re_search(rules.staff_pattern))
    if rules.test_pattern:
        test = test | surely(rows.customer_id.re_search(rules.test_pattern))
    return ibis.cases((staff, STAFF), (test, TEST), else_=ibis.null("string"))


def with_accounts(rows: Any, rules: AccountRules, as_of: date, keep: Callable[[Any, str], Any]) -> Any:
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


def _kinds(rows: Any, rules: AccountRules, as_of: date) -> Any:
    """Give the persons who are no ordinary customers: ``_person, account_kind``."""
    known = rows.filter(rows.customer_id.notnull())
    seen = surely(known.ordered_at < ibis.timestamp(as_of.isoformat())) & known.is_purchase
    persons = known.group_by(_person=known.customer_id).agg(
        staff=(known.account_kind == STAFF).sum(),
        test=(known.account_kind == TEST).sum(),
        orders=known.order_id.nunique(where=seen),
        units=known.quantity.sum(where=seen),
    )
    resells = ibis.literal(value=False)
    if rules.wholesale is not None:
        large = persons.units.cast("float64") >= persons.orders * rules.wholesale.units_per_order
        resells = (persons.orders >= rules.wholesale.orders) & surely(large)
    kind = ibis.cases(
        (surely(persons.staff > 0), STAFF), (surely(persons.test > 0), TEST), (resells, WHOLESALE),
        else_=ibis.null("string"),
    )  # fmt: skip
    return persons.select("_person", account_kind=kind).filter(lambda t: t.account_kind.notnull())
