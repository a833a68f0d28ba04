"""What each group would have done had all customers been in it: right if either of two models is right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.adjustment.weighting import fit
from crmlib.stats import Estimate
from crmlib.stats.skewed import mean_limits

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.adjustment.weighting import Weighting
    from crmlib.stats.skewed import Floats

MOST_OF_ONE: Final = 0.5
"""Where one customer makes more than half of the variance, a mean says who that is and not what the group does."""


@dataclass(frozen=True, slots=True)
class Standardised:
    """The part of each customer (row) in the mean outcome of each group (column) at the history of all customers."""

    groups: tuple[str, ...]
    parts: Floats

    def mean(self, group: str, *, most: float = np.inf) -> Estimate:
        """Estimate what customers of a group would do at the history of all; never below nought, nor above `most`."""
        found = mean_of(self.parts[:, self.groups.index(group)])
        if not found.is_known:
            return found
        value, low, high = (float(np.clip(end, 0.0, most)) for end in (found.value, found.low, found.high))
        return Estimate(value, low, high, found.n)

    def difference(self, group: str, other: str) -> Estimate:
        """Estimate how much more one group would do than another at equal history."""
        one, two = (self.parts[:, self.groups.index(name)] for name in (group, other))
        return mean_of(one - two)


def standardise(
    weighting: Weighting, outcome: Floats, history: pd.DataFrame, *, money: bool = False
) -> Standardised | None:
    """Estimate every group's mean outcome at equal history by augmented inverse-probability weighting.

    What a regression expects of each customer in each group, and where it errs the weighted error of those who are in
    it. The means are right if the weights or the regression are; their spread is that of the influence function, which
    needs both (Robins, Rotnitzky & Zhao 1994, JASA 89; Funk et al. 2011, Am. J. Epidemiology 173). `None` where the
    regression has no maximum.
    """
    codes, size = weighting.codes, len(weighting.groups)
    scale = float(outcome.mean()) if money else 1.0
    if not scale > 0:
        return None
    marks = np.eye(size)[:, 1:]
    known = history.to_numpy()
    fitted = fit(outcome / scale, np.column_stack([known, marks[codes]]), money=money)
    if fitted is None:
        return None
    parts = np.empty((len(codes), size))
    for code in range(size):
        there = np.column_stack([np.ones(len(codes)), known, np.tile(marks[code], (len(codes), 1))])
        expected = scale * np.asarray(fitted.predict(there))
        parts[:, code] = expected + (codes == code) * weighting.weights * (outcome - expected)
    return Standardised(weighting.groups, parts)


def mean_of(parts: Floats) -> Estimate:
    """Estimate a mean of customers' parts, its limits moved by their skewness; unknown where one of them decides it."""
    apart = (parts - parts.mean()) ** 2
    if apart.max() > MOST_OF_ONE * apart.sum():
        return Estimate.unknown(len(parts))
    low, high = mean_limits(parts[:, None])
    return Estimate(float(parts.mean()), float(low[0]), float(high[0]), len(parts))


def per_point(scores: Floats, outcome: Floats, history: Floats) -> Estimate:
    """Estimate what one point more of the score goes with, between customers of equal history.

    The part of the score that history does not tell, against the outcome: right if the score or the outcome is linear
    in history (g-estimation; Robins, Mark & Newey 1992, Biometrics 48). Unknown where history tells the score.
    """
    design = np.column_stack([np.ones(len(scores)), history])
    own = scores - design @ np.linalg.lstsq(design, scores, rcond=None)[0]
    spread = float((own**2).mean())
    if spread < 1e-9:
        return Estimate.unknown(len(scores))
    slope = float((own * outcome).mean()) / spread
    rest = outcome - slope * scores
    rest = rest - design @ np.linalg.lstsq(design, rest, rcond=None)[0]
    found = mean_of(slope + own * rest / spread)
    return replace(found, value=slope) if found.is_known else found
