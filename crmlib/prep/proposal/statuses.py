"""Which columns tell an order's status, and whether a word of theirs means a sale, no sale, or something taken back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from crmlib.prep.parsing.flags import NO, YES
from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.synonyms import forms, is_kind, tokens, without_accents
from crmlib.prep.proposal.words_statuses import (
    CALLED_OFF,
    CALLED_OFF_AT,
    NOT_SALE,
    OF_THE_GOODS,
    OF_THE_GOODS_CJK,
    RETURNED,
    SALE,
    SALE_ALL_THE_SAME,
    TYPES,
)

Kind = Literal["sale", "not_sale", "returned", "unknown"]

_MOST: Final = 60
_KNOWN: Final = 0.6
_WORD: Final = re.compile(r"[^\W_]+")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_REGIONS: Final = frozenset(["state", "estado", "etat", "type", "art", "tipo", "类型", "区分"])
"""Headers that, alone, mean other things as often: their values must speak for them."""


@dataclass(frozen=True, slots=True)
class Status:
    """A column that tells an order's status, its payment's, or what kind of event a row is.

    Attributes
    ----------
    column
        Its raw name.
    called_off
        Whether its values are yes and no, and a yes means that the order was called off.
    """

    column: str
    called_off: bool = False

    def kind(self, value: str) -> Kind:
        """Say what a value means, see :func:`kind_of`."""
        if not self.called_off:
            return kind_of(value)
        word = value.strip().casefold()
        return "not_sale" if word in YES else "sale" if word in NO else kind_of(value)


def status_columns(columns: Sequence[Evidence]) -> list[Status]:
    """Find the columns of a status, by their header or by their words; those of fulfilment are none.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from crmlib.prep.proposal.evidence import weigh
    >>> rows = {"STATUS": ["Shipped", "Cancelled"], "Fulfillment Status": ["fulfilled", ""], "x": ["paid", "voided"]}
    >>> columns = [weigh(name, pa.chunked_array([values])) for name, values in rows.items()]
    >>> [each.column for each in status_columns(columns)]
    ['STATUS', 'x']
    """
    return [found for each in columns if (found := _status(each)) is not None]


def _status(evidence: Evidence) -> Status | None:
    words = tokens(evidence.name)
    if not evidence.values or _is_of_the_goods(evidence.name):
        return None
    if CALLED_OFF.intersection((*words, *forms(evidence.name))) and evidence.flags > 0.9:
        return Status(evidence.name, called_off=True)
    if evidence.flags > 0.9 or evidence.dates.share > 0.5 or evidence.numbers.share > 0.5:
        return None
    known, bad = _shares(evidence)
    named = is_kind(evidence.name, "status") or any(form in _TYPES for form in forms(evidence.name))
    named = named or (len(words) > 1 and {"status", "statut"} & set(words) != set())
    if named and not (len(words) == 1 and words[0] in _REGIONS):
        return Status(evidence.name)
    return Status(evidence.name) if known >= _KNOWN and (bad or named) else None


def _shares(evidence: Evidence) -> tuple[float, float]:
    """Give the shares of the rows whose word is known, and of those that are no sale or taken back."""
    kinds = [(kind_of(value), count) for value, count in evidence.values]
    rows = sum(count for _kind, count in kinds)
    known = sum(count for kind, count in kinds if kind != "unknown")
    bad = sum(count for kind, count in kinds if kind in ("not_sale", "returned"))
    return known / rows, bad / rows


def _is_of_the_goods(header: str) -> bool:
    return bool(OF_THE_GOODS.intersection(tokens(header))) or any(word in header for word in OF_THE_GOODS_CJK)


def called_off_times(columns: Sequence[Evidence]) -> list[str]:
    """Name the columns of times under which any value means that the order was called off, such as Cancelled at.

    They count whether they are filled or empty in the sample: a later delivery may fill them.
    """
    return [
        each.name
        for each in columns
        if any(form in _CALLED_OFF_AT for form in forms(each.name)) and (each.distinct == 0 or each.dates.share > 0.5)
    ]


@cache
def kind_of(value: str) -> Kind:
    """Say whether a word of a status means a sale, no sale, or something taken back.

    Examples
    --------
    >>> [kind_of(word) for word in ("Completed", "voided", "Partially refunded", "Shipped - Returned to Seller")]
    ['sale', 'not_sale', 'sale', 'returned']
    >>> [kind_of(word) for word in ("付款以后用户退款成功，交易自动关闭", "(删除)等待付款", "交易成功", "??")]
    ['returned', 'not_sale', 'sale', 'unknown']
    """
    plain = without_accents(value.casefold())
    words = tuple(_WORD.findall(plain))
    for kind, phrases in _RULES:
        if any(phrase.stands_in(plain, words) for phrase in phrases):
            return kind
    return "unknown"


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words in a row, or letters of a script without blanks."""

    letters: str
    words: tuple[str, ...]

    def stands_in(self, text: str, words: tuple[str, ...]) -> bool:
        if self.letters:
            return self.letters in text
        places = range(len(words) - len(self.words) + 1)
        return any(all(map(_begins, words[place:], self.words)) for place in places)


def _begins(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _phrases(by_language: dict[str, str]) -> tuple[_Phrase, ...]:
    listed = [phrase for phrases in by_language.values() for phrase in phrases.split("|")]
    return tuple(
        _Phrase(phrase, ()) if _CJK.search(phrase) else _Phrase("", tuple(phrase.split()))
        for phrase in sorted(set(listed))
    )


_RULES: Final[tuple[tuple[Kind, tuple[_Phrase, ...]], ...]] = (
    ("sale", _phrases(SALE_ALL_THE_SAME)),
    ("returned", _phrases(RETURNED)),
    ("not_sale", _phrases(NOT_SALE)),
    ("sale", _phrases(SALE)),
)
"""The first that matches holds: a refund outweighs the close of the order that it led to."""

_TYPES: Final = frozenset(form for name in TYPES.split("|") for form in forms(name))
_CALLED_OFF_AT: Final = frozenset(form for name in CALLED_OFF_AT.split("|") for form in forms(name))
