"""Text in columns of fixed width: where the columns begin and end."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

_ENOUGH: Final = 3


def find_widths(lines: Sequence[str]) -> tuple[int, ...]:
    """Find the widths of columns that stand under one another with blanks between; nothing where there are none.

    A column whose last place is always filled is aligned to the right, so the blanks after it belong to its neighbour.
    """
    filled = [line.rstrip() for line in lines if line.strip()]
    if len(filled) < _ENOUGH or len({len(line) for line in filled}) > max(len(filled) // 10, 2):
        return ()
    width = max(len(line) for line in filled)
    padded = [line.ljust(width) for line in filled]
    blank = [all(line[place] == " " for line in padded) for place in range(width)]
    runs = _runs(blank)
    if len(runs) < 2:
        return ()
    cuts = [_cut(padded, left, right) for left, right in pairwise(runs)]
    return tuple(end - start for start, end in pairwise([0, *cuts, width]))


def _runs(blank: Sequence[bool]) -> list[tuple[int, int]]:
    """List the stretches that are not blank in every line."""
    runs: list[tuple[int, int]] = []
    start = None
    for place, empty in enumerate([*blank, True]):
        if not empty and start is None:
            start = place
        elif empty and start is not None:
            runs.append((start, place))
            start = None
    return runs


def _cut(lines: Sequence[str], left: tuple[int, int], right: tuple[int, int]) -> int:
    to_the_right = all(line[left[1] - 1] != " " for line in lines)
    return left[1] if to_the_right else right[0]
