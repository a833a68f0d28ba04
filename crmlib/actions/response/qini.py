"""The Qini curve: what contacting the likeliest to be won over first brings, beside contacting at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.stats.predictions import Linearised

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

TENTHS: Final = np.linspace(0, 1, 11)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Contacts by score within each stratum, the highest first.

    `begins` and `ends` say of each contact between which shares of its stratum it stands, with those of equal scores;
    `order` sorts by stratum and score, `starts` is where a group of equal scores begins there.
    """

    strata: NDArray[np.intp]
    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    begins: NDArray[np.float64]
    ends: NDArray[np.float64]

    @classmethod
    def of(cls, score: ArrayLike, strata: NDArray[np.intp]) -> Ranked:
        """Sort the contacts."""
        down = -np.asarray(score, dtype=float)
        order = np.lexsort((down, strata))
        new = (np.diff(down[order]) != 0) | (np.diff(strata[order]) != 0)
        starts = np.concatenate([[0], np.flatnonzero(new) + 1])
        sizes = np.bincount(strata)
        first = np.concatenate([[0], np.cumsum(sizes)])[strata[order]]
        within, groups = sizes[strata[order]], np.diff(starts, append=len(order))
        begins, ends = np.empty((2, len(order)))
        begins[order] = (np.repeat(starts, groups) - first) / within
        ends[order] = (np.repeat(starts + groups, groups) - first) / within
        return cls(strata, order, starts, begins, ends)

    def among_first(self, share: float) -> NDArray[np.float64]:
        """Say of each contact whether it is among the first so large share: 1 or 0, or between where it cuts a tie.

        Examples
        --------
        >>> Ranked.of([3.0, 1.0, 2.0, 2.0], np.zeros(4, dtype=int)).among_first(0.5).tolist()
        [1.0, 0.0, 0.5, 0.5]
        """
        return np.clip((share - self.begins) / (self.ends - self.begins), 0.0, 1.0)

    def gain(self, parts: NDArray[np.float64], share: float) -> Linearised:
        """Estimate the mean gain a contact of all when so large a share of each stratum is contacted.

        The cut moves with everybody: who is near it says how much that matters.
        """
        chosen, n = self.among_first(share), len(parts)
        value = float((chosen * parts).mean())
        near = np.abs((self.begins + self.ends) / 2 - share) <= 0.5 * n**-0.2
        at_cut = float(parts[near].mean()) if near.any() else float(parts.mean())
        return Linearised(value, (chosen * parts + (share - chosen) * at_cut - value) / n)

    def beyond(self, parts: NDArray[np.float64], share: float) -> Linearised:
        """Estimate by how much that exceeds what contacting so large a share at random brings."""
        gain, mean = self.gain(parts, share), Linearised.mean_of(parts)
        return Linearised(gain.value - share * mean.value, gain.effects - share * mean.effects)

    def area(self, parts: NDArray[np.float64]) -> Linearised:
        """Estimate the area between the curve and the straight line of contacting at random.

        The mean over all pairs of a stratum of what the higher score brings beyond the lower, by a quarter: above 0
        where the score tells whom to contact. Its pulls are those of such a mean (Hoeffding 1948).
        """
        size = np.bincount(self.strata)
        mean = (np.bincount(self.strata, parts) / size)[self.strata]
        own = parts * (0.5 - (self.begins + self.ends) / 2)
        value = float(own.mean())
        by_stratum = (np.bincount(self.strata, own) / size)[self.strata]
        pulls = own + mean / 2 - self._below(parts) - 2 * by_stratum
        return Linearised(value, pulls / len(parts))

    def _below(self, parts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum the parts of those who score lower in the stratum, and half of the equal ones, over its size."""
        groups = np.diff(self.starts, append=len(parts))
        added = np.add.reduceat(parts[self.order], self.starts)
        stratum = self.strata[self.order][self.starts]
        through = np.cumsum(added) - added / 2
        whole = np.cumsum(np.bincount(stratum, added))[stratum]
        found = np.empty(len(parts))
        found[self.order] = np.repeat((whole - through) / np.bincount(self.strata)[stratum], groups)
        return found


def minus(one: Linearised, other: Linearised) -> Linearised:
    """Subtract a figure of the same contacts."""
    return Linearised(one.value - other.value, one.effects - other.effects)


def among(figure: Linearised, judged: NDArray[np.bool_]) -> Linearised:
    """Give a figure of some of the contacts as one of all, at which the others do not pull."""
    effects = np.zeros(len(judged))
    effects[judged] = figure.effects
    return Linearised(figure.value, effects)
