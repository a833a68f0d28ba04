"""What one step of a driver brings the overall score, by the ordinal model, and whether that model holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.satisfaction.drivers.imputation import Fitted, by_person, pooled
from crmlib.satisfaction.drivers.ordinal import by_threshold, fit, gains

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from crmlib.satisfaction.drivers.imputation import Whole

    Numbers = NDArray[np.float64]

FEWEST: Final = 30
"""Answers on either side of the top, below which no gain is told."""
_A_DRIVER: Final = 10
"""Answers for each driver at the levels below; levels with fewer are joined (Peduzzi et al. 1996)."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What one step brings: one row a driver, and the chance of slopes so unlike by threshold if they were alike.

    `table`: `driver, gain` (of the share at the top, or of the net promoter score over 100), `mean_gain` (points of the
    overall score) and `odds` (ratio for one step), with `_low` and `_high`; `odds_bottom` and `odds_top` at the lowest
    and the highest threshold alone. `proportional` is `None` where there is but one threshold.
    """

    table: pd.DataFrame
    proportional: float | None


def steps(whole: Whole, tops: Sequence[float]) -> Steps:
    """Raise each driver by a point for all who scored it below its best, and say what becomes of the overall score.

    Parameters
    ----------
    tops
        Scores of the overall question whose passing counts: where the top box begins, or promoters and passives.
    """
    y, weights = whole.y, whole.weights
    cuts = thresholds(y, tops, max(FEWEST, _A_DRIVER * len(whole.names)))
    level = np.searchsorted(cuts, y, side="right")
    values = [np.average(y[level == each], weights=weights[level == each]) for each in range(len(cuts) + 1)]
    worths = (np.isin(cuts, tops).astype(float), np.diff(values))
    best = np.array([scale.high for scale in whole.scales])
    rise = np.where(np.isnan(whole.scores), 0.0, np.clip(best - np.nan_to_num(whole.scores), 0.0, 1.0))
    parts = []
    for X in whole.sets:
        figures, pulls = _figures(X, rise, level, weights, worths)
        parts.append((figures, by_person(pulls, whole.people)))
    return _told(whole.names, pooled(parts))


def thresholds(y: Numbers, tops: Sequence[float], fewest: int = FEWEST) -> Numbers:
    """Give the scores from which each next level begins: the tops, and others that leave enough answers at each."""

    def least(cuts: list[float]) -> int:
        return int(np.bincount(np.searchsorted(cuts, y, side="right"), minlength=len(cuts) + 1).min())

    kept = sorted(tops)
    if least(kept) < FEWEST:
        raise ValueError("too few answers on one side of the top")
    for value in np.unique(y)[1:]:
        tried = sorted({*kept, float(value)})
        kept = tried if least(tried) >= fewest else kept
    return np.array(kept)


def _figures(
    X: Numbers, rise: Numbers, level: NDArray[np.intp], weights: Numbers, worths: Sequence[Numbers]
) -> tuple[Numbers, Numbers]:
    """Give gains, slopes and slopes by threshold, driver by driver, and each answer's pull on them."""
    model = fit(X, level, weights)
    gained, pulls_on_gains = gains(model, X, rise, worths, weights)
    apart, pulls = by_threshold(X, level, weights)
    values = np.concatenate([gained, model.slopes, apart])
    return values, np.hstack([pulls_on_gains, model.influence[:, len(model.thresholds) :], pulls])


def _told(names: Sequence[str], found: Fitted) -> Steps:
    k = len(names)
    low, high = found.limits()
    table: dict[str, object] = {"driver": list(names)}
    for place, name in enumerate(("gain", "mean_gain")):
        at = slice(place * k, (place + 1) * k)
        table |= {name: found.values[at], f"{name}_low": low[at], f"{name}_high": high[at]}
    at = slice(2 * k, 3 * k)
    ends = (found.values[at], low[at], high[at], found.values[3 * k : 4 * k], found.values[-k:])
    odds = zip(("odds", "odds_low", "odds_high", "odds_bottom", "odds_top"), ends, strict=True)
    table |= {name: np.exp(slope) for name, slope in odds}
    return Steps(pd.DataFrame(table), _alike(found.values[3 * k :], found.covariance[3 * k :, 3 * k :], k))


def _alike(slopes: Numbers, covariance: Numbers, k: int) -> float | None:
    """Test that slopes are the same at every threshold: Brant's (1990) Wald test, with errors that go by person."""
    freedom = len(slopes) - k
    if not freedom:
        return None
    contrast = np.hstack([np.tile(-np.eye(k), (freedom // k, 1)), np.eye(freedom)])
    apart = contrast @ slopes
    wald = apart @ np.linalg.solve(contrast @ covariance @ contrast.T, apart)
    return float(distributions.chi2.sf(wald, freedom))
