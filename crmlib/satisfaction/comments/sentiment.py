"""Praise or blame, learnt from the retailer's own scores; how often that is right is told, or it is not used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from crmlib.satisfaction.comments.vocabulary import BLAME, NEGATIONS, PRAISE
from crmlib.satisfaction.comments.words import segmenter, terms
from crmlib.stats import Estimate, intervals

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

FEWEST: Final = 100
"""Different texts below which nothing is learnt."""
FOLDS: Final = 5
MOST_FOLDED: Final = 2_000
"""Different texts above which one fifth is held out instead of each fifth in turn."""
_LONGEST_STRETCH: Final = 3
_COST: Final = 0.5
_TURNING: Final = tuple(sorted(NEGATIONS, key=len, reverse=True))


class Classifier:
    """Tell low scores from high ones by stretches of one to three characters, in whatever language.

    A linear support vector machine on tf-idf, each stretch weighted with the root of its log count ratio between the
    two sides. Wang & Manning (2012), Baselines and Bigrams, ACL 2012, with support vectors throughout.
    """

    def __init__(self, texts: Sequence[str], low: Flags, seed: int) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC

        self._stretches = TfidfVectorizer(
            analyzer="char", ngram_range=(1, _LONGEST_STRETCH), min_df=2, binary=True, norm=None, dtype=np.float32
        )
        found = self._stretches.fit_transform(texts)
        self._weights = _count_ratio(found, low)
        self._machine = LinearSVC(C=_COST, random_state=seed, max_iter=5_000).fit(self._weighted(found), low)

    def _weighted(self, found: Any) -> Any:
        from sklearn.preprocessing import normalize

        return normalize(found.multiply(self._weights).tocsr())

    def leaning(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Say how far each text leans to the low side (above 0) or the high one; 1 is the edge of the margin."""
        if not len(texts):
            return np.zeros(0)
        weighted = self._weighted(self._stretches.transform(texts))
        return np.asarray(self._machine.decision_function(weighted), dtype=float)

    def low(self, texts: Sequence[str]) -> Flags:
        """Say of each text whether it reads like a low score."""
        return self.leaning(texts) > 0


def _count_ratio(found: Any, low: Flags) -> NDArray[np.float32]:
    """Give the root of how differently the two sides use each stretch (absolute log count ratio)."""
    sides = [1.0 + np.asarray((found[side] > 0).sum(axis=0), dtype=float).ravel() for side in (low, ~low)]
    ratio = np.log(sides[0] / sides[0].sum()) - np.log(sides[1] / sides[1].sum())
    return np.sqrt(np.abs(ratio)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Sentiment:
    """What was learnt: a `classifier`, or none; `accuracy` on texts held out, and that of always saying the commoner.

    `texts` is the number of different texts with a score; the accuracy's `n` counts texts, not people.
    """

    texts: int
    accuracy: Estimate
    commoner: float = np.nan
    classifier: Classifier | None = None

    @property
    def is_useful(self) -> bool:
        """Whether it is right more often than always saying the commoner, by more than chance."""
        return self.classifier is not None and self.accuracy.low > self.commoner


def learn_sentiment(texts: pd.Series, low: pd.Series, seed: int) -> Sentiment:
    """Learn to tell low scores from high ones by the text, and try it on texts that were held out.

    Equal texts count once, with the score that most gave; so none is learnt from and tried on. A text with as many low
    scores as high ones is left out.
    """
    share = low.groupby(texts.to_numpy(), sort=True).mean()
    share = share[share != 0.5]
    different, sides = share.index.to_numpy(dtype=object), share.to_numpy() > 0.5
    rarer = min(int(sides.sum()), int((~sides).sum()))
    if len(share) < FEWEST or rarer < FOLDS:
        return Sentiment(len(share), Estimate.unknown())
    part = _parts(sides, seed)
    tried = [(part == held, Classifier(different[part != held], sides[part != held], seed)) for held in _held(part)]
    right = sum(int((model.low(different[held]) == sides[held]).sum()) for held, model in tried)
    asked = np.any([held for held, _model in tried], axis=0)
    commoner = float(max(sides[asked].mean(), 1 - sides[asked].mean()))
    model = tried[0][1] if len(tried) == 1 else Classifier(different, sides, seed)
    return Sentiment(len(share), intervals.proportion(right, int(asked.sum())), commoner, model)


def _parts(sides: Flags, seed: int) -> NDArray[np.int64]:
    """Deal the texts of each side out into fifths."""
    rng = np.random.default_rng(seed)
    part = np.empty(len(sides), dtype="int64")
    for side in (sides, ~sides):
        part[side] = rng.permutation(int(side.sum())) % FOLDS
    return part


def _held(part: NDArray[np.int64]) -> range:
    return range(1 if len(part) > MOST_FOLDED else FOLDS)


def by_lexicon(texts: Sequence[str]) -> NDArray[np.float64]:
    """Say of each text, by words of praise and blame, whether it is low (1) or high (0); missing where neither wins."""
    cut = segmenter((*BLAME, *PRAISE))
    marks = np.array([sum(map(_mark, terms(text, cut))) for text in texts], dtype=float)
    return np.where(marks == 0, np.nan, (marks < 0).astype(float))


def _mark(term: str) -> int:
    """Give +1 for a word of praise, −1 for one of blame, turned round where a negation stands before it."""
    mark = (term in PRAISE) - (term in BLAME)
    if mark:
        return mark
    rest = next((term.removeprefix(word).strip() for word in _TURNING if term.startswith(word)), "")
    return (rest in BLAME) - (rest in PRAISE)
