"""A simulated retailer whose truth is known: customers of Pareto/NBD and Gamma-Gamma, with habits of their own."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.btyd import GammaGamma, ParetoNBD

AS_OF: Final = date(2026, 11, 1)
BEFORE: Final = date(2026, 10, 1)
DAYS: Final = 730
"""Days over which customers are won and watched, up to :data:`AS_OF`."""

PURCHASES: Final = ParetoNBD(r=0.9, alpha=14.0, s=0.7, beta=30.0)
SPEND: Final = GammaGamma(p=3.0, q=3.5, gamma=35.0)
"""A purchase is worth 42 on average; what customers have spent has a Gini index of about 0.6."""

PROMOTED: Final = (1.2, 3.6)
CHANNELS: Final = np.array(["store", "web", "app"])
CATEGORIES: Final = 8
ARTICLES: Final = 80
PRICE_WEEKS: Final = 52


@dataclass(frozen=True, slots=True)
class Retailer:
    """What a report reads, and what only the simulation knows.

    Attributes
    ----------
    transactions, products, customers
        The clean tables (in the engine).
    promoted
        Each customer's own share of orders on promotion, by ``customer_id``.
    """

    transactions: Any
    products: Any
    customers: Any
    promoted: pd.Series


@cache
def engine() -> Any:
    """Open an engine for this process that remembers the SQL it has written: of shop after shop the same is asked."""
    con = ibis.duckdb.connect(threads=1)
    write, written = con.compile, {}

    def remembered(expr: Any, /, **options: Any) -> str:
        key = (expr.op(), *options.items())
        if key not in written:
            written[key] = write(expr, **options)
        return str(written[key])

    con.compile = remembered
    return con


def retailer(n: int, rng: np.random.Generator) -> Retailer:
    """Let customers of a retailer buy up to the report's date, and put the order lines into the engine.

    Parameters
    ----------
    n
        Customers won.
    rng
        The source of randomness.
    """
    rate = rng.gamma(PURCHASES.r, 1 / PURCHASES.alpha, n)
    orders = _order_days(rate, rng)
    who = orders["who"].to_numpy()
    spend_rate = rng.gamma(SPEND.q, 1 / SPEND.gamma, n)
    promoted = rng.beta(*PROMOTED, n)
    orders = orders.assign(
        order_id=[f"o{number}" for number in range(len(orders))],
        value=rng.gamma(SPEND.p, 1 / spend_rate[who]),
        on_promotion=rng.random(len(orders)) < promoted[who],
        channel=CHANNELS[_drawn(_channel_tastes(rate, rng)[who], rng)],
    )
    lines = _lines(orders, rng.dirichlet(np.full(CATEGORIES, 0.7), n), rng)
    names = np.array([f"c{number:07d}" for number in range(n)])
    lines = lines.assign(customer_id=names[lines["who"]]).drop(columns="who")
    articles = pd.DataFrame({"product_id": [f"p{a:03d}" for a in range(ARTICLES)], "category": _category_names(),
                             "brand": "own"})  # fmt: skip
    people = pd.DataFrame({"customer_id": names, "gender": rng.choice(["f", "m"], n, p=[0.6, 0.4]),
                           "birth_year": 2026 - rng.integers(18, 80, n), "city": "X", "tier": "basic",
                           "joined_at": pd.Timestamp(2024, 1, 1)})  # fmt: skip
    tables = [_table(name, frame) for name, frame in
              (("lines", lines), ("products", articles), ("people", people))]  # fmt: skip
    transactions = tables[0].mutate(
        **{name: tables[0][name].cast("decimal(18, 4)") for name in ("amount", "quantity", "discount")},
        **{name: ibis.null("string") for name in ("store_id", "payment_method")},
        cost=ibis.null("decimal(18, 4)"),
    )
    return Retailer(transactions, tables[1], tables[2], pd.Series(promoted, index=names))


def _table(name: str, frame: pd.DataFrame) -> Any:
    """Put a frame into the engine in place of the last one of this name."""
    con = engine()
    con.con.register("frame", frame)
    con.con.execute(f"create or replace table {name} as select * from frame")
    return con.table(name)


def _order_days(rate: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the days of all purchases: ``who, day`` (of the history); who buys twice a day is moved to the next."""
    n = len(rate)
    first = rng.integers(0, DAYS, n)
    weeks = (DAYS - 1 - first) / 7
    life = np.minimum(weeks, rng.exponential(1 / rng.gamma(PURCHASES.s, 1 / PURCHASES.beta, n)))
    repeats = np.repeat(np.arange(n), rng.poisson(rate * life))
    after = np.ceil(rng.random(len(repeats)) * life[repeats] * 7).astype("int64")
    days = pd.DataFrame({"who": np.concatenate([np.arange(n), repeats]), "after": np.append(np.zeros(n, int), after)})
    days = days.sort_values(["who", "after"], ignore_index=True)
    place = days.groupby("who").cumcount()
    free = (days["after"] - place).groupby(days["who"]).cummax() + place
    days = pd.DataFrame({"who": days["who"], "day": first[days["who"]] + free})
    return days[days["day"] < DAYS].reset_index(drop=True)


def _channel_tastes(rate: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw each customer's tastes for the channels; who buys often is rather found in the app."""
    often = (rate > np.median(rate)).astype(float)
    tastes = rng.gamma(np.column_stack([1.6 - 0.4 * often, np.full(len(rate), 1.2), 0.5 + 0.6 * often]))
    return np.asarray(tastes / tastes.sum(axis=1, keepdims=True))


def _drawn(chances: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw one column for each row of chances."""
    drawn = (rng.random(len(chances))[:, None] > chances.cumsum(axis=1)).sum(axis=1)
    return np.asarray(drawn).clip(max=chances.shape[1] - 1)


def _category_names() -> list[str]:
    return [f"category {article % CATEGORIES}" for article in range(ARTICLES)]


def _lines(orders: pd.DataFrame, tastes: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Divide every order's value among its lines."""
    count = 1 + rng.poisson(1.0, len(orders))
    lines = orders.loc[np.repeat(orders.index, count)].reset_index(drop=True)
    part = rng.gamma(2.0, 1.0, len(lines))
    whole = np.bincount(np.repeat(np.arange(len(orders)), count), weights=part)
    category = _drawn(tastes[lines["who"]], rng)
    article = category + CATEGORIES * rng.integers(0, ARTICLES // CATEGORIES, len(lines))
    start = np.datetime64(AS_OF) - np.timedelta64(DAYS, "D")
    hours = np.repeat(rng.integers(8, 20, len(orders)), count)
    return pd.DataFrame({
        "who": lines["who"], "order_id": lines["order_id"], "channel": lines["channel"],
        "ordered_at": start.astype("datetime64[us]") + (lines["day"].to_numpy() * 24 + hours) * np.timedelta64(1, "h"),
        "amount": (lines["value"] * part / np.repeat(whole, count)).round(2).clip(lower=0.01),
        "quantity": 1 + rng.poisson(0.6, len(lines)), "discount": 0.0, "product_id": [f"p{a:03d}" for a in article],
        "promotion_id": np.where(lines["on_promotion"], "offer", None), "is_product": True, "is_return": False,
    })  # fmt: skip


def price_weeks(articles: int, units: float, elasticity: float, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a category's weeks of articles as :func:`crmlib.segmentation.prices.elasticity.weekly_prices` gives them.

    Articles differ in how much is sold, weeks in season, and demand wanders for weeks; offers last a week or two. Weeks
    without a sale are missing.
    """
    offer = rng.random((articles, PRICE_WEEKS)) < 0.12
    offer |= np.roll(offer, 1, axis=1) & (rng.random(offer.shape) < 0.5)
    log_price = rng.normal(0, 0.03, offer.shape) - np.where(offer, rng.uniform(0.1, 0.35, offer.shape), 0.0)
    wander = rng.normal(0, 0.2, offer.shape)
    for week in range(1, PRICE_WEEKS):
        wander[:, week] = 0.6 * wander[:, week - 1] + 0.8 * wander[:, week]
    level = np.log(units) + rng.normal(0, 0.6, (articles, 1)) + 0.2 * np.sin(np.arange(PRICE_WEEKS) / 8)
    sold = rng.poisson(np.exp(level + elasticity * log_price + wander))
    article, week = np.nonzero(sold)
    return pd.DataFrame({"category": "tea", "product_id": article, "week": week, "units": sold[article, week],
                         "price": 10 * np.exp(log_price[article, week]), "lines": sold[article, week]})  # fmt: skip
