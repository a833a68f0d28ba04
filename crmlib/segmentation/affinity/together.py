"""What is bought together: pairs, larger sets and the next category, of articles and of categories, in one finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.features import before, purchases
from crmlib.measures import Headline, Measure
from crmlib.reporting import Shown, behind, record_headlines, show_all
from crmlib.segmentation.affinity.next_category import (
    NextCategory,
    next_category,
    no_suggestions,
    show_next_category,
    suggestions,
)
from crmlib.segmentation.affinity.page import show_pairs, show_sets
from crmlib.segmentation.affinity.pairs import Affinity, affinities
from crmlib.segmentation.affinity.sets import CHECKS, ITEMS
from crmlib.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis import Table

    from crmlib.segmentation.affinity.pairs import Affinity
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

SOURCE: Final = "transactions: order_id, customer_id, ordered_at, product_id, amount"

PAIRS_FOUND: Final = Measure(
    code="affinity_pairs_found",
    title=N_("Pairs of articles found"),
    unit="count",
    meaning=N_(
        "Pairs of articles that meet more often than by chance in the earlier part of the history, false discoveries "
        "held to 5 %."
    ),
    source=SOURCE,
)
PAIRS_HELD: Final = Measure(
    code="affinity_pairs_held",
    title=N_("Pairs of articles that held"),
    unit="count",
    meaning=N_(
        "Of the pairs found with most money surely beyond chance, those that met more often than by chance later too."
    ),
    source=SOURCE,
)
SETS_FOUND: Final = Measure(
    code="affinity_sets_found",
    title=N_("Larger sets of articles found"),
    unit="count",
    meaning=N_("Sets of three and four articles that add beyond their best subset in the earlier part of the history."),
    source=SOURCE,
)
CHAPTER: Final = "02_segmentation"
COLUMNS: Final = (
    "kind", "size", "place", *ITEMS, "orders", "support", "confidence", "lift", *CHECKS,
)  # fmt: skip
"""Columns of the table ``affinities``."""
_COUNTS: Final = ("size", "place", "orders", "early", "late", "customers")


def affinity_headlines(articles: Affinity) -> list[Headline]:
    """Give how many pairs and sets were found and held; none where no order holds two articles."""
    numbers = {PAIRS_FOUND: articles.found, PAIRS_HELD: articles.held, SETS_FOUND: articles.larger.found}
    return [measure.headline(number) for measure, number in numbers.items()] if articles.shared else []


@dataclass(frozen=True, slots=True)
class Together:
    """What is bought together: pairs and sets of articles and of categories, articles' names, and the next category.

    The last two are ``None`` where the data have no categories.
    """

    articles: Affinity
    names: dict[str, str]
    categories: Affinity | None = None
    next_category: NextCategory | None = None


def bought_together(transactions: Table, run: Run) -> Together:
    """Find which articles are bought together, and which categories where the data have them."""
    section = run.params.segmentation
    articles = affinities(transactions, run.as_of, section)
    names = _product_names(transactions, articles, run)
    products = run.table("products") if run.has("products") else None
    if products is None or not products.category.notnull().any().to_pandas():
        return Together(articles, names)
    categories = affinities(transactions, run.as_of, section, products)
    return Together(articles, names, categories, next_category(transactions, products, categories.split, run.as_of))


def show_affinities(found: Study, run: Run) -> Shown:
    """Show what is bought together and how often suggestions hit; write ``affinities`` and ``suggestions``."""
    together = found.together
    shown = [show_pairs(together.articles, together.names, run)]
    if shown[0].kind != "insufficient":
        shown.append(show_sets(together.articles.larger, together.names, run))
    judged, suggested = together.next_category, no_suggestions()
    if together.categories is not None and judged is not None:
        of_categories = show_pairs(together.categories, None, run), show_sets(together.categories.larger, None, run)
        shown += [behind(*of_categories), show_next_category(judged, run)]
        if not run.too_few(judged.customers):
            suggested = suggestions(judged)
    run.write("suggestions", suggested, by=["customer_id", "rank"])
    kinds = {"article": together.articles, "category": together.categories}
    run.write("affinities", affinities_table(kinds), by=["kind", "size", "place"])
    record_headlines(affinity_headlines(together.articles), run, CHAPTER)
    return show_all(*shown) if len(shown) > 1 else shown[0]


def affinities_table(found: Mapping[str, Affinity | None]) -> pd.DataFrame:
    """Put pairs and larger sets by kind of item into :data:`COLUMNS`; ``place`` is their order within kind and size."""
    parts = []
    for kind, affinity in ((kind, affinity) for kind, affinity in found.items() if affinity is not None):
        pairs = affinity.pairs.rename(columns={"confidence_first": "confidence"}).assign(size=2)
        for items in (pairs, affinity.larger.sets):
            if len(items):
                place = items.groupby("size").cumcount() + 1
                parts.append(items.assign(kind=kind, place=place).reindex(columns=list(COLUMNS)))
    table = pd.concat(parts or [pd.DataFrame(columns=list(COLUMNS))], ignore_index=True)
    table = table.astype(dict.fromkeys(_COUNTS, "int64"))
    names = ["kind", *ITEMS]
    table[names] = table[names].astype(object).where(table[names].notna(), None)
    numbers = [name for name in COLUMNS if name not in {*names, *_COUNTS}]
    return table.astype(dict.fromkeys(names, "str") | dict.fromkeys(numbers, "float64"))


def _product_names(transactions: Table, affinity: Affinity, run: Run) -> dict[str, str]:
    """Name the articles of the pairs: by the table of products, else by their most frequent description."""
    found = (affinity.pairs[["first", "second"]], affinity.larger.sets[list(ITEMS)])
    wanted = sorted({item for items in found for item in items.to_numpy(object).ravel() if isinstance(item, str)})
    if not wanted:
        return {}
    if run.has("products"):
        products = run.table("products")
        listed = products.filter(products.product_id.isin(wanted)).select("product_id", "name").to_pandas()
    else:
        lines = purchases(before(transactions, run.as_of))
        lines = lines.filter(lines.product_id.isin(wanted) & lines.description.notnull())
        written = lines.group_by(["product_id", "description"]).agg(lines=lines.count()).to_pandas()
        written = written.sort_values(["lines", "description"], ascending=[False, True])
        listed = written.drop_duplicates("product_id").rename(columns={"description": "name"})
    known = listed.dropna(subset=["name"])
    return dict(zip(known["product_id"], known["name"], strict=True))
