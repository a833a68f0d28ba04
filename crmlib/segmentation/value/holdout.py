"""Which purchase model to believe: the one that foresaw best what customers did in the last part of the history.

The models see only what lies before the split; what comes after it judges them. The holdout lies inside the data a
report may see, so the choice never peeks at what comes after ``as_of``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.btyd import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
from crmlib.features import DAYS_PER_WEEK, next_purchases, purchase_summary
from crmlib.stats import Estimate
from crmlib.stats.bootstrap import paired_difference

MODELS: Final[Mapping[str, Any]] = {
    "BG/NBD": BetaGeoNBD,
    "MBG/NBD": ModifiedBetaGeoNBD,
    "Pareto/NBD": ParetoNBD,
}
PAST_RATE: Final = "past rate"
"""The heuristic beside the models: every customer goes on buying at the rate of their own past."""

MOST_FREQUENT: Final = 7
"""Customers with at least so many repeat purchases are shown together."""


@dataclass(frozen=True, slots=True)
class Holdout:
    """What the models said before the split, and what customers then did.

    Attributes
    ----------
    split
        Exclusive end of what the models saw; the holdout runs from here to ``as_of``.
    weeks
        Length of the holdout.
    summary
        Purchase summary of each customer before the split, with ``purchases`` made in the holdout.
    predicted
        Purchases expected of each customer in the holdout, one column a model and one for the heuristic.
    models
        The fitted models by name.
    """

    split: date
    weeks: float
    summary: pd.DataFrame
    predicted: pd.DataFrame
    models: Mapping[str, Any]


def split_date(first_day: date, as_of: date, share: float) -> date:
    """Find the day that leaves a share of the history after it.

    Examples
    --------
    >>> split_date(date(2026, 1, 1), date(2026, 4, 11), 0.25)
    datetime.date(2026, 3, 17)
    """
    return as_of - timedelta(days=round((as_of - first_day).days * share))


def hold_out(transactions: Any, split: date, as_of: date) -> Holdout:
    """Fit every model on what lies before the split and let it foresee the rest.

    Parameters
    ----------
    transactions
        The clean table (Ibis).
    split
        Exclusive end of what the models see.
    as_of
        Exclusive end of the holdout.

    Raises
    ------
    ValueError
        If nobody bought twice before the split.
    """
    days = (as_of - split).days
    summary = purchase_summary(transactions, split).to_pandas().sort_values("customer_id", ignore_index=True)
    later = next_purchases(transactions, split, days).select("customer_id", "purchase_days").to_pandas()
    bought = later.set_index("customer_id")["purchase_days"].reindex(summary["customer_id"])
    summary = summary.assign(purchases=bought.fillna(0).to_numpy(dtype="int64"))
    models = {name: model.fit(summary) for name, model in MODELS.items()}
    weeks = days / DAYS_PER_WEEK
    predicted = {name: model.expected_purchases(summary, weeks) for name, model in models.items()}
    return Holdout(split, weeks, summary, pd.DataFrame(predicted | {PAST_RATE: _past_rate(summary, weeks)}), models)


def holdout_table(held: Holdout, rng: np.random.Generator, n_resamples: int = 200) -> pd.DataFrame:
    """Compare the models and the heuristic on what customers did in the holdout.

    Returns
    -------
    pandas.DataFrame
        One row a model, the best first: ``model``, ``deviance`` (mean Poisson deviance a customer, which decides),
        ``mae, rmse`` (purchases a customer), ``total_ratio`` (purchases foreseen over made), and the difference of
        ``mae`` to the chosen model with its paired interval: ``worse, worse_low, worse_high``; ``customers``.

    Notes
    -----
    The models foresee means. Mean absolute error rewards medians, so it is shown but does not decide; the Poisson
    deviance is least for the right mean (Gneiting, JASA 106, 2011) and, unlike the squared error, is not ruled by a
    few frequent buyers.
    """
    actual = held.summary["purchases"].to_numpy(dtype="float64")
    rows = [_judged(name, actual, column.to_numpy()) for name, column in held.predicted.items()]
    # stable: models that are equal to four digits keep their order, the simplest first
    table = pd.DataFrame(rows).sort_values(
        "deviance", key=lambda column: column.round(4), kind="stable", ignore_index=True
    )
    best = held.predicted[chosen_model(held)].to_numpy()
    worse = [
        paired_difference(_mae, actual, held.predicted[name].to_numpy(), best, rng=rng, n_resamples=n_resamples)
        for name in table["model"]
    ]
    return table.assign(
        worse=[each.value for each in worse],
        worse_low=[each.low for each in worse],
        worse_high=[each.high for each in worse],
        customers=len(actual),
    )


def chosen_model(held: Holdout) -> str:
    """Name the model (heuristics aside) with the least Poisson deviance in the holdout.

    Equal to four digits is equal (all of these models become one where nobody leaves); then the simplest is taken.
    """
    actual = held.summary["purchases"].to_numpy(dtype="float64")
    return min(held.models, key=lambda name: round(_deviance(actual, held.predicted[name].to_numpy()), 4))


def purchases_by_frequency(held: Holdout, model: str) -> pd.DataFrame:
    """Compare purchases foreseen and made by how often customers had bought before the split.

    Returns
    -------
    pandas.DataFrame
        One row a frequency, 0 to :data:`MOST_FREQUENT` and more: ``frequency, customers, expected`` (mean foreseen),
        ``actual`` (mean made) with ``low, high`` (95 % of the mean).
    """
    group = held.summary["frequency"].clip(upper=MOST_FREQUENT).astype("int64")
    frame = pd.DataFrame({
        "frequency": group, "actual": held.summary["purchases"], "expected": held.predicted[model].to_numpy(),
    })  # fmt: skip
    means = frame.groupby("frequency").agg(
        customers=("actual", "size"), expected=("expected", "mean"), actual=("actual", "mean"), sd=("actual", "std")
    )
    reach = 1.96 * means["sd"] / np.sqrt(means["customers"])
    return means.assign(low=means["actual"] - reach, high=means["actual"] + reach).drop(columns="sd").reset_index()


def total_ratio(held: Holdout, model: str) -> Estimate:
    """Estimate how many purchases the model foresaw for each one made: 1 is right, above 1 too many."""
    from crmlib.stats.intervals import ratio

    return ratio(held.predicted[model], held.summary["purchases"])


def _past_rate(summary: pd.DataFrame, weeks: float) -> pd.Series:
    """Let everybody go on at their own past rate; a day's history counts as one day, not none."""
    return summary["frequency"] / summary["T"].clip(lower=1 / DAYS_PER_WEEK) * weeks


def _judged(name: Any, actual: NDArray[np.float64], predicted: NDArray[np.float64]) -> dict[str, float | str]:
    return {
        "model": str(name),
        "deviance": _deviance(actual, predicted),
        "mae": _mae(actual, predicted),
        "rmse": float(np.sqrt(((actual - predicted) ** 2).mean())),
        "total_ratio": float(predicted.sum() / actual.sum()) if actual.sum() else float("nan"),
    }


def _mae(actual: NDArray[np.float64], predicted: NDArray[np.float64]) -> float:
    return float(np.abs(actual - predicted).mean())


def _deviance(actual: NDArray[np.float64], predicted: NDArray[np.float64]) -> float:
    """Give the mean Poisson deviance; a prediction of none (a heuristic's) counts as one in ten thousand."""
    mean = np.maximum(predicted, 1e-4)
    with np.errstate(divide="ignore", invalid="ignore"):
        surprise = np.where(actual > 0, actual * np.log(actual / mean), 0.0)
    return float(2 * (surprise - actual + mean).mean())
