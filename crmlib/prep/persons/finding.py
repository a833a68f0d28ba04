"""One person in the identity map, found by what they go by, and their traces in tables and texts."""

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.comments import SPOKEN
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.keys import normalise_email, normalise_number, normalise_phone
from crmlib.prep.landing.lines import LINE
from crmlib.prep.persons.register import Register

PSEUDONYM: Final = re.compile(r"c[0-9a-f]{16}")
_AS_DELIVERED: Final = frozenset({"original", *(name for names in SPOKEN.values() for name in names)})
_SPECIFIC = 6
"""Shorter numbers may be anything: they count in columns of customers and as whole fields, not in running text."""


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
    emails |= {address for number in numbers if (address := normalise_email(number.rpartition(":")[2])) is not None}
    own = register.numbers[register.numbers["number"].isin(numbers)]
    led = set(own["pseudonym"]) | set(people.loc[people["number"].isin(numbers), "person"])
    return Person(
        numbers, frozenset(led), phones, emails, phones - frozenset(phone[~mine]), emails - frozenset(email[~mine])
    )


@dataclass(frozen=True, slots=True, repr=False)
class Traces:
    """Patterns (RE2 and Python's alike) of one person's identifiers.

    ``surely`` matches pseudonyms, phone numbers and e-mail addresses, nowhere else than with this person; ``fields``
    these and the customer numbers as whole fields, in texts that hold delivered lines; ``quoted`` in JSON.
    """

    surely: str
    fields: str
    quoted: str

    def in_column(self, schema: pa.Schema, name: str) -> str:
        """Give the pattern for a column of a table: customer numbers count where lines stand as they were delivered."""
        return self.fields if name in _AS_DELIVERED or LINE in schema.names else self.surely


def traces_of(person: Person) -> Traces:
    """Write the patterns of a person.

    A phone number is found with blanks, hyphens and full-width digits in it. A phone or an address that another person
    of the map shares is that person's too, and is left alone.
    """
    exact = sorted(person.pseudonyms)
    phones = [_phone(phone) for phone in sorted(person.own_phones)]
    emails = [_bounded(_literal(email)) for email in sorted(person.own_emails)]
    bare = sorted({number.rpartition(":")[2] for number in person.numbers} | person.numbers)
    long = [_bounded(_literal(number)) for number in bare if len(number) >= _SPECIFIC and not number.isdecimal()]
    surely = [*exact, *phones, *emails, *long]
    fields = [*surely, *(_bounded(_literal(number)) for number in bare)]
    quoted = [*surely, *(f'"{_literal(number)}"' for number in bare)]
    return Traces(*(f"(?i:{'|'.join(parts)})" for parts in (surely, fields, quoted)))


def _literal(text: str) -> str:
    """Write a text as a pattern that RE2 and Python read alike."""
    return "".join(sign if sign.isalnum() else rf"\{sign}" if sign in "\\^" else f"[{sign}]" for sign in text)


def _bounded(pattern: str) -> str:
    return rf"(?:^|[^0-9A-Za-z._%+-]){pattern}(?:$|[^0-9A-Za-z_])"


def _phone(digits: str) -> str:
    """Allow blanks and hyphens between the digits, and full-width ones; no digit before or after but a country code."""
    wide = [f"[{digit}{chr(ord(digit) + 0xFEE0)}]" for digit in digits]
    return rf"(?:^|[^0-9]|86){'[ -]?'.join(wide)}(?:$|[^0-9])"


def found_in(column: pa.Array | pa.ChunkedArray, pattern: str) -> pa.Array | pa.ChunkedArray:
    """Say which texts of a column hold a trace; a missing one holds none."""
    return pc.fill_null(pc.match_substring_regex(column, pattern), fill_value=False)


def texts_of(schema: pa.Schema) -> list[str]:
    """Name the columns of a table that hold text."""
    return [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]
