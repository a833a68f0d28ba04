"""Consent: who refused analysis is counted in the shop's totals and stands in no customer table."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final, Literal

import ibis
import pandas as pd

from crmlib.prep.contracts import REASONS, WARNINGS, Rule
from crmlib.prep.judging import Judged
from crmlib.words import _, formats

ConsentRule = Literal["not_refused", "required", "ignore"]

NO_CONSENT: Final = "no_consent"
FORGOTTEN: Final = "forgotten"
WITHHELD: Final = (NO_CONSENT, FORGOTTEN)
"""Why a person stands in no customer table; also the names of the rules that set their lines aside."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Who may be analysed: persons by what they said, and the customer numbers that are left out.

    Who refused with one account has refused; ``unclear`` are those of them whose word is neither a yes nor a no that we
    know. ``withheld`` has ``customer_id, person, reason``; ``forgotten`` counts who was erased and came again.
    """

    agreed: int
    refused: int
    unknown: int
    withheld: pd.DataFrame
    forgotten: int = 0
    unclear: int = 0

    @property
    def withheld_persons(self) -> int:
        """Persons who are left out, for whatever reason."""
        return int(self.withheld["person"].nunique())


def what_was_said(customers: ibis.Table | None, rules: Sequence[Rule] = ()) -> pd.DataFrame:
    """Collect ``customer_id, consent, unclear`` of all lines, those set aside too: who said what about being analysed.

    A word that is neither yes nor no, such as "under review", is taken for a no: nobody is analysed because of a word
    that we do not know. Nothing written is nothing said.
    """
    if customers is None:
        empty = {"customer_id": "str", "consent": "bool", "unclear": "bool"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in empty.items()})
    words = customers.select("customer_id", "consent", unclear=is_unclear(customers, rules, "consent"))
    spoken = words.filter((words.consent.notnull() | words.unclear) & words.customer_id.notnull())
    agrees = spoken.consent.fill_null(ibis.literal(value=False))
    return spoken.select("customer_id", "unclear", consent=agrees).distinct().to_pandas()


def is_unclear(customers: ibis.Table, rules: Sequence[Rule], column: str) -> ibis.Value:
    """Say which lines have a word there that is neither yes nor no."""
    for position, rule in enumerate(rules):
        if rule.name == f"unreadable_{column}":
            bits = customers[WARNINGS if rule.severity == "warn" else REASONS]
            return (bits & (1 << position)) != 0
    return ibis.literal(value=False)


def judge_consent(
    people: pd.DataFrame, said: pd.DataFrame, rule: ConsentRule, suppressed: AbstractSet[str] = frozenset()
) -> Consent:
    """Decide for each person (``people``: ``customer_id, person``) whether the customer tables may hold them.

    ``not_refused`` leaves out who refused, ``required`` also who never said, ``ignore`` nobody; ``suppressed`` numbers
    are those of erased persons, who are left out whatever the rule. A number may stand in ``said`` more than once.
    """
    person = people.set_index("customer_id")["person"]
    every = pd.Index(person.unique())
    agrees = said["consent"].astype(bool)
    unclear = said["unclear"].astype(bool) if "unclear" in said else agrees & ~agrees
    clear_no = _persons(person, said.loc[~agrees & ~unclear, "customer_id"])
    no = clear_no.union(_persons(person, said.loc[unclear, "customer_id"]))
    yes = _persons(person, said.loc[agrees, "customer_id"]).difference(no)
    unknown = every.difference(yes).difference(no)
    erased = pd.Index(person[person.index.isin(list(suppressed))].unique())
    out = {"not_refused": no, "required": no.union(unknown), "ignore": no[:0]}[rule]
    reason = pd.Series(NO_CONSENT, index=out, dtype="str")
    reason = pd.concat([reason[~reason.index.isin(erased)], pd.Series(FORGOTTEN, index=erased, dtype="str")])
    withheld = people[people["person"].isin(reason.index)][["customer_id", "person"]]
    withheld = withheld.assign(reason=withheld["person"].map(reason)).reset_index(drop=True)
    counts = {"agreed": len(yes), "refused": len(no), "unknown": len(unknown), "unclear": len(no) - len(clear_no)}
    return Consent(**counts, withheld=withheld, forgotten=len(erased))


def _persons(person: pd.Series, numbers: pd.Series) -> pd.Index:
    """Give the persons behind customer numbers, each once."""
    return pd.Index(person.reindex(numbers).dropna().unique())


def withhold(judged: Judged, consent: Consent) -> Judged:
    """Set the lines of the customers table aside whose person is left out, with the reason."""
    rules = judged.rules + tuple(Rule(name, "quarantine", None) for name in WITHHELD)
    if consent.withheld.empty:
        return replace(judged, rules=rules)
    numbers = ibis.memtable(
        consent.withheld.assign(
            _number=consent.withheld["customer_id"].astype("str"),
            _bit=[1 << (len(judged.rules) + WITHHELD.index(reason)) for reason in consent.withheld["reason"]],
        )[["_number", "_bit"]]
    )
    joined = judged.rows.left_join(numbers, judged.rows.customer_id == numbers["_number"])
    rows = joined.mutate(**{REASONS: joined[REASONS] + joined["_bit"].fill_null(0)}).drop("_number", "_bit")
    return replace(judged, rules=rules, mapped=replace(judged.mapped, rows=rows))


def without_originals(aside: ibis.Table) -> ibis.Table:
    """Empty the original text of lines whose person is left out: file and line number say where it stands."""
    hidden = aside.reasons.re_search(rf"(^| )({'|'.join(WITHHELD)})( |$)")
    return aside.mutate(original=ibis.ifelse(hidden, ibis.null("string"), aside.original))


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


def _numbers(rows: ibis.Table) -> pd.Index:
    return pd.Index(rows.filter(rows.customer_id.notnull()).select("customer_id").distinct().to_pandas()["customer_id"])


def _lines_by_customer(judged: Mapping[str, Judged]) -> pd.Series:
    """Count the clean order lines of each customer number."""
    if "transactions" not in judged:
        return pd.Series(dtype="int64")
    rows = judged["transactions"].good
    known = rows.filter(rows.customer_id.notnull())
    counts = known.group_by("customer_id").agg(lines=ibis._.count()).to_pandas()
    return counts.set_index("customer_id")["lines"]
