"""Larger sets with the names of their items, as tables and pages have them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from crmlib.segmentation.affinity.occurrences import codes_of
from crmlib.segmentation.affinity.sets import LARGEST_SET, Sets

ITEMS: Final = ("first", "second", "third", "fourth")
COLUMNS: Final = (
    *ITEMS, "size", "orders", "support", "confidence", "lift", "early", "expected", "times", "p", "q", "late", "later",
    "later_low", "later_high", "money", "extra_money", "extra_low", "extra_high", "customers", "largest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NamedSets:
    """Sets of three and four items.

    Attributes
    ----------
    sets
        :data:`COLUMNS`, the one with most money surely beyond its subsets first. The last of its items is the one that
        follows most surely from the others: ``confidence`` is the share of the orders with the others that hold it too.
        ``lift`` compares with all items being independent; ``times`` and ``later`` with the best subset. ``p`` allows
        for customers who repeat themselves. ``fourth`` is missing in a set of three.
    compared, found
        Sets compared, and those found in the earlier part.
    """

    sets: pd.DataFrame
    compared: int
    found: int

    @property
    def held(self) -> int:
        """How many beat their best subset in the later part too (the interval is above 1)."""
        return int((self.sets["later_low"] > 1).sum())


def named_sets(sets: Sets | None, items: pd.DataFrame, baskets: int) -> NamedSets:
    """Name the items of the sets, the one that follows last, and add support, confidence and lift.

    ``items`` (``item, orders``) are in the order of their numbers; there are no sets where nothing was compared.
    """
    if sets is None or sets.sets.empty:
        empty = pd.DataFrame(columns=list(COLUMNS))
        return NamedSets(empty, sets.compared if sets is not None else 0, 0)
    found = sets.sets
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
    return NamedSets(described[list(COLUMNS)], sets.compared, sets.found)


def _last(row: np.ndarray, place: int) -> np.ndarray:
    """Put the item that follows behind the others, before the places that a smaller set leaves empty."""
    size = int((~np.isnan(row)).sum())
    return np.array([*np.delete(row[:size], place), row[place], *row[size:]])
