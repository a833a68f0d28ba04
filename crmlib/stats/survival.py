"""Times until something happens, where some still wait: Kaplan-Meier's curve, its band and its median."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats as distributions

from crmlib.stats.estimate import Estimate

if TYPE_CHECKING:
    from statsmodels.duration.survfunc import SurvfuncRight

Floats = NDArray[np.float64]

ENOUGH_WAITING: Final = 20
"""So many must still be waiting for a wait to count (a quarter, of few): the longest waits do not say what is usual."""


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """The share of whom it has happened by each time, those who still wait counted for as long as they were seen.

    Attributes
    ----------
    curve
        One row a time at which it happened: ``time, share`` (of whom by then), ``low, high`` (95 %, on the log-log
        scale, which stays inside 0 and 1) and ``at_risk`` (seen waiting just before). Empty where it never happened.
    median
        Time by which it has happened to half; unknown where that is not reached, without an interval where a limit of
        it is not.

    References
    ----------
    Kaplan & Meier (1958), JASA 53, with Greenwood's variance; the median's interval by Brookmeyer & Crowley (1982),
    Biometrics 38; through `statsmodels`' `SurvfuncRight`.
    """

    curve: pd.DataFrame
    median: Estimate

    @classmethod
    def of(cls, waited: ArrayLike, happened: ArrayLike, count: ArrayLike | None = None) -> KaplanMeier:
        """Estimate the curve.

        Parameters
        ----------
        waited
            Time until it happened, or until last seen waiting.
        happened
            Whether it happened.
        count
            How many each row stands for, one if not given. The median is then left out.

        Examples
        --------
        >>> half = KaplanMeier.of([1, 2, 3, 4], [True, False, True, False])
        >>> half.curve[["time", "share", "at_risk"]].to_numpy().tolist()
        [[1.0, 0.25, 4.0], [3.0, 0.625, 2.0]]
        >>> half.median.value
        3.0
        """
        from statsmodels.duration.survfunc import SurvfuncRight

        times, ended = np.asarray(waited, dtype="float64"), np.asarray(happened, dtype="int64")
        if not ended.any():
            columns = ("time", "share", "low", "high", "at_risk")
            return cls(
                pd.DataFrame({name: pd.Series(dtype="float64") for name in columns}), Estimate.unknown(len(times))
            )
        numbers = None if count is None else np.asarray(count, dtype="float64")
        fitted = SurvfuncRight(times, ended, freq_weights=numbers)
        waiting = np.asarray(fitted.surv_prob, dtype="float64")
        low, high = _band(fitted)
        curve = {"time": fitted.surv_times, "share": 1 - waiting, "low": 1 - high, "high": 1 - low,
                 "at_risk": fitted.n_risk}  # fmt: skip
        median = _median(fitted, len(times)) if count is None else Estimate.unknown(len(times))
        return cls(pd.DataFrame(curve).astype("float64"), median)

    def by(self, times: ArrayLike) -> pd.DataFrame:
        """Read the curve at the ``times``: ``time, share, low, high``; without a band where it never happened."""
        asked = np.asarray(times, dtype="float64")
        place = np.searchsorted(self.curve["time"], asked, side="right")
        start = 0.0 if len(self.curve) else nan
        read = {name: np.concatenate([[first], self.curve[name]])[place]
                for name, first in (("share", 0.0), ("low", start), ("high", start))}  # fmt: skip
        return pd.DataFrame({"time": asked, **read})


def returns_by(wait: ArrayLike, returned: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats, float]:
    """Give the waits after which somebody returned, the share of all returns by then, and the share that returns.

    All returns are those that the curve levels off at, as far as enough are still seen waiting: who never returns does
    not lengthen the waits of those who do (Maller & Zhou 1992, Biometrika 79).
    """
    curve = KaplanMeier.of(wait, returned, n).curve
    if curve.empty:
        return np.array([]), np.array([]), 0.0
    enough = curve[curve["at_risk"] >= min(ENOUGH_WAITING, curve["at_risk"].iloc[0] / 4)]
    back = enough["share"].to_numpy()
    return enough["time"].to_numpy(), back / back[-1], float(back[-1])


def _band(fitted: SurvfuncRight) -> tuple[Floats, Floats]:
    """Give the 95 % limits of the share still waiting on the log-log scale, as R's survival package does when asked."""
    waiting, at_risk, events = (np.asarray(a, float) for a in (fitted.surv_prob, fitted.n_risk, fitted.n_events))
    inside = (waiting > 0) & (waiting < 1)
    # Greenwood's by hand: of counted rows statsmodels gives another variance (Tsiatis')
    left = at_risk * (at_risk - events)
    error = np.sqrt(np.cumsum(np.divide(events, left, out=np.zeros_like(left), where=inside)))
    safe = np.where(inside, waiting, 0.5)
    reach = distributions.norm.ppf(0.975) * error / np.abs(np.log(safe))
    return np.where(inside, safe ** np.exp(reach), waiting), np.where(inside, safe ** np.exp(-reach), waiting)


def _median(fitted: SurvfuncRight, n: int) -> Estimate:
    """Read the median with its interval."""
    value = float(fitted.quantile(0.5))
    if not np.isfinite(value):
        return Estimate.unknown(n)
    # the last step may reach 0, where the scale of the interval has no value; it is not the median's
    with np.errstate(divide="ignore", invalid="ignore"):
        ends: tuple[Any, Any] = fitted.quantile_ci(0.5)
    low, high = (float(end) for end in ends)
    return Estimate(value, low, high, n) if np.isfinite([low, high]).all() else Estimate(value, nan, nan, n)
