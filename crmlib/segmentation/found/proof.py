"""The proof: whether segments fixed before a cutoff tell what customers did afterwards better than others do."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
import pandas as pd

from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.customers.segments import SCORES, name_segments, rfm_scores
from crmlib.segmentation.found.afterwards import Afterwards, Labels, Matrix, losses
from crmlib.stats.bootstrap import limits

FOUND: Final = "found"
RFM: Final = "rfm"
SCORE_SUM: Final = "score_sum"
SPEND: Final = "spend_rank"
RESAMPLES: Final = 500
MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class Proof:
    """How much of what customers did afterwards each grouping explains.

    Attributes
    ----------
    table
        One row a measure and grouping: ``measure, grouping, groups, explained, low, high`` (share of the loss that
        the grouping saves against all customers as one; 95 % bootstrap) and ``ahead, ahead_low, ahead_high`` (the
        found segments less this grouping, on the same resampled customers; missing for the found ones).
    customers
        Customers it rests on; none of them took part in judging how useful candidates are.
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
    """Group customers as one would without looking for segments, at the same date.

    ``rfm`` (the named segments of the page, scored at the cutoff; nobody is recent beyond the first limit in days
    without a purchase, and everybody away beyond the second), ``score_sum`` (equal parts by the sum of the three
    scores) and ``spend_rank`` (equal parts by spend so far).
    """
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
    parts: Labels = np.minimum((place * groups).astype(np.int64), groups - 1)
    return parts


def prove(groupings: Mapping[str, Labels], seen: Afterwards, seed: int) -> Proof:
    """Compare groupings, :data:`FOUND` among them, by what they save of the loss on later behaviour."""
    rng = np.random.default_rng(seed)
    take = np.sort(rng.permutation(len(seen.spend))[:MOST])
    seen = seen.rows(take)
    alone = losses(None, seen)
    every = {name: losses(labels[take], seen) for name, labels in groupings.items()}
    # Poisson weights: each customer stands in a resample as often as chance has it
    weights = rng.poisson(1.0, (RESAMPLES, len(take))).astype(float)
    rows = []
    for measure, whole in alone.items():
        if whole.sum() <= 0:
            continue
        saved = {name: (whole - own[measure]) for name, own in every.items()}
        rows += _compared(measure, saved, whole, weights)
    sizes = {name: len(np.unique(labels)) for name, labels in groupings.items()}
    table = pd.DataFrame(rows)
    table.insert(2, "groups", table["grouping"].map(sizes))
    return Proof(table, len(take))


def _compared(measure: str, saved: Mapping[str, Matrix], whole: Matrix, weights: Matrix) -> list[dict[str, object]]:
    names = list(saved)
    columns = np.column_stack([*saved.values(), whole])
    point = columns.sum(axis=0)
    drawn = weights @ columns
    shares, draws = point[:-1] / point[-1], drawn[:, :-1] / drawn[:, -1:]
    found = names.index(FOUND)
    rows: list[dict[str, object]] = []
    for place, name in enumerate(names):
        low, high = limits(draws[:, place])
        ends = limits(draws[:, found] - draws[:, place]) if name != FOUND else (np.nan, np.nan)
        rows.append({
            "measure": measure, "grouping": name, "explained": float(shares[place]), "low": float(low),
            "high": float(high), "ahead": float(shares[found] - shares[place]) if name != FOUND else float("nan"),
            "ahead_low": float(ends[0]), "ahead_high": float(ends[1]),
        })  # fmt: skip
    return rows
