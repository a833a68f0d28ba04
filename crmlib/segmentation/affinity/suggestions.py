"""The next best category for each customer, by the method that hit more often: the table ``suggestions``."""

from typing import Final

import numpy as np
import pandas as pd

from crmlib.segmentation.affinity.next_category import FIRST, NextCategory, suggestion_scores

BY_OWN: Final = "own_categories"
BY_POPULARITY: Final = "popularity"
COLUMNS: Final = ("customer_id", "rank", "category", "score", "method")
"""Columns of the table ``suggestions``, one row a customer and suggestion."""

_DIGITS: Final = 6


def winner(judged: NextCategory) -> str:
    """Name the method by which suggestions are made.

    What the customer has, where it hit more often with some number of suggestions and less often with none; otherwise
    popularity, which is simpler.
    """
    return BY_OWN if judged.better and not judged.worse else BY_POPULARITY


def suggestions(judged: NextCategory) -> pd.DataFrame:
    """Suggest to each known customer the categories that they have not bought, the likeliest first.

    Parameters
    ----------
    judged
        From :func:`crmlib.segmentation.affinity.next_category.next_category`: what was bought up to the report's date,
        and how the two methods did.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`, at most five rows a customer, sorted by customer and rank. Whoever has bought from every
        category gets none, nor does anybody where nothing could be judged.
    """
    if not judged.customers:
        return no_suggestions()
    own = judged.bought.pivot_table(index="customer_id", columns="category", values="first_at", aggfunc="min")
    known = own.notna().to_numpy()
    by_own, popular = suggestion_scores(known.astype(float), known)
    method = winner(judged)
    # rounded first, so that a machine's last bits do not decide between equals; a tie goes to the first by name
    scores = np.round(by_own if method == BY_OWN else popular, _DIGITS)
    best = np.argsort(-scores, axis=1, kind="stable")[:, : max(FIRST)]
    customers, places = np.nonzero(np.isfinite(np.take_along_axis(scores, best, axis=1)))
    chosen = best[customers, places]
    frame = pd.DataFrame({
        "customer_id": own.index.to_numpy()[customers], "rank": places + 1,
        "category": own.columns.to_numpy()[chosen], "score": scores[customers, chosen], "method": method,
    })  # fmt: skip
    return frame.astype({"customer_id": "str", "rank": "int64", "category": "str", "method": "str"})


def no_suggestions() -> pd.DataFrame:
    """Give the table without a row, for a shop without categories or too little to judge by."""
    kinds = dict(zip(COLUMNS, ("str", "int64", "str", "float64", "str"), strict=True))
    return pd.DataFrame(columns=list(COLUMNS)).astype(kinds)
