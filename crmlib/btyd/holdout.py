"""What customers did after a cutoff, set aside to judge models by, and the model that foresaw it best."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.btyd.beta_geo import BetaGeoNBD, ModifiedBetaGeoNBD
from crmlib.btyd.counts import held_out_log_score
from crmlib.btyd.model import PurchaseModel
from crmlib.btyd.pareto import ParetoNBD
from crmlib.btyd.regular import ModifiedBetaGeoCNBD
from crmlib.btyd.summary import DAYS_PER_WEEK

CANDIDATES: tuple[type[PurchaseModel], ...] = (BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD, ModifiedBetaGeoCNBD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdout:
    """Customers as known at a cutoff, and their purchases after it.

    Attributes
    ----------
    summary : pandas.DataFrame
        One row a customer (see `customer_summary`), as of the cutoff.
    actual : pandas.Series
        Purchase days in the horizon, on the summary's index.
    horizon : float
        Weeks held out.
    """

    summary: pd.DataFrame
    actual: pd.Series
    horizon: float

    def __post_init__(self) -> None:
        if not self.actual.index.equals(self.summary.index):
            raise ValueError("actual purchases and the summary must have the same index")
        if self.actual.isna().any() or (self.actual < 0).any():
            raise ValueError("actual purchases are counts: none may be missing or negative")
        if not self.horizon > 0:
            raise ValueError(f"a holdout lasts some weeks; got {self.horizon}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The model chosen, and what each was judged by.

    Attributes
    ----------
    model : type
        The chosen class: fit it on the whole window.
    table : pandas.DataFrame
        Indexed by the models' names: ``log_likelihood`` (in sample), ``log_score`` (mean per customer, held out),
        ``mae``, ``rmse``.
    """

    model: type[PurchaseModel]
    table: pd.DataFrame


def inner_cutoff(
    first_day: str | dt.date | pd.Timestamp, last_day: str | dt.date | pd.Timestamp, share: float = 2 / 3
) -> pd.Timestamp:
    """Give the day at which to split a fit window, so that models can be chosen without looking past it.

    Parameters
    ----------
    first_day, last_day : str, date or Timestamp
        The fit window.
    share : float
        Part of the window to fit on; two thirds of 39 weeks are 26 + 13.

    Examples
    --------
    >>> inner_cutoff("1997-01-01", "1997-09-30")
    Timestamp('1997-07-01 00:00:00')
    """
    if not 0 < share < 1:
        raise ValueError(f"share is between 0 and 1; got {share}")
    start, end = pd.Timestamp(first_day).normalize(), pd.Timestamp(last_day).normalize()
    held_out_weeks = round(((end - start).days + 1) * (1 - share) / DAYS_PER_WEEK)
    cutoff = end - pd.Timedelta(weeks=max(held_out_weeks, 1))
    if cutoff <= start:
        raise ValueError("the window is too short to hold out a week of it")
    return cutoff


def choose_model(holdout: Holdout, candidates: Sequence[type[PurchaseModel]] = CANDIDATES) -> Choice:
    """Fit each model before the cutoff and choose the one that foresaw best what came after.

    Give a holdout inside the window that the chosen model will be fitted on (see `inner_cutoff`): a holdout that is
    to measure accuracy later must not be seen here.

    Parameters
    ----------
    holdout : Holdout
    candidates : sequence of types

    Returns
    -------
    Choice
        By the mean log probability given to each customer's purchases, which no wrong distribution wins in the long
        run. Ties go to the earlier candidate, so that MBG/CNBD-k with k = 1 does not replace MBG/NBD.

    Raises
    ------
    ValueError
        When there is no candidate.

    Examples
    --------
    >>> from crmlib.btyd import simulate
    >>> truth = ParetoNBD(r=1.0, alpha=5.0, s=1.0, beta=10.0)
    >>> customers = pd.DataFrame({"T": [30.0] * 2000})
    >>> seen = simulate(truth, customers, np.random.default_rng(3), horizon=13, days=True)
    >>> held = Holdout(summary=seen, actual=seen["future"], horizon=13)
    >>> choose_model(held, [BetaGeoNBD, ParetoNBD]).model.__name__
    'ParetoNBD'
    """
    if not candidates:
        raise ValueError("there is no model to choose from")
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
    best = int(np.argmax(table["log_score"].round(9).to_numpy()))
    return Choice(model=candidates[best], table=table)
