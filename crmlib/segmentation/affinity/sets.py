"""Sets of three and four that are bought together more often than their parts would bring."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.segmentation.affinity.baskets import CLASSES, codes_of, set_baskets, set_counts, set_people, wide
from crmlib.segmentation.affinity.chance import beyond_subsets, design_effect, surplus, times_subsets
from crmlib.stats.multiple import benjamini_hochberg

if TYPE_CHECKING:
    from ibis import Table
    from numpy.typing import NDArray

LARGEST_SET: Final = 4
PAIRS_JOINED: Final = 1000
"""So many found pairs, those with most money beyond chance, are joined into candidates."""
MOST_CANDIDATES: Final = 20_000
CHECKED: Final = 50
FALSE_DISCOVERIES: Final = 0.05
ITEMS: Final = ("first", "second", "third", "fourth")
CHECKS: Final = (
    "early", "expected", "times", "p", "q", "late", "later", "later_low", "later_high", "money", "extra_money",
    "extra_low", "extra_high", "customers", "largest",
)  # fmt: skip
"""What is known of a pair or set: how often it met early on and later, its money and its customers."""
COLUMNS: Final = (*ITEMS, "size", "orders", "support", "confidence", "lift", *CHECKS)
_NUMBERED: Final = [*codes_of(LARGEST_SET), "size", *CHECKS, "base", "follows"]


@dataclass(frozen=True, slots=True)
class Sets:
    """Sets of three and four items: :data:`COLUMNS`, most money surely beyond their subsets first.

    The last of its items is the one that follows most surely from the others: ``confidence`` is the share of the orders
    with the others that hold it too. ``lift`` compares with all items being independent; ``times`` and ``later`` with
    the best subset; ``fourth`` is missing in a set of three. Before they are named, ``c1, c2, c3, c4`` are the numbers
    of the items, ``follows`` is the place of the one that follows and ``base`` are the baskets with all others.
    """

    sets: pd.DataFrame
    compared: int
    found: int

    @property
    def held(self) -> int:
        """How many beat their best subset in the later part too (the interval is above 1)."""
        return int((self.sets["later_low"] > 1).sum())


def larger_sets(rows: Table, pairs: pd.DataFrame, margins: pd.DataFrame, least: int) -> Sets:
    """Find the sets of three and four in at least so many early baskets, joined from the pairs that were found.

    A pair that meets often drags every third item along that meets one of the two. A larger set is therefore kept only
    where it adds beyond its best subset: for any two of its items, they meet in the baskets that hold all the others
    more often than these baskets' own counts would bring. Candidates: Agrawal & Srikant, VLDB 1994.
    Sets that add beyond their subsets: Webb, Machine Learning 68, 2007, here with strata of basket size as in Mantel &
    Haenszel, JNCI 22, 1959, and the design effect of Kish (1965).
    """
    joined = pairs.head(PAIRS_JOINED)
    edges = pd.DataFrame({"c1": joined[["a", "b"]].min(axis=1), "c2": joined[["a", "b"]].max(axis=1)})
    candidates = joined_candidates(edges.to_numpy(np.int64))
    if not len(candidates):
        return Sets(pd.DataFrame(columns=_NUMBERED), 0, 0)
    counts = {1: _item_counts(margins), 2: set_counts(set_baskets(rows, edges), 2)}
    tested = []
    for size in range(3, LARGEST_SET + 1):
        frame = pd.DataFrame(candidates, columns=codes_of(size))
        counts[size] = set_counts(set_baskets(rows, frame), size)
        tested.append(_tested(candidates, counts, size, least))
        frequent = counts[size].index[counts[size][False].sum(axis=1) >= least]
        candidates = joined_candidates(np.array([list(key) for key in frequent], dtype=np.int64).reshape(-1, size))
        if not len(candidates):
            break
    return _found(rows, tested, counts)


def joined_candidates(smaller: NDArray[np.int64]) -> NDArray[np.int64]:
    """Join sets into those one larger of which every subset is among them."""
    known = {tuple(items) for items in smaller.tolist()}
    by_start: dict[tuple[int, ...], list[int]] = {}
    for *start, last in sorted(known):
        by_start.setdefault(tuple(start), []).append(last)
    joined = [
        (*start, first, second)
        for start, lasts in by_start.items()
        for first, second in combinations(lasts, 2)
        if all((*start[:drop], *start[drop + 1 :], first, second) in known for drop in range(len(start)))
    ]
    size = smaller.shape[1] + 1 if smaller.ndim == 2 else 3
    return np.array(joined[:MOST_CANDIDATES], dtype=np.int64).reshape(-1, size)


def _item_counts(margins: pd.DataFrame) -> pd.DataFrame:
    counted = margins.assign(kind=margins["stratum"] % CLASSES, c1=margins["code"], n=margins["orders"])
    return wide(counted[["c1", "late", "kind", "n"]], ["c1"])


def _tested(sets: NDArray[np.int64], counts: dict[int, pd.DataFrame], size: int, least: int) -> pd.DataFrame:
    early, late = (beyond_subsets(sets, counts, late=late) for late in (False, True))
    names = [f"without_{place}" for place in range(size)]
    bases = (early[names] + late[names]).to_numpy()
    follows = bases.argmin(axis=1)
    return pd.DataFrame(sets, columns=codes_of(size)).assign(
        size=size, early=early["met"].astype(np.int64), late=late["met"].astype(np.int64), expected=early["expected"],
        variance=early["variance"], p=early["p"], late_expected=late["expected"], late_variance=late["variance"],
        follows=follows, base=bases[np.arange(len(sets)), follows].astype(np.int64), counted=early["met"] >= least,
    )  # fmt: skip


def _found(rows: Table, tested: list[pd.DataFrame], counts: dict[int, pd.DataFrame]) -> Sets:
    """Keep the sets that beat their subsets, false discoveries held down over all that were compared."""
    whole = pd.concat(tested, ignore_index=True)
    often = whole[whole["counted"]].reset_index(drop=True)
    often = often[(_adjusted(often["p"], len(whole)) < FALSE_DISCOVERIES) & (often["early"] > often["expected"])]
    if often.empty:
        return Sets(pd.DataFrame(columns=_NUMBERED), len(whole), 0)
    known = pd.concat([_with_people(rows, part, counts, int(size)) for size, part in often.groupby("size")])
    known = known.assign(q=_adjusted(known["p"], len(whole)))
    found = known[known["q"] < FALSE_DISCOVERIES].reset_index(drop=True)
    return Sets(_checked(found), len(whole), len(found))


def _adjusted(p: pd.Series, compared: int) -> NDArray[np.float64]:
    """Adjust p-values over all sets compared: those left out stand behind all others, with p = 1."""
    return np.minimum(benjamini_hochberg(p) * (compared / max(len(p), 1)), 1.0)


def _with_people(rows: Table, sets: pd.DataFrame, counts: dict[int, pd.DataFrame], size: int) -> pd.DataFrame:
    """Add money and customers to sets of one size, and allow in ``p`` for customers who repeat themselves."""
    names = codes_of(size)
    keys = sets[names].astype("int64")
    people = set_people(set_baskets(rows, keys), size)
    sets = sets.assign(**keys).merge(people, on=names, validate="one_to_one")
    effect = design_effect(sets["early"].to_numpy(float), sets["early_squares"].to_numpy(float))
    return sets.assign(p=beyond_subsets(sets[names].to_numpy(np.int64), counts, late=False, effect=effect)["p"])


def _checked(found: pd.DataFrame) -> pd.DataFrame:
    early, later = (
        times_subsets(*(found[name].to_numpy(float) for name in (part, *names, f"{part}_squares")))
        for part, *names in (("early", "expected", "variance"), ("late", "late_expected", "late_variance"))
    )
    sets = found.assign(
        times=early["times"], largest=found["largest_money"] / found["money"],
        **surplus(found["early_money"], early), **later.set_axis(["later", "later_low", "later_high"], axis=1),
    )  # fmt: skip
    names = codes_of(LARGEST_SET)
    ordered = sets.reindex(columns=_NUMBERED).sort_values(
        ["extra_low", "extra_money", *names], ascending=[False, False, *[True] * len(names)], ignore_index=True
    )
    return ordered.head(CHECKED)


def named_sets(sets: Sets, items: pd.DataFrame, baskets: int) -> Sets:
    """Name the items (``item, orders`` in the order of their numbers) of the sets, the one that follows last."""
    found = sets.sets
    if found.empty:
        return replace(sets, sets=pd.DataFrame(columns=list(COLUMNS)))
    codes = found[codes_of(LARGEST_SET)].to_numpy("float64")
    in_order = np.array([_last(row, int(place)) for row, place in zip(codes, found["follows"], strict=True)])
    known = ~np.isnan(in_order)
    at = np.where(known, in_order, 0).astype(np.int64)
    names, counts = items["item"].to_numpy(object), items["orders"].to_numpy("float64")
    orders = (found["early"] + found["late"]).astype("int64")
    alone = np.where(known, counts[at] / baskets, 1.0).prod(axis=1)
    named = {name: np.where(known[:, place], names[at[:, place]], None) for place, name in enumerate(ITEMS)}
    described = found.assign(
        **named, orders=orders, support=orders / baskets, confidence=orders / found["base"],
        lift=orders / baskets / alone,
    )  # fmt: skip
    return replace(sets, sets=described[list(COLUMNS)])


def _last(row: np.ndarray, place: int) -> np.ndarray:
    """Put the item that follows behind the others, before the places that a smaller set leaves empty."""
    size = int((~np.isnan(row)).sum())
    return np.array([*np.delete(row[:size], place), row[place], *row[size:]])
