"""The business by month: money, orders and customers, each with what it rests on.

Money, orders and units are counted, not estimated. Averages and rates describe a month as a sample of what these
customers might have done, so they carry an interval; a customer's orders resemble one another, so the customer, not
the order, is what is drawn (an anonymous order stands for itself).
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as distributions

from crmlib.features import before, purchases
from crmlib.segmentation.business.months import calendar, customer_months, month_number
from crmlib.stats.intervals import proportions

_CENTS = "decimal(15, 2)"
"""Cents keep a square within 38 digits, so that sums of squares stay exact on every engine."""


def monthly_figures(transactions: Any, as_of: date) -> pd.DataFrame:
    """Tell how the business went, month by month.

    Parameters
    ----------
    transactions
        The clean table (Ibis); lines at or after ``as_of`` are not seen.
    as_of
        Exclusive end of what may be seen.

    Returns
    -------
    pandas.DataFrame
        One row a month without gaps, oldest first: ``month, partial``; money ``gross`` (products bought), ``returned``
        (taken back, positive), ``net`` (gross less returned), ``identified`` (gross of known customers); ``orders,
        units``; people ``active`` (known customers who bought), ``new`` (bought for the first time), ``returning``,
        ``reactivated`` (returning after at least a month without), ``before`` (bought in the month before),
        ``again`` (of those, bought in this one too); ``average_order_value, units_per_order`` and
        ``repurchase_rate`` (``again`` of ``before``), each with ``_low`` and ``_high`` (95 %), ``price_per_unit``,
        ``returned_share`` (of gross), ``identified_share`` (of gross).

    Examples
    --------
    >>> import ibis
    >>> rows = {"customer_id": ["a", "a"], "order_id": ["1", "2"], "quantity": [1, 1], "amount": [10, 30],
    ...         "ordered_at": pd.to_datetime(["2026-01-05", "2026-02-05"]),
    ...         "is_product": [True, True], "is_return": [False, False]}
    >>> lines = ibis.memtable(pd.DataFrame(rows))
    >>> lines = lines.mutate(amount=lines.amount.cast("decimal(18, 4)"), quantity=lines.quantity.cast("decimal(18, 4)"))
    >>> monthly_figures(lines, date(2026, 3, 1))[["month", "net", "new", "repurchase_rate"]]
           month   net  new  repurchase_rate
    0 2026-01-01  10.0    1              NaN
    1 2026-02-01  30.0    0              1.0
    """
    seen = before(transactions, as_of)
    bought = purchases(seen)
    first_day = bought.ordered_at.min().execute()
    if pd.isna(first_day):
        return _derived(_empty())
    months = calendar(first_day.date(), as_of)
    for part in (_money(bought), _returns(seen), _spread(bought), _people(transactions, as_of)):
        months = months.merge(part.to_pandas(), on="number", how="left")
    filled = months.drop(columns=["month", "partial"]).fillna(0).astype("float64")
    return _derived(months[["month", "partial"]].join(filled).astype({"number": "int64"}))


def _money(bought: Any) -> Any:
    number = month_number(bought.ordered_at).name("number")
    return bought.group_by(number).agg(
        gross=bought.amount.sum().cast("float64"),
        identified=bought.amount.sum(where=bought.customer_id.notnull()).cast("float64"),
        orders=bought.order_id.nunique(),
        units=bought.quantity.sum().cast("float64"),
    )


def _returns(seen: Any) -> Any:
    back = seen.filter(seen.is_return & seen.is_product)
    number = month_number(back.ordered_at).name("number")
    return back.group_by(number).agg(returned=(-back.amount.sum()).cast("float64"))


def _spread(bought: Any) -> Any:
    """Sum the squares and products that the intervals of averages need, over customers and anonymous orders."""
    buyer = bought.customer_id.fill_null(bought.order_id)
    drawn = bought.group_by([month_number(bought.ordered_at).name("number"), buyer.name("buyer")]).agg(
        s=bought.amount.sum().round(2).cast(_CENTS),
        u=bought.quantity.sum().round(2).cast(_CENTS),
        o=bought.order_id.nunique().cast("int64"),
    )
    return drawn.group_by("number").agg(
        buyers=drawn.count(),
        oo=(drawn.o * drawn.o).sum().cast("float64"),
        ss=(drawn.s * drawn.s).sum().cast("float64"),
        so=(drawn.s * drawn.o).sum().cast("float64"),
        uu=(drawn.u * drawn.u).sum().cast("float64"),
        uo=(drawn.u * drawn.o).sum().cast("float64"),
    )


def _people(transactions: Any, as_of: date) -> Any:
    """Count customers by month: who is new, who came back, who bought in the month before and again."""
    months = customer_months(transactions, as_of)
    new = (months.number == months.first_number).cast("int64")
    again = (months.previous_number == months.number - 1).fill_null(False).cast("int64")  # noqa: FBT003
    now = months.group_by("number").agg(active=months.count(), new=new.sum(), again=again.sum())
    earlier = now.select(number=now.number + 1, before=now.active)
    return now.left_join(earlier, "number").drop("number_right")


def _empty() -> pd.DataFrame:
    columns = ["gross", "returned", "identified", "orders", "units", "active", "new", "again", "before"]
    sums = ["buyers", "oo", "ss", "so", "uu", "uo"]
    frame = pd.DataFrame({name: pd.Series(dtype="float64") for name in [*columns, *sums]})
    return frame.assign(month=pd.Series(dtype="datetime64[us]"), partial=pd.Series(dtype=bool))


def _derived(months: pd.DataFrame) -> pd.DataFrame:
    people = ["active", "new", "again", "before"]
    months = months.astype(dict.fromkeys([*people, "orders"], "int64"))
    returning = months["active"] - months["new"]
    rate = proportions(months["again"].to_numpy(), months["before"].to_numpy())
    value = _ratio(months, "gross", "ss", "so")
    units = _ratio(months, "units", "uu", "uo")
    gross = months["gross"].where(months["gross"] > 0)
    return months.assign(
        net=months["gross"] - months["returned"],
        returning=returning,
        reactivated=returning - months["again"],
        average_order_value=value[0], average_order_value_low=value[1], average_order_value_high=value[2],
        units_per_order=units[0], units_per_order_low=units[1], units_per_order_high=units[2],
        repurchase_rate=rate["value"], repurchase_rate_low=rate["low"], repurchase_rate_high=rate["high"],
        price_per_unit=months["gross"] / months["units"].where(months["units"] > 0),
        returned_share=months["returned"] / gross,
        identified_share=months["identified"] / gross,
    ).drop(columns=["oo", "ss", "so", "uu", "uo"])  # fmt: skip


def _ratio(months: pd.DataFrame, total: str, square: str, product: str) -> tuple[NDArray[np.float64], ...]:
    """Estimate a total per order from sums: the linearised interval of :func:`crmlib.stats.intervals.ratio`."""
    orders, n = months["orders"].to_numpy("float64"), months["buyers"].to_numpy("float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        value = months[total].to_numpy("float64") / orders
        residual = months[square] - 2 * value * months[product] + value**2 * months["oo"]
        error = np.sqrt(n / (n - 1) * np.maximum(residual.to_numpy("float64"), 0)) / orders
        reach = error * distributions.t.ppf(0.975, n - 1)
    reach = np.where(n > 1, reach, np.nan)
    return value, value - reach, value + reach
