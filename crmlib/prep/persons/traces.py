"""Recognising one person's identifiers in tables and texts, however a phone number was written."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.persons.finding import Person

_SPECIFIC = 6
"""Shorter numbers may be anything: they count in columns of customers and as whole fields, not in running text."""


@dataclass(frozen=True, slots=True, repr=False)
class Traces:
    """Patterns (RE2 and Python's alike) of one person's identifiers.

    ``surely`` matches pseudonyms, phone numbers and e-mail addresses, nowhere else than with this person; ``fields``
    these and the customer numbers as whole fields, in texts that hold delivered lines; ``quoted`` in JSON.
    """

    surely: str
    fields: str
    quoted: str


def traces_of(person: Person) -> Traces:
    """Write the patterns of a person.

    A phone number is found with blanks, hyphens and full-width digits in it. A phone or an address that another person
    of the map shares is that person's too, and is left alone.
    """
    exact = sorted(person.pseudonyms)
    phones = [_phone(each) for each in sorted(person.own_phones)]
    emails = [_bounded(_literal(each)) for each in sorted(person.own_emails)]
    bare = sorted({number.rpartition(":")[2] for number in person.numbers} | person.numbers)
    long = [_bounded(_literal(each)) for each in bare if len(each) >= _SPECIFIC and not each.isdecimal()]
    surely = [*exact, *phones, *emails, *long]
    fields = [*surely, *(_bounded(_literal(each)) for each in bare)]
    quoted = [*surely, *(f'"{_literal(each)}"' for each in bare)]
    return Traces(*(f"(?i:{'|'.join(parts)})" for parts in (surely, fields, quoted)))


def _literal(text: str) -> str:
    """Write a text as a pattern that RE2 and Python read alike."""
    return "".join(each if each.isalnum() else rf"\{each}" if each in "\\^" else f"[{each}]" for each in text)


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
    return [each.name for each in schema if pa.types.is_string(each.type) or pa.types.is_large_string(each.type)]
