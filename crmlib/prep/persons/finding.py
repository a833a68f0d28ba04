"""One person in the identity map: found by a customer number, a pseudonym, a phone number or an e-mail address."""

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.keys import normalise_email, normalise_number, normalise_phone
from crmlib.prep.persons.register import Register

PSEUDONYM: Final = re.compile(r"c[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Everything by which the map knows one person; it has no ``repr``, so that no message tells.

    Phones and e-mail addresses are normalised; ``own_`` are those that nobody else of the map has.
    """

    numbers: frozenset[str]
    pseudonyms: frozenset[str]
    phones: frozenset[str]
    emails: frozenset[str]
    own_phones: frozenset[str]
    own_emails: frozenset[str]


def find_person(register: Register, told: str) -> Person:
    """Find the one person who is meant by a customer number, a pseudonym, a phone number or an e-mail address."""
    people = current_people(register)
    meant = people[people["number"].isin(_numbers_meant(register, told))]
    standing = sorted(set(meant["person"]))
    if not standing:
        raise InputRejectedError(
            "the identity map knows nobody by that; give a customer number as the files write it "
            "(with its name space: web:…), a pseudonym, a phone number or an e-mail address"
        )
    if len(standing) > 1:
        raise InputRejectedError(f"{len(standing)} persons share that; give a customer number instead")
    return _person(register, people, frozenset(people.loc[people["person"] == standing[0], "number"]))


def current_people(register: Register) -> pd.DataFrame:
    """Say which numbers are one person as last known: ``number, person`` (a pseudonym)."""
    now = register.contacts.set_index("number")["pseudonym"]
    numbers = register.numbers
    person = now.reindex(numbers["number"]).fillna(numbers.set_index("number")["first"])
    return pd.DataFrame({"number": numbers["number"].to_numpy(), "person": person.to_numpy()})


def _numbers_meant(register: Register, told: str) -> set[str]:
    numbers, contacts = register.numbers, register.contacts
    plain = normalise_number(told) or ""
    if PSEUDONYM.fullmatch(plain):
        return set(numbers.loc[numbers["pseudonym"] == plain, "number"])
    exact = set(numbers.loc[numbers["number"] == plain, "number"])
    if exact:
        return exact
    email, phone = normalise_email(plain), normalise_phone(plain)
    if email is not None:
        has = contacts["email"].map(normalise_email, na_action="ignore") == email
        by_name = numbers["number"].str.rpartition(":")[2].map(normalise_email) == email
        return set(contacts.loc[has, "number"]) | set(numbers.loc[by_name, "number"])
    if phone is not None:
        has = contacts["phone"].map(normalise_phone, na_action="ignore") == phone
        return set(contacts.loc[has, "number"])
    return set()


def _person(register: Register, people: pd.DataFrame, numbers: frozenset[str]) -> Person:
    mine = register.contacts["number"].isin(numbers)
    phone = register.contacts["phone"].map(normalise_phone, na_action="ignore")
    email = register.contacts["email"].map(normalise_email, na_action="ignore")
    phones, emails = frozenset(phone[mine].dropna()), frozenset(email[mine].dropna())
    emails |= {each for number in numbers if (each := normalise_email(number.rpartition(":")[2])) is not None}
    own = register.numbers[register.numbers["number"].isin(numbers)]
    led = set(own["pseudonym"]) | set(people.loc[people["number"].isin(numbers), "person"])
    return Person(
        numbers, frozenset(led), phones, emails, phones - frozenset(phone[~mine]), emails - frozenset(email[~mine])
    )
