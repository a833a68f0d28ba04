"""How to reach a person: name, phone and e-mail address of each account as last known, kept in the map alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

import pandas as pd

from crmlib.prep.persons.register import Register

_TOLD: Final = ("name", "phone", "email")


def with_contacts(
    register: Register, crosswalk: pd.DataFrame, accounts: pd.DataFrame, withheld: Iterable[str], as_of: date
) -> Register:
    """Bring the contacts of the map up to date, where this run is not older than what it knows.

    Who refuses loses the contact but keeps the number's pseudonym, so that an earlier period can be run again. Who is
    not delivered any more stays as last known. ``accounts`` (``customer_id, name, phone, email``) may have several
    lines an account.
    """
    told = accounts.groupby("customer_id", sort=False)[list(_TOLD)].last()  # the last line that says something
    now = crosswalk.rename(columns={"customer_id": "number"}).assign(as_of=as_of.isoformat())
    now = now.join(told, on="number")
    before = register.contacts
    newer = set(before.loc[before["as_of"] > as_of.isoformat(), "number"])
    kept = before[before["number"].isin(newer)]
    here = now[~now["number"].isin(newer)]
    absent = before[~before["number"].isin(newer | set(now["number"]) | set(withheld))]
    frame = pd.concat([kept, here, absent], ignore_index=True).sort_values("number", ignore_index=True)
    return register.with_tables(contacts=frame)


def with_links(register: Register, links: pd.DataFrame, as_of: date) -> Register:
    """Keep the links of the latest period with their evidence."""
    if as_of.isoformat() < register.meta.get("links_as_of", ""):
        return register
    evidence = links["evidence"] if "evidence" in links.columns else ""
    grown = replace(register, meta={**register.meta, "links_as_of": as_of.isoformat()})
    return grown.with_tables(links=links.assign(evidence=evidence))
