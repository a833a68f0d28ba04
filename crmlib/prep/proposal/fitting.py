"""One canonical column and where it is found; how well values are what it holds, whatever their header says."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from crmlib.prep.proposal.evidence import Evidence
from crmlib.tables import TABLES, Column
from crmlib.tables.vocabulary import SCORE_PREFIX

_MOST_SCORE: Final = 10
_TEXT: Final = ("name", "description", "text", "comment", "brand", "city")
"""Text that no system codes as numbers."""

_CHOSEN: Final = ("payment_method", "channel", "gender", "tier", "format", "arm", "currency", "kind", "touchpoint")
"""What is chosen from a few words, so that it cannot be another one on each line."""

_WHOSE: Final = ("customer_id", "order_id")
_ENOUGH: Final = 10
_BROKEN: Final = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)


def fits(table: str, column: Column, evidence: Evidence) -> float:
    """Say how well values are of a column's kind, from 0 to 1; a column without values may be anything but a key."""
    if evidence.distinct == 0:
        return 0.0 if column.name in _WHOSE or column.required else 0.5
    if column.name in TABLES[table].key and len(TABLES[table].key) == 1:
        return _code(evidence) * (0.5 + 0.5 * evidence.filled * evidence.unique)
    if column.name.startswith(SCORE_PREFIX):
        return 1.0 if is_score(evidence) else 0.0
    measure = _OWN.get(column.name)
    if measure is not None:
        return measure(evidence)
    return _code(evidence) if column.name.endswith("_id") else _of_kind(column, evidence)


def _key(evidence: Evidence) -> float:
    return _code(evidence) * (0.6 + 0.4 * evidence.filled) if is_key(evidence) else 0.0


def _line(evidence: Evidence) -> float:
    return _code(evidence) if evidence.digits > 0.5 else 0.0


def _article(evidence: Evidence) -> float:
    return _code(evidence) * (0.9 if _counts(evidence) else 1.0)


def is_key(evidence: Evidence) -> bool:
    """Say whether a column can tell orders or customers apart: neither empty, nor constant, nor of two values only.

    A few lines may be of one or two customers. Numbers that a spreadsheet has broken (2.1E+18) stay a key, although
    all are alike now: reading them refuses the file and says what to do.
    """
    lines = evidence.rows * evidence.filled
    few = evidence.distinct <= 2 and lines >= _ENOUGH
    return evidence.distinct > 0 and (not few or is_broken_number(evidence))


def is_broken_number(evidence: Evidence) -> bool:
    """Say whether a column holds long numbers in scientific notation, whose last digits are lost."""
    return bool(evidence.values) and all(_BROKEN.fullmatch(value) for value, _count in evidence.values)


def _of_kind(column: Column, evidence: Evidence) -> float:
    dates, numbers = evidence.dates, evidence.numbers
    if column.name in _CHOSEN and evidence.distinct > 2 * _ENOUGH and evidence.unique > 0.5:
        return 0.0
    if column.kind in ("timestamp", "date"):
        share = dates.share if dates.share >= 0.5 else (dates.serial + dates.share) * 0.9
        return share * (0.7 + 0.3 * evidence.filled)
    if column.kind in ("money", "number", "integer"):
        return numbers.share if numbers.padded < 0.5 and not _only_dates(evidence) else 0.0
    if column.kind == "flag":
        return evidence.flags
    worded = 1.0 - (numbers.share if numbers.whole < 1 or column.name in _TEXT else 0.0)
    return 0.0 if dates.share > 0.8 else worded


def _only_dates(evidence: Evidence) -> bool:
    return evidence.dates.share > 0.9 and evidence.numbers.share < 0.9


def _code(evidence: Evidence) -> float:
    """Numbers of orders, customers and articles: short, of few words, no fractions, no dates with marks."""
    if evidence.dates.share > 0.8 and evidence.numbers.share < 0.9:
        return 0.0
    fractions = evidence.numbers.share * (1 - evidence.numbers.whole)
    return max(0.0, 1.0 - 2 * fractions) * (1.0 if evidence.length <= 40 else 0.4) * (1 - 0.3 * evidence.spaced)


def is_code(evidence: Evidence) -> bool:
    """Say whether values could be codes: short, without blanks, no fractions, no dates, not all alike."""
    return evidence.distinct > 1 and _code(evidence) > 0.9 and evidence.flags < 0.9 and evidence.clocks < 0.5


def _counts(evidence: Evidence) -> bool:
    """Say whether values count lines: small whole numbers from one on."""
    numbers = evidence.numbers
    return numbers.share > 0.95 and numbers.whole == 1 and 0 <= numbers.low <= 1 and numbers.high < 100


def phone(evidence: Evidence) -> float:
    """Give the share of values that are, or could be, phone numbers."""
    long_numbers = evidence.numbers.share if evidence.numbers.low >= 1e6 else 0.0
    return max(evidence.phones, 0.9 * long_numbers)


def _age(evidence: Evidence) -> float:
    return evidence.numbers.share if evidence.numbers.high <= 130 else 0.0


def is_score(evidence: Evidence) -> bool:
    """Say whether a column could be answers on a scale: whole numbers from 0 to 10, few of them different."""
    numbers = evidence.numbers
    return (
        numbers.share > 0.95
        and numbers.whole == 1
        and numbers.low >= 0
        and numbers.high <= _MOST_SCORE
        and evidence.distinct <= _MOST_SCORE + 1
        and not evidence.typed * evidence.dates.share
    )


def is_number(evidence: Evidence) -> bool:
    """Say whether a column holds numbers, be it money, quantities or rates, and neither dates nor codes with zeros."""
    numbers = evidence.numbers
    dated = evidence.dates.share > 0.9
    return numbers.share > 0.9 and numbers.padded < 0.5 and not dated and evidence.phones < 0.5


def has_decimals(evidence: Evidence) -> bool:
    """Say whether numbers are written with decimals, as money is."""
    return is_number(evidence) and evidence.numbers.whole < 1


_OWN: Final[dict[str, Callable[[Evidence], float]]] = {
    "phone": phone,
    "email": lambda evidence: evidence.emails,
    "age": _age,
    "product_id": _article,
    "customer_id": _key,
    "order_id": _key,
    "line_id": _line,
}
"""Columns that are measured in their own way."""


@dataclass(frozen=True, slots=True)
class Match:
    """One canonical column and the column it is found in."""

    canonical: str
    raw: str
    header: float  # how like the header is to a known name; 0 where only the values told
    fit: float  # how well the values are of the column's kind; 1 where all are
    doubt: str = ""  # what could not be told, in the words that follow these; empty where nothing is doubted
    joined: tuple[str, ...] = ()  # further columns that belong to it, such as the time of day beside the date

    @property
    def score(self) -> float:
        """Header and values together."""
        return self.header * self.fit
