"""What returns say where nobody was asked: how much comes back, month by month and product by product."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import ibis
import pandas as pd

from crmlib.features import before
from crmlib.stats import Estimate, intervals

MONTHS: Final = 13


def returns_by_month(transactions: Any, as_of: date, months: int = MONTHS) -> pd.DataFrame:
    """Measure the money taken back against the money sold in each of the last calendar months.

    A return counts in the month in which it comes back, whatever month it was sold in.

    Parameters
    ----------
    transactions
        The clean table; only products count.
    as_of
        Exclusive end of what may be seen.
    months
        Number of months, the last one possibly cut off by `as_of` and then marked partial.

    Returns
    -------
    pandas.DataFrame
        `month` (first day), `people` (customers, anonymous orders counted one by one), `sold, returned` (money,
        positive), `rate, low, high` (money returned over money sold; interval by customers), `partial`.
    """
    end = pd.Timestamp(as_of)
    first = ((end - pd.Timedelta(days=1)).to_period("M") - (months - 1)).to_timestamp()
    each = _by_customer_and_month(before(transactions, as_of), first).to_pandas()
    rows = []
    for month, part in each.groupby("month", sort=True):
        sold, returned = part["sold"].astype(float), part["returned"].astype(float)
        rate = intervals.ratio(returned, sold)
        money = {"sold": sum(part["sold"]), "returned": sum(part["returned"])}
        interval = {"rate": rate.value, "low": max(rate.low, 0.0), "high": rate.high}
        rows.append({"month": pd.Timestamp(month), "people": len(part), **money, **interval})
    found = pd.DataFrame(rows, columns=["month", "people", "sold", "returned", "rate", "low", "high"])
    return found.assign(partial=pd.to_datetime(found["month"]) + pd.offsets.MonthBegin(1) > end)


def return_rate(transactions: Any, as_of: date, days: int) -> Estimate:
    """Estimate the money taken back over the money sold in the last so many days (interval by customers).

    Examples
    --------
    >>> lines = pd.DataFrame({"customer_id": list("aab"), "order_id": list("123"), "amount": [80.0, -20.0, 20.0]})
    >>> lines = lines.assign(ordered_at=pd.Timestamp("2026-01-05"), is_product=True, is_return=[False, True, False])
    >>> return_rate(ibis.memtable(lines), date(2026, 2, 1), days=90).value
    0.2
    """
    start = pd.Timestamp(as_of) - pd.Timedelta(days=days)
    each = _by_customer_and_month(before(transactions, as_of), start).to_pandas()
    rate = intervals.ratio(each["returned"].astype(float), each["sold"].astype(float))
    return replace(rate, low=max(rate.low, 0.0)) if rate.has_interval else rate


def share_of_returners(transactions: Any, as_of: date, days: int) -> Estimate:
    """Estimate the share of the customers who bought in the last so many days and took something back in them.

    Examples
    --------
    >>> lines = pd.DataFrame({"customer_id": list("aab"), "amount": [80.0, -20.0, 20.0], "is_product": True})
    >>> lines = lines.assign(ordered_at=pd.Timestamp("2026-01-05"), is_return=[False, True, False])
    >>> share_of_returners(ibis.memtable(lines), date(2026, 2, 1), days=90).value
    0.5
    """
    start = pd.Timestamp(as_of) - pd.Timedelta(days=days)
    seen = before(transactions, as_of)
    lines = seen.filter(seen.is_product & (seen.ordered_at >= start) & seen.customer_id.notnull())
    bought = ~lines.is_return & (lines.amount > 0)
    each = lines.group_by("customer_id").agg(bought=bought.any(), returned=lines.is_return.any())
    buyers = each.filter(each.bought)
    counted = buyers.agg(people=buyers.count(), returners=buyers.count(where=buyers.returned)).to_pandas()
    return intervals.proportion(int(counted["returners"].iloc[0]), int(counted["people"].iloc[0]))


def _by_customer_and_month(seen: Any, first: pd.Timestamp) -> Any:
    lines = seen.filter(seen.is_product & (seen.ordered_at >= first))
    lines = lines.mutate(
        who=ibis.coalesce(lines.customer_id, lines.order_id),
        month=lines.ordered_at.truncate("month"),
        sold=ibis.cases((~lines.is_return & (lines.amount > 0), lines.amount), else_=0).cast("decimal(38, 4)"),
        returned=ibis.cases((lines.is_return, -lines.amount), else_=0).cast("decimal(38, 4)"),
    )
    sums = lines.group_by(["month", "who"]).agg(sold=lines.sold.sum(), returned=lines.returned.sum())
    # sorted, so that the last digits of a float do not depend on the engine's threads
    return sums.filter((sums.sold > 0) | (sums.returned > 0)).order_by(["month", "who"]).drop("who")


def returned_products(transactions: Any, as_of: date, days: int, fewest_buyers: int) -> pd.DataFrame:
    """Find the products that most of their buyers take back, of those that enough bought in the last so many days.

    By buyers rather than units: one wholesaler's cancelled order would else make a product look bad.

    Returns
    -------
    pandas.DataFrame
        The highest rate first: `product_id, people` (buyers), `people_returning, sold, returned` (units), `rate`
        (of buyers).
    """
    start = pd.Timestamp(as_of) - pd.Timedelta(days=days)
    seen = before(transactions, as_of)
    lines = seen.filter(seen.is_product & (seen.ordered_at >= start) & seen.customer_id.notnull())
    bought = ~lines.is_return & (lines.amount > 0)
    counted = lines.group_by("product_id").agg(
        people=lines.customer_id.nunique(where=bought),
        people_returning=lines.customer_id.nunique(where=lines.is_return),
        sold=lines.quantity.sum(where=bought),
        returned=-lines.quantity.sum(where=lines.is_return),
    )
    enough = counted.filter((counted.people >= fewest_buyers) & (counted.returned > 0) & (counted.sold > 0))
    found: pd.DataFrame = enough.to_pandas()
    rate = found["people_returning"] / found["people"]
    return found.assign(rate=rate).sort_values(["rate", "product_id"], ascending=[False, True], ignore_index=True)


def recent_returners(transactions: Any, as_of: date, days: int) -> pd.DataFrame:
    """Give the customers who took products back in the last so many days and have bought nothing since.

    Returns
    -------
    pandas.DataFrame
        `customer_id, last_return_at, part` (money taken back over money spent in the window, at most 1).
    """
    start = pd.Timestamp(as_of) - pd.Timedelta(days=days)
    seen = before(transactions, as_of)
    lines = seen.filter(seen.is_product & seen.customer_id.notnull() & (seen.ordered_at >= start))
    bought = ~lines.is_return & (lines.amount > 0)
    each = lines.group_by("customer_id").agg(
        last_return_at=lines.ordered_at.max(where=lines.is_return),
        last_bought_at=lines.ordered_at.max(where=bought),
        spend=lines.amount.sum(where=bought),
        returned=-lines.amount.sum(where=lines.is_return),
    )
    quiet = each.filter(
        each.last_return_at.notnull() & (each.last_bought_at.isnull() | (each.last_bought_at < each.last_return_at))
    )
    found: pd.DataFrame = quiet.to_pandas().sort_values("customer_id", ignore_index=True)
    spend, returned = found["spend"].astype(float).fillna(0.0), found["returned"].astype(float)
    part = (returned / spend.where(spend > 0)).fillna(1.0).clip(0.0, 1.0)
    return found[["customer_id", "last_return_at"]].assign(part=part)
