"""What a run adds to the identity map: pseudonyms that stay, contacts as last known, links.

Every number gets a pseudonym of its own when it first comes, by HMAC, and keeps it for good. A person goes by the
pseudonym of the number that came first; of numbers that came together, by that of a card before an account of one
channel, then by the first in order. Of numbers nothing is ever changed, only added, so a period that is run again, be
it after later ones, finds the same pseudonyms.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import pandas as pd

from crmlib.prep.persons.register import Register
from crmlib.privacy.pseudonyms import Key, pseudonyms

_CONTACT: Final = ("name", "phone", "email")


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """The pseudonyms of one run: ``rows`` (``customer_id, pseudonym``) and the map with what was new."""

    rows: pd.DataFrame
    register: Register


def assign_pseudonyms(people: pd.DataFrame, register: Register, key: Key, period: str) -> Crosswalk:
    """Give every customer number of ``people`` (``customer_id, person``) the pseudonym of its person."""
    known = register.numbers.set_index("number")
    frame = people[["customer_id", "person"]].reset_index(drop=True)
    frame = frame.assign(
        own=known["pseudonym"].reindex(frame["customer_id"]).to_numpy(),
        version=known["version"].reindex(frame["customer_id"]).to_numpy(),
        first=known["first"].reindex(frame["customer_id"]).to_numpy(),
        foreign=frame["customer_id"].str.contains(":", regex=False),
    )
    new = frame["own"].isna()
    version = register.version + int(new.any())
    frame.loc[new, "own"] = pseudonyms(frame.loc[new, "customer_id"], key)
    frame.loc[new, "version"] = version
    eldest = frame.sort_values(["person", "version", "foreign", "customer_id"]).drop_duplicates("person")
    frame["pseudonym"] = frame["person"].map(eldest.set_index("person")["own"])
    added = pd.DataFrame({
        "number": frame.loc[new, "customer_id"],
        "pseudonym": frame.loc[new, "own"],
        "key": key.id,
        "version": version,
        "period": period,
        "first": frame.loc[new, "pseudonym"],
    })  # fmt: skip
    numbers = pd.concat([register.numbers, added.sort_values("number")], ignore_index=True)
    aliases = _aliases(frame[~new], register, period)
    grown = replace(register, meta={**register.meta, "version": version})
    return Crosswalk(frame[["customer_id", "pseudonym"]], grown.with_tables(numbers=numbers, aliases=aliases))


def _aliases(known: pd.DataFrame, register: Register, period: str) -> pd.DataFrame:
    """Note the pseudonyms under which a person once stood and that gave way to an older one."""
    led = known[(known["first"] == known["own"]) & (known["own"] != known["pseudonym"])]
    found = pd.DataFrame({"alias": led["own"], "pseudonym": led["pseudonym"], "period": period}).sort_values("alias")
    every = pd.concat([register.aliases, found], ignore_index=True)
    return every.drop_duplicates(["alias", "pseudonym"]).reset_index(drop=True)


def with_contacts(
    register: Register, crosswalk: pd.DataFrame, accounts: pd.DataFrame, withheld: Iterable[str], as_of: date
) -> Register:
    """Bring the contacts of the map up to date, where this run is not older than what it knows.

    Who refuses loses the contact but keeps the number's pseudonym, so that an earlier period can be run again. Who is
    not delivered any more stays as last known. ``accounts`` (``customer_id, name, phone, email``) may have several
    lines an account.
    """
    latest = accounts.groupby("customer_id", sort=False)[list(_CONTACT)].last()  # the last line that says something
    now = crosswalk.rename(columns={"customer_id": "number"}).assign(as_of=as_of.isoformat())
    now = now.join(latest, on="number")
    before = register.contacts
    newer = set(before.loc[before["as_of"] > as_of.isoformat(), "number"])
    later = before[before["number"].isin(newer)]
    here = now[~now["number"].isin(newer)]
    absent = before[~before["number"].isin(newer | set(now["number"]) | set(withheld))]
    frame = pd.concat([later, here, absent], ignore_index=True).sort_values("number", ignore_index=True)
    return register.with_tables(contacts=frame)


def with_links(register: Register, links: pd.DataFrame, as_of: date) -> Register:
    """Keep the links of the latest period with their evidence."""
    if as_of.isoformat() < register.meta.get("links_as_of", ""):
        return register
    evidence = links["evidence"] if "evidence" in links.columns else ""
    grown = replace(register, meta={**register.meta, "links_as_of": as_of.isoformat()})
    return grown.with_tables(links=links.assign(evidence=evidence))
