"""The size, the dates and the seed of a simulated chain, and arrays in which some values are missing."""

import zlib
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

Objects = npt.NDArray[np.object_]

FULL_SIZE: Final = 6_000
"""Members of the demo chain as it is published."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a simulation starts from; two equal plans give two equal chains.

    Attributes
    ----------
    seed
        Seed of every random stream.
    members
        People who ever held a membership, those without a purchase included.
    start
        First day of trading and of the membership programme.
    as_of
        Exclusive end of the period that the demo report sees.
    end
        Exclusive end of what the raw files hold: some days lie after ``as_of``, as in a real extract.
    """

    seed: int = 20241101
    members: int = FULL_SIZE
    start: date = date(2024, 11, 1)
    as_of: date = date(2026, 11, 1)
    end: date = date(2026, 11, 6)

    @property
    def horizon(self) -> int:
        """Days from the first day to the end of the extract."""
        return (self.end - self.start).days

    @property
    def as_of_day(self) -> int:
        """Days from the first day to ``as_of``."""
        return (self.as_of - self.start).days

    @property
    def scale(self) -> float:
        """Size against the published demo; planted dirt shrinks and grows with it."""
        return self.members / FULL_SIZE

    def stream(self, name: str) -> np.random.Generator:
        """Give the random stream of one part: a change in one part leaves the others as they were."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def day(self, when: date) -> int:
        """Count the days from the first day of trading."""
        return (when - self.start).days


def only_where(values: npt.ArrayLike, condition: npt.ArrayLike) -> Objects:
    """Give values where a condition holds; elsewhere they are missing (None)."""
    chosen = np.array(values, dtype=object)
    chosen[~np.asarray(condition, dtype=bool)] = None
    return chosen
