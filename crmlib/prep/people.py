"""From customer numbers to pseudonyms: collected from every table, joined to persons, kept in a private place."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ibis
import pandas as pd

from crmlib.params import Parameters
from crmlib.prep.contracts import REASONS
from crmlib.prep.identity import ACCOUNT_COLUMNS, Identity, find_people
from crmlib.privacy.masking import KnownNames, know_names
from crmlib.privacy.pseudonyms import Key, load_key, pseudonyms
from crmlib.workspace import private_folder

WITH_CUSTOMERS: Final = ("transactions", "interactions", "surveys", "contacts")


@dataclass(frozen=True, slots=True)
class People:
    """The persons behind the customer numbers.

    Attributes
    ----------
    crosswalk
        Ibis table ``customer_id`` (as delivered), ``pseudonym``.
    identity
        How accounts were joined.
    key
        The key of the pseudonyms; only its id leaves preparation.
    names
        The customers' names, looked for in comments; they never leave preparation.
    """

    crosswalk: Any
    identity: Identity
    key: Key
    names: KnownNames


def find_everybody(con: Any, tables: Mapping[str, Any], params: Parameters, folder: Path) -> People:
    """Give every customer number of every table its pseudonym.

    Only distinct numbers come to Python: HMAC is not in the engines. The crosswalk and the links with their evidence
    are written to ``folder``, which is private and which no notebook reads.

    Parameters
    ----------
    con
        The Ibis backend.
    tables
        The tables with their reasons, by name.
    params
        Rules of identity and where the key is.
    folder
        A private folder for the crosswalk.

    Raises
    ------
    crmlib.params.ParameterError
        If there is no key.
    """
    key = load_key(params.privacy, params.root)
    numbers: set[str] = set()
    for name in WITH_CUSTOMERS:
        if name in tables:
            rows = tables[name]
            distinct = rows.filter(rows.customer_id.notnull()).select("customer_id").distinct()
            numbers.update(distinct.to_pyarrow()["customer_id"].to_pylist())
    identity = find_people(_accounts(tables.get("customers")), sorted(numbers), params.cleaning.identity)
    crosswalk = identity.people.assign(pseudonym=pseudonyms(identity.people["person"], key))
    path = private_folder(folder) / "crosswalk.parquet"
    crosswalk[["customer_id", "pseudonym"]].astype("str").to_parquet(path, index=False)
    identity.links.to_parquet(folder / "links.parquet", index=False)
    return People(con.read_parquet(str(path), table_name="crosswalk"), identity, key, _names(tables.get("customers")))


def _names(customers: Any | None) -> KnownNames:
    """Collect the names of all lines, those set aside too: they are people all the same."""
    if customers is None:
        return know_names(())
    return know_names(
        customers.filter(customers.name.notnull()).select("name").distinct().to_pyarrow()["name"].to_pylist()
    )


def _accounts(customers: Any | None) -> pd.DataFrame:
    if customers is None:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in ACCOUNT_COLUMNS})
    good = customers.filter(customers[REASONS] == 0)
    rows = good.select(**{name: good[name].cast("string") for name in ACCOUNT_COLUMNS})
    return rows.to_pandas().astype(object).where(lambda frame: frame.notna(), None)


def with_pseudonyms(rows: Any, people: People) -> Any:
    """Put pseudonyms in the place of customer numbers."""
    numbers = people.crosswalk.rename(_number="customer_id")
    joined = rows.left_join(numbers, rows.customer_id == numbers["_number"])
    return joined.mutate(customer_id=joined.pseudonym).drop("pseudonym", "_number")


def one_row_a_person(rows: Any) -> Any:
    """Merge the accounts of a person: earliest joining day, for everything else what was told last.

    Parameters
    ----------
    rows
        Customers with pseudonyms, ``_rank`` telling which account's word counts more (higher: later).
    """
    newest = {
        name: rows[name].argmax(rows["_rank"], where=rows[name].notnull())
        for name in rows.columns
        if name not in ("customer_id", "joined_at", "consent", "_rank")
    }
    return rows.group_by("customer_id").agg(joined_at=rows.joined_at.min(), consent=_all_agree(rows.consent), **newest)


def _all_agree(consent: Any) -> Any:
    """Take a person for agreed who has once said yes and never no."""
    said = consent.cast("int64")
    return ibis.cases((said.min() == 1, True), (said.min() == 0, False), else_=ibis.null("boolean"))
