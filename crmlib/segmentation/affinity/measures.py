"""The headline numbers of what is bought together: how much was found, and how much of it held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.measures import Headline, Measure
from crmlib.words import N_

if TYPE_CHECKING:
    from crmlib.segmentation.affinity.pairs import Affinity

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


def affinity_headlines(articles: Affinity) -> list[Headline]:
    """Give how many pairs and sets were found and held; none where no order holds two articles."""
    numbers = {PAIRS_FOUND: articles.found, PAIRS_HELD: articles.held, SETS_FOUND: articles.larger.found}
    return [measure.headline(number) for measure, number in numbers.items()] if articles.shared else []
