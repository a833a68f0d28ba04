"""What a customer won brings by age: revenue and margin, one row a customer in the engine, means with intervals."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import ibis
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.features import before, purchases
from crmlib.segmentation.business.months import last_month, month_number, month_start
from crmlib.stats import Estimate

AGES: Final = (0, 1, 2, 3, 6, 9, 12, 18, 24)
"""Months after the month of the first purchase that the value of customers won is shown at."""

RESAMPLES: Final = 400
BLOCK: Final = 4_000_000
"""Draws made at once: resamples times customers."""

ENOUGH_COSTS: Final = 0.95
"""Share of revenue whose cost must be known before a margin is said."""

Floats = NDArray[np.float64]


def customers_won(transactions: Any, as_of: date, products: Any = None) -> pd.DataFrame:
    """Sum what each customer won has brought by each age.

    Parameters
    ----------
    transactions
        The clean table (Ibis).
    as_of
        Exclusive end of what may be seen.
    products
        The clean table of products, for the cost of lines that do not say theirs.

    Returns
    -------
    pandas.DataFrame
        One row a customer: ``customer_id, first_number`` (month of the first purchase), ``spend_<age>`` (gross revenue
        up to that many months after it), ``margin_<age>`` (the same less the cost of the goods, of lines whose cost is
        known) and ``costed`` (revenue whose cost is known). Sorted by customer.
    """
    lines = purchases(before(transactions, as_of)).filter(lambda t: t.customer_id.notnull())
    cost = lines.cost
    if products is not None:
        units = products.select("product_id", "unit_cost")
        lines = lines.left_join(units, "product_id").drop("product_id_right")
        cost = ibis.coalesce(lines.cost, (lines.unit_cost * lines.quantity).cast("decimal(18, 4)"))
    lines = lines.select("customer_id", "amount", cost=cost, number=month_number(lines.ordered_at))
    lines = lines.mutate(age=lines.number - lines.number.min().over(ibis.window(group_by=lines.customer_id)))
    gain = (lines.amount - lines.cost).cast("decimal(18, 4)")
    sums = {f"spend_{age}": lines.amount.sum(where=lines.age <= age).cast("float64") for age in AGES}
    sums |= {f"margin_{age}": gain.sum(where=lines.age <= age).cast("float64") for age in AGES}
    costed = lines.amount.sum(where=lines.cost.notnull()).cast("float64")
    found = lines.group_by("customer_id").agg(
        first_number=lines.number.min(), spend=lines.amount.sum().cast("float64"), costed=costed, **sums
    )
    won: pd.DataFrame = found.to_pandas().sort_values("customer_id", ignore_index=True)
    return won.fillna(dict.fromkeys([*sums, "costed"], 0.0)).astype({"first_number": "int64"})


def margin_scale(won: pd.DataFrame) -> float:
    """Give what the known margin is raised by to stand for all revenue; NaN where too few costs are known.

    The lines without a cost are taken to earn what the others earn.

    Examples
    --------
    >>> margin_scale(pd.DataFrame({"spend": [100.0], "costed": [96.0]})).__round__(3)
    1.042
    >>> margin_scale(pd.DataFrame({"spend": [100.0], "costed": [90.0]}))
    nan
    """
    total, costed = float(won["spend"].sum()), float(won["costed"].sum())
    return total / costed if total > 0 and costed / total >= ENOUGH_COSTS else float("nan")


def cohort_worth(
    won: pd.DataFrame, as_of: date, rng: np.random.Generator, ages: Sequence[int] = AGES, months: int = 24
) -> pd.DataFrame:
    """Say what a customer won in each month had brought by each age, with bootstrap intervals.

    Parameters
    ----------
    won
        From :func:`customers_won`.
    as_of
        Exclusive end of what was seen.
    rng
        The source of randomness.
    ages
        Months after the month of the first purchase, of :data:`AGES`.
    months
        How many of the latest cohorts are followed.

    Returns
    -------
    pandas.DataFrame
        One row a cohort and age that has begun: ``cohort`` (first day of the month), ``age, customers, spend,
        spend_low, spend_high`` (revenue a customer won), ``margin, margin_low, margin_high`` (missing where too few
        costs are known), ``largest`` (the biggest customer's part of the revenue), ``partial`` (the month of that age
        is cut off by ``as_of``).

    References
    ----------
    Percentile bootstrap over customers (Efron & Tibshirani 1993, chapter 13): spend is too skewed for a normal mean.
    """
    last = last_month(as_of)
    scale = margin_scale(won)
    rows = []
    for number, part in won[won["first_number"] > last - months].groupby("first_number"):
        reached = [age for age in ages if int(number) + age <= last]
        columns = [f"{kind}_{age}" for kind in ("spend", "margin") for age in reached]
        values = part[columns].to_numpy("float64")
        low, high = bootstrap_means(values, rng)
        means = values.mean(axis=0)
        for place, age in enumerate(reached):
            other = place + len(reached)
            total = values[:, place].sum()
            rows.append((
                int(number), age, len(part), means[place], low[place], high[place],
                means[other] * scale, low[other] * scale, high[other] * scale,
                values[:, place].max() / total if total > 0 else np.nan,
                int(number) + age == last and as_of.day != 1,
            ))  # fmt: skip
    names = ["first_number", "age", "customers", "spend", "spend_low", "spend_high", "margin", "margin_low",
             "margin_high", "largest", "partial"]  # fmt: skip
    cells = pd.DataFrame(rows, columns=names)
    cells.insert(0, "cohort", month_start(cells["first_number"]) if len(cells) else pd.Series(dtype="datetime64[us]"))
    return cells.drop(columns="first_number")


def bootstrap_means(values: Floats, rng: np.random.Generator, resamples: int = RESAMPLES) -> tuple[Floats, Floats]:
    """Give the 95 % percentile limits of the mean of each column, rows drawn again together.

    Examples
    --------
    >>> low, high = bootstrap_means(np.arange(100.0)[:, None], np.random.default_rng(1))
    >>> bool(40 < low[0] < 49.5 < high[0] < 60)
    True
    """
    if len(values) < 2:
        empty = np.full(values.shape[1], np.nan)
        return empty, empty
    low, high = np.quantile(_drawn_means(values, rng, resamples), [0.025, 0.975], axis=0)
    return low, high


def bootstrap_difference(
    values: Floats, others: Floats, rng: np.random.Generator, resamples: int = RESAMPLES
) -> Estimate:
    """Estimate by how much one group's mean exceeds another's, with the 95 % percentile interval.

    Returns
    -------
    Estimate
        Unknown where either group has fewer than two customers; ``n`` counts the first group.
    """
    if min(len(values), len(others)) < 2:
        return Estimate.unknown(len(values))
    one, two = (_drawn_means(each[:, None], rng, resamples)[:, 0] for each in (values, others))
    low, high = np.quantile(one - two, [0.025, 0.975])
    return Estimate(float(values.mean() - others.mean()), float(low), float(high), len(values))


def _drawn_means(values: Floats, rng: np.random.Generator, resamples: int) -> Floats:
    """Give the mean of each column in every resample of the rows, in blocks that fit the memory."""
    n = len(values)
    at_once = max(1, BLOCK // n)
    means = []
    for start in range(0, resamples, at_once):
        size = min(at_once, resamples - start)
        drawn = rng.integers(0, n, (size, n), dtype=np.int64) + np.arange(size)[:, None] * n
        counts = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
        means.append(counts @ values / n)
    return np.vstack(means)
