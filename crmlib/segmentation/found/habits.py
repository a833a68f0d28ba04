"""Habits: how far customers differ in a share beyond chance, and how strongly it is to be drawn to the average."""

from dataclasses import dataclass
from typing import Final

from crmlib.segmentation.found.transforms import FLAT, Matrix, rounded

STRONG: Final = 1e4
"""A prior of so many orders leaves nothing of the customer's own."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How far customers differ in a share beyond chance.

    Attributes
    ----------
    prior
        The orders that the population's share weighs as much as.
    reliability
        Which part of the spread of the customers' shares is theirs, averaged over customers; 0 to 1.
    """

    prior: float
    reliability: float


def habit_of(counts: Matrix) -> Habit:
    """Measure how far customers differ in a share beyond chance, from their orders (customers × values).

    References
    ----------
    The moment estimator of the Dirichlet-multinomial's intraclass correlation (Brier 1980, Biometrika 67).
    """
    whole = counts.sum(axis=1)
    counts, own = counts[whole > 0], whole[whole > 0]
    shares = counts.sum(axis=0) / max(own.sum(), 1.0)
    spread = float((shares * (1 - shares)).sum())
    more = float((own - 1).sum())
    if spread <= FLAT or more <= 0:
        return Habit(STRONG, 0.0)
    seen = float((own[:, None] * (counts / own[:, None] - shares) ** 2).sum()) / spread
    alike = min(max((seen - (len(own) - 1)) / more, 1 / (1 + STRONG)), 1 - 1 / (1 + STRONG))
    prior = rounded((1 - alike) / alike)
    return Habit(prior, rounded(float((own / (own + prior)).mean())))
