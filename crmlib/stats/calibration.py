"""Whether probabilities mean what they say: to seven in ten of those given 70 % it should happen."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from crmlib.stats import Estimate
from crmlib.stats.bootstrap import NORMAL_ABOVE
from crmlib.stats.intervals import mean, proportions


@dataclass(frozen=True, slots=True)
class CalibrationError:
    """How far probabilities lie from what happened, and how far they would lie by chance alone.

    Attributes
    ----------
    value
        Mean distance between expected and observed share over the bins, weighted by customers.
    floor
        The mean of the same distance if every probability were exactly right.
    floor_high
        What chance alone exceeds one time in twenty.
    shift
        Mean probability minus observed share (calibration in the large), with its interval.
    """

    value: float
    floor: float
    floor_high: float
    shift: Estimate

    @property
    def beyond_chance(self) -> bool:
        """Whether the error is larger than chance explains."""
        return self.value > self.floor_high


def probability_bins(probability: ArrayLike, bins: int = 10) -> NDArray[np.intp]:
    """Put customers into bins of about equal size by probability; equal probabilities share a bin."""
    values = np.asarray(probability, dtype=float)
    edges = np.unique(np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1], method="inverted_cdf"))
    return np.unique(np.searchsorted(edges, values, side="left"), return_inverse=True)[1]


def calibration_curve(happened: ArrayLike, probability: ArrayLike, bins: int = 10) -> pd.DataFrame:
    """Set the expected share against the observed one, bin by bin.

    Returns
    -------
    pandas.DataFrame
        ``bin`` (1 is the least likely), ``customers, expected`` (mean probability), ``observed, low, high`` (share it
        happened to, Wilson's interval).

    Examples
    --------
    >>> calibration_curve([0, 1, 1, 1], [0.2, 0.2, 0.9, 0.9], bins=2)[["bin", "customers", "expected", "observed"]]
       bin  customers  expected  observed
    0    1          2       0.2       0.5
    1    2          2       0.9       1.0
    """
    rows = pd.DataFrame(
        {
            "bin": probability_bins(probability, bins) + 1,
            "expected": np.asarray(probability, dtype=float),
            "happened": np.asarray(happened, dtype=float),
        }
    )
    grouped = rows.groupby("bin").agg(
        customers=("happened", "size"), expected=("expected", "mean"), happened=("happened", "sum")
    )
    shares = proportions(grouped["happened"], grouped["customers"]).rename(columns={"value": "observed"})
    return grouped[["customers", "expected"]].join(shares[["observed", "low", "high"]]).reset_index()


def calibration_error(
    happened: ArrayLike,
    probability: ArrayLike,
    *,
    rng: np.random.Generator,
    bins: int = 10,
    n_simulations: int = 300,
) -> CalibrationError:
    """Measure the calibration error and the noise floor under it.

    Even exact probabilities show an error in a finite sample; the floor is found by letting it happen to everyone with
    exactly the probability given (Bröcker & Smith, Weather and Forecasting 22, 2007).

    Parameters
    ----------
    happened, probability
        One value a customer.
    rng
        The source of randomness.
    bins, n_simulations
        Number of bins and of simulated samples.

    Returns
    -------
    CalibrationError

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> probability = rng.uniform(size=2_000)
    >>> error = calibration_error(rng.random(2_000) < probability, probability, rng=rng)
    >>> error.beyond_chance
    False
    """
    outcome, given = np.asarray(happened, dtype=float), np.asarray(probability, dtype=float)
    where = probability_bins(given, bins)
    expected = np.bincount(where, weights=given)

    def error(happened_to: NDArray[np.float64]) -> float:
        return float(np.abs(np.bincount(where, weights=happened_to) - expected).sum() / len(given))

    if len(given) > NORMAL_ABOVE:  # the sums of so many are normal
        spread = np.sqrt(np.bincount(where, weights=given * (1 - given)))
        by_chance = np.abs(rng.standard_normal((n_simulations, len(spread))) * spread).sum(axis=1) / len(given)
    else:
        drawn = ((rng.random(len(given)) < given).astype(float) for _ in range(n_simulations))
        by_chance = np.array([error(each) for each in drawn])
    return CalibrationError(
        value=error(outcome),
        floor=float(np.mean(by_chance)),
        floor_high=float(np.quantile(by_chance, 0.95)),
        shift=mean(given - outcome),
    )
