"""What is bought together, for machines: one table of pairs and sets, and the headline numbers."""

from typing import Final

import pandas as pd

from crmlib.segmentation.affinity.named_sets import ITEMS
from crmlib.segmentation.affinity.pairs import Affinity
from crmlib.words import _
from crmlib.workspace import Run

CHAPTER: Final = "02_segmentation"
COLUMNS: Final = (
    "kind", "size", "place", *ITEMS, "orders", "support", "confidence", "lift", "early", "expected", "times", "p", "q",
    "late", "later", "later_low", "later_high", "money", "extra_money", "extra_low", "extra_high", "customers",
    "largest",
)  # fmt: skip
_COUNTS: Final = ("size", "place", "orders", "early", "late", "customers")


def affinities_table(found: dict[str, Affinity]) -> pd.DataFrame:
    """Put pairs and larger sets of all kinds of items into one table.

    Parameters
    ----------
    found
        By kind of item: ``article``, ``category``.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`; ``place`` is the order by the lower end of the money beyond chance (or beyond the best subset)
        within kind and size, ``confidence`` the share of the orders with all items but the last that hold the last too.
    """
    parts = []
    for kind, affinity in found.items():
        pairs = affinity.pairs.rename(columns={"confidence_first": "confidence"}).assign(size=2)
        for each in (pairs, affinity.larger.sets):
            if len(each):
                place = each.groupby("size").cumcount() + 1
                parts.append(each.assign(kind=kind, place=place).reindex(columns=list(COLUMNS)))
    if not parts:
        parts = [pd.DataFrame(columns=list(COLUMNS))]
    table = pd.concat(parts, ignore_index=True).astype(dict.fromkeys(_COUNTS, "int64"))
    names = ["kind", *ITEMS]
    table[names] = table[names].astype(object).where(table[names].notna(), None)
    numbers = [name for name in COLUMNS if name not in {*names, *_COUNTS}]
    return table.astype(dict.fromkeys(names, "str") | dict.fromkeys(numbers, "float64"))


def record_affinities(articles: Affinity, run: Run) -> None:
    """Record how many pairs and sets of articles were found, and how many held afterwards."""
    if not articles.shared:
        return
    held = _(
        "Of the pairs found with most money surely beyond chance, those that met more often than by chance later too."
    )
    numbers = {
        "affinity_pairs_found": (articles.found, _("Pairs of articles that meet more often than by chance in the "
                                                   "earlier part of the history, false discoveries held to 5 %.")),
        "affinity_pairs_held": (articles.held, held),
        "affinity_sets_found": (articles.larger.found, _("Sets of three and four articles that add beyond their best "
                                                         "subset in the earlier part of the history.")),
    }  # fmt: skip
    for name, (value, definition) in numbers.items():
        run.record(CHAPTER, name, value, unit="count", definition=definition)
