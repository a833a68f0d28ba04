"""Averages and rates of a period from its sums, each with what it rests on.

They describe a period as a sample of what these customers might have done, so they carry an interval; a customer's
orders resemble one another, so the customer, not the order, is what is drawn (an anonymous order stands for itself).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import stats as distributions

from crmlib.segmentation.business.measures import FIGURES, Figure
from crmlib.stats.intervals import proportions

if TYPE_CHECKING:
    import pandas as pd
    from ibis import Table, Value
    from numpy.typing import NDArray

CENTS: Final = "decimal(19, 2)"
"""Cents of nineteen digits: the widest whose square has 38, so that sums of squares stay exact on every engine.

Of fewer than nineteen DuckDB keeps the square in eighteen digits, too few for ten million a buyer.
"""

SQUARES: Final = ("oo", "ss", "so", "uu", "uo")
"""Sums over customers and anonymous orders of squares and products of orders, money (s) and units."""


def square_sums(drawn: Table) -> dict[str, Value]:
    """Sum ``buyers`` and :data:`SQUARES` for the intervals of averages, of one row a buyer with ``s, u`` and ``o``."""
    return {"buyers": drawn.count()} | {
        pair: (drawn[pair[0]] * drawn[pair[1]]).sum().cast("float64") for pair in SQUARES
    }


def with_rates(sums: pd.DataFrame) -> pd.DataFrame:
    """Add to the sums of periods every figure of the business that can be made of them.

    ``net, returning, reactivated``, and the columns of those figures that are one sum over another, ends of intervals
    (95 %) and all; missing where there is nothing to divide by. The sums, one row a period (or a period and a part of
    the business): ``days, gross, returned, identified, orders, units, active, new, again, before, buyers`` and
    :data:`SQUARES`; where the caller has them, more.
    """
    returning = sums["active"] - sums["new"]
    # who came back after a pause is not always the rest of those who returned: the history may be too short to tell
    paused = sums.get("reactivated", returning - sums["again"])
    made = sums.assign(net=sums["gross"] - sums["returned"], returning=returning, reactivated=paused)
    for figure in FIGURES:
        if figure.per and made.columns.isin(figure.per).sum() == len(figure.per):
            made = made.assign(**dict(zip(figure.columns, _made(figure, made), strict=True)))
    return made.drop(columns=list(SQUARES))


def _made(figure: Figure, sums: pd.DataFrame) -> tuple[Any, ...]:
    part, whole = (sums[name] for name in figure.per)
    if figure.squares:
        return ratio_from_sums(sums, figure.per[0], *figure.squares)
    if not figure.is_rate:
        return (part / whole.where(whole > 0),)
    known = (part.notna() & whole.notna()).to_numpy()
    rate = proportions(part.where(known, 0).to_numpy("float64"), whole.where(known, 0).to_numpy("float64"))
    return rate["value"], rate["low"], rate["high"]


def ratio_from_sums(sums: pd.DataFrame, total: str, square: str, product: str) -> tuple[NDArray[np.float64], ...]:
    """Estimate a total per order from sums, with the error of :func:`crmlib.stats.intervals.ratio`: value, low, high.

    The interval is laid on the logarithm (delta method): it never reaches below zero and, of orders as unequal as a
    shop's, covers more often than one as wide to either side. Its ends are missing with fewer than two buyers.
    """
    orders, n = sums["orders"].to_numpy("float64"), sums["buyers"].to_numpy("float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        value = sums[total].to_numpy("float64") / orders
        residual = sums[square] - 2 * value * sums[product] + value**2 * sums["oo"]
        error = np.sqrt(n / (n - 1) * np.maximum(residual.to_numpy("float64"), 0)) / orders
        reach = error * distributions.t.ppf(0.975, n - 1) / value
    reach = np.where((n > 1) & (value > 0), reach, np.nan)
    return value, value * np.exp(-reach), value * np.exp(reach)
