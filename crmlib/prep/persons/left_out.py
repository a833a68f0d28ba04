"""Before a run: how many customers and order lines it will leave out because of what was said about analysis."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import pandas as pd

from crmlib.prep.judging import Judged
from crmlib.prep.persons.consent import ConsentRule, judge_consent, what_was_said
from crmlib.words import _, formats


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Customer numbers who will stand in no customer table, and their order lines, which lose the customer.

    Accounts of one person are not joined here: where somebody refused with one account and bought with another, a run
    leaves out more.
    """

    customers: int
    of_customers: int
    lines: int
    of_lines: int
    unclear: int


def left_out(judged: Mapping[str, Judged], rule: ConsentRule) -> LeftOut | None:
    """Count whom ``privacy.consent`` leaves out; None where no consent was delivered that could."""
    customers = judged.get("customers")
    if customers is None or rule == "ignore" or "consent" not in customers.mapped.given:
        return None
    bought = _lines_by_customer(judged)
    numbers = _numbers(customers.rows).union(bought.index)
    people = pd.DataFrame({"customer_id": numbers, "person": numbers})
    found = judge_consent(people, what_was_said(customers.rows, customers.rules), rule)
    lines = bought.reindex(found.withheld["customer_id"]).sum()
    return LeftOut(found.withheld_persons, len(numbers), int(lines), int(bought.sum()), found.unclear)


def left_out_words(found: LeftOut) -> str:
    """Say what a run will leave out."""
    words = _(
        "a run will leave out {customers} of {of_customers} customers and the customer of {lines} of {of_lines} order "
        "lines, for their consent"
    )
    counts = {name: formats.count(getattr(found, name)) for name in ("customers", "of_customers", "lines", "of_lines")}
    unclear = _("; {n} of them said neither yes nor no").format(n=formats.count(found.unclear)) if found.unclear else ""
    return words.format(**counts) + unclear


def _numbers(rows: Any) -> pd.Index:
    return pd.Index(rows.filter(rows.customer_id.notnull()).select("customer_id").distinct().to_pandas()["customer_id"])


def _lines_by_customer(judged: Mapping[str, Judged]) -> pd.Series:
    """Count the clean order lines of each customer number."""
    if "transactions" not in judged:
        return pd.Series(dtype="int64")
    rows = judged["transactions"].good
    known = rows.filter(rows.customer_id.notnull())
    counts = known.group_by("customer_id").agg(lines=ibis._.count()).to_pandas()
    return counts.set_index("customer_id")["lines"]
