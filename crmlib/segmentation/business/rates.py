"""Averages and rates of a period from its sums, each with what it rests on.

Money, orders and units are counted, not estimated. Averages and rates describe a period as a sample of what these
customers might have done, so they carry an interval; a customer's orders resemble one another, so the customer, not
the order, is what is drawn (an anonymous order stands for itself).
"""

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as distributions

from crmlib.stats.intervals import proportions

CENTS: Final = "decimal(19, 2)"
"""Cents of nineteen digits: the widest whose square has 38, so that sums of squares stay exact on every engine.

Of fewer than nineteen DuckDB keeps the square in eighteen digits, too few for ten million a buyer.
"""

SQUARES: Final = ("oo", "ss", "so", "uu", "uo")
"""Sums over customers and anonymous orders of squares and products of orders, money (s) and units."""


def square_sums(drawn: Any) -> dict[str, Any]:
    """Sum the squares and products that the intervals of averages need.

    Parameters
    ----------
    drawn
        One row a buyer with ``s`` (money), ``u`` (units) as :data:`CENTS` and ``o`` (orders).

    Returns
    -------
    dict of ibis values
        ``buyers`` and :data:`SQUARES`, to be aggregated.
    """
    return {
        "buyers": drawn.count(),
        "oo": (drawn.o * drawn.o).sum().cast("float64"),
        "ss": (drawn.s * drawn.s).sum().cast("float64"),
        "so": (drawn.s * drawn.o).sum().cast("float64"),
        "uu": (drawn.u * drawn.u).sum().cast("float64"),
        "uo": (drawn.u * drawn.o).sum().cast("float64"),
    }


def with_rates(sums: pd.DataFrame) -> pd.DataFrame:
    """Add averages and rates to the sums of periods.

    Parameters
    ----------
    sums
        One row a period (or a period and a part of the business): ``days, gross, returned, identified, orders, units,
        active, new, again, before, buyers`` and :data:`SQUARES`.

    Returns
    -------
    pandas.DataFrame
        ``sums`` without the squares, with ``net, net_per_day, returning, reactivated``; ``average_order_value,
        units_per_order, repurchase_rate`` and their ``_low`` and ``_high`` (95 %); ``price_per_unit, returned_share,
        identified_share``. Missing where there is nothing to divide by.
    """
    returning = sums["active"] - sums["new"]
    rate = _rate(sums["again"], sums["before"])
    value = ratio_from_sums(sums, "gross", "ss", "so")
    units = ratio_from_sums(sums, "units", "uu", "uo")
    gross = sums["gross"].where(sums["gross"] > 0)
    net = sums["gross"] - sums["returned"]
    return sums.assign(
        net=net,
        net_per_day=net / sums["days"],
        returning=returning,
        reactivated=returning - sums["again"],
        average_order_value=value[0], average_order_value_low=value[1], average_order_value_high=value[2],
        units_per_order=units[0], units_per_order_low=units[1], units_per_order_high=units[2],
        repurchase_rate=rate["value"], repurchase_rate_low=rate["low"], repurchase_rate_high=rate["high"],
        price_per_unit=sums["gross"] / sums["units"].where(sums["units"] > 0),
        returned_share=sums["returned"] / gross,
        identified_share=sums["identified"] / gross,
    ).drop(columns=list(SQUARES))  # fmt: skip


def _rate(again: pd.Series, before: pd.Series) -> pd.DataFrame:
    known = (again.notna() & before.notna()).to_numpy()
    return proportions(again.where(known, 0).to_numpy("float64"), before.where(known, 0).to_numpy("float64"))


def ratio_from_sums(sums: pd.DataFrame, total: str, square: str, product: str) -> tuple[NDArray[np.float64], ...]:
    """Estimate a total per order from sums, with the error of :func:`crmlib.stats.intervals.ratio`.

    The interval is laid on the logarithm: it never reaches below zero and, of orders as unequal as a shop's, covers
    more often than one as wide to either side.

    Returns
    -------
    tuple of numpy.ndarray
        Value, lower and upper end; the ends are missing where fewer than two buyers stand behind them.

    References
    ----------
    The error: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, section 5.6; by the delta method that
    of the logarithm is the error over the value.
    """
    orders, n = sums["orders"].to_numpy("float64"), sums["buyers"].to_numpy("float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        value = sums[total].to_numpy("float64") / orders
        residual = sums[square] - 2 * value * sums[product] + value**2 * sums["oo"]
        error = np.sqrt(n / (n - 1) * np.maximum(residual.to_numpy("float64"), 0)) / orders
        reach = error * distributions.t.ppf(0.975, n - 1) / value
    reach = np.where((n > 1) & (value > 0), reach, np.nan)
    return value, value * np.exp(-reach), value * np.exp(reach)
