"""Which canonical table a file is: the one whose telling columns it has, with its key, by its name too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crmlib.prep.parsing.letters import without_accents
from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.fitting import Match, is_number
from crmlib.prep.proposal.groups import Sampled
from crmlib.prep.proposal.matching import MONEY, match_columns
from crmlib.prep.proposal.readings import Reading
from crmlib.prep.proposal.synonyms import WITHOUT_ADJUNCT, forms, likeness, names_of, tokens
from crmlib.prep.proposal.words import FILE_WORDS
from crmlib.tables import TABLES
from crmlib.tables.vocabulary import SCORE_PREFIX
from crmlib.words import _

_TELLING: Final[dict[str, dict[str, float]]] = {
    "transactions": {
        "ordered_at": 0.7, "amount": 1.3, "quantity": 1.5, "unit_price": 1.5, "order_id": 1, "product_id": 1,
        "description": 0.5, "customer_id": 0.5, "discount": 1, "payment_method": 1, "promotion_id": 0.7,
        "store_id": 0.3, "returned_order_id": 1, "points_redeemed": 1, "cost": 0.3, "line_id": 0.5, "currency": 0.3,
        "amount_before_discount": 1, "discount_rate": 0.7, "discount_percent": 0.7, "refund": 0.7, "refunded_at": 0.5,
        "order_total": 1.3, "order_discount": 0.7, "order_shipping": 0.5, "order_tax": 0.5, "order_refund": 0.7,
    },
    "customers": {
        "customer_id": 0.7, "phone": 2, "email": 2, "birth_date": 2, "gender": 1.5, "joined_at": 1.5, "tier": 1.5,
        "name": 0.7, "member_until": 1.5, "points": 0.7, "city": 0.7, "region": 0.5, "occupation": 1, "age": 1,
        "acquired_by": 0.5, "consent": 1, "contact_consent": 0.7, "member_id": 0.5,
    },
    "products": {"product_id": 1, "category": 2, "subcategory": 1.5, "brand": 1.5, "name": 1, "unit_cost": 1},
    "stores": {"store_id": 1, "name": 0.7, "city": 1, "region": 0.7, "opened_at": 2, "format": 1},
    "interactions": {
        "customer_id": 0.5, "at": 0.7, "kind": 1, "resolved_at": 2, "first_response_at": 2, "topic": 1, "text": 1,
        "adopted": 1.5, "touchpoint": 1, "channel": 0.5,
    },
    "surveys": {
        "response_id": 1, "answered_at": 1, "invited_at": 1, "comment": 1, "touchpoint": 0.7, "score_recommend": 2,
        "score_satisfaction": 2,
    },
    "contacts": {
        "campaign_id": 1.5, "customer_id": 0.5, "contacted_at": 1, "arm": 2, "offer": 0.7, "responded_at": 2,
        "response_value": 1.5,
    },
}  # fmt: skip
_BY_NAME: Final = 1.5
_LEAST: Final = 2.0
_LITTLE: Final = 1.0
_KEYED: Final = ("customers", "products", "stores", "surveys")


@dataclass(frozen=True, slots=True)
class Choice:
    """A canonical table for a file."""

    table: str
    matches: Mapping[str, Match]  # by canonical name
    lacking: tuple[str, ...]  # required columns that were not found; then the file cannot be that table
    score: float
    doubts: tuple[str, ...] = ()  # what could not be told of the table as a whole, in words


@dataclass(frozen=True, slots=True)
class Found:
    """A delivery, the table it is proposed for, if any suits, and of order lines what their numbers said."""

    sample: Sampled
    choice: Choice | None
    ranked: tuple[Choice, ...]
    reading: Reading | None = None

    @property
    def table(self) -> str:
        """The canonical table, or nothing."""
        return self.choice.table if self.choice else ""


def find_table(sample: Sampled) -> Found:
    """Choose the canonical table of a delivery, or none where too little speaks for any."""
    ranked = choose_table(sample.columns, sample.group.labels, by_values=not sample.group.first.header)
    return Found(sample, ranked[0] if is_enough(ranked[0]) else None, tuple(ranked))


def choose_table(columns: Sequence[Evidence], labels: Sequence[str], *, by_values: bool = False) -> list[Choice]:
    """Rank the canonical tables that a file could be, the likeliest first; those that it cannot be come last."""
    choices = {table: _choice(table, columns, labels, by_values=by_values) for table in TABLES}
    choices["customers"] = _people_or_orders(choices["customers"], choices["transactions"], columns)
    return sorted(choices.values(), key=lambda choice: (bool(choice.lacking), -choice.score))


def _people_or_orders(people: Choice, orders: Choice, columns: Sequence[Evidence]) -> Choice:
    """Take a file with money, quantities, order numbers or articles for no list of customers, or say why for one."""
    signs = order_signs(columns)
    if not signs:
        return people
    if not orders.lacking or not _may_be_people(signs, people.matches, columns):
        return replace(people, score=0.0)
    names = ", ".join(sorted(signs.values()))
    doubt = _("could not tell: {names} is taken for a total of each customer; if each line is an order, say so")
    return replace(people, doubts=(doubt.format(names=names),))


def is_enough(choice: Choice) -> bool:
    """Say whether enough speaks for a choice to propose it."""
    by_header = sum(match.header >= WITHOUT_ADJUNCT for match in choice.matches.values())
    return not choice.lacking and (choice.score >= _LEAST or (choice.score >= _LITTLE and by_header > 1))


def _choice(table: str, columns: Sequence[Evidence], labels: Sequence[str], *, by_values: bool) -> Choice:
    matches = match_columns(table, columns, by_values=by_values)
    score = sum(_TELLING[table].get(name, 0.1) * (match.score or 0.7) for name, match in matches.items())
    score += 0.4 * min(sum(name.startswith(SCORE_PREFIX) for name in matches), 4) if table == "surveys" else 0
    score += _BY_NAME * _named(table, labels)
    if table in _KEYED:
        score *= _key_factor(table, columns, matches)
    return Choice(table, matches, _lacking(table, matches), score)


def _key_factor(table: str, columns: Sequence[Evidence], matches: Mapping[str, Match]) -> float:
    """Weigh down a table whose key stands on many lines: each of its lines is not one of its things."""
    key = matches.get(TABLES[table].key[0])
    if key is None:
        return 0.5
    unique = next(column.unique for column in columns if column.name == key.raw)
    return 1.0 if unique > 0.95 else 0.7 if unique > 0.1 else 0.4


def _lacking(table: str, matches: Mapping[str, Match]) -> tuple[str, ...]:
    lacking = [column.name for column in TABLES[table].columns if column.required and column.name not in matches]
    priced = {"quantity", "unit_price"} <= set(matches)
    if table == "transactions" and not priced and not set(MONEY) & set(matches):
        lacking.append("amount")
    return tuple(lacking)


def _named(table: str, labels: Sequence[str]) -> bool:
    """Say whether the name of the file, or of its folder, says the table."""
    for label in labels:
        plain = without_accents(label.casefold())
        parts = {part.strip("0123456789") for part in (*tokens(label), *tokens(plain))}
        if any(word in parts or (not word.isascii() and word in plain) for word in FILE_WORDS[table]):
            return True
    return False


_KEYS: Final = ("order_id", "product_id")
_COUNTS: Final = ("quantity", "unit_price")
_MONEY: Final = ("amount", "amount_before_discount", "order_total", "refund")
_OF_ANYTHING: Final = frozenset(
    [
        "code", "codigo", "barcode", "ean", "upc", "referencia", "reference", "ref", "handle", "codebarre",
        "codebarres", "codigodebarras", "count", "nombre", "nb", "volume",
        "バーコード", "条码", "条形码", "ticket", "recibo",
    ]
)  # fmt: skip
"""Names of articles and amounts that a list of people may bear as well: the code of a member's card."""

_ALONE: Final = 0.95
_OF_A_PERSON: Final = (
    "name", "phone", "email", "birth_date", "age", "gender", "joined_at", "tier", "member_id", "member_until",
    "occupation", "platform_id", "consent", "contact_consent",
)  # fmt: skip


def order_signs(columns: Sequence[Evidence]) -> dict[str, str]:
    """Find the columns that only orders have: their numbers, articles, quantities, prices and money.

    Totals of a person, such as "Total Spent", are none: a list of customers has them.
    """
    found: dict[str, str] = {}
    of_people = names_of("customers") | _OF_ANYTHING
    for column in columns:
        if column.distinct == 0 or not of_people.isdisjoint(forms(column.name)):
            continue
        for role in (*_KEYS, *_COUNTS, *_MONEY):
            numeric = role in _KEYS or is_number(column)
            if numeric and likeness(column.name, "transactions", role) >= WITHOUT_ADJUNCT:
                found.setdefault(role, column.name)
                break
    return found


def _may_be_people(signs: Mapping[str, str], people: Mapping[str, Match], columns: Sequence[Evidence]) -> bool:
    """Say whether a file with signs of orders, and not all of them, may be a list of customers all the same.

    It may where nothing but money speaks of orders, each line is another person, and more than a number is told of
    each: then the money is a total of the person.
    """
    if "customer_id" not in people or {*_KEYS, *_COUNTS} & signs.keys():
        return False
    alone = any(column.name == people["customer_id"].raw and column.unique > _ALONE for column in columns)
    return alone and len(set(_OF_A_PERSON) & people.keys()) > 1
