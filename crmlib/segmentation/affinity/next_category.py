"""Which category a customer is likely to try next, judged on what customers then did try, beside mere popularity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as distributions
from statsmodels.stats.multitest import multipletests

from crmlib.features import known_purchases
from crmlib.stats.intervals import mean, proportion

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table


FIRST: Final = (1, 3, 5)
"""How many suggestions a customer is given."""

SIGNIFICANT: Final = 0.05

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NextCategory:
    """How often the suggestions hit, among customers who tried a category that they had not bought before.

    One row for each number of ``suggestions``: ``hit`` and ``popular`` (share of customers of whose new categories one
    was among them), ``gain`` (their difference on the same customers), each with ``_low`` and ``_high``, ``random``
    (what suggestions drawn among those they lack would hit) and ``p`` (of the gain, adjusted by Holm). And when each
    known customer first bought each category: ``customer_id, category, first_at``.
    """

    rates: pd.DataFrame
    customers: int
    bought: pd.DataFrame

    @property
    def better(self) -> list[int]:
        """Numbers of suggestions with which what the customer has hits more often than popularity."""
        return self._differing(self.rates["gain"] > 0) if len(self.rates) else []

    @property
    def worse(self) -> list[int]:
        """Numbers of suggestions with which it hits less often."""
        return self._differing(self.rates["gain"] < 0) if len(self.rates) else []

    def _differing(self, which: pd.Series) -> list[int]:
        return self.rates.loc[which & (self.rates["p"] < SIGNIFICANT), "suggestions"].tolist()


def next_category(transactions: Table, products: Table, split: date, as_of: date) -> NextCategory:
    """Suggest categories not bought before ``split``, and see which of them customers bought for the first time after.

    Only customers known before who then bought something new are judged: who buys nothing new cannot be hit.
    """
    bought = _bought(transactions, products, as_of)
    if bought.empty:
        return NextCategory(pd.DataFrame(), 0, bought)
    cut = pd.Timestamp(split)
    own = bought.pivot_table(index="customer_id", columns="category", values="first_at", aggfunc="min")
    known = (own < cut).to_numpy()
    after = (own >= cut).to_numpy()
    judged = known.any(axis=1) & after.any(axis=1)
    scores, popular = suggestion_scores(known[known.any(axis=1)].astype(float), known[judged])
    rows = [_rates(k, hits(scores, after[judged], k), hits(popular, after[judged], k)) for k in FIRST if judged.any()]
    rates = pd.DataFrame(rows)
    if len(rates):
        rates["random"] = [hit_by_chance((~known[judged]).sum(axis=1), after[judged].sum(axis=1), k) for k in FIRST]
        rates["p"] = multipletests(rates["p"], method="holm")[1]
    return NextCategory(rates, int(judged.sum()), bought)


def _bought(transactions: Table, products: Table, as_of: date) -> pd.DataFrame:
    """Give when each known customer first bought each category: a few rows a customer."""
    lines = known_purchases(transactions, as_of).select("customer_id", "product_id", "ordered_at")
    named = lines.join(products.select("product_id", "category"), "product_id")
    named = named.filter(named.category.notnull())
    firsts = named.group_by(["customer_id", "category"]).agg(first_at=named.ordered_at.min()).to_pandas()
    return firsts.sort_values(["customer_id", "category"], ignore_index=True)


def suggestion_scores(owners: Floats, known: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Score the categories (columns) that customers (rows) do not have yet, by those they have, and by popularity.

    The first is a naive Bayes: how common a category is, times, for each category the customer has or lacks, how much
    commoner that is among the category's owners than among all (counts raised by a half). One that a customer has
    scores minus infinity.
    """
    owned = owners.sum(axis=0)
    together = owners.T @ owners
    # rows: the category suggested, columns: the one the customer has or lacks
    among = (together + 0.5) / (owned[:, None] + 1)
    overall = (owned + 0.5) / (len(owners) + 1)
    has, lacks = np.log(among / overall), np.log((1 - among) / (1 - overall))
    np.fill_diagonal(lacks, 0)
    common = np.log(overall)
    scores = common + known @ has.T + (~known) @ lacks.T
    popular = np.broadcast_to(common, known.shape)
    return np.where(known, -np.inf, scores), np.where(known, -np.inf, popular)


def hits(scores: Floats, tried: NDArray[np.bool_], suggestions: int) -> NDArray[np.bool_]:
    """Say for each customer whether one of the best scored categories was tried."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :suggestions]
    return np.asarray(np.take_along_axis(tried, best, axis=1).any(axis=1))


def hit_by_chance(lacking: NDArray[np.int64], tried: NDArray[np.int64], suggestions: int) -> float:
    """Give the share of customers whom suggestions drawn at random among the categories they lack would hit."""
    drawn = np.minimum(suggestions, lacking)
    return float(distributions.hypergeom.sf(0, lacking, tried, drawn).mean())


def _no_difference(gains: Floats) -> float:
    """Give the two-sided p-value of a mean of nought, by Student's t; 1 where nothing varies."""
    return float(distributions.ttest_1samp(gains, 0).pvalue) if len(gains) > 1 and np.ptp(gains) else 1.0


def _rates(suggestions: int, hit: NDArray[np.bool_], popular: NDArray[np.bool_]) -> dict[str, float]:
    gains = hit.astype(float) - popular.astype(float)
    found = {
        "hit": proportion(int(hit.sum()), len(hit)),
        "popular": proportion(int(popular.sum()), len(popular)),
        "gain": mean(gains),
    }
    limits = {
        f"{name}{end}": number
        for name, share in found.items()
        for end, number in {"": share.value, "_low": share.low, "_high": share.high}.items()
    }
    return {"suggestions": suggestions, "p": _no_difference(gains)} | limits
