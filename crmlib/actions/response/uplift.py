"""Whom a contact wins over: two models of uplift, each asked about other people than those it learnt from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from crmlib.actions.response.people import folds
from crmlib.stats.trials import UNLIKE, chance_of_imbalance

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS: Final = 5
PENALTY: Final = 0.1
TREES: Final = {
    "max_iter": 40, "learning_rate": 0.05, "max_leaf_nodes": 6, "min_samples_leaf": 200, "l2_regularization": 1.0,
    "early_stopping": False, "random_state": 0,
}  # fmt: skip
"""Few, small trees, slowly learnt: uplift is a faint signal, and deep trees learn its noise."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Contacts of campaigns that left customers out at random: one row each of what was known before, and what came.

    `campaign` and `person` are numbers from nought; `cost` is what contacting a customer of that campaign costs.
    """

    known: pd.DataFrame
    bought: NDArray[np.float64]
    treated: NDArray[np.bool_]
    campaign: NDArray[np.intp]
    person: NDArray[np.intp]
    cost: NDArray[np.float64]

    @property
    def chance(self) -> NDArray[np.float64]:
        """The chance of being contacted, estimated by the share contacted in each campaign."""
        size = np.bincount(self.campaign)
        return (np.bincount(self.campaign, self.treated) / size)[self.campaign]

    @property
    def fewest(self) -> int:
        """The fewest of the buyers, and of those who did not buy, in either arm."""
        return int(np.bincount(2 * self.treated + (self.bought > 0), minlength=4).min())

    @property
    def unlike(self) -> list[int]:
        """The campaigns whose arms were unlike before the contact, all that is known taken together."""
        known = self.known.to_numpy(dtype=float)
        rows = [self.campaign == number for number in range(int(self.campaign.max()) + 1)]
        chances = (chance_of_imbalance(known[these], self.treated[these]) for these in rows)
        return [number for number, chance in enumerate(chances) if chance < UNLIKE]


@dataclass(frozen=True, slots=True)
class Uplift:
    """What was learnt of each contact by models that had not seen the person.

    `judged` says which contacts were asked about, the other columns are of these alone. `scores` are the predicted
    uplift by ``two_model``, ``transformed`` and ``both`` (their mean). `parts` are each contact's part in the mean
    uplift: right whatever the models are worth, since the arms are random. `strata` tell campaign and fold, within
    which scores may be ranked.
    """

    judged: NDArray[np.bool_]
    scores: pd.DataFrame
    parts: NDArray[np.float64]
    strata: NDArray[np.intp]


def learn_uplift(trial: Trial, seed: int) -> Uplift:
    """Part the people into folds, predict the uplift of each by models of the folds before it, and work out the parts.

    Two models (each arm's purchases by logistic regression, their difference) and one of the transformed outcome
    ``bought × (treated − chance) / (chance × (1 − chance))``, whose mean is the uplift (trees). The parts are augmented
    by the two models (AIPW). Who stands in several campaigns is in one fold with all of them; the first fold is learnt
    from alone. Were every fold predicted from all others, the folds would teach one another's chance, and where there
    is nothing to find twice as much would be found as the intervals say.

    References
    ----------
    Radcliffe & Surry (1999), Credit Scoring and Credit Control VI, and Künzel, Sekhon, Bickel & Yu (2019), PNAS 116
    (T-learner); Jaskowski & Jaroszewicz (2012), ICML Workshop on Clinical Data Analysis, and Athey & Imbens (2016),
    PNAS 113 (transformed outcome); Robins, Rotnitzky & Zhao (1994), JASA 89; Wager (2024), Sequential validation of
    treatment heterogeneity.
    """
    chance, fold = trial.chance, folds(trial.person, seed, FOLDS)
    known = standardised(trial.known)
    shifted = np.column_stack([known, np.eye(trial.campaign.max() + 1)[trial.campaign][:, 1:]])
    transformed = trial.bought * (trial.treated - chance) / (chance * (1 - chance))
    expected, trees = np.zeros((2, len(known))), np.zeros(len(known))
    for number in range(1, FOLDS):
        earlier, here = fold < number, fold == number
        for arm in (0, 1):
            rows = earlier & (trial.treated == arm)
            expected[arm, here] = _logistic(shifted[rows], trial.bought[rows]).predict_proba(shifted[here])[:, 1]
        trees[here] = _trees(known[earlier], transformed[earlier]).predict(known[here])
    left_out, contacted = expected
    weight = np.where(trial.treated, 1 / chance, -1 / (1 - chance))
    parts = contacted - left_out + weight * (trial.bought - np.where(trial.treated, contacted, left_out))
    scores = pd.DataFrame({"two_model": contacted - left_out, "transformed": trees})
    strata, judged = trial.campaign * FOLDS + fold, fold > 0
    asked = scores.assign(both=scores.mean(axis=1))[judged].reset_index(drop=True)
    return Uplift(judged, asked, parts[judged], np.unique(strata[judged], return_inverse=True)[1])


def standardised(known: pd.DataFrame) -> NDArray[np.float64]:
    """Bring columns to mean 0 and spread 1; those in which all are alike stay nought."""
    values = known.to_numpy(dtype=float)
    spread = values.std(axis=0)
    return (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _logistic(known: NDArray[np.float64], bought: NDArray[np.float64]) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=PENALTY, solver="newton-cholesky").fit(known, bought)


def _trees(known: NDArray[np.float64], transformed: NDArray[np.float64]) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1, user_api="openmp"):
        return HistGradientBoostingRegressor(**TREES).fit(known, transformed)
