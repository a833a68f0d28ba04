"""A number that carries its own uncertainty."""

from dataclasses import dataclass, replace
from math import isnan, nan
from typing import Self


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, the interval it may lie in, and how many observations it rests on.

    Attributes
    ----------
    value
        The point estimate, in the unit of what was measured; NaN where nothing was observed.
    low, high
        The limits of the interval, in the same unit; NaN where too little was observed to give one.
    n
        Number of observations (people, orders, answers) behind the value.
    confidence
        Coverage the interval aims at, 0.95 unless said.

    Raises
    ------
    ValueError
        If the limits are out of order, only one of them is given, `n` is negative or `confidence` is not inside (0, 1).

    Examples
    --------
    >>> print(Estimate(0.412, 0.385, 0.44, n=1_234))
    0.412 [0.385, 0.44] (95 %, n = 1,234)
    >>> f"{Estimate(41.23, 38.46, 44.04, n=1_234):.1f}"
    '41.2 [38.5, 44.0] (95 %, n = 1,234)'
    """

    value: float
    low: float
    high: float
    n: int
    confidence: float = 0.95

    def __post_init__(self) -> None:
        if isnan(self.low) != isnan(self.high):
            raise ValueError(f"an interval has two limits or none: low is {self.low}, high is {self.high}")
        if self.low > self.high:
            raise ValueError(f"the limits are out of order: low {self.low} is above high {self.high}")
        if self.n < 0:
            raise ValueError(f"n counts observations and cannot be negative: {self.n}")
        if not 0 < self.confidence < 1:
            raise ValueError(f"confidence is a share inside (0, 1), found {self.confidence}")

    @classmethod
    def unknown(cls, n: int = 0, confidence: float = 0.95) -> Self:
        """Say that nothing can be estimated from what was observed."""
        return cls(nan, nan, nan, n, confidence)

    @property
    def is_known(self) -> bool:
        """Whether there is a value at all."""
        return not isnan(self.value)

    @property
    def has_interval(self) -> bool:
        """Whether enough was observed to give an interval."""
        return not isnan(self.low)

    def excludes(self, reference: float) -> bool:
        """Whether the interval leaves out a reference value such as 0 or last period's figure."""
        return self.has_interval and not self.low <= reference <= self.high

    def scaled(self, factor: float) -> Self:
        """Give the same estimate in another unit, for example a share in points."""
        low, high = sorted((self.low * factor, self.high * factor)) if self.has_interval else (nan, nan)
        return replace(self, value=self.value * factor, low=low, high=high)

    def __abs__(self) -> Self:
        """Give the same estimate without its sign, for a sentence that says "more" or "less"."""
        return self.scaled(-1) if self.value < 0 else self

    def __format__(self, spec: str) -> str:
        spec = spec or "g"
        basis = f"n = {self.n:,}"
        if not self.has_interval:
            return f"{self.value:{spec}} ({basis})"
        return f"{self.value:{spec}} [{self.low:{spec}}, {self.high:{spec}}] ({self.confidence:.0%}, {basis})".replace(
            "%,", " %,"
        )

    def __str__(self) -> str:
        return format(self, "")
