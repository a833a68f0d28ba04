"""How sure predictions are: intervals for customers and for all of them together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from crmlib.btyd.draws import Draws, Method, drawn, drawn_from_covariance
from crmlib.btyd.gamma_gamma import GammaGamma
from crmlib.btyd.grouping import Array
from crmlib.btyd.histories import Histories
from crmlib.btyd.model import PurchaseModel, checked_weeks
from crmlib.btyd.value import discounted, log_rate
from crmlib.stats import Estimate

Quantity = Literal["expected_purchases", "probability_of_purchase", "probability_alive"]

UNBIASED: Final = "weibull"
"""Of 100 draws the usual quantiles leave 7 % outside a 95 % interval; these leave 5 %."""

CHUNK = 5_000
"""Customers at a time, where each has draws of their own: 4 MB for 100 draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """Predictions with intervals that come from not knowing the parameters.

    Attributes
    ----------
    customers : pandas.DataFrame
        ``value, low, high`` on the summary's index.
    total : Estimate
        The sum over customers.
    method : str
        ``covariance`` (parameters drawn from their covariance) or ``refit`` (fitted on resampled customers).
    draws : int
    """

    customers: pd.DataFrame
    total: Estimate
    method: Method
    draws: int


def intervals(
    model: PurchaseModel,
    summary: pd.DataFrame,
    horizon: float,
    rng: np.random.Generator,
    *,
    quantity: Quantity = "expected_purchases",
    method: Method | None = None,
    draws: int = 100,
    confidence: float = 0.95,
) -> Intervals:
    """Give a prediction for each customer, and for all together, with intervals for the parameters' uncertainty.

    The intervals are for the expectation. What a customer will do varies more: see `count_intervals`, and
    `total_to_come` for the sum that will be observed.

    Parameters
    ----------
    model : PurchaseModel
        Fitted.
    summary : pandas.DataFrame
        Those that the model was fitted on, whom refits resample.
    horizon : float
        Weeks ahead (not used for ``probability_alive``).
    rng : numpy.random.Generator
    quantity : str
    method : str, optional
        ``covariance`` is fast, ``refit`` does not trust the normal approximation. By default the covariance where the
        likelihood has one (it has none at the edge where nobody ever leaves); the result says which it was.
    draws : int
    confidence : float

    Examples
    --------
    >>> from crmlib.btyd import BetaGeoNBD, simulate
    >>> rng = np.random.default_rng(1)
    >>> truth = BetaGeoNBD(r=1.0, alpha=5.0, a=0.8, b=2.5)
    >>> summary = simulate(truth, pd.DataFrame({"T": [40.0] * 2000}), rng, days=True)
    >>> result = intervals(BetaGeoNBD.fit(summary), summary, 13, rng, draws=20)
    >>> bool(result.total.low < truth.expected_purchases(summary, 13).sum() < result.total.high)
    True
    """
    weeks = checked_weeks(horizon)
    others = drawn(model, summary, draws, rng, method)
    histories = model.histories(summary)
    predict = _predictor(quantity, weeks)
    values = predict(model, histories)
    by_draw = np.array([predict(model.with_coefficients(one), histories) for one in others.coefficients])
    low, high = np.quantile(by_draw, _tails(confidence), axis=0, method=UNBIASED)
    bounds = np.array([values, np.minimum(low, values), np.maximum(high, values)])
    frame = pd.DataFrame(bounds[:, histories.back].T, index=summary.index, columns=["value", "low", "high"])
    total = _estimate(float(histories.count @ values), by_draw @ histories.count, len(summary), confidence)
    return Intervals(customers=frame, total=total, method=others.method, draws=draws)


def value_intervals(
    summary: pd.DataFrame,
    purchase_model: PurchaseModel,
    spend_model: GammaGamma,
    horizon: float,
    rng: np.random.Generator,
    *,
    discount_rate: float = 0.0,
    margin: float = 1.0,
    draws: int = 100,
    confidence: float = 0.95,
) -> Intervals:
    """Give each customer's lifetime value, and that of all, with intervals for the parameters' uncertainty.

    Parameters of the spend model are drawn from their covariance, those of the purchase model as in `intervals`. The
    share that discounting takes is held at the estimate: it hangs on when purchases come within the horizon, which the
    parameters hardly move.

    Parameters
    ----------
    summary, purchase_model, spend_model, horizon, discount_rate, margin
        As in `lifetime_value`; both models fitted.
    rng : numpy.random.Generator
    draws : int
    confidence : float
    """
    weeks, rate = checked_weeks(horizon), log_rate(discount_rate)
    histories = purchase_model.histories(summary)
    expected = purchase_model.expected(histories, weeks)
    worth = margin * discounted(purchase_model, histories, weeks, rate) / np.where(expected > 0, expected, 1.0)
    others = drawn(purchase_model, summary, draws, rng)
    purchases = [
        worth * purchase_model.with_coefficients(one).expected(histories, weeks) for one in others.coefficients
    ]
    values = (worth * expected)[histories.back] * spend_model.expected_spend(summary).to_numpy()
    bounds, totals = np.empty((2, len(summary))), np.zeros(draws)
    by_history = np.array(purchases).T.copy()
    spending = _Spending.of(spend_model, summary, drawn_from_covariance(spend_model, draws, rng))
    for start in range(0, len(summary), CHUNK):
        rows = slice(start, start + CHUNK)
        by_draw = by_history[histories.back[rows]] * spending.by_draw(rows)
        bounds[:, rows] = np.quantile(by_draw, _tails(confidence), axis=1, method=UNBIASED)
        totals += by_draw.sum(axis=0)
    frame = pd.DataFrame(
        {"value": values, "low": np.minimum(bounds[0], values), "high": np.maximum(bounds[1], values)},
        index=summary.index,
    )
    total = _estimate(float(values.sum()), totals, len(summary), confidence)
    return Intervals(customers=frame, total=total, method=others.method, draws=draws)


@dataclass(frozen=True, slots=True)
class _Spending:
    """Expected spend of customers under drawn parameters, without a frame a draw."""

    x: Array
    sums: Array
    drawn: Array

    @classmethod
    def of(cls, model: GammaGamma, summary: pd.DataFrame, draws: Draws) -> "_Spending":
        x, z = model.observed(summary)
        drawn = np.exp(draws.coefficients)
        p, q, _gamma = drawn.T
        if len(x) and (p * x.min() + q <= 1).any():
            raise ValueError("some drawn p and q leave customers with the fewest purchases without a mean spend")
        return cls(x, np.where(x > 0, x * z, 0.0), drawn)

    def by_draw(self, rows: slice) -> Array:
        """Give customers by draws; without a repeat purchase the formula is the population's mean."""
        p, q, gamma = self.drawn.T
        x, total = self.x[rows, None], self.sums[rows, None]
        values: Array = p * (gamma + total) / (p * x + q - 1)
        return values


def _predictor(quantity: Quantity, horizon: float) -> Callable[[PurchaseModel, Histories], Array]:
    known: dict[str, Callable[[PurchaseModel, Histories], Array]] = {
        "expected_purchases": lambda model, histories: model.expected(histories, horizon),
        "probability_of_purchase": lambda model, histories: model.returning(histories, horizon),
        "probability_alive": lambda model, histories: model.alive(histories),
    }
    if quantity not in known:
        raise ValueError(f"quantity is one of {list(known)}; got {quantity!r}")
    return known[quantity]


def _tails(confidence: float) -> list[float]:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share between 0 and 1; got {confidence}")
    return [(1 - confidence) / 2, (1 + confidence) / 2]


def _estimate(value: float, draws: Array, n: int, confidence: float) -> Estimate:
    low, high = np.quantile(draws, _tails(confidence), method=UNBIASED)
    return Estimate(value, min(float(low), value), max(float(high), value), n, confidence)
