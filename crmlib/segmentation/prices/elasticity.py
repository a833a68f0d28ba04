"""How units go with price, by category: within articles, weeks set aside, with the error of few articles."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEAST_SPREAD: Final = 0.02
"""Standard deviation of the log price within articles and weeks below which prices hardly vary."""

LEAST_ARTICLES: Final = 10
LEAST_WEEKS: Final = 8
"""Articles whose price varies, and weeks of an article, below which nothing is estimated."""


def elasticities(weeks: pd.DataFrame) -> pd.DataFrame:
    """Estimate by how many per cent the units of an article differ in weeks in which its price is one per cent higher.

    It says what goes together, not what a price would bring about: prices are not set at random, and where the price of
    one depends on how many are bought, it follows the units.

    Parameters
    ----------
    weeks
        From :func:`crmlib.segmentation.prices.weekly.weekly_prices`.

    Returns
    -------
    pandas.DataFrame
        One row a category: ``category, articles, weeks`` (rows), ``spread`` (standard deviation of the log price within
        articles and weeks), ``units_a_week`` (of an article, median), ``silent`` (share of an article's weeks between
        its first and its last without a sale, which are not in the data), ``elasticity, low, high`` (95 %), ``reason``
        why there is none (``few`` articles or weeks, ``flat`` prices; else empty).

    Notes
    -----
    Least squares of log units on log price with effects of article and of week; errors clustered by article with the
    correction for few clusters, Student's t with articles less one degrees of freedom. Weeks without a sale are not
    in the data: with few units a week the estimate is drawn to zero.

    References
    ----------
    Cameron & Miller (2015), A Practitioner's Guide to Cluster-Robust Inference, J. Human Resources 50.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> price = np.exp(rng.normal(0, 0.2, (20, 30)))
    >>> weeks = pd.DataFrame({"category": "tea", "product_id": np.repeat([f"p{n:02d}" for n in range(20)], 30),
    ...     "week": np.tile(np.arange(30), 20), "price": price.ravel(), "units": 100 * price.ravel() ** -2, "lines": 9})
    >>> elasticities(weeks)["elasticity"].round(6).tolist()
    [-2.0]
    """
    rows = [_one(str(category), part) for category, part in weeks.groupby("category", sort=True)]
    names = ["category", "articles", "weeks", "spread", "units_a_week", "silent", "elasticity", "low", "high", "reason"]
    return pd.DataFrame(rows, columns=names)


def _one(category: str, part: pd.DataFrame) -> dict[str, object]:
    part = part[(part["price"] > 0) & (part["units"] > 0)]
    part = part[part.groupby("product_id")["week"].transform("size") >= LEAST_WEEKS]
    unknown = float("nan")
    row: dict[str, object] = {
        "category": category, "articles": part["product_id"].nunique(), "weeks": len(part), "spread": unknown,
        "units_a_week": float(part["units"].median()) if len(part) else unknown, "silent": _silent(part),
        "elasticity": unknown,
        "low": unknown, "high": unknown, "reason": "few",
    }  # fmt: skip
    if part["product_id"].nunique() < LEAST_ARTICLES:
        return row
    article, week = (pd.factorize(part[name], sort=True)[0] for name in ("product_id", "week"))
    price, units = (np.log(part[name].to_numpy(dtype="float64")) for name in ("price", "units"))
    within = _within(np.column_stack([price, units]), article, week)
    spread = float(within[:, 0].std())
    row["spread"] = spread
    moving = np.bincount(article, weights=within[:, 0] ** 2) / np.bincount(article) > LEAST_SPREAD**2
    if spread < LEAST_SPREAD or moving.sum() < LEAST_ARTICLES:
        return row | {"reason": "flat"}
    return row | _slope(within[:, 0], within[:, 1], article, int(week.max()) + 1) | {"reason": ""}


def _silent(part: pd.DataFrame) -> float:
    """Give the share of weeks without a sale between an article's first week and its last."""
    numbered = part.assign(number=pd.factorize(part["week"], sort=True)[0])
    span = numbered.groupby("product_id")["number"].agg(["min", "max", "size"])
    whole = float((span["max"] - span["min"] + 1).sum())
    return 1 - float(span["size"].sum()) / whole if whole else float("nan")


def _within(values: Numbers, article: NDArray[np.int64], week: NDArray[np.int64]) -> Numbers:
    """Take the effects of article and week out, exactly: least squares on the weeks after the articles' means.

    Frisch & Waugh (1933) twice; the matrix of weeks is small, however many articles there are.
    """
    articles, weeks = int(article.max()) + 1, int(week.max()) + 1
    met = np.zeros((articles, weeks))
    np.add.at(met, (article, week), 1.0)
    per_article, per_week = met.sum(axis=1), met.sum(axis=0)
    totals = np.stack([np.bincount(article, weights=each, minlength=articles) for each in values.T], axis=-1)
    by_week = np.stack([np.bincount(week, weights=each, minlength=weeks) for each in values.T], axis=-1)
    share = met / per_article[:, None]
    # a constant for all weeks cannot be told: it is set so that the effects add up to nothing
    normal = np.diag(per_week) - met.T @ share + 1.0 / weeks
    effects = _solved(normal, by_week - share.T @ totals)
    left = (totals - met @ effects) / per_article[:, None]
    within: Numbers = values - effects[week] - left[article]
    return within


def _solved(normal: Numbers, sums: Numbers) -> Numbers:
    """Solve for the effects of weeks; where groups of articles never share a week, by the pseudo-inverse."""
    if np.linalg.matrix_rank(normal, tol=1e-8, hermitian=True) == len(normal):
        return np.asarray(np.linalg.solve(normal, sums), dtype=np.float64)
    return np.asarray(np.linalg.pinv(normal, rcond=1e-10, hermitian=True) @ sums, dtype=np.float64)


def _slope(price: Numbers, units: Numbers, article: NDArray[np.int64], weeks: int) -> dict[str, float]:
    from scipy.stats import t

    squares = float((price**2).sum())
    slope = float((price * units).sum()) / squares
    scores = np.bincount(article, weights=price * (units - slope * price))
    clusters, n = len(scores), len(price)
    # the articles' effects are nested in the clusters and cost no degrees of freedom there
    correction = clusters / (clusters - 1) * (n - 1) / max(n - weeks - 1, 1)
    error = np.sqrt(correction * (scores**2).sum()) / squares
    reach = float(t.ppf(0.975, clusters - 1)) * error
    return {"elasticity": slope, "low": slope - reach, "high": slope + reach}
