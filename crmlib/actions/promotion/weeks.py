"""What each article sold in weeks with and without a promotion, beside what it usually sells in such a week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.features import before, purchases
from crmlib.orders import on_promotion

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from numpy.typing import ArrayLike, NDArray

MOSTLY: Final = 0.5
"""A week counts as one on promotion where so large a part of the units was; one with less, but some, for neither."""
LEAST_WEEKS: Final = 8
"""Weeks without promotion that an article needs, to say what it usually sells."""
ALL: Final = ""
"""The category of everything where there are none."""
_STEPS: Final = 60
_NUMBERS: Final = ("units", "promoted", "amount", "discount", "cost", "costed")


def article_weeks(lines: ir.Table, as_of: date, products: ir.Table | None) -> pd.DataFrame:
    """Sum up each article's weeks (Ibis in, pandas out): ``category, product_id, week`` and the sums of the lines.

    ``units, promoted`` (units on promotion or at a discount), ``amount, discount, cost`` (money; the cost of the lines,
    else the article's), ``costed`` (units whose cost is known). Only whole weeks before ``as_of``.
    """
    seen = purchases(before(lines, as_of))
    seen = seen.filter(seen.product_id.notnull() & (seen.quantity > 0))
    seen = seen.mutate(
        week=seen.ordered_at.truncate("W").date(),
        offered=on_promotion(seen),
    )
    summed = seen.group_by(["product_id", "week"]).agg(
        units=seen.quantity.sum().cast("float64"),
        promoted=seen.quantity.sum(where=seen.offered).cast("float64"),
        amount=seen.amount.sum().cast("float64"),
        discount=seen.discount.sum(where=seen.offered).cast("float64"),
        cost=seen.cost.sum().cast("float64"),
        costed=seen.quantity.sum(where=seen.cost.notnull()).cast("float64"),
    )
    weeks: pd.DataFrame = summed.order_by(["product_id", "week"]).to_pandas()
    weeks["week"] = weeks["week"].astype("datetime64[us]")
    weeks[list(_NUMBERS)] = weeks[list(_NUMBERS)].fillna(0.0)
    whole = weeks["week"] + pd.Timedelta(days=7) <= pd.Timestamp(as_of)
    return _named(weeks[whole], products)


def _named(weeks: pd.DataFrame, products: ir.Table | None) -> pd.DataFrame:
    if products is None:
        return weeks.assign(category=ALL)
    listed = products.select("product_id", "category", unit_cost=products.unit_cost.cast("float64")).to_pandas()
    named = listed.dropna(subset=["product_id"]).drop_duplicates("product_id").fillna({"category": ALL})
    weeks = weeks.merge(named, on="product_id").sort_values(["category", "product_id", "week"], ignore_index=True)
    each = weeks.pop("unit_cost")
    rest = (weeks["units"] - weeks["costed"]) * each
    return weeks.assign(
        cost=weeks["cost"] + rest.fillna(0.0), costed=weeks["costed"].mask(each.notna(), weeks["units"])
    )


def beside_usual(weeks: pd.DataFrame) -> pd.DataFrame:
    """Add what each article usually sells in such a week: its own level times that of the category's week.

    Adds ``usual`` (units) and ``kind``: ``on`` promotion, ``after`` (a week without one that follows one with), ``off``
    or ``mixed``. Weeks between an article's first and last without a sale count with nought. Level and week are those
    of the weeks off promotion (two-way multiplicative fit, as of Poisson regression with both effects); articles with
    fewer than :data:`LEAST_WEEKS` such weeks, or none on promotion, are left out.
    """
    parts = [_category(part) for _name, part in weeks.groupby("category", sort=True)]
    kept = [part for part in parts if len(part)]
    columns = [*weeks.columns, "kind", "usual"]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=columns)


def _category(part: pd.DataFrame) -> pd.DataFrame:
    whole = _complete(part)
    share = whole["promoted"] / whole["units"].where(whole["units"] > 0)
    kind = pd.Series(np.select([share >= MOSTLY, share > 0], ["on", "mixed"], "off"), index=whole.index)
    follows = kind.eq("on").groupby(whole["product_id"]).shift(fill_value=False)
    kind = kind.mask(kind.eq("off") & follows, "after")
    whole = whole.assign(kind=kind)
    grouped = kind.groupby(whole["product_id"])
    enough = grouped.transform(lambda each: each.eq("off").sum()) >= LEAST_WEEKS
    whole = whole[enough & grouped.transform(lambda each: each.eq("on").any())].reset_index(drop=True)
    if whole.empty:
        return whole.assign(usual=pd.Series(dtype="float64"))
    return whole.assign(usual=_usual(whole)).dropna(subset=["usual"])


def _complete(part: pd.DataFrame) -> pd.DataFrame:
    """Add the weeks without a sale between an article's first and last."""
    spans = part.groupby("product_id")["week"].agg(["min", "max"])
    every = pd.date_range(part["week"].min(), part["week"].max(), freq="7D").astype("datetime64[us]")
    grid = pd.MultiIndex.from_product([spans.index, every], names=["product_id", "week"]).to_frame(index=False)
    ends = spans.reindex(grid["product_id"]).to_numpy()
    grid = grid[(grid["week"] >= ends[:, 0]) & (grid["week"] <= ends[:, 1])]
    whole = grid.merge(part.drop(columns="category"), on=["product_id", "week"], how="left")
    whole[list(_NUMBERS)] = whole[list(_NUMBERS)].fillna(0.0)
    return whole.assign(category=part["category"].iloc[0])


def _usual(whole: pd.DataFrame) -> NDArray[np.float64]:
    """Fit level × week to the weeks off promotion and give it for every week; missing where nothing is off then."""
    article, _names = pd.factorize(whole["product_id"])
    week, _weeks = pd.factorize(whole["week"])
    off = whole["kind"].eq("off").to_numpy(dtype=float)
    units = off * whole["units"].to_numpy(dtype=float)
    level, season = np.ones(article.max() + 1), np.ones(week.max() + 1)
    sold, seasonal = np.bincount(article, units), np.bincount(week, units)
    for _step in range(_STEPS):
        level = _over(sold, np.bincount(article, off * season[week]), level)
        season = _over(seasonal, np.bincount(week, off * level[article]), season)
    told = np.bincount(week, off) > 0
    return np.where(told[week], level[article] * season[week], np.nan)


def _over(top: ArrayLike, bottom: ArrayLike, otherwise: NDArray[np.float64]) -> NDArray[np.float64]:
    above, below = np.asarray(top, dtype=float), np.asarray(bottom, dtype=float)
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), otherwise)
