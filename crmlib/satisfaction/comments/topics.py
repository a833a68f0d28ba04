"""The topics of comments: words that come together, as many topics as are found again in other comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from crmlib.satisfaction.comments.sentiment import FEWEST
from crmlib.satisfaction.comments.terms import compared

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmlib.satisfaction.comments.texts import Comments
    from crmlib.satisfaction.comments.words import Words

    Matrix = NDArray[np.float64]

NUMBERS: Final = range(3, 11)
SPLITS: Final = 3
MOST: Final = 10_000
"""Different texts in a half, at the most; topics themselves are found in three times as many."""
MOST_TERMS: Final = 2_000
"""Terms that topics are made of: those that most texts have."""
LEAST_AGREEMENT: Final = 0.5
"""Two sets of ten terms that share seven overlap by more than this (Jaccard)."""
_TOP: Final = 10
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics: `names` (their top terms), the topic of each comment (−1: none), how well they were found again.

    `texts`: the different texts with known terms; no names where these are too few, or no number of topics is found
    again in subsamples (`agreement` below the least).
    """

    texts: int
    names: tuple[str, ...]
    of: NDArray[np.intp]
    agreement: float


def find_topics(words: Words, seed: int) -> Topics:
    """Find topics by factorising which text has which term (NMF, tf-idf), equal texts once.

    As many, of three to ten, as are found again in other comments: the ten top terms of matched topics overlap by
    :data:`LEAST_AGREEMENT` on average. Lee & Seung (1999), Nature 401; Greene, O'Callaghan & Cunningham (2014), How
    Many Topics?, ECML PKDD.
    """
    nowhere = np.full(len(words.place), -1)
    words = words.only(_most_frequent(words.matrix))
    useful = np.flatnonzero(np.asarray(words.matrix.sum(axis=1)).ravel() >= 2)
    if len(useful) < FEWEST or len(words.terms) < 3 * _TOP:
        return Topics(len(useful), (), nowhere, np.nan)
    weighted = _weighted(words.matrix)
    rng = np.random.default_rng(seed)
    learnt = weighted[np.sort(rng.permutation(useful)[: 3 * MOST])]
    number, agreement = _number_found_again(learnt, rng, seed)
    if not number:
        return Topics(len(useful), (), nowhere, agreement)
    model = _factorised(learnt, number, seed)
    strength = model.transform(weighted).round(9)
    topic = np.where(strength.max(axis=1) > 0, strength.argmax(axis=1), -1)
    names = tuple(" · ".join(words.terms[row[:_NAMED]]) for row in _top(model.components_))
    return Topics(len(useful), names, topic[words.place], agreement)


def _most_frequent(matrix: Any) -> NDArray[np.bool_]:
    """Choose the terms that most texts have."""
    texts = np.asarray(matrix.sum(axis=0)).ravel()
    keep = np.zeros(len(texts), dtype=bool)
    keep[np.argsort(-texts, kind="stable")[:MOST_TERMS]] = True
    return keep


def _weighted(matrix: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfTransformer

    return TfidfTransformer().fit_transform(matrix)


def _factorised(weighted: Any, number: int, seed: int) -> Any:
    import warnings

    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        # the order of the top terms settles long before the last digit does
        warnings.simplefilter("ignore", ConvergenceWarning)
        return NMF(number, init="nndsvda", random_state=seed, max_iter=100, tol=1e-3).fit(weighted)


def _top(components: Matrix) -> NDArray[np.intp]:
    return np.argsort(-components.round(9), axis=1, kind="stable")[:, :_TOP]


def _number_found_again(weighted: Any, rng: np.random.Generator, seed: int) -> tuple[int, float]:
    """Give the greatest number of topics that both halves of the texts agree on, and how well; 0 where none is."""
    texts = weighted.shape[0]
    half = min(MOST, texts // 2)
    drawn = [rng.permutation(texts)[: 2 * half] for _split in range(SPLITS)]
    halves = [[weighted[np.sort(part)] for part in (order[:half], order[half:])] for order in drawn]
    agreement = np.nan
    for number in reversed(NUMBERS):
        tops = [[_top(_factorised(part, number, seed).components_) for part in pair] for pair in halves]
        agreement = float(np.mean([_agreement(first, second) for first, second in tops]))
        if agreement >= LEAST_AGREEMENT:
            return number, agreement
    return 0, agreement


def _agreement(first: NDArray[np.intp], second: NDArray[np.intp]) -> float:
    """Match topics by their top terms and give the mean overlap (Jaccard) of the pairs."""
    from scipy.optimize import linear_sum_assignment

    sets = [[set(row) for row in side.tolist()] for side in (first, second)]
    overlap = np.array([[len(a & b) / len(a | b) for b in sets[1]] for a in sets[0]])
    return float(overlap[linear_sum_assignment(-overlap)].mean())


def topic_rows(comments: Comments, topics: Topics, fewest: int) -> pd.DataFrame:
    """Count who wrote about each topic and who of them with a low score, the largest first.

    `topic, people, low, example`: a comment is an example only where as many as `fewest` people wrote that very text,
    for what one person wrote is hers alone.
    """
    rows = comments.rows.assign(topic=topics.of)
    shared = rows.groupby("text")["person"].transform("nunique") >= fewest
    found = []
    for number, name in enumerate(topics.names):
        inside = rows[rows["topic"] == number]
        common = inside.loc[shared[inside.index], "text"].value_counts()
        found.append({
            "topic": name, "people": inside["person"].nunique(),
            "low": inside.loc[inside["low"], "person"].nunique(), "example": _first(common),
        })  # fmt: skip
    columns = ["topic", "people", "low", "example"]
    return pd.DataFrame(found, columns=columns).sort_values(
        ["people", "topic"], ascending=[False, True], ignore_index=True
    )


def _first(common: pd.Series) -> str | None:
    if common.empty:
        return None
    return str(min(common.index[common == common.max()]))


def newer_topics(comments: Comments, topics: Topics, start: pd.Timestamp) -> pd.DataFrame:
    """Compare the share of customers who wrote about each topic from `start` on with the share before it."""
    now = comments.rows["at"] >= start
    rows = comments.rows.assign(topic=topics.of)
    people, before = (
        rows[side].groupby("topic")["person"].nunique().reindex(range(len(topics.names)), fill_value=0).to_numpy()
        for side in (now, ~now)
    )
    return compared(topics.names, people, before, comments, start)
