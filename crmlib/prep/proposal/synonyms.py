"""What other systems call the canonical columns, in English and Chinese, and how like a header is to one of them."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from crmlib.prep.proposal.words import ADJUNCTS, CURRENCIES, known_columns, synonyms
from crmlib.tables import TABLES

_BRACKETS: Final = re.compile(r"[(\[（【].*?[)\]）】]")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TOKEN: Final = re.compile(r"[^\W_]+")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_NUMBERED: Final = re.compile(r" ?\(\d+\)$")
_CLOSE: Final = 0.88
_SAYS_LITTLE: Final = frozenset(
    [
        "date", "time", "value", "total", "name", "count", "type", "sum", "description", "title", "price", "source",
        "score", "item", "order", "customer", "product", "store", "shop", "user", "member", "account", "paid", "area",
        "text", "timestamp", "review", "sales", "sent", "group", "label", "amount", "created", "message", "mail",
        "state", "tier", "level", "grade", "class", "points",
    ]
)  # fmt: skip
"""Names that tell a column alone, and not as one word of several: a ship date is no order date."""

EXACT: Final = 1.0
WITHOUT_ADJUNCT: Final = 0.9
INSIDE: Final = 0.7
ALIKE: Final = 0.6


@cache
def tokens(header: str) -> tuple[str, ...]:
    """Split a header into small words, units in brackets left out.

    Examples
    --------
    >>> tokens("InvoiceNo"), tokens("Unit_Price (EUR)"), tokens("实付金额（元）")
    (('invoice', 'no'), ('unit', 'price'), ('实付金额',))
    """
    plain = _NUMBERED.sub("", unicodedata.normalize("NFKC", header))
    bare = _BRACKETS.sub(" ", plain) if _BRACKETS.sub("", plain).strip() else plain
    return tuple(each.casefold() for each in _TOKEN.findall(_CAMEL.sub(" ", bare)))


def likeness(header: str, table: str, column: str) -> float:
    """Say how like a header is to the names of a canonical column, from 0 to 1.

    Examples
    --------
    >>> likeness("InvoiceNo", "transactions", "order_id"), likeness("实付金额 ", "transactions", "amount")
    (1.0, 1.0)
    >>> likeness("seller_city", "stores", "city"), likeness("Country", "transactions", "order_id")
    (0.9, 0.0)
    """
    words = tokens(header)
    return _likeness(words, table, column) if words else 0.0


@cache
def _likeness(words: tuple[str, ...], table: str, column: str) -> float:
    names = known_names(table, column)
    joined = "".join(words)
    if joined in names:
        return EXACT
    shorter = tuple(word for word in words if word not in ADJUNCTS[table] and word not in CURRENCIES)
    if shorter and shorter != words and "".join(shorter) in names:
        return WITHOUT_ADJUNCT
    if _CHINESE.search(joined):
        inside = max((len(name) for name in names if len(name) > 1 and name in joined), default=0)
        return INSIDE * inside / len(joined) if 2 * inside >= len(joined) else 0.0
    if any(len(name) > 3 and name not in _SAYS_LITTLE and _stands_in(name, words) for name in names):
        return INSIDE
    near = [name for name in names if len(name) > 4 and name[0] == joined[0]]
    close = max((SequenceMatcher(None, joined, name).ratio() for name in near), default=0.0)
    return ALIKE if close >= _CLOSE and len(joined) > 4 else 0.0


def _stands_in(name: str, words: tuple[str, ...]) -> bool:
    """Say whether some words in a row are the name."""
    return any("".join(words[i:j]) == name for i in range(len(words)) for j in range(i + 1, len(words) + 1))


@cache
def known_names(table: str, column: str) -> frozenset[str]:
    """Give the names of a canonical column as they are compared: small letters without blanks."""
    own = {column.replace("_", "")}
    return frozenset(own | {"".join(tokens(each)) for each in synonyms(table, column)})


def is_known_header(cell: str) -> bool:
    """Say whether a cell is the name of any canonical column.

    Examples
    --------
    >>> is_known_header("会员号"), is_known_header("Order Date"), is_known_header("张伟")
    (True, True, False)
    """
    words = tokens(cell)
    return bool(words) and "".join(words) in _ALL


def _all_names() -> Iterator[str]:
    for table in TABLES.values():
        for column in {*(each.name for each in table.delivered), *known_columns(table.name)}:
            yield from known_names(table.name, column)


_ALL: Final = frozenset(_all_names())
