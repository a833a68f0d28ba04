"""Whether segments fixed before a cutoff tell what customers did afterwards better than other groupings do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Final

import numpy as np
import pandas as pd
from ibis import Table
from numpy.typing import NDArray

from crmlib.features import next_purchases, purchases
from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.customers.segments import SCORES, name_segments, rfm_scores
from crmlib.stats.bootstrap import limits

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]

FOLDS: Final = 5

_PSEUDO: Final = 1.0  # a group borrows as much from all as one customer weighs
FOUND: Final = "found"
RFM: Final = "rfm"
SCORE_SUM: Final = "score_sum"
SPEND: Final = "spend_rank"
RESAMPLES: Final = 500
MOST: Final = 5_000
COLUMNS: Final = ("measure", "grouping", "groups", "explained", "low", "high", "ahead", "ahead_low", "ahead_high")


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What customers did after the cutoff: money, 0 where nothing was bought, and orders by category."""

    spend: Matrix
    categories: Matrix | None

    def rows(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> "Afterwards":
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
    bought. Cross-fitted in five folds: no customer's outcome enters the figure that it is compared with, so that more
    groups do not look better by themselves.
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
    means = (sums + _PSEUDO * everybody) / (size + _PSEUDO)[:, :, None]
    return np.asarray(means[fold, labels])


@dataclass(frozen=True, slots=True)
class Proof:
    """How much of what customers did afterwards each grouping explains: :data:`COLUMNS`.

    ``explained`` is the share of the loss that the grouping saves against all customers as one (95 % bootstrap),
    ``ahead`` the found segments less this grouping, on the same resampled customers. None of them took part in choosing
    the segments.
    """

    table: pd.DataFrame
    customers: int

    def row(self, measure: str, grouping: str) -> pd.Series:
        """Give one row of the table."""
        table = self.table
        return table[(table["measure"] == measure) & (table["grouping"] == grouping)].iloc[0]

    @property
    def measures(self) -> list[str]:
        """What of later behaviour was told, in the table's order."""
        return list(dict.fromkeys(self.table["measure"]))

    @property
    def ahead_of_rfm(self) -> list[str]:
        """The measures in which the found segments tell more than RFM; without any, they have no use of their own."""
        return [measure for measure in self.measures if standing(self.row(measure, RFM)) > 0]


def standing(row: pd.Series) -> int:
    """Give 1 where the found segments are ahead of a grouping, −1 where behind, 0 where that cannot be told."""
    return int(row["ahead_low"] > 0) - int(row["ahead_high"] < 0)


def rivals(
    customers: pd.DataFrame, groups: int, section: SegmentationSection, limits: tuple[float, float] = (inf, inf)
) -> dict[str, Labels]:
    """Group customers as one would without looking: the named segments within their limits in days, and equal parts."""
    scores = rfm_scores(customers[["days_since_last", "orders", "spend"]], section.bins)
    recent, away = limits
    named = name_segments(
        customers.join(scores), section.bins, section.new_days,
        recent_within=recent, away_after=away, rules=section.segments,
    )  # fmt: skip
    return {
        RFM: named.cat.codes.to_numpy().astype(np.int64),
        SCORE_SUM: _parts(scores[list(SCORES)].sum(axis=1), groups),
        SPEND: _parts(customers["spend"], groups),
    }


def _parts(values: pd.Series, groups: int) -> Labels:
    """Cut a ranking into equal parts; equal customers stay together, so that a part may be larger."""
    place = (values.rank(method="average").to_numpy() - 0.5) / len(values)
    return np.minimum((place * groups).astype(np.int64), groups - 1)


def prove(groupings: Mapping[str, Labels], seen: Afterwards, seed: int) -> Proof:
    """Compare groupings, :data:`FOUND` among them, by what they save of the loss on later behaviour."""
    rng = np.random.default_rng(seed)
    take = np.sort(rng.permutation(len(seen.spend))[:MOST])
    seen = seen.rows(take)
    alone = losses(None, seen)
    every = {name: losses(labels[take], seen) for name, labels in groupings.items()}
    # Poisson weights: each customer stands in a resample as often as chance has it
    weights = rng.poisson(1.0, (RESAMPLES, len(take))).astype(float)
    tables = [
        _compared({name: whole - own[measure] for name, own in every.items()}, whole, weights).assign(measure=measure)
        for measure, whole in alone.items()
        if whole.sum() > 0
    ]
    table = pd.concat(tables, ignore_index=True)
    table["groups"] = table["grouping"].map({name: len(np.unique(labels)) for name, labels in groupings.items()})
    return Proof(table[list(COLUMNS)], len(take))


def _compared(saved: Mapping[str, Matrix], whole: Matrix, weights: Matrix) -> pd.DataFrame:
    columns = np.column_stack([*saved.values(), whole])
    point, drawn = columns.sum(axis=0), weights @ columns
    shares, draws = point[:-1] / point[-1], drawn[:, :-1] / drawn[:, -1:]
    found = list(saved).index(FOUND)
    (low, high), (ahead_low, ahead_high) = limits(draws), limits(draws[:, [found]] - draws)
    table = pd.DataFrame({
        "grouping": list(saved), "explained": shares, "low": low, "high": high,
        "ahead": shares[found] - shares, "ahead_low": ahead_low, "ahead_high": ahead_high,
    })  # fmt: skip
    table.loc[found, ["ahead", "ahead_low", "ahead_high"]] = np.nan
    return table
