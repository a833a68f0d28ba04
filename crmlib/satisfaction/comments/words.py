"""The words of comments: Chinese cut by a dictionary, English as written, a negation kept with what it turns round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from crmlib.satisfaction.comments.vocabulary import BLAME, EMPTY, NEGATIONS, PRAISE, RETAIL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    Cut = Callable[[str], list[str]]

PASSAGE: Final = re.compile(r"[,，。.!！?？;；:：、…~\n]+|\b(?:but|however|though|although)\b|但是|不过|可是|就是|但")
"""Where one passage of a comment ends and the next begins."""

_FREQUENT: Final = 100_000
_CHINESE: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NOT: Final = re.compile(r"\b(?:[a-z]+n['’]t|cannot|cant|dont|didnt|doesnt|isnt|wasnt|wont)\b")
_SHORTEST: Final = 2


def segmenter(own: Sequence[str] = ()) -> Cut:
    """Give a function that cuts a text into words, in which words of retailing and the retailer's own stay whole."""
    import rjieba

    chinese = rjieba.Jieba()
    for word in sorted(word.lower() for word in {*RETAIL, *own}):
        if _CHINESE.search(word):
            chinese.add_word(word, _FREQUENT, "n")

    def cut(text: str) -> list[str]:
        return [word for piece in _LETTERS.findall(_NOT.sub(" not ", text)) for word in _pieces(chinese, piece)]

    return cut


def _pieces(chinese: Any, piece: str) -> list[str]:
    return chinese.cut(piece) if _CHINESE.search(piece) else [piece.strip("'’-")]


def terms(text: str, cut: Cut) -> list[str]:
    """Give the words of a text that have a matter, each with the negation before it.

    >>> terms("the fish was not very fresh, 东西不新鲜", segmenter())
    ['fish', 'not fresh', '不新鲜']
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    found = []
    for passage in PASSAGE.split(text):
        negation = ""
        for word in cut(passage):
            if word in NEGATIONS:
                negation = word
            elif word not in EMPTY and word not in ENGLISH_STOP_WORDS and (negation or _has_matter(word)):
                found.append(_joined(negation, word))
                negation = ""
    return found


def _has_matter(word: str) -> bool:
    """Say whether a word says something by itself: of single characters those do that praise or blame."""
    return len(word) >= _SHORTEST or word in BLAME or word in PRAISE


def _joined(negation: str, word: str) -> str:
    """Join a negation and the word that it turns round as each language writes it."""
    if not negation:
        return word
    return negation + word if _CHINESE.match(word) else f"{negation} {word}"


@dataclass(frozen=True, slots=True)
class Words:
    """Which different text has which term: `matrix` (texts × terms, 1 or 0), and of each comment its text's row."""

    matrix: Any
    terms: NDArray[np.object_]
    place: NDArray[np.intp]

    def people(self, person: pd.Series, where: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Count the different people who wrote each term in the comments chosen; a person counts once for a term."""
        from scipy.sparse import csr_matrix

        codes, everybody = pd.factorize(person[where])
        wrote = csr_matrix(
            (np.ones(len(codes)), (codes, self.place[where])), shape=(len(everybody), self.matrix.shape[0])
        )
        return np.asarray(((wrote @ self.matrix) > 0).sum(axis=0)).ravel().astype("int64")

    def only(self, keep: NDArray[np.bool_]) -> Words:
        """Give the same with some of the terms."""
        return Words(self.matrix[:, keep], self.terms[keep], self.place)


def words_of(texts: pd.Series, person: pd.Series, fewest: int, own: Iterable[str] = ()) -> Words:
    """Count the terms of each different text; those of fewer people than `fewest` are left out, names among them."""
    from scipy.sparse import csr_matrix

    place, different = pd.factorize(texts)
    cut = segmenter(tuple(own))
    said = [sorted(set(terms(str(text), cut))) for text in different]
    columns, names = pd.factorize(np.array([term for row in said for term in row], dtype=object), sort=True)
    rows = np.repeat(np.arange(len(said)), [len(row) for row in said])
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(said), len(names)))
    words = Words(matrix, np.asarray(names, dtype=object), place)
    return words.only(words.people(person, np.ones(len(texts), dtype=bool)) >= fewest)
