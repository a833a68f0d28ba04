"""How few people are too few to show, how much of a sum one person may bring, which further cells must be hidden."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd

    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    Numbers = np.ndarray[Any, np.dtype[np.float64]]
    Rows = np.ndarray[Any, np.dtype[np.intp]]

DOMINANCE: Final = 0.5
"""A sum or mean of which one person brings more than this is hidden: it would say what that person spent."""


def largest_part(amounts: pd.Series | np.ndarray[Any, Any]) -> float:
    """Give the largest person's part of a sum of money; 0 where there is none.

    Examples
    --------
    >>> import numpy as np
    >>> largest_part(np.array([60.0, 20.0, 20.0])), largest_part(np.array([]))
    (0.6, 0.0)
    """
    total = float(amounts.sum())
    return float(amounts.max()) / total if total > 0 else 0.0


@dataclass(frozen=True, slots=True)
class DisclosureRules:
    """How few people are too few to show (``threshold``), and of what the shown numbers are multiples (``base``).

    Examples
    --------
    >>> rules = DisclosureRules()
    >>> rules.rounded(9), rules.rounded(10), rules.rounded(1_238)
    (None, 10, 1240)
    >>> rules.hides(9), rules.hides(None)
    (True, False)
    """

    threshold: int = 10
    base: int = 5

    def __post_init__(self) -> None:
        if self.threshold < 1 or self.base < 1:
            raise ValueError(f"threshold and base are at least 1, found {self.threshold} and {self.base}")

    @property
    def smallest(self) -> int:
        """The smallest number of people that can appear on a page."""
        return math.ceil(self.threshold / self.base) * self.base

    def hides(self, people: float | None) -> bool:
        """Say whether a figure resting on so many people is hidden; `None` rests on no one (lines, orders, money)."""
        return people is not None and not people >= self.threshold

    def rounded(self, people: float) -> int | None:
        """Give the number of people as it may be shown: rounded to the base, or `None` where too few."""
        if self.hides(people):
            return None
        return max(math.floor(people / self.base + 0.5) * self.base, self.smallest)

    def basis(self, people: int, largest: float) -> int:
        """Say how many people stand behind money: one, where the largest part of one person is more than half."""
        return people if largest <= DOMINANCE else min(people, 1)


def partitions(frame: pd.DataFrame, labels: Sequence[str]) -> list[Rows]:
    """Give the rows of every sum a reader could see: all rows, and the rows alike in all labels but one."""
    import numpy as np

    everything = [np.arange(len(frame))]
    if len(labels) <= 1:  # no margins but the total
        return everything
    margins = [[other for other in labels if other != label] for label in labels]
    keys = [frame.groupby(list(margin), dropna=False, sort=False).ngroup().to_numpy() for margin in margins]
    return everything + [np.flatnonzero(key == group) for key in keys for group in np.unique(key)]


def protect(people: Numbers, hidden: Mask, sums: Sequence[Rows], threshold: float) -> Mask:
    """Hide the smallest shown cells until no hidden person can be told apart by subtraction from a sum.

    In every sum that hides somebody, at least two cells are hidden, and the people in them are together at least the
    threshold. Empty cells have nobody to protect. Equal cells are hidden in their order.
    """
    import numpy as np

    hidden = hidden.copy()
    changed = True
    while changed:
        changed = False
        for rows in sums:
            inside, numbers = hidden[rows], people[rows]
            someone = bool((inside & (numbers != 0)).any())
            open_rows = rows[~inside & ~np.isnan(numbers)]
            if someone and len(open_rows) and (inside.sum() == 1 or np.nansum(numbers[inside]) < threshold):
                hidden[open_rows[np.argmin(people[open_rows])]] = True
                changed = True
    return hidden
