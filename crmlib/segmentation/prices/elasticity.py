"""How units go with price, by category: within articles, weeks set aside, with the error of few articles."""

from typing import Final

import numpy as np
import pandas as pd

from crmlib.segmentation.prices.poisson import poisson_slope
from crmlib.segmentation.prices.regular import regular_articles, silent_share
from crmlib.segmentation.prices.within import Cells, Numbers, cells_of, within

LEAST_SPREAD: Final = 0.02
"""Standard deviation of the log price within articles and weeks below which prices hardly vary."""

LEAST_ARTICLES: Final = 10
LEAST_WEEKS: Final = 8
"""Articles whose price varies, and weeks of an article, below which nothing is estimated."""


def elasticities(weeks: pd.DataFrame) -> pd.DataFrame:
    """Estimate by how many per cent the units of an article differ in weeks in which its price is one per cent higher.

    It says what goes together, not what a price would bring about: prices are not set at random, and where the price of
    one depends on how many are bought, it follows the units.

    One row a category: ``category, articles, weeks`` (rows compared; all of :data:`LEAST_WEEKS` weeks where the reason
    is ``few`` or ``silent``), ``spread`` (standard deviation of the log price within articles and weeks),
    ``units_a_week`` (of an article, median), ``silent`` (share of these articles' weeks between first and last without
    a sale, which are not in the data), ``elasticity, low, high`` (95 %), ``reason`` why there is none: ``few`` articles
    or weeks, ``silent`` where too few articles sell in nearly every week, ``flat`` prices; else empty.

    Notes
    -----
    Poisson pseudo-maximum-likelihood of weekly units on log price with effects of article and of week
    (:func:`crmlib.segmentation.prices.poisson.poisson_slope`); errors clustered by article. Articles without a sale in
    more than 5 % of their weeks are not compared, nor categories with fewer than :data:`LEAST_ARTICLES` others: what
    was asked in those weeks is not in the data, and the estimate would be drawn to zero
    (:func:`crmlib.segmentation.prices.regular.regular_articles` has the simulation).
    """
    rows = [_one(str(category), part) for category, part in weeks.groupby("category", sort=True)]
    names = ["category", "articles", "weeks", "spread", "units_a_week", "silent", "elasticity", "low", "high", "reason"]
    return pd.DataFrame(rows, columns=names)


def _one(category: str, part: pd.DataFrame) -> dict[str, object]:
    part = part[(part["price"] > 0) & (part["units"] > 0)]
    part = part[part.groupby("product_id")["week"].transform("size") >= LEAST_WEEKS]
    if part["product_id"].nunique() < LEAST_ARTICLES:
        return _row(category, part) | {"reason": "few"}
    regular = regular_articles(part)
    if regular["product_id"].nunique() < LEAST_ARTICLES:
        return _row(category, part) | {"reason": "silent"}
    return _row(category, regular) | _compared(regular)


def _row(category: str, part: pd.DataFrame) -> dict[str, object]:
    """Describe the weeks of a category, nothing estimated."""
    unknown = float("nan")
    return {
        "category": category, "articles": part["product_id"].nunique(), "weeks": len(part), "spread": unknown,
        "units_a_week": float(part["units"].median()) if len(part) else unknown, "silent": silent_share(part),
        "elasticity": unknown, "low": unknown, "high": unknown,
    }  # fmt: skip


def _compared(part: pd.DataFrame) -> dict[str, object]:
    """Estimate where prices vary: ``spread``, ``reason``, and what is found."""
    article, week = (pd.factorize(part[name], sort=True)[0] for name in ("product_id", "week"))
    cells = cells_of(article, week)
    price, units = np.log(part["price"].to_numpy(dtype="float64")), part["units"].to_numpy(dtype="float64")
    moves = within(price[:, None], cells, np.ones(len(part)))[:, 0]
    spread = float(moves.std())
    if spread < LEAST_SPREAD or _moving(moves, cells) < LEAST_ARTICLES:
        return {"spread": spread, "reason": "flat"}
    found = poisson_slope(price, units, cells)
    return {"spread": spread, "elasticity": found.value, "low": found.low, "high": found.high, "reason": ""}


def _moving(moves: Numbers, cells: Cells) -> int:
    """Count the articles whose own price varies."""
    squares = np.bincount(cells.article, weights=moves**2) / np.bincount(cells.article)
    return int((squares > LEAST_SPREAD**2).sum())
