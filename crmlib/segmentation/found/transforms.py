"""How a skewed amount or a rare share becomes comparable, fixed on a reference date; and which shares are habits."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crmlib.stats.shrinkage import rounded

Matrix = NDArray[np.float64]

SKEWED: Final = 1.0
WINSOR: Final = 0.005
KNOTS: Final = 101
FLAT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature (``category: x`` for a part of a customer's lines) with its transform, fixed on the reference date.

    Transforms are ``log`` (of 1 + x), ``rank`` (normal scores, by the values at even ranks: ``knots``), ``root`` (of a
    share; the Hellinger distance) or ``none``, chosen by the skewness before and ``after``. A share is drawn to the
    population's, which weighs ``prior`` orders, and enters by its reliability, ``habit`` (1 for amounts). Values beyond
    the limits after the transform are drawn in; the scale is the deviation times the square of the block's weight.
    ``dropped`` names the feature that says the same, or ``constant`` (it does not vary) or ``chance`` (customers hardly
    differ in it).
    """

    name: str
    block: str
    transform: str
    skewness: float
    after: float
    population: float = 0.0
    prior: float = 0.0
    habit: float = 1.0
    low: float = 0.0
    high: float = 0.0
    knots: tuple[float, ...] = ()
    centre: float = 0.0
    scale: float = 1.0
    dropped: str = ""


def chosen_amount(values: Matrix, name: str, block: str) -> Feature:
    """Choose the transform of an amount: none, the log where that takes the skewness, else normal scores of ranks."""
    before = skewness(values)
    if abs(before) <= SKEWED / 2:
        return Feature(name, block, "none", before, before)
    if abs(skewness(np.log1p(values))) <= SKEWED:
        return Feature(name, block, "log", before, 0.0)
    knots = np.quantile(values, np.linspace(0, 1, KNOTS))
    return Feature(name, block, "rank", before, 0.0, knots=tuple(rounded(float(knot)) for knot in knots))


def transformed(values: Matrix, feature: Feature) -> Matrix:
    """Apply a feature's transform."""
    if feature.transform == "log":
        return np.log1p(values)
    if feature.transform == "root":
        return np.sqrt(values)
    if feature.transform == "rank":
        return _normal_scores(values, np.array(feature.knots))
    return values


def _normal_scores(values: Matrix, knots: Matrix) -> Matrix:
    """Give the normal quantile of each value's rank among the knots; equal values get the middle of their ranks."""
    from scipy.special import ndtri

    # the mean of both sides keeps equal customers equal and in the middle of their ties
    below = np.searchsorted(knots, values, side="left")
    above = np.searchsorted(knots, values, side="right")
    between = np.interp(values, knots, np.arange(len(knots)))
    rank = np.where(above > below, (below + above - 1) / 2, between)
    return np.asarray(ndtri(np.clip((rank + 0.5) / len(knots), 0.5 / len(knots), 1 - 0.5 / len(knots))))


def skewness(values: Matrix) -> float:
    """Measure how one-sided values are spread; 0 where they do not vary."""
    deviation = values - values.mean()
    spread = float(np.sqrt((deviation**2).mean()))
    return rounded(float((deviation**3).mean() / spread**3)) if spread > FLAT else 0.0
