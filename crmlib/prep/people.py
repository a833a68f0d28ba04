"""From customer numbers to pseudonyms: collected from every table, joined to persons, kept in the identity map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import ibis
import pandas as pd

from crmlib.prep.contracts import REASONS, Rule
from crmlib.prep.identity import ACCOUNT_COLUMNS, Identity, find_people
from crmlib.prep.landing import FILE, LINE
from crmlib.prep.mapping import SOURCE
from crmlib.prep.persons.consent import Consent, judge_consent, what_was_said
from crmlib.prep.persons.crosswalk import assign_pseudonyms, with_contacts, with_links
from crmlib.prep.persons.forgetting import suppressed_numbers
from crmlib.prep.persons.probable import probable_links
from crmlib.prep.persons.register import Register, open_register
from crmlib.privacy.masking import KnownNames, know_names
from crmlib.privacy.pseudonyms import Key, load_key
from crmlib.workspace import Run

WITH_CUSTOMERS: Final = ("transactions", "interactions", "surveys", "contacts")
CONSENTS: Final = ("consent", "contact_consent")


@dataclass(frozen=True, slots=True)
class People:
    """The persons behind the customer numbers."""

    crosswalk: ibis.Table  # Ibis table ``customer_id`` (as delivered), ``pseudonym``; who refused analysis is not in it
    identity: Identity  # how accounts were joined
    consent: Consent  # who may be analysed
    key: Key  # the key of the pseudonyms; only its id leaves preparation
    names: KnownNames  # the customers' names, looked for in comments; they never leave preparation
    register: Register  # the identity map with what this run adds; it is saved when the run's tables stand
    personal: pd.DataFrame = field(default_factory=pd.DataFrame)  # personal data found in columns nobody declared


def find_everybody(run: Run, tables: Mapping[str, ibis.Table], folder: Path, contract: Sequence[Rule] = ()) -> People:
    """Give every customer number of every table its pseudonym, but for persons who may not be analysed.

    Only distinct numbers come to Python: HMAC is not in the engines.
    """
    params, customers = run.params, tables.get("customers")
    key = load_key(params.privacy, params.root)
    register = open_register(params, run.state_dir)
    accounts = _accounts(customers)
    rules = params.cleaning.identity
    probable = probable_links(accounts, rules) if rules.probabilistic.enabled and len(accounts) else None
    identity = find_people(accounts, _numbers(tables), rules, probable)
    suppressed = suppressed_numbers(identity.people["customer_id"], accounts, register)
    consent = judge_consent(identity.people, what_was_said(customers, contract), params.privacy.consent, suppressed)
    withheld = consent.withheld["customer_id"]
    shown = identity.people[~identity.people["customer_id"].isin(withheld)]
    found = assign_pseudonyms(shown, register, key, run.period)
    path = folder / "crosswalk.parquet"
    found.rows.astype("str").to_parquet(path, index=False)
    crosswalk = run.con.read_parquet(str(path), table_name="crosswalk")
    grown = with_contacts(found.register, found.rows, accounts, withheld, run.as_of)
    links = identity.links[identity.links["left"].isin(shown["customer_id"])]
    return People(crosswalk, identity, consent, key, _names(customers), with_links(grown, links, run.as_of))


def _numbers(tables: Mapping[str, ibis.Table]) -> list[str]:
    """Collect the customer numbers of all tables but that of the customers."""
    numbers: set[str] = set()
    for name in WITH_CUSTOMERS:
        if name in tables:
            rows = tables[name]
            distinct = rows.filter(rows.customer_id.notnull()).select("customer_id").distinct()
            numbers.update(distinct.to_pyarrow()["customer_id"].to_pylist())
    return sorted(numbers)


def _names(customers: ibis.Table | None) -> KnownNames:
    """Collect the names of all lines, those set aside too: they are people all the same."""
    if customers is None:
        return know_names(())
    return know_names(
        customers.filter(customers.name.notnull()).select("name").distinct().to_pyarrow()["name"].to_pylist()
    )


def _accounts(customers: ibis.Table | None) -> pd.DataFrame:
    """Read the lines of the customers table that hold good, in the order of the files."""
    columns = (*ACCOUNT_COLUMNS, "name", "city")
    if customers is None:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    good = customers.filter(customers[REASONS] == 0).order_by([SOURCE, FILE, LINE])
    rows = good.select(**{name: good[name].cast("string") for name in columns})
    return rows.to_pandas().astype(object).where(lambda frame: frame.notna(), None)


def with_pseudonyms(rows: ibis.Table, people: People) -> ibis.Table:
    """Put pseudonyms in the place of customer numbers."""
    numbers = people.crosswalk.rename(_number="customer_id")
    joined = rows.left_join(numbers, rows.customer_id == numbers["_number"])
    return joined.mutate(customer_id=joined.pseudonym).drop("pseudonym", "_number")


def one_row_a_person(rows: ibis.Table) -> ibis.Table:
    """Merge the accounts of a person: earliest joining day, for everything else what was told last, by ``_rank``."""
    newest = {
        name: rows[name].argmax(rows["_rank"], where=rows[name].notnull())
        for name in rows.columns
        if name not in ("customer_id", "joined_at", *CONSENTS, "_rank")
    }
    # who has once said yes and never no has agreed
    least = {name: rows[name].cast("int64").min() for name in CONSENTS}
    agreed = {name: ibis.cases((said == 1, True), (said == 0, False), else_=ibis.null("boolean"))
              for name, said in least.items()}  # fmt: skip
    return rows.group_by("customer_id").agg(joined_at=rows.joined_at.min(), **agreed, **newest)
