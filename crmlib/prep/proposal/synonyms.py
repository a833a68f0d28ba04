"""How like a header is to what other systems call a canonical column, in any of the languages we know."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from crmlib.prep.parsing.letters import without_accents
from crmlib.prep.proposal.words import (
    ADJUNCTS,
    BEFORE,
    CURRENCIES,
    LINKING,
    SHORT,
    english_synonyms,
    known_columns,
    synonyms,
)
from crmlib.prep.proposal.words.other import KINDS, OTHER
from crmlib.tables import TABLES

_BRACKETS: Final = re.compile(r"[(\[（【].*?[)\]）】]")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TOKEN: Final = re.compile(r"[^\W_]+")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_NUMBERED: Final = re.compile(r" ?\(\d+\)$")
_NUMBER_SIGN: Final = re.compile(r"(?<=\w) ?#$")
_CLOSE: Final = 0.88
_SAYS_LITTLE: Final = frozenset(
    [
        "date", "time", "value", "total", "name", "count", "type", "sum", "description", "title", "price", "source",
        "score", "item", "order", "customer", "product", "store", "shop", "user", "member", "account", "paid", "area",
        "text", "timestamp", "review", "sales", "sent", "group", "label", "amount", "created", "message", "mail",
        "state", "tier", "level", "grade", "class", "points", "created at", "email", "phone", "household", "client",
        "vente", "venta", "venda", "ventes", "ventas", "commande", "pedido", "facture", "factura", "fecha", "datum",
        "article", "produit", "produto", "producto", "cliente", "kunde", "artikel", "betrag", "umsatz", "preis",
        "montant", "prix", "importe", "valor", "precio", "preco", "fatura", "filiale", "ticket", "nombre", "nome",
        "tienda", "magasin", "subtotal", "revenue", "spend", "turnover", "dollars", "gross", "beleg", "rechnung",
        "shipping", "delivery", "freight", "refund", "discount",
    ]
)  # fmt: skip
"""Names that tell a column alone, and not as one word of several: a ship date is no order date."""

EXACT: Final = 1.0
WITHOUT_ADJUNCT: Final = 0.9
INSIDE: Final = 0.7
ALIKE: Final = 0.6


@cache
def tokens(header: str) -> tuple[str, ...]:
    """Split a header into small words without accents, units in brackets left out."""
    marked = _NUMBER_SIGN.sub(" no", header).replace("°", "o")
    plain = _NUMBERED.sub("", unicodedata.normalize("NFKC", marked))
    bare = _BRACKETS.sub(" ", plain) if _BRACKETS.sub("", plain).strip() else plain
    found = [without_accents(word.casefold()) for word in _TOKEN.findall(_CAMEL.sub(" ", bare))]
    return (*found, "percent") if "%" in plain else tuple(found)


def has_word(header: str, words: Collection[str], parts: Collection[str]) -> bool:
    """Say whether a header has one of some words, or in scripts without blanks one of some parts."""
    return any(word in words for word in tokens(header)) or any(part in header for part in parts)


@cache
def normal(words: tuple[str, ...]) -> str:
    """Write a header for comparison: abbreviations in full, words that only join others left out."""
    telling = [word for word in words if word not in LINKING] or list(words)
    return "".join(SHORT.get(word, word) for word in telling)


def likeness(header: str, table: str, column: str) -> float:
    """Say how like a header is to the names of a canonical column, from 0 to 1."""
    words = tokens(header)
    return _likeness(words, table, column) if words else 0.0


@cache
def _likeness(words: tuple[str, ...], table: str, column: str) -> float:
    names = known_names(table, column)
    if _is_one_of(words, names):
        return EXACT
    if is_other(words):
        return 0.0
    joined = "".join(words)
    if _without_adjunct(words, table, names):
        return WITHOUT_ADJUNCT
    if _CJK.search(joined):
        inside = max((len(name) for name in names if len(name) > 1 and name in joined), default=0)
        return INSIDE * inside / len(joined) if 2 * inside >= len(joined) else 0.0
    if any(len(name) > 3 and name not in _SAYS_LITTLE and _stands_in(name, words) for name in names):
        return INSIDE
    return ALIKE if _is_misspelt(words, table, column) else 0.0


def _without_adjunct(words: tuple[str, ...], table: str, names: frozenset[str]) -> bool:
    """Say whether words are a name when what the table's systems put before it, and units, are left out."""
    shorter = tuple(word for word in words if word not in ADJUNCTS[table] and word not in CURRENCIES)
    if shorter and shorter != words and _is_one_of(shorter, names):
        return True
    joined = "".join(words)
    return any(joined.removeprefix(before) in names for before in BEFORE.get(table, ()) if joined.startswith(before))


def _is_one_of(words: tuple[str, ...], names: frozenset[str]) -> bool:
    return "".join(words) in names or normal(words) in names


def _stands_in(name: str, words: tuple[str, ...]) -> bool:
    """Say whether some words in a row are the name, and none of the others says that the column is another thing."""
    for first in range(len(words)):
        for end in range(first + 1, len(words) + 1):
            if "".join(words[first:end]) == name:
                return not KINDS.intersection((*words[:first], *words[end:]))
    return False


def _is_misspelt(words: tuple[str, ...], table: str, column: str) -> bool:
    """Say whether each word is like the word of an English name; in two languages, words are alike by chance."""
    for name in english_synonyms(table, column):
        known = tokens(name)
        if len(known) == len(words) and len("".join(words)) > 5 and all(map(_alike, words, known)):
            return True
    return False


def _alike(word: str, known: str) -> bool:
    if word == known:
        return True
    if len(word) < 5 or word[0] != known[0] or word in _ENGLISH:
        return False
    return SequenceMatcher(None, word, known).ratio() >= _CLOSE


@cache
def known_names(table: str, column: str) -> frozenset[str]:
    """Give the names of a canonical column as they are compared: small letters without blanks and accents."""
    return frozenset(places(table, column)) | {column.replace("_", "")}


@cache
def names_of(table: str) -> frozenset[str]:
    """Give the names of all columns of a table."""
    columns = {*(column.name for column in TABLES[table].delivered), *known_columns(table)}
    return frozenset().union(*(known_names(table, column) for column in columns))


@cache
def places(table: str, column: str) -> dict[str, int]:
    """Give the names of a canonical column with their places: the likelier stands first."""
    return by_form(synonyms(table, column))


def by_form(names: Iterable[str]) -> dict[str, int]:
    """Give the place of each form of some names, the first where it has several."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        for form in forms(name):
            found.setdefault(form, place)
    return found


def place_of(header: str, table: str, column: str) -> int:
    """Give the place of a header among the names of a column, a large number where it is none of them."""
    known = places(table, column)
    return min((known[form] for form in forms(header) if form in known), default=len(known))


def forms(name: str) -> tuple[str, str]:
    """Give the two ways in which a name is compared: as it is, and normal."""
    words = tokens(name)
    return "".join(words), normal(words)


@cache
def is_other(words: tuple[str, ...]) -> bool:
    """Say whether a header is the name of something that we have no column for."""
    return "".join(words) in _OTHER or normal(words) in _OTHER


def is_kind(header: str, kind: str) -> bool:
    """Say whether a header is the name of one kind of other thing, see ``OTHER``."""
    return any(form in _KIND[kind] for form in forms(header))


def is_known_header(cell: str) -> bool:
    """Say whether a cell is the name of any canonical column."""
    return bool(tokens(cell)) and any(form in _ALL for form in forms(cell))


def _forms_of(names: Iterable[str]) -> frozenset[str]:
    return frozenset(form for name in names for form in forms(name))


_ALL: Final = frozenset().union(*map(names_of, TABLES))
_KIND: Final = {kind: _forms_of(names.split("|")) for kind, names in OTHER.items()}
_OTHER: Final = frozenset().union(*_KIND.values())
_ENGLISH: Final = frozenset(
    word
    for table in TABLES
    for column in known_columns(table)
    for name in english_synonyms(table, column)
    for word in tokens(name)
)
"""Words that stand in English names: none of them is another one misspelt."""
