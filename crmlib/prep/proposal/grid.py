"""Where a table of text begins and ends: its header row, and the widths of columns that stand under one another."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from crmlib.prep.proposal.dates import read_dates
from crmlib.prep.proposal.numbers import read_numbers
from crmlib.prep.proposal.synonyms import is_known_header
from crmlib.privacy.detector import find_personal_data

_ROWS: Final = 12
_LONGEST: Final = 60
_WORD: Final = re.compile(r"[^\W\d_]")


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """Give the number of the header row, 1 for the first, or 0 where no row can be one.

    A header is a row as wide as the others, of different short words, none of them a number, a date or a person's
    data. Where the words say nothing to us, rows below must be otherwise, or at least not repeat them.
    """
    widths = [_width(row) for row in rows]
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
    for number, row in enumerate(rows[:_ROWS], start=1):
        if _width(row) < max(0.6 * usual, 1):
            continue
        below = rows[number:]
        return number if _could_be_header(row) and _differs(row, below) else 0
    return 0


def _width(row: Sequence[str]) -> int:
    """Count the cells up to the last filled one: a title row is narrow though the sheet is wide."""
    return sum(bool(cell.strip()) for cell in row)


def _could_be_header(row: Sequence[str]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    return (
        len(set(cells)) >= min(0.8 * len(cells), max(len(cells) - 1, 2))  # one name may come twice
        and all(len(cell) <= _LONGEST for cell in cells)
        and sum(_WORD.search(cell) is not None for cell in cells) >= 0.8 * len(cells)
        and not any(_is_value(cell) for cell in cells)
    )


def _is_value(cell: str) -> bool:
    if is_known_header(cell):
        return False
    return bool(find_personal_data(cell)) or read_dates([cell]).share == 1 or _is_fraction(cell)


def _is_fraction(cell: str) -> bool:
    return read_numbers([cell]).share == 1 and not cell.isdigit()


def _differs(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Say whether the words are known, or the rows below are of another kind, or never say the same again."""
    cells = [cell.strip() for cell in row]
    if sum(is_known_header(cell) for cell in cells) * 3 >= len([cell for cell in cells if cell]):
        return True
    columns = list(zip(*[[*row, *[""] * len(cells)][: len(cells)] for row in below], strict=True)) if below else []
    valued = [any(_is_number_or_date(value) for value in column) for column in columns]
    if any(valued):
        return True
    return bool(below) and not any(cell in column for cell, column in zip(cells, columns, strict=True) if cell)


def _is_number_or_date(value: str) -> bool:
    return bool(value.strip()) and (read_numbers([value.strip()]).share == 1 or read_dates([value.strip()]).share == 1)


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
