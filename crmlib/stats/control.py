"""Control limits: which of many rates lie outside what chance makes of so many cases (a funnel plot)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats as distributions

Floats = NDArray[np.float64]

_FAR: Final = 7.0
"""Standard errors beyond which a probability is 0 or 1 to the last digit: the normal distribution does there."""


@dataclass(frozen=True, slots=True)
class ControlLimits:
    """How far each of many rates lies from that of all, and how far chance alone would take it.

    Attributes
    ----------
    rate
        Events of all over the cases of all; missing where there is no case.
    spread
        By what factor the rates differ more than chance explains, 1 where they do not: the limits are as much wider.
    z
        How many standard errors each rate lies above that of all, the spread taken into account.

    Notes
    -----
    Spiegelhalter (2005), Statistics in Medicine 24, with exact Poisson limits (half of what was observed counted, so
    that limits and ``z`` agree) and his multiplicative over-dispersion: the mean square of the ``z``, the extreme
    tenths drawn in, where it is above 1 by more than two standard errors.

    Examples
    --------
    >>> found = ControlLimits.of([20, 20, 45], [1000, 1000, 1000])
    >>> found.z.round(1).tolist(), found.spread
    ([-1.6, -1.6, 2.9], 1.0)
    """

    rate: float
    spread: float
    z: Floats

    @classmethod
    def of(cls, events: ArrayLike, cases: ArrayLike) -> ControlLimits:
        """Compare events per case of many; one without a case is compared with nothing."""
        counted, size = np.asarray(events, dtype="float64"), np.asarray(cases, dtype="float64")
        total = float(size.sum())
        rate = float(counted.sum()) / total if total else np.nan
        known = size * rate > 0
        z = np.full(len(size), np.nan)
        z[known] = _z(counted[known], size[known] * rate)
        spread = _spread(z[known])
        return cls(rate, spread, z / spread)

    @property
    def p(self) -> Floats:
        """How likely chance alone takes a rate so far from that of all, on either side."""
        return np.asarray(2 * distributions.norm.sf(np.abs(self.z)), dtype="float64")

    def limits(self, cases: ArrayLike, confidence: float) -> tuple[Floats, Floats]:
        """Give the rates between which so many cases lie if nothing but chance makes them differ."""
        size = np.asarray(cases, dtype="float64")
        reach = float(distributions.norm.ppf((1 + confidence) / 2)) * self.spread
        low, high = (_events_at(z, size * self.rate) for z in (-reach, reach))
        return low / size, high / size


def _z(events: Floats, expected: Floats) -> Floats:
    below = distributions.poisson.cdf(events, expected) - distributions.poisson.pmf(events, expected) / 2
    above = distributions.poisson.sf(events, expected) + distributions.poisson.pmf(events, expected) / 2
    z = np.where(below < above, distributions.norm.ppf(below), -distributions.norm.ppf(above))
    return np.asarray(z, dtype="float64")


def _spread(z: Floats) -> float:
    if len(z) < 2:
        return 1.0
    low, high = np.quantile(z, 0.1, method="higher"), np.quantile(z, 0.9, method="lower")
    factor = float((np.clip(z, min(low, high), max(low, high)) ** 2).mean())
    return float(np.sqrt(factor)) if factor > 1 + 2 * np.sqrt(2 / len(z)) else 1.0


def _events_at(z: float, expected: Floats) -> Floats:
    """Give the number of events, between whole ones, that lies so many standard errors from the expected."""
    if abs(z) > _FAR:
        return np.maximum(expected + z * np.sqrt(expected), 0.0)
    chance = float(distributions.norm.cdf(z))

    def fewer(events: Floats) -> Floats:
        at = distributions.poisson.cdf(events, expected) - distributions.poisson.pmf(events, expected) / 2
        return np.asarray(at, dtype="float64")

    above = np.asarray(distributions.poisson.ppf(chance, expected), dtype="float64")
    above = np.where(fewer(above) < chance, above + 1, above)
    low, high = fewer(above - 1), fewer(above)
    return np.asarray(np.maximum(above - 1 + (chance - low) / (high - low), 0.0), dtype="float64")
