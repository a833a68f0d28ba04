"""Which column of a file is which canonical column: by its header, and by whether its values are of that kind."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.synonyms import likeness, tokens
from crmlib.prep.proposal.words import known_columns
from crmlib.tables import TABLES, Column
from crmlib.tables.vocabulary import SCORE_PREFIX

_LEAST: Final = 0.45
"""A match below this is none."""

_MOST_SCORE: Final = 10
_DATE_WORDS: Final = frozenset(["date", "time", "datetime", "timestamp", "day", "at", "on", "birthday", "dob"])
_WORDS: Final = ("name", "description", "text", "comment", "brand", "city")
"""Text that no system codes as numbers."""


@dataclass(frozen=True, slots=True)
class Match:
    """One canonical column and the column it is found in.

    Attributes
    ----------
    header
        How like the header is to a known name; 0 where only the values told.
    fit
        How well the values are of the column's kind; 1 where all are.
    """

    canonical: str
    raw: str
    header: float
    fit: float

    @property
    def score(self) -> float:
        """Header and values together."""
        return self.header * self.fit


def match_columns(table: str, columns: Sequence[Evidence], *, by_values: bool = False) -> dict[str, Match]:
    """Match the columns of a file with those of a canonical table, the surest first, each once.

    Parameters
    ----------
    table
        Name of the canonical table.
    columns
        The evidence of each column.
    by_values
        Whether there are no headers to go by.

    Returns
    -------
    dict of str to Match
        By canonical column.
    """
    if by_values:
        return _by_values(columns) if table == "transactions" else {}
    candidates = sorted(
        (match for column in _wanted(table) for each in columns if (match := _match(table, column, each)) is not None),
        key=lambda match: (-round(match.score, 3), _order(table).get(match.canonical, 99)),
    )
    found: dict[str, Match] = {}
    taken: set[str] = set()
    for match in candidates:
        if match.canonical not in found and match.raw not in taken:
            found[match.canonical] = match
            taken.add(match.raw)
    time = TABLES[table].time
    if time and time not in found and {"order_id", "customer_id"} & found.keys():
        found |= _only_time(time, [each for each in columns if each.name not in taken])
    if table == "transactions":
        found |= _by_plain_id([each for each in columns if each.name not in taken], found)
    if table == "transactions" and "unit_price" in found and not {"amount", "quantity"} & found.keys():
        price = found.pop("unit_price")  # a line is one piece where nobody counts them
        found["amount"] = Match("amount", price.raw, price.header, price.fit)
    if table == "surveys":
        found |= _other_scores([each for each in columns if each.name not in taken])
    return {name: found[name] for name in sorted(found, key=lambda name: _order(table).get(name, 99))}


def _wanted(table: str) -> list[Column]:
    scores = [name for name in known_columns(table) if name.startswith(SCORE_PREFIX)]
    return [*TABLES[table].delivered, *(Column(name, "number", "score of an answer") for name in scores)]


def _order(table: str) -> Mapping[str, int]:
    return {column.name: place for place, column in enumerate(_wanted(table))}


def _match(table: str, column: Column, evidence: Evidence) -> Match | None:
    header = likeness(evidence.name, table, column.name)
    fit = fits(table, column, evidence) if header else 0.0
    match = Match(column.name, evidence.name, header, fit)
    return match if match.score >= _LEAST else None


def fits(table: str, column: Column, evidence: Evidence) -> float:
    """Say how well values are of a column's kind, from 0 to 1; a column without values may be anything."""
    if evidence.distinct == 0:
        return 0.8
    if column.name in TABLES[table].key and len(TABLES[table].key) == 1:
        return _code(evidence) * (0.5 + 0.5 * evidence.filled * evidence.unique)
    if column.name.startswith(SCORE_PREFIX):
        return 1.0 if is_score(evidence) else 0.0
    if column.name in ("phone", "email", "age"):
        return {"phone": _phone, "email": _email, "age": _age}[column.name](evidence)
    if column.name.endswith("_id"):
        return _code(evidence)
    return _of_kind(column, evidence)


def _of_kind(column: Column, evidence: Evidence) -> float:
    dates, numbers = evidence.dates, evidence.numbers
    if column.kind in ("timestamp", "date"):
        return dates.share if dates.share >= 0.5 else (dates.serial + dates.share) * 0.9
    if column.kind in ("money", "number", "integer"):
        return numbers.share if numbers.padded < 0.5 and not _only_dates(evidence) else 0.0
    if column.kind == "flag":
        return evidence.flags
    worded = 1.0 - (numbers.share if numbers.whole < 1 or column.name in _WORDS else 0.0)
    return 0.0 if dates.share > 0.8 else worded


def _only_dates(evidence: Evidence) -> bool:
    return evidence.dates.share > 0.9 and evidence.numbers.share < 0.9


def _code(evidence: Evidence) -> float:
    """Numbers of orders, customers and articles: short, of few words, no fractions, no dates with marks."""
    if evidence.dates.share > 0.8 and evidence.numbers.share < 0.9:
        return 0.0
    fractions = evidence.numbers.share * (1 - evidence.numbers.whole)
    return max(0.0, 1.0 - 2 * fractions) * (1.0 if evidence.length <= 40 else 0.4) * (1 - 0.3 * evidence.spaced)


def _phone(evidence: Evidence) -> float:
    long_numbers = evidence.numbers.share if evidence.numbers.low >= 1e6 else 0.0
    return max(evidence.phones, 0.9 * long_numbers)


def _email(evidence: Evidence) -> float:
    return evidence.emails


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


def _only_time(time: str, columns: Sequence[Evidence]) -> dict[str, Match]:
    """Take the only column of dates for the time of a table, unless its name says that it is another date."""
    dated = [each for each in columns if each.dates.share > 0.9]
    if len(dated) != 1 or _DATE_WORDS & set(tokens(dated[0].name)) or any(word in dated[0].name for word in "日时"):
        return {}
    return {time: Match(time, dated[0].name, 0.0, dated[0].dates.share)}


def _by_plain_id(columns: Sequence[Evidence], found: Mapping[str, Match]) -> dict[str, Match]:
    """Take a column called no more than id for the customer where it comes again, for the order where it does not."""
    plain = [each for each in columns if tokens(each.name) in (("id",), ("编号",)) and each.distinct > 1]
    name = "customer_id" if plain and plain[0].unique < 0.95 else "order_id"
    return {name: Match(name, plain[0].name, 0.0, _code(plain[0]))} if plain and name not in found else {}


def _other_scores(columns: Sequence[Evidence]) -> dict[str, Match]:
    """Take every other column of answers on a scale for a driver, under its own name."""
    found = {}
    for each in columns:
        if is_score(each) and each.distinct > 1:
            name = SCORE_PREFIX + (re.sub(r"\W+", "_", each.name.lower()).strip("_") or "answer")
            found[name] = Match(name, each.name, 0.0, 1.0)
    return found


def _by_values(columns: Sequence[Evidence]) -> dict[str, Match]:
    """Tell the columns of order lines without headers by their values alone: time, money, units, who."""
    rest = list(columns)
    found: dict[str, Match] = {}

    def take(canonical: str, suitable: Sequence[Evidence]) -> None:
        if suitable:
            found[canonical] = Match(canonical, suitable[0].name, 0.0, 0.7)
            rest.remove(suitable[0])

    take("ordered_at", [each for each in rest if each.dates.share > 0.95])
    money = [each for each in rest if each.numbers.share > 0.95 and each.numbers.whole < 0.9]
    take("amount", sorted(money, key=lambda each: -each.numbers.high))
    whole = [each for each in rest if each.numbers.share > 0.95 and each.numbers.whole == 1]
    take(
        "quantity",
        [each for each in whole if each.numbers.padded < 0.1 and each.numbers.high < 1e5 and each.distinct < 200],
    )
    take("customer_id", [each for each in rest if _code(each) > 0.9 and 0 < each.unique < 1 and each.distinct > 10])
    return found
