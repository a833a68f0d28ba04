"""Inverse-probability weights: each group weighted so that it has the history of all customers, and how well it has."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from crmlib.stats.intervals import effective_sample_size

if TYPE_CHECKING:
    from crmlib.stats.skewed import Floats

MOST_WEIGHT: Final = 10.0
"""No customer counts for more than so many average ones of the group; heavier weights are cut."""
MOST_ALONE: Final = 0.1
"""Where more than this share of the customers would weigh more in one of the groups, these do not overlap."""
BALANCED: Final = 0.1
"""Standardised difference from which on groups are called unlike (Austin 2009, Statistics in Medicine 28)."""


@dataclass(frozen=True, slots=True)
class Weighting:
    """Customers in groups and their weights, which add up to the number of all customers in each group.

    `groups` are the names in their order, `codes` says which one each customer is in, `alone` which share of the
    customers have hardly anybody like them in one of the groups, `history` is what the weights hold equal.
    """

    groups: tuple[str, ...]
    codes: np.ndarray
    weights: Floats
    alone: float
    history: pd.DataFrame

    @property
    def overlaps(self) -> bool:
        """Whether there are customers alike in what is known in every group."""
        return self.alone <= MOST_ALONE

    def effective(self) -> list[float]:
        """Say how many equally weighted customers each group is worth."""
        return [effective_sample_size(self.weights[self.codes == code]) for code in range(len(self.groups))]

    def balance(self) -> pd.DataFrame:
        """Give by covariate the largest distance of a group's mean from that of all, in standard deviations.

        `covariate, before, after` weighting; of a covariate with several columns the largest (McCaffrey et al. 2013,
        Statistics in Medicine 32, for several groups).
        """
        own = [self.codes == code for code in range(len(self.groups))]
        before = np.abs([self.history[inside].mean() for inside in own])
        after = np.abs([np.average(self.history[inside], axis=0, weights=self.weights[inside]) for inside in own])
        found = pd.DataFrame({"before": before.max(axis=0), "after": after.max(axis=0)}, index=self.history.columns)
        found = found.groupby(level=0, sort=False).max()
        return found.rename_axis("covariate").reset_index()


def weigh(groups: pd.Series, history: pd.DataFrame) -> Weighting | None:
    """Weight customers by one over the chance of being in their own group, given history (logistic regressions).

    `groups` is categorical, `history` standardised. Robins, Hernán & Brumback 2000, Epidemiology 11. `None` where a
    regression has no maximum.
    """
    codes = groups.cat.codes.to_numpy()
    shares = np.bincount(codes) / len(codes)
    chances = _chances(codes, len(shares), history.to_numpy())
    if chances is None:
        return None
    weights = shares / np.maximum(chances, 1e-9)
    alone = float((weights > MOST_WEIGHT).any(axis=1).mean())
    own = np.minimum(weights[np.arange(len(codes)), codes], MOST_WEIGHT)
    own *= len(codes) / np.bincount(codes, own)[codes]
    return Weighting(tuple(map(str, groups.cat.categories)), codes, own, alone, history)


def _chances(codes: np.ndarray, size: int, history: Floats) -> Floats | None:
    """Give each customer's chance (row) of being in each group (column); of two groups the second is the rest."""
    fits = [fit((codes == code).astype(float), history) for code in range(1 if size == 2 else size)]
    chances = [np.asarray(found.predict()) for found in fits if found is not None]
    if len(chances) < len(fits):
        return None
    return np.column_stack([*chances, 1 - chances[0]] if size == 2 else chances)


def fit(outcome: Floats, columns: Floats, *, money: bool = False) -> Any | None:
    """Fit a logistic regression, or of money a mean in logarithms (quasi-Poisson); `None` where none can be found.

    Money: Santos Silva & Tenreyro 2006, Review of Economics and Statistics 88.
    """
    from statsmodels.discrete.discrete_model import Logit, Poisson
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, HessianInversionWarning, PerfectSeparationWarning

    none = (ConvergenceWarning, HessianInversionWarning, PerfectSeparationWarning, RuntimeWarning)
    design = np.column_stack([np.ones(len(outcome)), columns])
    with warnings.catch_warnings():
        for category in none:
            warnings.simplefilter("error", category)
        try:
            return (Poisson if money else Logit)(outcome, design).fit(disp=0, maxiter=100)
        except (*none, np.linalg.LinAlgError, ValueError):
            return None
