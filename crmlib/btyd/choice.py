"""Choosing a purchase model by what it foresaw, on a holdout inside the fit window."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.btyd.beta_geo import BetaGeoNBD, ModifiedBetaGeoNBD
from crmlib.btyd.counts import held_out_log_score
from crmlib.btyd.holdout import Holdout
from crmlib.btyd.model import PurchaseModel
from crmlib.btyd.pareto import ParetoNBD
from crmlib.btyd.regular import ModifiedBetaGeoCNBD

Criterion = Literal["log_score", "mae", "rmse"]

CANDIDATES: tuple[type[PurchaseModel], ...] = (BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD, ModifiedBetaGeoCNBD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The model chosen, and what each was judged by.

    Attributes
    ----------
    model : type
        The chosen class: fit it on the whole window.
    criterion : str
    table : pandas.DataFrame
        Indexed by the models' names: ``log_likelihood`` (in sample), ``log_score`` (mean per customer, held out),
        ``mae``, ``rmse``.
    """

    model: type[PurchaseModel]
    criterion: Criterion
    table: pd.DataFrame

    @property
    def name(self) -> str:
        """Name of the chosen class."""
        return self.model.__name__


def choose_model(
    holdout: Holdout,
    candidates: Sequence[type[PurchaseModel]] = CANDIDATES,
    *,
    criterion: Criterion = "log_score",
) -> Choice:
    """Fit each model before the cutoff and choose the one that foresaw best what came after.

    Give a holdout inside the window that the chosen model will be fitted on (see `inner_cutoff`): a holdout that is
    to measure accuracy later must not be seen here.

    Parameters
    ----------
    holdout : Holdout
    candidates : sequence of types
    criterion : str
        ``log_score`` (default): the mean log probability given to each customer's purchases, which no wrong
        distribution wins in the long run. ``mae`` and ``rmse`` judge the expectation alone.

    Returns
    -------
    Choice
        Ties go to the earlier candidate, so that MBG/CNBD-k with k = 1 does not replace MBG/NBD.

    Raises
    ------
    ValueError
        When there is no candidate or the criterion is unknown.

    Examples
    --------
    >>> from crmlib.btyd import simulate
    >>> truth = ParetoNBD(r=1.0, alpha=5.0, s=1.0, beta=10.0)
    >>> customers = pd.DataFrame({"T": [30.0] * 2000})
    >>> seen = simulate(truth, customers, np.random.default_rng(3), horizon=13, days=True)
    >>> held = Holdout(summary=seen, actual=seen["future"], horizon=13)
    >>> choose_model(held, [BetaGeoNBD, ParetoNBD]).name
    'ParetoNBD'
    """
    if not candidates:
        raise ValueError("there is no model to choose from")
    if criterion not in ("log_score", "mae", "rmse"):
        raise ValueError(f"criterion is 'log_score', 'mae' or 'rmse'; got {criterion!r}")
    rows = {}
    for candidate in candidates:
        fitted = candidate.fit(holdout.summary)
        error = fitted.expected_purchases(holdout.summary, holdout.horizon) - holdout.actual
        rows[candidate.__name__] = {
            "log_likelihood": fitted.log_likelihood,
            "log_score": held_out_log_score(fitted, holdout.summary, holdout.actual, holdout.horizon).mean(),
            "mae": float(error.abs().mean()),
            "rmse": float(np.sqrt((error**2).mean())),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")
    # Rounding must not make a choice between two models that say the same.
    judged = (-table[criterion] if criterion == "log_score" else table[criterion]).round(9)
    return Choice(model=list(candidates)[int(np.argmin(judged.to_numpy()))], criterion=criterion, table=table)
