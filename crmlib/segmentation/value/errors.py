"""How far values move with the uncertainty of the models' parameters, and how far off what was foreseen may be."""

from __future__ import annotations

from math import nan, sqrt
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy import stats as distributions

from crmlib.stats import Estimate
from crmlib.stats.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from crmlib.btyd import GammaGamma, PurchaseModel
    from crmlib.btyd.histories import Histories
    from crmlib.btyd.parametric import Parametric

Floats: TypeAlias = NDArray[np.float64]
Model = TypeVar("Model", bound="Parametric")

TOO_WIDE: Final = 0.5
"""An interval of foreseen over made that is wider than this cannot tell right from wrong."""

_STEP: Final = 0.1
"""Of a standard error: small enough that a mean that exists goes on existing."""

_FLAT: Final = 1e-8
"""Curvature, relative to the sharpest, below which the data say nothing about a direction."""


def value_swings(
    summary: pd.DataFrame, value: Floats, purchase: PurchaseModel, spend: GammaGamma, horizon: float
) -> Floats:
    """Move every customer's value (in money) by one standard error along each direction of the parameters.

    The delta method: the moves of all customers of a group are added before they are squared, since the parameters are
    the same for all. There is no direction where either model's parameters have no usable covariance: half of the
    uncertainty must not pass for the whole. `NoSpendModelError` if the population's mean spend does not exist within a
    tenth of a standard error.
    """
    of_spend = spend_swings(summary, spend)
    of_purchases = purchase_swings(summary, purchase, horizon)
    if of_purchases.shape[1] == 0 or of_spend.shape[1] == 0:
        return np.zeros((len(summary), 0))
    times, spent = purchase.expected_purchases(summary, horizon).to_numpy(), spend.expected_spend(summary).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = ((of_purchases, times), (of_spend, spent))
        swings = np.column_stack([swing * value / mean for moved, mean in parts for swing in moved.T])
    # an expectation that underflows to nothing is worth nothing either way
    return np.nan_to_num(swings, nan=0.0, posinf=0.0, neginf=0.0)


def purchase_swings(summary: pd.DataFrame, purchase: PurchaseModel, horizon: float) -> Floats:
    """Move every customer's expected purchases likewise; no direction without a usable covariance."""
    return _history_swings(summary, purchase, lambda model, histories: model.expected(histories, float(horizon)))


def chance_swings(summary: pd.DataFrame, purchase: PurchaseModel, horizon: float) -> Floats:
    """Move every customer's probability of a purchase likewise."""
    return _history_swings(summary, purchase, lambda model, histories: model.returning(histories, float(horizon)))


def spend_swings(summary: pd.DataFrame, spend: GammaGamma) -> Floats:
    """Move every customer's expected spend a purchase likewise; raises as `value_swings` does."""
    swings = _swings(spend, spend.found().covariance, lambda model: model.expected_spend(summary).to_numpy())
    return swings if len(swings) else np.zeros((len(summary), 0))


def share_limits(share: float, swings: Floats) -> tuple[float, float]:
    """Give the 95 % limits of a share or a probability, on the logit scale so that none leaves 0 to 1."""
    if not 0 < share < 1 or not len(swings):
        return nan, nan
    reach = 1.96 * float(np.sqrt((swings**2).sum())) / (share * (1 - share))
    centre = special.logit(share)
    return float(special.expit(centre - reach)), float(special.expit(centre + reach))


def total_limits(value: Floats, swings: Floats) -> tuple[float, float]:
    """Give the 95 % limits of a group's total value, on the log scale so that none is negative."""
    total = float(value.sum())
    if total <= 0 or swings.shape[1] == 0:
        return nan, nan
    error = float(np.sqrt((swings.sum(axis=0) ** 2).sum()))
    return total * float(np.exp(-1.96 * error / total)), total * float(np.exp(1.96 * error / total))


def customer_limits(value: Floats, swings: Floats) -> tuple[Floats, Floats]:
    """Give the 95 % limits of each customer's value, on the log scale; unknown where there is none."""
    if swings.shape[1] == 0:
        return np.full(len(value), np.nan), np.full(len(value), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.exp(1.96 * np.sqrt((swings**2).sum(axis=1)) / value)
        known = np.where(value > 0, value, np.nan)
        return known / factor, known * factor


def foreseen_of_made(foreseen: Floats, made: Floats, swings: Floats) -> Estimate:
    """Estimate how much was foreseen for each unit made (purchases or money, one number a customer): 1 is right.

    The variances add up: where the model is right, what customers make is off its expectation by luck alone (the
    linearised ratio of Särndal, Swensson & Wretman 1992, Model Assisted Survey Sampling, section 5.6), and the
    parameters' error hangs on the histories (the delta method on the swings; without any, the interval holds luck
    only).
    """
    n, expected, total = len(made), float(foreseen.sum()), float(made.sum())
    if total == 0:
        return Estimate.unknown(n)
    value = expected / total
    if n < 2 or expected <= 0:
        return Estimate(value, nan, nan, n)
    luck = n / (n - 1) * float(((foreseen - value * made) ** 2).sum())
    error = sqrt(luck + float((swings.sum(axis=0) ** 2).sum())) / expected
    reach = float(distributions.t.ppf(0.975, n - 1)) * error
    return Estimate(value, value * float(np.exp(-reach)), value * float(np.exp(reach)), n)


def reading(ratio: Estimate) -> Literal["open", "right", "low", "high"]:
    """Read what was foreseen over what was made; open without an interval, or where one that holds 1 is too wide."""
    if ratio.excludes(1):
        return "low" if ratio.value < 1 else "high"
    return "right" if ratio.has_interval and ratio.high - ratio.low <= TOO_WIDE else "open"


def _history_swings(
    summary: pd.DataFrame, purchase: PurchaseModel, predict: Callable[[PurchaseModel, Histories], Floats]
) -> Floats:
    """Move what is predicted of each distinct history, and spread it to the customers who share it."""
    histories = purchase.histories(summary)
    swings = _swings(purchase, _covariance(purchase, summary), lambda model: predict(model, histories))
    return swings[histories.back] if len(swings) else np.zeros((len(summary), 0))


def _swings(model: Model, covariance: Floats, predict: Callable[[Model], Floats]) -> Floats:
    moved = []
    for way in _directions(covariance):
        ahead, behind = (predict(model.with_coefficients(model.coefficients + step * way)) for step in (_STEP, -_STEP))
        moved.append(np.asarray((ahead - behind) / (2 * _STEP), dtype="float64"))
    return np.column_stack(moved) if moved else np.zeros((0, 0))


def _directions(covariance: Floats) -> list[Floats]:
    """Split a covariance into independent directions, each as long as its standard error."""
    if not np.isfinite(covariance).all():
        return []
    variances, vectors = np.linalg.eigh(covariance)
    return [np.sqrt(variance) * vector for variance, vector in zip(variances, vectors.T, strict=True) if variance > 0]


def _covariance(purchase: PurchaseModel, summary: pd.DataFrame) -> Floats:
    """Give the covariance of a fitted model's coefficients, without the directions that the likelihood is flat in."""
    found = purchase.found().covariance
    if np.isfinite(found).all():
        return found
    histories = purchase.histories(sampled(summary))
    steps = np.eye(len(purchase.coefficients)) * 1e-4
    rows = [(_slope(purchase, histories, step) - _slope(purchase, histories, -step)) / 2e-4 for step in steps]
    curvature, vectors = np.linalg.eigh(-(np.array(rows) + np.array(rows).T) / 2)
    known = curvature > _FLAT * curvature.max()
    return np.asarray((vectors[:, known] / curvature[known]) @ vectors[:, known].T, dtype="float64")


def _slope(purchase: PurchaseModel, histories: Histories, step: Floats) -> Floats:
    model = purchase.with_coefficients(purchase.coefficients + step)
    params = model.at(histories)
    _values, slopes = model.likelihood(histories, params)
    return np.asarray((slopes * params * histories.count).sum(axis=1), dtype="float64")
