"""Sets of three and four that are bought together more often than their parts would bring.

A pair that meets often drags every third item along that meets one of the two. A larger set is therefore kept only
where it adds beyond its best subset: for any two of its items, they meet in the baskets that hold all the others more
often than these baskets' own counts would bring, basket sizes rows and customers who repeat themselves allowed for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.segmentation.affinity.beyond import beyond_subsets, times_subsets
from crmlib.segmentation.affinity.chance import design_effect, surplus
from crmlib.segmentation.affinity.occurrences import CLASSES, codes_of, set_baskets, set_counts, set_people, wide
from crmlib.stats.comparisons import benjamini_hochberg

if TYPE_CHECKING:
    from ibis import Table
    from numpy.typing import NDArray

LARGEST_SET: Final = 4
PAIRS_JOINED: Final = 1000
"""So many found pairs, those with most money beyond chance, are joined into candidates."""
MOST_CANDIDATES: Final = 20_000
CHECKED: Final = 50
FALSE_DISCOVERIES: Final = 0.05


@dataclass(frozen=True, slots=True)
class Sets:
    """Larger sets, found in the earlier part of the history and checked in the later one.

    Attributes
    ----------
    sets
        One row a set: ``c1, c2, c3, c4`` (numbers of items, missing in the last for a set of three), ``size, early,
        late`` (baskets), ``expected`` (early baskets by its best subset), ``times, p, q, later, later_low, later_high,
        money, extra_money, extra_low, extra_high, customers, largest``, ``base`` (early and late baskets with all but
        the item that follows most surely) and ``follows`` (that item's place). The one with most money beyond its
        subsets at the lower end of its interval comes first.
    compared, found
        Sets compared, and those found in the earlier part.
    """

    sets: pd.DataFrame
    compared: int
    found: int


def larger_sets(rows: Table, pairs: pd.DataFrame, margins: pd.DataFrame, least: int) -> Sets:
    """Find the sets of three and four items in at least so many early baskets, joined from the pairs that were found.

    ``pairs`` (``a, b``) begin with the one with most money beyond chance; ``rows`` and ``margins`` are of `comparable`
    and `partner_margins`.

    References
    ----------
    Candidates: Agrawal & Srikant, VLDB 1994. Sets that add beyond their subsets: Webb, Machine Learning 68, 2007, here
    with strata of basket size as in Mantel & Haenszel, JNCI 22, 1959, and the design effect of Kish (1965).
    """
    joined = pairs.head(PAIRS_JOINED)
    edges = pd.DataFrame({"c1": joined[["a", "b"]].min(axis=1), "c2": joined[["a", "b"]].max(axis=1)})
    candidates = joined_candidates(edges.to_numpy(np.int64))
    if not len(candidates):
        return Sets(_nothing(), 0, 0)
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
    known = {tuple(each) for each in smaller.tolist()}
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
    """Count each item's baskets by class of size, from the margins."""
    counted = margins.assign(kind=margins["stratum"] % CLASSES, c1=margins["code"], n=margins["orders"])
    return wide(counted[["c1", "late", "kind", "n"]], ["c1"])


def _tested(sets: NDArray[np.int64], counts: dict[int, pd.DataFrame], size: int, least: int) -> pd.DataFrame:
    """Put the counts of all candidates beside what their subsets would bring."""
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
    """Keep the sets that beat their subsets, false discoveries held down over all that were compared.

    Customers are looked up only for the sets found without allowing for them: it makes no set a finding.
    """
    whole = pd.concat(tested, ignore_index=True)
    often = whole[whole["counted"]].reset_index(drop=True)
    often = often[(_adjusted(often["p"], len(whole)) < FALSE_DISCOVERIES) & (often["early"] > often["expected"])]
    if often.empty:
        return Sets(_nothing(), len(whole), 0)
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
    """Add how the sets did in the later part; those with most money surely beyond their best subset."""
    early = _times(found, "early", "expected", "variance", "early_squares")
    later = _times(found, "late", "late_expected", "late_variance", "late_squares")
    sets = found.assign(
        times=early["times"], later=later["times"], later_low=later["low"], later_high=later["high"],
        largest=found["largest_money"] / found["money"], **surplus(found["early_money"], early),
    )  # fmt: skip
    names = codes_of(LARGEST_SET)
    ordered = sets.reindex(columns=[*names, *COLUMNS]).sort_values(
        ["extra_low", "extra_money", *names], ascending=[False, False, *[True] * len(names)], ignore_index=True
    )
    return ordered.head(CHECKED)


def _times(found: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Say how many times their best subset sets brought, by the columns with what is needed for it."""
    return times_subsets(*(found[name].to_numpy(float) for name in columns))


COLUMNS: Final = (
    "size", "early", "late", "expected", "times", "p", "q", "later", "later_low", "later_high", "money", "extra_money",
    "extra_low", "extra_high", "customers", "largest", "base", "follows",
)  # fmt: skip


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=[*codes_of(LARGEST_SET), *COLUMNS])
