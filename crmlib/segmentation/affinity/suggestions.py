"""The next best category for each customer, by the method that hit more often: the table, and how often it hits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.reporting import Gated, Shown, estimate, folded, gate, insufficient, label, note, people, rate, show_all
from crmlib.segmentation.affinity.next_category import FIRST, NextCategory, suggestion_scores
from crmlib.stats import Estimate
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.workspace import Run

BY_OWN: Final = "own_categories"
BY_POPULARITY: Final = "popularity"
COLUMNS: Final = {"customer_id": "str", "rank": "int64", "category": "str", "score": "float64", "method": "str"}
"""Columns of the table ``suggestions``, one row a customer and suggestion, and their types."""

_DIGITS: Final = 6


def winner(judged: NextCategory) -> str:
    """Name the method: what the customer has, where it hit more often and never less often; else popularity."""
    return BY_OWN if judged.better and not judged.worse else BY_POPULARITY


def suggestions(judged: NextCategory) -> pd.DataFrame:
    """Suggest to each known customer at most five categories that they have not bought, the likeliest first."""
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
    return frame.astype(COLUMNS)


def no_suggestions() -> pd.DataFrame:
    """Give the table without a row, for a shop without categories or too little to judge by."""
    return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)


def show_next_category(judged: NextCategory, run: Run) -> Shown:
    """Say how often one suggestion hits and which method is used; folded, the hit rates with one, three and five."""
    if run.too_few(judged.customers):
        needed = _("{n:count} customers who bought from a category new to them in the last part of the history")
        return insufficient(
            needed=run.say(needed, n=run.fewest),
            found=_("fewer"),
            therefore=_("No next category is suggested."),
        )
    run.write("next_category_hits", judged.rates, by=["suggestions"])
    gated = _gated(judged, run)
    table = gated.table(
        run.say(
            _("Suggested categories, judged on {n:people} customers who then bought from one new to them"),
            n=judged.customers,
        ),
        confidence=None,
        note=_(
            "A difference counts where its p-value, adjusted for the three numbers of suggestions (Holm), is below "
            "0.05; each range alone is one of 95 %. Where drawing at random hits nearly as often, a row says little."
        ),
    )
    summary = run.say(_("How often {numbers:list} suggestions hit"), numbers=[str(n) for n in FIRST])
    return show_all(note(verdict(judged, gated.frame, run)), folded(summary, table))


def _gated(judged: NextCategory, run: Run) -> Gated:
    """Let the rates through: shares of customers are made of their rounded numbers."""
    gains = ["gain", "gain_low", "gain_high"]
    hits = {f"{name}_hits": (judged.rates[name] * judged.customers).round() for name in ("hit", "popular")}
    rates = judged.rates[["suggestions", "random", *gains]].assign(customers=judged.customers, **hits)
    rates[gains] *= 100
    return gate(
        rates, run,
        label("suggestions", _("Categories suggested"), "count"),
        people("customers"), people("hit_hits"), people("popular_hits"),
        rate("hit", _("One was bought: by what the customer has"), per=("hit_hits", "customers"), decimals=0),
        rate("popular", _("One was bought: the most popular"), per=("popular_hits", "customers"), decimals=0),
        estimate("random", _("Drawn at random"), of="customers", decimals=0),
        estimate("gain", _("Difference, points"), "points", of="customers", decimals=1),
    )  # fmt: skip


def verdict(judged: NextCategory, shown: pd.DataFrame, run: Run) -> str:
    """Say how often one suggestion hits by the method used, by the other and at random, and why it is used."""
    one = shown.set_index("suggestions").loc[FIRST[0]]
    by_own, popular = (
        Estimate(one[name], one[f"{name}_low"], one[f"{name}_high"], judged.customers) for name in ("hit", "popular")
    )
    numbers = {"better": [str(n) for n in judged.better], "worse": [str(n) for n in judged.worse]}
    words = _(
        "Suggesting the most popular category that a customer lacks hits {popular:part:point} "
        "({popular:share0:interval}), a random one {random:part}. Going by what the customer already buys {why} "
        "({by_own:part:point}), so popularity is used."
    )
    if winner(judged) == BY_OWN:
        words = _(
            "Suggesting the category that goes best with what a customer already buys hits {by_own:part:point} "
            "({by_own:share0:interval}), a random one {random:part}. The most popular one that the customer lacks hits "
            "{popular:part:point}. The difference is sure with {better:list} suggested, so what the customer buys is "
            "used."
        )
    why = run.say(_why_popularity(judged, one), **numbers)
    return run.say(words, popular=popular, by_own=by_own, random=one["random"], why=why, **numbers)


def _why_popularity(judged: NextCategory, one: pd.Series) -> str:
    """Say how going by what the customer has falls short of popularity, the simpler of the two."""
    if judged.worse and judged.better:
        return _("hits more often with {better:list} suggested and less often with {worse:list}")
    if judged.worse:
        return _("hits less often with {worse:list} suggested")
    return _("is not surely better") if one["gain"] > 0 else _("is no better")
