"""What customers did after the cutoff, and how well a grouping fixed before it tells that apart."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from ibis import Table
from numpy.typing import NDArray

from crmlib.features import next_purchases, purchases

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]

FOLDS: Final = 5

_PSEUDO: Final = 1.0  # a group borrows as much from all as one customer weighs


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What customers did in the period after the cutoff, in the order they were given.

    Attributes
    ----------
    spend
        Money, 0 where nothing was bought.
    categories
        One column a category: orders with it; ``None`` without a table of products.
    """

    spend: Matrix
    categories: Matrix | None

    def rows(self, chosen: Any) -> "Afterwards":
        """Keep some customers, by position or flag."""
        return Afterwards(self.spend[chosen], None if self.categories is None else self.categories[chosen])


def afterwards(
    transactions: Table, customers: pd.Series, cutoff: date, horizon_days: int, products: Table | None = None
) -> Afterwards:
    """Look up what customers bought in ``[cutoff, cutoff + horizon)``, all of which must have been observed."""
    bought = next_purchases(transactions, cutoff, horizon_days).to_pandas().set_index("customer_id")["spend"]
    spend = bought.astype("float64").reindex(customers).fillna(0.0).to_numpy()
    if products is None:
        return Afterwards(spend, None)
    end = pd.Timestamp(cutoff) + pd.Timedelta(days=horizon_days)
    lines = purchases(transactions)
    lines = lines.filter(
        lines.customer_id.notnull() & (lines.ordered_at >= pd.Timestamp(cutoff)) & (lines.ordered_at < end)
    )
    named = lines.select("customer_id", "product_id", day=lines.ordered_at.date()).join(
        products.select("product_id", "category"), "product_id"
    )
    counted = named.filter(named.category.notnull()).group_by(["customer_id", "category"]).agg(
        days=lambda t: t.day.nunique()
    ).to_pandas()  # fmt: skip
    wide = counted.pivot_table(index="customer_id", columns="category", values="days", fill_value=0)
    return Afterwards(spend, wide.reindex(customers).fillna(0.0).to_numpy(dtype="float64"))


def losses(groups: Labels | None, seen: Afterwards) -> dict[str, Matrix]:
    """Say for each customer how far off what their group did was, the group's figure being learned from others.

    ``spend``: squared error of log(1 + spend); ``buying``: deviance of having bought; ``category``: deviance of those
    bought (0 for who bought nothing). A measure that cannot be taken is left out; without groups all customers are one.

    Notes
    -----
    Cross-fitted in five folds: no customer's outcome enters the figure that it is compared with, so that more groups do
    not look better by themselves.
    """
    labels = np.zeros(len(seen.spend), dtype=np.int64) if groups is None else groups
    fold = np.arange(len(labels)) % FOLDS
    money, bought = np.log1p(seen.spend), (seen.spend > 0).astype(float)
    found = {"spend": (money - _elsewhere(money[:, None], labels, fold)[:, 0]) ** 2}
    chance = np.clip(_elsewhere(bought[:, None], labels, fold)[:, 0], 1e-6, 1 - 1e-6)
    found["buying"] = -2 * (bought * np.log(chance) + (1 - bought) * np.log(1 - chance))
    if seen.categories is not None and seen.categories.sum() > 0:
        mix = _elsewhere(seen.categories, labels, fold) + 1e-9
        found["category"] = -2 * (seen.categories * np.log(mix / mix.sum(axis=1, keepdims=True))).sum(axis=1)
    return found


def _elsewhere(values: Matrix, labels: Labels, fold: Labels) -> Matrix:
    """Give the mean of each customer's group in the other folds, leaning a little on everybody's there."""
    groups = int(labels.max()) + 1 if len(labels) else 1
    cell = fold * groups + labels
    size = np.bincount(cell, minlength=FOLDS * groups).reshape(FOLDS, groups).astype(float)
    sums = np.stack([np.bincount(cell, weights=column, minlength=FOLDS * groups) for column in values.T], axis=-1)
    sums = sums.reshape(FOLDS, groups, -1)
    size, sums = size.sum(axis=0) - size, sums.sum(axis=0) - sums
    everybody = sums.sum(axis=1, keepdims=True) / np.maximum(size.sum(axis=1), 1)[:, None, None]
    means: Matrix = (sums + _PSEUDO * everybody) / (size + _PSEUDO)[:, :, None]
    return means[fold, labels]
