"""Which category a customer is likely to try next, judged on what customers then did try, beside mere popularity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as distributions
from statsmodels.stats.multitest import multipletests

from crmlib.features import known_purchases
from crmlib.reporting import Gated, Shown, estimate, folded, gate, insufficient, label, note, people, rate, show_all
from crmlib.stats import Estimate
from crmlib.stats.intervals import mean, proportion
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

    from crmlib.workspace import Run

FIRST: Final = (1, 3, 5)
"""How many suggestions a customer is given."""

SIGNIFICANT: Final = 0.05

Floats = NDArray[np.float64]
BY_OWN: Final = "own_categories"
BY_POPULARITY: Final = "popularity"
COLUMNS: Final = {"customer_id": "str", "rank": "int64", "category": "str", "score": "float64", "method": "str"}
"""Columns of the table ``suggestions``, one row a customer and suggestion, and their types."""


@dataclass(frozen=True, slots=True)
class NextCategory:
    """How often the suggestions hit, among customers who tried a category that they had not bought before.

    One row for each number of ``suggestions``: ``hit`` and ``popular`` (share of customers of whose new categories one
    was among them), ``gain`` (their difference), each with ``_low`` and ``_high``, ``random`` (what drawing would hit)
    and ``p`` (of the gain, adjusted by Holm). And when each customer first bought each category: ``customer_id,
    category, first_at``.
    """

    rates: pd.DataFrame
    customers: int
    bought: pd.DataFrame

    @property
    def better(self) -> list[int]:
        """Numbers of suggestions with which what the customer has hits more often than popularity."""
        return self._differing(self.rates["gain"] > 0) if len(self.rates) else []

    @property
    def worse(self) -> list[int]:
        """Numbers of suggestions with which it hits less often."""
        return self._differing(self.rates["gain"] < 0) if len(self.rates) else []

    def _differing(self, which: pd.Series) -> list[int]:
        return self.rates.loc[which & (self.rates["p"] < SIGNIFICANT), "suggestions"].tolist()


def next_category(transactions: Table, products: Table, split: date, as_of: date) -> NextCategory:
    """Suggest categories not bought before ``split``, and see which of them customers bought for the first time after.

    Only customers known before who then bought something new are judged: who buys nothing new cannot be hit.
    """
    bought = _bought(transactions, products, as_of)
    if bought.empty:
        return NextCategory(pd.DataFrame(), 0, bought)
    cut = pd.Timestamp(split)
    own = bought.pivot_table(index="customer_id", columns="category", values="first_at", aggfunc="min")
    known = (own < cut).to_numpy()
    after = (own >= cut).to_numpy()
    judged = known.any(axis=1) & after.any(axis=1)
    scores, popular = suggestion_scores(known[known.any(axis=1)].astype(float), known[judged])
    rows = [_rates(k, hits(scores, after[judged], k), hits(popular, after[judged], k)) for k in FIRST if judged.any()]
    rates = pd.DataFrame(rows)
    if len(rates):
        rates["random"] = [hit_by_chance((~known[judged]).sum(axis=1), after[judged].sum(axis=1), k) for k in FIRST]
        rates["p"] = multipletests(rates["p"], method="holm")[1]
    return NextCategory(rates, int(judged.sum()), bought)


def _bought(transactions: Table, products: Table, as_of: date) -> pd.DataFrame:
    """Give when each known customer first bought each category: a few rows a customer."""
    lines = known_purchases(transactions, as_of).select("customer_id", "product_id", "ordered_at")
    named = lines.join(products.select("product_id", "category"), "product_id")
    named = named.filter(named.category.notnull())
    firsts = named.group_by(["customer_id", "category"]).agg(first_at=named.ordered_at.min()).to_pandas()
    return firsts.sort_values(["customer_id", "category"], ignore_index=True)


def suggestion_scores(owners: Floats, known: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Score the categories (columns) that customers (rows) do not have yet, by those they have, and by popularity.

    The first is a naive Bayes: how common a category is, times, for each category the customer has or lacks, how much
    commoner that is among the category's owners than among all (counts raised by a half).
    """
    owned = owners.sum(axis=0)
    together = owners.T @ owners
    # rows: the category suggested, columns: the one the customer has or lacks
    among = (together + 0.5) / (owned[:, None] + 1)
    overall = (owned + 0.5) / (len(owners) + 1)
    has, lacks = np.log(among / overall), np.log((1 - among) / (1 - overall))
    np.fill_diagonal(lacks, 0)
    common = np.log(overall)
    scores = common + known @ has.T + (~known) @ lacks.T
    popular = np.broadcast_to(common, known.shape)
    return np.where(known, -np.inf, scores), np.where(known, -np.inf, popular)


def hits(scores: Floats, tried: NDArray[np.bool_], suggestions: int) -> NDArray[np.bool_]:
    """Say for each customer whether one of the best scored categories was tried."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :suggestions]
    return np.asarray(np.take_along_axis(tried, best, axis=1).any(axis=1))


def hit_by_chance(lacking: NDArray[np.int64], tried: NDArray[np.int64], suggestions: int) -> float:
    """Give the share of customers whom suggestions drawn at random among the categories they lack would hit."""
    drawn = np.minimum(suggestions, lacking)
    return float(distributions.hypergeom.sf(0, lacking, tried, drawn).mean())


def _no_difference(gains: Floats) -> float:
    """Give the two-sided p-value of a mean of nought, by Student's t; 1 where nothing varies."""
    return float(distributions.ttest_1samp(gains, 0).pvalue) if len(gains) > 1 and np.ptp(gains) else 1.0


def _rates(suggestions: int, hit: NDArray[np.bool_], popular: NDArray[np.bool_]) -> dict[str, float]:
    gains = hit.astype(float) - popular.astype(float)
    found = {
        "hit": proportion(int(hit.sum()), len(hit)),
        "popular": proportion(int(popular.sum()), len(popular)),
        "gain": mean(gains),
    }
    limits = {
        f"{name}{end}": number
        for name, share in found.items()
        for end, number in {"": share.value, "_low": share.low, "_high": share.high}.items()
    }
    return {"suggestions": suggestions, "p": _no_difference(gains)} | limits


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
    scores = np.round(by_own if method == BY_OWN else popular, 6)
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
            needed=run.say(needed, n=run.fewest), found=_("fewer"), therefore=_("No next category is suggested.")
        )
    run.write("next_category_hits", judged.rates, by=["suggestions"])
    gated = _gated(judged, run)
    caption = _("Suggested categories, judged on {n:people} customers who then bought from one new to them")
    table = gated.table(
        run.say(caption, n=judged.customers),
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
    if judged.worse and judged.better:
        return _("hits more often with {better:list} suggested and less often with {worse:list}")
    if judged.worse:
        return _("hits less often with {worse:list} suggested")
    return _("is not surely better") if one["gain"] > 0 else _("is no better")
