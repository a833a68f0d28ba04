"""How few people are too few to show, and how much of a sum one person may bring."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

DOMINANCE: Final = 0.5
"""A sum or mean of which one person brings more than this is hidden: it would say what that person spent."""


def largest_part(amounts: "pd.Series | np.ndarray[Any, Any]") -> float:
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
