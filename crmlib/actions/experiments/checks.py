"""Whether the arms of a list are still those that chance drew: their ratio, who was lost, and how alike they are."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.actions.experiments.arms import CONTACT
from crmlib.actions.experiments.effects import difference
from crmlib.actions.experiments.kept import is_as_drawn
from crmlib.words import N_

BROKEN: Final = 0.001
"""Below this p-value chance is no excuse."""
COVARIATES: Final = {
    "value_at_stake": N_("value at stake"),
    "idle": N_("days since the last purchase"),
    "spend_before": N_("spend of the year before"),
}


@dataclass(frozen=True, slots=True)
class Checks:
    """How the arms of a list stand today.

    `ratio_p` tests the number left out against the share drawn (sample-ratio mismatch), `lost_p` whether one arm lost
    more customers since; `balance` has ``covariate, distance`` (in standard deviations) and ``p``; `as_drawn` says
    whether drawing again gives the same arms.
    """

    left_out: int
    wanted: float
    ratio_p: float
    lost: int
    lost_p: float
    balance: pd.DataFrame
    as_drawn: bool

    @property
    def unlike(self) -> list[str]:
        """The covariates in which the arms differ more than chance does."""
        return list(self.balance.loc[self.balance["p"] < BROKEN / len(COVARIATES), "covariate"])

    @property
    def broken(self) -> bool:
        """Whether the arms are no longer those of a random draw, so that no effect may be told."""
        return min(self.ratio_p, self.lost_p) < BROKEN or bool(self.unlike) or not self.as_drawn


def check(rows: pd.DataFrame) -> Checks:
    """Check one list: its rows that were drawn, with what was bought before (`crmlib.actions.experiments.outcomes`)."""
    known = rows[rows["known"]]
    alone, wanted = int((known["arm"] != CONTACT).sum()), float(known["control_share"].sum())
    return Checks(
        left_out=alone,
        wanted=wanted,
        ratio_p=ratio_mismatch(alone, wanted, len(known)),
        lost=len(rows) - len(known),
        lost_p=_lost_p(rows),
        balance=balance(known),
        as_drawn=is_as_drawn(rows),
    )


def ratio_mismatch(left_out: float, wanted: float, n: float) -> float:
    """Test the number left out against the number drawn (chi-square; Fabijan et al., KDD 2019).

    Examples
    --------
    >>> round(ratio_mismatch(50, 50, 500), 3), ratio_mismatch(20, 50, 500) < 0.001
    (1.0, True)
    """
    if not 0 < wanted < n:
        return 1.0
    return float(distributions.chisquare([left_out, n - left_out], [wanted, n - wanted]).pvalue)


def _lost_p(rows: pd.DataFrame) -> float:
    """Test whether as large a share of either arm is still known (Fisher's exact test)."""
    contacted = rows["arm"] == CONTACT
    table = [
        [int((side & rows["known"]).sum()), int((side & ~rows["known"]).sum())] for side in (contacted, ~contacted)
    ]
    return float(distributions.fisher_exact(table).pvalue)


def balance(known: pd.DataFrame) -> pd.DataFrame:
    """Compare the arms by what was known before: ``covariate, distance, p``, within actions.

    The distance is in standard deviations of each; the test is of ranks, which no large customer decides.
    """
    contacted, rows = known["arm"] == CONTACT, []
    for name in COVARIATES:
        values = known[name].astype("float64").fillna(0.0)
        spread = float(values.std())
        apart = difference(values, contacted, _actions(known, contacted))
        ranked = difference(values.groupby(known["action"]).rank(), contacted, _actions(known, contacted))
        rows.append((name, apart.value / spread if spread > 0 else nan, ranked.p))
    return pd.DataFrame(rows, columns=["covariate", "distance", "p"])


def _actions(known: pd.DataFrame, contacted: pd.Series) -> pd.Series:
    """Name the action where both arms have people to compare."""
    action = known["action"]
    both = np.minimum(*(side.groupby(action).transform("sum") for side in (contacted, ~contacted))) > 1
    return action.where(both)
