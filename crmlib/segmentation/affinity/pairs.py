"""What goes with what: pairs that meet in baskets more often than chance, found early on and checked afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import comb
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.engine import computed_once
from crmlib.features import before, purchases
from crmlib.segmentation.affinity import baskets as engine
from crmlib.segmentation.affinity.baskets import codes_of, set_baskets, set_people
from crmlib.segmentation.affinity.chance import (
    design_effect,
    expected_meetings,
    found_by_chance,
    pulls,
    surplus,
    times_chance,
)
from crmlib.segmentation.affinity.sets import CHECKS, FALSE_DISCOVERIES, Sets, larger_sets, named_sets

if TYPE_CHECKING:
    from datetime import date, datetime

    from ibis import Table

    from crmlib.params.segmentation import SegmentationSection

LEAST_TOGETHER: Final = 10
CHECKED: Final = 200
COLUMNS: Final = (
    "first", "second", "orders", "support", "confidence_first", "confidence_second", "lift", *CHECKS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Affinity:
    """Pairs found in the earlier part of the history, with what became of them from the split on, and larger sets.

    The pairs are :data:`COLUMNS`, the one with most money beyond chance at the lower end of its interval first, at most
    :data:`CHECKED`. ``orders`` hold both; ``confidence_first`` is their share of the orders with ``first``, the rarer
    item; ``lift`` is the plain one of the whole history; ``times`` (early on) and ``later`` compare with chance given
    basket sizes and months; ``p`` allows for customers who repeat themselves, ``q`` is adjusted over all pairs compared
    (Benjamini and Hochberg); ``extra_money`` is what of the early ``money`` chance would not have brought; ``largest``
    the largest customer's part of it. Baskets ``left_out`` were too large to say anything; ``shared`` ones held two
    items and more.
    """

    pairs: pd.DataFrame
    baskets: int
    left_out: int
    left_out_share: float
    items: int
    compared: int
    found: int
    shared: int
    split: date
    larger: Sets

    @property
    def held(self) -> int:
        """How many of the pairs met more often than chance in the later part too (the interval is above 1)."""
        return int((self.pairs["later_low"] > 1).sum())


def affinities(
    transactions: Table, as_of: date, section: SegmentationSection, products: Table | None = None
) -> Affinity:
    """Find the pairs of articles, or of categories of the products, that are bought together before ``as_of``."""
    split = _split(purchases(before(transactions, as_of)).ordered_at.min().to_pandas(), as_of, section.holdout_share)
    entries = engine.basket_items(transactions, as_of, products)
    entries = entries.mutate(late=entries["at"] >= ibis.timestamp(split.isoformat()))
    with computed_once(entries) as once:
        large = once["size"] > section.largest_basket
        left = once.agg(
            orders=once.basket.nunique(where=large), money=once.money.sum(where=large).cast("float64"),
            all_money=once.money.sum().cast("float64"),
        ).to_pandas().iloc[0].fillna(0)  # fmt: skip
        compared = _compared(once.filter(~large), split, section)
    share = float(left["money"] / left["all_money"]) if left["all_money"] else 0.0
    return replace(compared, left_out=int(left["orders"]), left_out_share=share)


def _compared(entries: Table, split: date, section: SegmentationSection) -> Affinity:
    counted = engine.item_counts(entries).to_pandas()
    baskets = round(counted["baskets"].sum())
    items = counted[counted["early"] >= section.basket_orders].sort_values("item", ignore_index=True)
    items["code"] = np.arange(len(items))
    compared = comb(len(items), 2)
    if not compared:
        none = pd.DataFrame(columns=list(COLUMNS))
        return Affinity(none, baskets, 0, 0.0, len(items), 0, 0, 0, split, named_sets(Sets(none, 0, 0), items, baskets))
    codes = ibis.memtable(items[["item", "code"]], schema={"item": "string", "code": "int64"})
    with computed_once(engine.comparable(entries, codes)) as rows:
        margins = engine.partner_margins(rows).to_pandas().sort_values(["stratum", "code"])
        found = _found(rows, margins, compared)
        pairs = _described(_checked(found.head(CHECKED)), items, baskets)
        sets = larger_sets(rows, found, margins, LEAST_TOGETHER)
    shared = round(margins["shared"].sum())
    larger = named_sets(sets, items, baskets)
    return Affinity(pairs, baskets, 0, 0.0, len(items), compared, len(found), shared, split, larger)


def _split(first: datetime, as_of: date, share: float) -> date:
    """Give the first day of the later part; ``as_of`` where there is nothing."""
    if pd.isna(first):
        return as_of
    days = (pd.Timestamp(as_of) - pd.Timestamp(first).normalize()).days
    return (pd.Timestamp(as_of) - pd.Timedelta(days=max(1, round(days * share)))).date()


def _found(rows: Table, margins: pd.DataFrame, compared: int) -> pd.DataFrame:
    """Test the pairs on the earlier part; those found, the one with most money surely beyond chance first."""
    pairs = engine.pair_counts(rows, LEAST_TOGETHER).to_pandas().sort_values(["a", "b"], ignore_index=True)
    items = int(margins["code"].max()) + 1 if len(margins) else 0
    a, b = pairs["a"].to_numpy(np.int64), pairs["b"].to_numpy(np.int64)
    late = margins["late"].to_numpy(bool)
    expected = expected_meetings(pulls(margins[~late], items), a, b)
    pairs = _tested(rows, pairs.assign(expected=expected), compared)
    found = pairs[pairs["q"] < FALSE_DISCOVERIES].reset_index(drop=True)
    times = times_chance(*(found[name].to_numpy(float) for name in ("early", "expected", "early_squares")))
    found = found.assign(times=times["times"], **surplus(found["early_money"], times))
    found = found.sort_values(["extra_low", "a", "b"], ascending=[False, True, True], ignore_index=True)
    later = pulls(margins[late], items)
    return found.assign(late_expected=expected_meetings(later, found["a"].to_numpy(), found["b"].to_numpy()))


def _tested(rows: Table, pairs: pd.DataFrame, compared: int) -> pd.DataFrame:
    """Add ``p`` and ``q``, allowing for customers who repeat themselves, and the customers behind the pairs."""
    met, expected = pairs["early"].to_numpy(np.int64), pairs["expected"].to_numpy(float)
    _p, q = found_by_chance(met, expected, compared)
    keys = pairs.loc[q < FALSE_DISCOVERIES, ["a", "b"]].set_axis(codes_of(2), axis=1)
    people = set_people(set_baskets(rows, keys), 2).drop(columns=["money", "early_money"])
    people = people.rename(columns=dict(zip(codes_of(2), ("a", "b"), strict=True)))
    pairs = pairs.merge(people, on=["a", "b"], how="left", validate="one_to_one")
    effect = design_effect(met.astype(float), pairs["early_squares"].fillna(0.0).to_numpy(float))
    p, q = found_by_chance(met, expected, compared, effect)
    return pairs.assign(p=p, q=q)


def _checked(pairs: pd.DataFrame) -> pd.DataFrame:
    later = times_chance(*(pairs[name].to_numpy(float) for name in ("late", "late_expected", "late_squares")))
    later = later.set_axis(["later", "later_low", "later_high"], axis=1)
    return pairs.assign(**later, largest=pairs["largest_money"] / pairs["money"])


def _described(pairs: pd.DataFrame, items: pd.DataFrame, baskets: int) -> pd.DataFrame:
    """Name the items, the rarer one first, and add support, confidence both ways and lift."""
    of = items["orders"].to_numpy(float)
    a, b = pairs["a"].to_numpy(np.int64), pairs["b"].to_numpy(np.int64)
    swapped = of[a] > of[b]
    first, second = np.where(swapped, b, a), np.where(swapped, a, b)
    names = items["item"].to_numpy(object)
    orders = pairs["early"] + pairs["late"]
    described = pairs.assign(
        first=names[first], second=names[second], orders=orders, support=orders / baskets,
        confidence_first=orders / of[first], confidence_second=orders / of[second],
        lift=orders * baskets / (of[first] * of[second]),
    )  # fmt: skip
    return described[list(COLUMNS)]
