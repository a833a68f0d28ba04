"""Recency, frequency and money scores that hold still: equal customers get equal scores.

Scores come from cut points, which can be kept, not from ranks with an arbitrary tie-break as those of NTILE.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

SCORES = ("recency_score", "frequency_score", "monetary_score")


@dataclass(frozen=True, slots=True)
class CutPoints:
    """The ascending limits between scores, as of ``reference`` (ISO date), one fewer than there are scores.

    A value equal to a limit has the worse of the two scores; days equal to several limits at once, as where many bought
    on the last day, have the middle of theirs.
    """

    reference: str
    days_since_last: tuple[float, ...]
    orders: tuple[float, ...]
    spend: tuple[float, ...]

    @classmethod
    def of(cls, kept: dict[str, Any], bins: int | None = None) -> Self:
        """Read them from what an earlier run kept, for so many scores where that is given."""
        limits = {name: tuple(float(limit) for limit in kept[name]) for name in ("days_since_last", "orders", "spend")}
        if bins is not None and len(limits["orders"]) != bins - 1:
            raise ValueError(f"{bins} scores have {bins - 1} cut points")
        if len({len(rising) for rising in limits.values()}) > 1 or any(list(x) != sorted(x) for x in limits.values()):
            raise ValueError("cut points are as many rising numbers for each of the three scores")
        return cls(reference=str(kept["reference"]), **limits)

    @property
    def bins(self) -> int:
        """The number of scores."""
        return len(self.orders) + 1


def cut_points(customers: pd.DataFrame, bins: int = 5, reference: str = "") -> CutPoints:
    """Set the limits between scores at the quantiles of today's customers (``days_since_last, orders, spend``)."""
    if bins < 2:
        raise ValueError(f"scores need at least 2 bins, found {bins}")
    if customers.empty:
        raise ValueError("there are no customers to set cut points from")
    return CutPoints(
        reference=reference,
        days_since_last=tuple(-limit for limit in reversed(_limits(-_known(customers, "days_since_last"), bins))),
        orders=_limits(_known(customers, "orders"), bins),
        spend=_limits(_known(customers, "spend"), bins),
    )


def rfm_scores(customers: pd.DataFrame, bins: int = 5, cuts: CutPoints | None = None) -> pd.DataFrame:
    """Score how lately, how often and for how much each customer bought, from 1 to ``bins`` (best; Hughes 1994).

    Where many are alike (all who bought once), some scores stay empty rather than being dealt out by chance. By
    ``cuts``, else by cut points of these customers. ``customer_id`` (where given), ``recency_score, frequency_score,
    monetary_score`` on the same index.
    """
    limits = cuts if cuts is not None else cut_points(customers, bins)
    # few days are good: the score falls by one with every limit that is reached, and by half of those tied with
    days = _known(customers, "days_since_last")
    passed, reached = (np.searchsorted(limits.days_since_last, days, side=side) for side in ("left", "right"))
    scores = pd.DataFrame(
        {
            "recency_score": (limits.bins - (passed + reached + 1) // 2).astype("int64"),
            "frequency_score": _score(_known(customers, "orders"), limits.orders),
            "monetary_score": _score(_known(customers, "spend"), limits.spend),
        },
        index=customers.index,
    )
    if "customer_id" in customers:
        scores.insert(0, "customer_id", customers["customer_id"])
    return scores


def _known(customers: pd.DataFrame, name: str) -> NDArray[np.float64]:
    values = customers[name].to_numpy(dtype="float64", na_value=np.nan)
    if np.isnan(values).any():
        raise ValueError(f"{name} is missing for {int(np.isnan(values).sum())} customers: they cannot be scored")
    return values


def _limits(values: NDArray[np.float64], bins: int) -> tuple[float, ...]:
    # a limit that is itself an observed value keeps equal customers on one side, whatever the rounding
    cuts = np.quantile(values, np.arange(1, bins) / bins, method="inverted_cdf")
    return tuple(float(cut) for cut in cuts)


def _score(values: ArrayLike, limits: tuple[float, ...]) -> NDArray[np.int64]:
    return (np.searchsorted(limits, values, side="left") + 1).astype("int64")
