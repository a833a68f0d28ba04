"""How few people are too few to show."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DisclosureRules:
    """How few people are too few to show, and how coarsely the others are counted.

    Parameters
    ----------
    threshold
        The smallest number of people that may be shown.
    base
        Shown numbers of people are multiples of this.

    Raises
    ------
    ValueError
        If either is below 1.

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
