"""Whether the arms of a campaign were alike before the contact, as drawing lots leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import stats as distributions

from crmlib.actions.response.uplift import standardised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmlib.actions.response.uplift import Trial

BROKEN: Final = 0.001
"""Arms so unlike would come of chance less often than this: they were not drawn at random."""


def unlike_arms(trial: Trial) -> list[int]:
    """Find the campaigns whose arms were unlike before the contact, all that is known taken together.

    Hansen & Bowers (2008), Statistical Science 23: the distance of the arms' means against what drawing lots leaves.
    """
    return [number for number in range(int(trial.campaign.max()) + 1) if _by_chance(trial, number) < BROKEN]


def _by_chance(trial: Trial, number: int) -> float:
    """Give the chance of arms at least so unlike, had lots been drawn."""
    rows: NDArray[np.bool_] = trial.campaign == number
    known, treated = standardised(trial.known[rows]), trial.treated[rows]
    apart = known[treated].mean(axis=0) - known[~treated].mean(axis=0)
    spread = np.atleast_2d(np.cov(known, rowvar=False)) * (1 / treated.sum() + 1 / (~treated).sum())
    distance = float(apart @ np.linalg.pinv(spread, hermitian=True) @ apart)
    return float(distributions.chi2.sf(distance, np.linalg.matrix_rank(spread, hermitian=True)))
