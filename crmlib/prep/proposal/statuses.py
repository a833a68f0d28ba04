"""Which columns tell an order's status, and whether a word of theirs means a sale, no sale, or something taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crmlib.prep.parsing.flags import NO, YES
from crmlib.prep.parsing.statuses import CALLED_OFF, CALLED_OFF_AT, OF_THE_GOODS, OF_THE_GOODS_CJK, TYPES, Kind, kind_of
from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.synonyms import forms, has_word, is_kind, tokens

_KNOWN: Final = 0.6
_REGIONS: Final = frozenset(["state", "estado", "etat", "type", "art", "tipo", "类型", "区分"])
"""Headers that, alone, mean other things as often: their values must speak for them."""


@dataclass(frozen=True, slots=True)
class Status:
    """A column that tells an order's status, its payment's, or what kind of event a row is."""

    column: str  # its raw name
    called_off: bool = False  # whether its values are yes and no, and a yes means that the order was called off

    def kind(self, value: str) -> Kind:
        """Say what a value means, see :func:`kind_of`."""
        if not self.called_off:
            return kind_of(value)
        word = value.strip().casefold()
        return "not_sale" if word in YES else "sale" if word in NO else kind_of(value)


def status_columns(columns: Sequence[Evidence]) -> list[Status]:
    """Find the columns of a status, by their header or by their words; those of fulfilment are none."""
    return [found for column in columns if (found := _status(column)) is not None]


def _status(evidence: Evidence) -> Status | None:
    words = tokens(evidence.name)
    if not evidence.values or has_word(evidence.name, OF_THE_GOODS, OF_THE_GOODS_CJK):
        return None
    if CALLED_OFF.intersection((*words, *forms(evidence.name))) and evidence.flags > 0.9:
        return Status(evidence.name, called_off=True)
    if evidence.flags > 0.9 or evidence.dates.share > 0.5 or evidence.numbers.share > 0.5:
        return None
    known, bad = _shares(evidence)
    named = is_kind(evidence.name, "status") or not _TYPES.isdisjoint(forms(evidence.name))
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


def called_off_times(columns: Sequence[Evidence]) -> list[str]:
    """Name the columns of times under which any value means that the order was called off, such as Cancelled at.

    They count whether they are filled or empty in the sample: a later delivery may fill them.
    """
    dated = [column.name for column in columns if column.distinct == 0 or column.dates.share > 0.5]
    return [name for name in dated if not _CALLED_OFF_AT.isdisjoint(forms(name))]


_TYPES: Final = frozenset(form for name in TYPES.split("|") for form in forms(name))
_CALLED_OFF_AT: Final = frozenset(form for name in CALLED_OFF_AT.split("|") for form in forms(name))
