"""How well forecasts of purchases came true, one beside the other on the same customers."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlib.btyd.histories import Array
from crmlib.btyd.holdout import Holdout
from crmlib.stats.bootstrap import NORMAL_ABOVE, limits, times_drawn


def heuristic_forecasts(summary: pd.DataFrame, horizon: float, hiatus: float | None = None) -> dict[str, pd.Series]:
    """Forecast purchases by rules of thumb, which a model must beat to be worth having.

    Parameters
    ----------
    summary : pandas.DataFrame
        ``frequency``, ``recency``, ``T``.
    horizon : float
        Weeks ahead.
    hiatus : float, optional
        Weeks of silence after which a customer counts as gone; a third of the longest age by default.

    Returns
    -------
    dict of Series
        ``own_rate``: each goes on as so far. ``own_rate_unless_silent``: none from those silent for the hiatus.
        ``average_rate``: everybody as the average customer.

    Notes
    -----
    After Wübben & von Wangenheim, "Instant customer base analysis: managerial heuristics often get it right", Journal
    of Marketing 72(3), 2008.

    Examples
    --------
    >>> summary = pd.DataFrame({"frequency": [4, 4], "recency": [19.0, 5.0], "T": 20.0})
    >>> heuristic_forecasts(summary, 10)["own_rate_unless_silent"].tolist()
    [2.0, 0.0]
    """
    limit = float(summary["T"].max()) / 3 if hiatus is None else hiatus
    # A customer of today has no rate yet: one day stands for no time at all.
    own: pd.Series = summary["frequency"] / summary["T"].clip(lower=1 / 7) * horizon
    silent = summary["T"] - summary["recency"] > limit
    average = summary["frequency"].sum() / max(float(summary["T"].sum()), 1 / 7)
    return {
        "own_rate": own,
        "own_rate_unless_silent": own.where(~silent, 0.0),
        "average_rate": pd.Series(average * horizon, index=summary.index),
    }


def forecast_accuracy(
    holdout: Holdout,
    forecasts: Mapping[str, pd.Series],
    reference: str,
    rng: np.random.Generator,
    *,
    resamples: int = 1000,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare forecasts with what was held out, and each with one chosen beforehand.

    Parameters
    ----------
    holdout : Holdout
    forecasts : mapping of str to Series
        Expected purchases in the holdout's horizon, on the summary's index.
    reference : str
        The forecast that the others are compared with: the one chosen without looking at this holdout.
    rng : numpy.random.Generator
    resamples : int
    confidence : float

    Returns
    -------
    pandas.DataFrame
        Indexed by forecast: ``mae``, ``rmse``, ``bias`` (forecast over actual total, less 1; missing where nobody
        bought), each with ``_low`` and ``_high``, and ``mae_difference``, ``rmse_difference`` to the reference
        (negative is better), with paired bootstrap intervals: customers are drawn together for both forecasts.

    Raises
    ------
    ValueError
        When the reference is not among the forecasts, or one is not on the summary's index.

    Examples
    --------
    >>> summary = pd.DataFrame({"frequency": [0, 2, 1], "recency": [0, 4.0, 2.0], "T": 8.0})
    >>> held = Holdout(summary=summary, actual=pd.Series([0, 1, 0]), horizon=4)
    >>> forecasts = {"none": pd.Series(0.0, index=summary.index)} | heuristic_forecasts(summary, 4)
    >>> forecast_accuracy(held, forecasts, "none", np.random.default_rng(1))["mae"].round(3).tolist()
    [0.333, 0.167, 0.333, 0.5]
    """
    if reference not in forecasts:
        raise ValueError(f"the reference {reference!r} is not among the forecasts {list(forecasts)}")
    errors = []
    for name, forecast in forecasts.items():
        if not forecast.index.equals(holdout.summary.index) or forecast.isna().any():
            raise ValueError(f"the forecast {name!r} is missing for some customers")
        errors.append((forecast - holdout.actual).to_numpy(dtype=np.float64))
    error = np.array(errors)
    actual = holdout.actual.to_numpy(dtype=np.float64)
    # Per customer: absolute and squared error and error of each forecast, and the purchases themselves.
    parts = np.vstack([np.abs(error), error**2, error, actual])
    means = np.vstack([parts.mean(axis=1), _resampled_means(parts, rng, resamples)])
    return _table(means, list(forecasts), list(forecasts).index(reference), confidence)


def _table(means: Array, names: list[str], reference: int, confidence: float) -> pd.DataFrame:
    """Turn means (the observed ones first, then resampled ones) into measures with intervals."""
    m = len(names)
    made = means[:, -1:]
    # beside no purchases at all an expectation has no bias to tell; resampled customers who made none are left out
    bias = np.divide(means[:, 2 * m : 3 * m], made, out=np.full((len(means), m), np.nan), where=made > 0)
    measures = {"mae": means[:, :m], "rmse": np.sqrt(means[:, m : 2 * m]), "bias": bias}
    for measure in ("mae", "rmse"):
        measures[f"{measure}_difference"] = measures[measure] - measures[measure][:, [reference]]
    columns: dict[str, Array] = {}
    for measure, values in measures.items():
        columns[measure] = values[0]
        columns[f"{measure}_low"], columns[f"{measure}_high"] = limits(values[1:], confidence)
    return pd.DataFrame(columns, index=pd.Index(names, name="forecast"))


def _resampled_means(parts: Array, rng: np.random.Generator, resamples: int) -> Array:
    """Give the means over customers drawn with replacement, resamples by parts."""
    n = parts.shape[1]
    if n > NORMAL_ABOVE:
        covariance = np.cov(parts) / n
        return rng.multivariate_normal(parts.mean(axis=1), covariance, size=resamples, method="eigh")
    return np.array([parts @ (times / n) for times in times_drawn(n, rng, resamples)])
