"""What contacting those worth it would have earned at the test: by share contacted, and by each assumption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.money.gain import expected_gain, profit, reach_by_share
from crmlib.churn.money.profit import expected_maximum_profit
from crmlib.churn.who.scoring import usual_spend

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from crmlib.churn.money.assumptions import Assumptions
    from crmlib.churn.proof.backtest import Backtest

SHARES: Final = tuple(step / 20 for step in range(1, 21))
"""Shares contacted at which costs are weighed against benefits."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a campaign among the active customers of the test would have earned, under its assumptions.

    `curve` has, share by share, what `reach_by_share` counts and ``profit, low, high``; `worth_it` is its row of those
    whose expected gain was above 0 at the likely values, nobody where it was not for any; `sensitivity` from
    `sensitivities`. `maximum` has each model's expected maximum profit per customer: ``model, value, contacted``.
    """

    assumed: Assumptions
    curve: pd.DataFrame
    worth_it: pd.Series[float]
    reached: pd.Series[float]
    sensitivity: pd.DataFrame
    maximum: pd.DataFrame
    customers: int

    @property
    def best(self) -> pd.Series[float]:
        """The row of the curve with the highest profit, known only afterwards."""
        return self.curve.nlargest(1, "profit").iloc[0]


def weigh_campaign(backtest: Backtest, assumed: Assumptions, active_days: int) -> Prospect | None:
    """Weigh costs against benefits of contacting the active customers of the test, each at the value known then.

    ``None`` where nobody was active, or the model gives no probabilities to expect a gain by.
    """
    test, probability = backtest.test, backtest.chosen.probability
    active = test.customers["days_since_last"] < active_days
    if probability is None or not active.any():
        return None
    values = assumed.values(usual_spend(test.customers, active, test.horizon_days)[active])
    chosen, outcome = active.to_numpy(), test.churned[active.to_numpy()]
    gain = expected_gain(probability[chosen], values, assumed.likely)
    curve = profit_curve(outcome, gain, values, assumed, SHARES)
    worth_it = profit_curve(outcome, gain, values, assumed, [float((gain > 0).mean())]).iloc[0]
    reached = worth_it if worth_it["customers"] > 0 else curve.nlargest(1, "profit").iloc[0]
    scores = {name: prediction.score[chosen] for name, prediction in backtest.predictions.items()}
    maximum = maximum_profits(outcome, scores, assumed)
    return Prospect(assumed, curve, worth_it, reached, sensitivities(reached, assumed), maximum, len(outcome))


def profit_curve(
    churned: ArrayLike,
    gain: ArrayLike,
    values: ArrayLike,
    assumed: Assumptions,
    shares: list[float] | tuple[float, ...],
) -> pd.DataFrame:
    """Weigh costs against benefits share by share, the highest expected gain first.

    What `reach_by_share` counts and ``profit`` at the likely values, ``low, high`` over the ranges: the falls that each
    assumption's worse end makes, squared, added and rooted, and the rises alike, as of independent errors.
    """
    reach = reach_by_share(churned, gain, values, shares)
    likely = profit(reach, assumed.likely, assumed.kept_value[1])
    moved = [profit(reach, end, assumed.kept_value[1]) - likely for _name, *both in assumed.ends() for end in both]
    falls = sum((move.clip(upper=0) ** 2 for move in moved), 0 * likely)
    rises = sum((move.clip(lower=0) ** 2 for move in moved), 0 * likely)
    return reach.assign(profit=likely, low=likely - falls**0.5, high=likely + rises**0.5)


def sensitivities(reached: pd.Series[float], assumed: Assumptions) -> pd.DataFrame:
    """Give the profit of the same customers at both ends of each assumption, all else likely, the widest first.

    ``assumption, at_worse, at_better`` (the ends of its range), ``low, high`` (the profit there).
    """
    reach = reached.to_frame().T
    rows = []
    for name, *ends in assumed.ends():
        both = [(float(profit(reach, end, assumed.kept_value[1]).iloc[0]), getattr(end, name)) for end in ends]
        (low, worse), (high, better) = sorted(both)
        rows.append((name, worse, better, low, high))
    frame = pd.DataFrame(rows, columns=["assumption", "at_worse", "at_better", "low", "high"])
    widest = (frame["high"] - frame["low"]).sort_values(ascending=False, kind="stable")
    return frame.loc[widest.index].reset_index(drop=True)


def maximum_profits(
    outcome: NDArray[np.bool_], scores: Mapping[str, NDArray[np.float64]], assumed: Assumptions
) -> pd.DataFrame:
    """Give each model's expected maximum profit per customer: ``model, value, contacted``."""
    best = {name: expected_maximum_profit(outcome, score, assumed.likely) for name, score in scores.items()}
    rows = [(name, profit.value, profit.contacted) for name, profit in best.items()]
    return pd.DataFrame(rows, columns=["model", "value", "contacted"])
