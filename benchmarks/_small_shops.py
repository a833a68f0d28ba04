"""Simulated shops such as small retailers have: few customers, odd rhythms, odd prices, short or broken histories."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

AS_OF: Final = date(2026, 3, 1)

PARAMETERS: Final = """series: shop
title: A small shop
as_of: '{as_of}'
currency: EUR
sources:
  transactions:
    path: orders.csv
    columns: {{order_id: number, ordered_at: at, product_id: sku, quantity: qty, amount: money, customer_id: who}}
privacy: {{demo_key: true}}
churn: {{resamples: 100}}
"""

Rhythm = Literal["random", "regular", "once", "burst"]
Price = Literal["constant", "two_plans", "gamma", "own", "heavy", "free_gifts", "large"]


@dataclass(frozen=True, slots=True)
class Shop:
    """What a shop is like.

    Attributes
    ----------
    customers, days
        How many customers come within so many days of history.
    rhythm, every
        How they come back: at random, to the day, once, or in one burst of a week; and the mean days between.
    stay
        Chance to be there still after each purchase.
    shape
        How alike the customers' rates are: large is alike.
    price
        What an order costs.
    articles
        How many articles there are.
    joins
        Up to which part of the history new customers come.
    anonymous, returned
        Shares of the orders without a customer, and of those taken back.
    hole
        Days without any sale in the middle of the history.
    """

    customers: int
    days: int = 545
    rhythm: Rhythm = "random"
    every: float = 30.0
    stay: float = 0.95
    shape: float = 1.5
    price: Price = "gamma"
    articles: int = 12
    joins: float = 0.8
    anonymous: float = 0.1
    returned: float = 0.0
    hole: int = 0


SHOPS: Final = {
    "usual": Shop(300),
    "usual_returns": Shop(300, returned=0.05),
    "subscription_monthly": Shop(150, rhythm="regular", every=30, price="constant", articles=1, stay=0.97),
    "subscription_weekly": Shop(80, rhythm="regular", every=7, price="constant", articles=1, stay=0.995),
    "subscription_nobody_leaves": Shop(60, rhythm="regular", every=30, price="constant", stay=1.0),
    "subscription_two_plans": Shop(300, rhythm="regular", every=30, price="two_plans", articles=2),
    "two_plans_once": Shop(400, every=60, stay=0.3, price="two_plans", articles=2),
    "two_plans_random": Shop(250, price="two_plans", articles=2),
    "one_time": Shop(800, rhythm="once"),
    "one_time_half_year": Shop(900, days=180, every=60, stay=0.07, joins=1.0),
    "nearly_one_time": Shop(600, every=90, stay=0.05),
    "one_time_today": Shop(200, days=3, rhythm="once", joins=1.0),
    "weekly_150": Shop(150, every=7, stay=1.0, shape=50, joins=0.1),
    "weekly_150_leaving": Shop(150, every=7, stay=0.98, shape=50, joins=0.5),
    "daily_coffee": Shop(40, every=1.2, stay=1.0, shape=20, joins=0.1, price="constant", days=200),
    "daily_all_alike": Shop(120, every=2, stay=1.0, shape=500, joins=0.01, days=365),
    "one_product": Shop(200, articles=1, price="constant"),
    "constant_prices": Shop(250, price="constant"),
    "own_prices": Shop(200, price="own"),
    "heavy_prices": Shop(250, price="heavy"),
    "heavy_prices_once": Shop(500, price="heavy", stay=0.25),
    "large_money": Shop(200, price="large"),
    "free_gifts": Shop(200, price="free_gifts"),
    "twelve": Shop(12),
    "twelve_often": Shop(12, every=5, stay=1.0),
    "nine": Shop(9, every=10),
    "twenty_five": Shop(25, every=20),
    "few_stay": Shop(240, every=25, stay=0.6, joins=0.5),
    "nobody_known": Shop(100, anonymous=1.0),
    "hardly_known": Shop(150, anonymous=0.95),
    "a_month": Shop(150, days=28, every=10, joins=1.0),
    "a_week": Shop(60, days=7, every=3, joins=1.0),
    "two_months": Shop(150, days=59, every=15, joins=1.0),
    "four_months": Shop(150, days=120, every=20, joins=1.0),
    "five_years": Shop(120, days=1825, every=60),
    "hole": Shop(200, hole=120),
    "half_empty": Shop(200, days=400, hole=200),
    "burst": Shop(200, rhythm="burst", days=365),
    "alike_at_random": Shop(250, shape=200, every=45, stay=1.0),
    "unalike": Shop(300, shape=0.2, every=20, stay=0.99),
    "all_left": Shop(250, joins=0.1, stay=0.5, every=10),
    "new_only": Shop(200, days=545, joins=1.0, every=200, stay=0.9),
    "dozen_at_once": Shop(13, rhythm="once", joins=0.02),
}
"""The shops by name."""


def orders(shop: Shop, seed: int = 1, as_of: date = AS_OF) -> pd.DataFrame:
    """Simulate the order lines of a shop: ``number, at, sku, qty, money, who``, one line an order.

    Parameters
    ----------
    shop
        What it is like.
    seed
        Of the random numbers.
    as_of
        The day after the last one of its history.
    """
    rng = np.random.default_rng(seed)
    rows = [
        (day, who, price)
        for who in range(shop.customers)
        for (day, price) in _purchases(shop, rng)
        if not _in_hole(shop, day)
    ]
    frame = pd.DataFrame(rows, columns=["day", "who", "price"]).sort_values(["day", "who"], ignore_index=True)
    first = pd.Timestamp(as_of) - pd.Timedelta(days=shop.days)
    known = rng.random(len(frame)) >= shop.anonymous
    lines = pd.DataFrame({
        "number": [f"A{place:05d}" for place in range(len(frame))],
        "at": (first + pd.to_timedelta(frame["day"], unit="D")).dt.floor("min"),
        "sku": [f"S{article:02d}" for article in rng.integers(0, shop.articles, len(frame))],
        "qty": 1,
        "money": frame["price"].round(2),
        "who": ("K-" + frame["who"].astype(str).str.zfill(4)).where(known, ""),
    })  # fmt: skip
    back = lines[rng.random(len(lines)) < shop.returned]
    taken = back.assign(number="R" + back["number"].str[1:], qty=-1, money=-back["money"])
    return pd.concat([lines, taken], ignore_index=True)


def write(shop: Shop, folder: Path, seed: int = 1, as_of: date = AS_OF) -> Path:
    """Write a shop's order lines and its parameters; give the parameters file."""
    folder.mkdir(parents=True, exist_ok=True)
    orders(shop, seed, as_of).to_csv(folder / "orders.csv", index=False)
    file = folder / "shop.yaml"
    file.write_text(PARAMETERS.format(as_of=as_of), encoding="utf-8")
    return file


def _purchases(shop: Shop, rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    """Give the days and prices of one customer's purchases."""
    day = float(rng.uniform(0, shop.days * shop.joins))
    gap = shop.every / rng.gamma(shop.shape, 1 / shop.shape)
    own = float(rng.choice([5.0, 50.0])) if shop.price == "two_plans" else float(rng.gamma(4, 8) + 1)
    end = min(day + 7, shop.days) if shop.rhythm == "burst" else shop.days
    while day < end:
        yield day, _price(shop, own, rng)
        if shop.rhythm == "once" or rng.random() > shop.stay:
            return
        step = {"regular": shop.every, "burst": rng.exponential(1.5)}.get(shop.rhythm, rng.exponential(gap))
        day += max(step, 0.05)


def _price(shop: Shop, own: float, rng: np.random.Generator) -> float:
    return {
        "constant": lambda: 10.0,
        "two_plans": lambda: own,
        "own": lambda: own,
        "gamma": lambda: rng.gamma(4, own / 4) + 1,
        "heavy": lambda: 5.0 * rng.pareto(0.9) + 1,
        "large": lambda: 1e6 * rng.gamma(4, own / 4) + 1,
        "free_gifts": lambda: 0.0 if rng.random() < 0.5 else own,
    }[shop.price]()


def _in_hole(shop: Shop, day: float) -> bool:
    return abs(day - shop.days / 2) < shop.hole / 2
