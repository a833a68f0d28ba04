"""Codes that are persons: columns of numbers that turn out to be phones, identity cards, bank cards or addresses.

One number that looks like a card says little: every tenth number has Luhn's check digit, and order numbers of eleven
digits may begin like a phone. A column of them says much: most pass their check, and they do not count upwards.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from crmlib.privacy.detector import Find, Kind, digit_runs, find_personal_data, is_bank_card, is_id_card, is_mobile

MOST_COUNTED: Final = 1000
"""Numbers with neighbours nearer than that are counted up; those of ten million phones lie 7,000 apart."""

_ENOUGH: Final = 3
_SHARE: Final = 0.5


def kinds_among(values: Sequence[str]) -> dict[Kind, float]:
    """Say which kinds of personal data a column of codes holds, and what share of the numbers of that shape they are.

    An e-mail address counts wherever it stands, an identity card if at least half of the numbers of eighteen digits
    are (by chance one in 15,000 is), phones and bank cards from three on, if at least half of the numbers of their
    length are and they are not counted upwards.

    Parameters
    ----------
    values
        Different values of the column; a run of neighbours in their order, where there are too many for all.
    """
    runs = [run for value in values for run in digit_runs(value)]
    found: dict[Kind, float] = {}
    if any(find.kind == "email" for value in values for find in find_personal_data(value)):
        found["email"] = sum(any(f.kind == "email" for f in find_personal_data(v)) for v in values) / len(values)
    shapes: tuple[tuple[Kind, list[str], list[str], int], ...] = (
        ("phone", *_split(runs, 11, 11, is_mobile), _ENOUGH),
        ("id_card", *_split(runs, 18, 18, is_id_card), 1),
        ("bank_card", *_split([run for run in runs if not is_id_card(run)], 13, 19, is_bank_card), _ENOUGH),
    )
    for kind, shaped, passing, enough in shapes:
        if len(passing) >= enough and len(passing) >= _SHARE * len(shaped) and not _counts_up(kind, passing):
            found[kind] = len(passing) / len(shaped)
    return found


def holds_kind(value: str, kinds: Iterable[Kind]) -> bool:
    """Say whether a code holds personal data of some kinds."""
    finds: list[Find] = find_personal_data(value)
    return any(find.kind in set(kinds) for find in finds)


def _split(
    runs: Sequence[str], shortest: int, longest: int, passes: Callable[[str], bool]
) -> tuple[list[str], list[str]]:
    """Take the different numbers of a length, and of them those that pass."""
    shaped = sorted({run for run in runs if shortest <= len(run) <= longest})
    return shaped, [run for run in shaped if passes(run)]


def _counts_up(kind: Kind, numbers: Sequence[str]) -> bool:
    """Say whether numbers are counted upwards; the check digit of a card is left out, an identity card counts days."""
    if kind == "id_card" or len(numbers) < _ENOUGH:
        return False
    whole = sorted(int(each[:-1] if kind == "bank_card" else each) for each in numbers)
    return median(right - left for left, right in pairwise(whole)) < MOST_COUNTED
