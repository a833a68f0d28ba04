"""Consent: who refused analysis is counted in the shop's totals and stands in no customer table."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import ibis
import pandas as pd

from crmlib.prep.contracts import REASONS, Rule
from crmlib.prep.judging import Judged

ConsentRule = Literal["not_refused", "required", "ignore"]

NO_CONSENT: Final = "no_consent"
FORGOTTEN: Final = "forgotten"
WITHHELD: Final = (NO_CONSENT, FORGOTTEN)
"""Why a person stands in no customer table; also the names of the rules that set their lines aside."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Who may be analysed.

    Attributes
    ----------
    agreed, refused, unknown
        Persons by what they said; who refused with one account has refused.
    withheld
        Customer numbers of the persons who stand in no customer table: ``customer_id, reason``.
    forgotten
        Persons who were erased and came again.
    """

    agreed: int
    refused: int
    unknown: int
    withheld: pd.DataFrame
    forgotten: int = 0

    @property
    def withheld_persons(self) -> int:
        """Persons who are left out, for whatever reason."""
        return int(self.withheld["person"].nunique())


def what_was_said(customers: Any | None) -> pd.DataFrame:
    """Collect who said what about being analysed, from all lines, those set aside too: ``customer_id, consent``."""
    if customers is None:
        return pd.DataFrame({"customer_id": pd.Series(dtype="str"), "consent": pd.Series(dtype=bool)})
    told = customers.filter(customers.consent.notnull() & customers.customer_id.notnull())
    return told.select("customer_id", "consent").distinct().to_pandas()


def judge_consent(
    people: pd.DataFrame, said: pd.DataFrame, rule: ConsentRule, suppressed: AbstractSet[str] = frozenset()
) -> Consent:
    """Decide for each person whether the customer tables may hold them.

    Parameters
    ----------
    people
        ``customer_id, person``: which customer numbers are one person.
    said
        ``customer_id, consent``; a number may stand there more than once.
    rule
        ``not_refused`` leaves out who refused, ``required`` also who never said, ``ignore`` nobody.
    suppressed
        Customer numbers of persons who were erased; they are left out whatever the rule.

    Examples
    --------
    >>> people = pd.DataFrame({"customer_id": ["1", "web:a", "2"], "person": ["1", "1", "2"]})
    >>> said = pd.DataFrame({"customer_id": ["1", "web:a"], "consent": [True, False]})
    >>> found = judge_consent(people, said, "not_refused")
    >>> found.refused, found.unknown, found.withheld["customer_id"].tolist()
    (1, 1, ['1', 'web:a'])
    """
    person = people.set_index("customer_id")["person"]
    every = pd.Index(person.unique())
    no = pd.Index(person.reindex(said.loc[~said["consent"].astype(bool), "customer_id"]).dropna().unique())
    yes = pd.Index(person.reindex(said.loc[said["consent"].astype(bool), "customer_id"]).dropna().unique())
    yes = yes.difference(no)
    unknown = every.difference(yes).difference(no)
    erased = pd.Index(person[person.index.isin(list(suppressed))].unique())
    out = {"not_refused": no, "required": no.union(unknown), "ignore": no[:0]}[rule]
    reason = pd.Series(NO_CONSENT, index=out, dtype="str")
    reason = pd.concat([reason[~reason.index.isin(erased)], pd.Series(FORGOTTEN, index=erased, dtype="str")])
    withheld = people[people["person"].isin(reason.index)][["customer_id", "person"]]
    withheld = withheld.assign(reason=withheld["person"].map(reason)).reset_index(drop=True)
    return Consent(len(yes), len(no), len(unknown), withheld, len(erased))


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


def without_originals(aside: Any) -> Any:
    """Empty the original text of lines whose person is left out: file and line number say where it stands."""
    hidden = aside.reasons.re_search(rf"(^| )({'|'.join(WITHHELD)})( |$)")
    return aside.mutate(original=ibis.ifelse(hidden, ibis.null("string"), aside.original))
