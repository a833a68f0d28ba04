"""What the unhappy write about and the happy do not: telling words and Chinese phrases."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from crmlib.reporting import Shown, gate, label, note, show_all
from crmlib.reporting import people as people_column
from crmlib.satisfaction.scores.scores import DETRACTOR
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

COLUMNS: Final = ("term", "people", "people_low", "people_high", "z")
_ENGLISH: Final = re.compile(r"[a-z][a-z']{2,}")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]{2,}")
_EMPTY: Final = frozenset({
    "我们", "你们", "他们", "这个", "那个", "一个", "没有", "不是", "就是", "什么", "可以", "非常", "还是", "但是",
    "因为", "所以",
})  # fmt: skip
MOST_TERMS: Final = 8
_SURE: Final = 1.96
_PRIOR: Final = 10.0
_SHORTEST: Final = 2
_LONGEST: Final = 10
_NEARLY: Final = 0.9


def telling_terms(comments: pd.Series, people: pd.Series, unhappy: pd.Series, *, fewest: int = 10) -> pd.DataFrame:
    """Find the terms that tell comments with low scores from those with high ones; a person counts once for a term.

    English words without the commonest, and Chinese phrases that keep coming back: `term, people, people_low,
    people_high` and `z`, positive where the unhappy use it more; beyond ±1.96, hardly chance. Terms of fewer people
    than `fewest` are left out, and so are names that only a few would write. Monroe, Colaresi & Quinn (2008), Fightin'
    Words, Political Analysis 16, equations 15, 16 and 22.
    """
    low, high, spoken = _counted(comments, people, unhappy)
    frequent = _whole(pd.Series({term: n for term, n in spoken.items() if n >= fewest}, dtype="int64")).sort_index()
    if frequent.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    sides = [np.array([side[term] for term in frequent.index]) for side in (low, high)]
    columns = (frequent.index, frequent.to_numpy(), *sides, _log_odds(sides[0].astype(float), sides[1].astype(float)))
    found = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    return found.sort_values(["z", "term"], ascending=[False, True], ignore_index=True)


def _counted(
    comments: pd.Series, people: pd.Series, unhappy: pd.Series
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count the people who wrote each term with a low score, with a high one, and in all."""
    written: dict[Any, tuple[set[str], set[str]]] = {}
    for text, person, is_low in zip(comments, people, unhappy, strict=True):
        if pd.notna(text):
            written.setdefault(person, (set(), set()))[0 if is_low else 1].update(_terms(str(text)))
    low, high, spoken = Counter[str](), Counter[str](), Counter[str]()
    for with_low, with_high in written.values():
        low.update(with_low)
        high.update(with_high)
        spoken.update(with_low | with_high)
    return low, high, spoken


def _terms(text: str) -> set[str]:
    """Give the different terms of a comment: English words, and every stretch of two to ten Chinese characters."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    words: set[str] = {word.strip("'") for word in _ENGLISH.findall(text.lower())} - ENGLISH_STOP_WORDS
    runs = _CHINESE.findall(text)
    sizes = range(_SHORTEST, _LONGEST + 1)
    return words | {run[i : i + size] for run in runs for size in sizes for i in range(len(run) - size + 1)}


def _whole(spoken: pd.Series) -> pd.Series:
    """Drop stretches that nearly always stand inside a longer one, a phrase, and the commonest empty ones."""
    chinese = {term: n for term, n in spoken.items() if _CHINESE.fullmatch(str(term))}
    inner = {
        part
        for term, n in chinese.items()
        for part in (str(term)[1:], str(term)[:-1])
        if n >= _NEARLY * chinese.get(part, np.inf)
    }
    return spoken[~spoken.index.isin(inner | _EMPTY)]


def _log_odds(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Compare how often two groups use each term, pulled towards no difference where little was written."""
    prior = _PRIOR * (low + high) / (low + high).sum() * len(low)
    total = prior.sum()
    # half a person more on either side keeps the odds finite where everybody uses a term
    odds = [np.log((side + prior + 0.5) / (side.sum() + total - side - prior + 0.5)) for side in (low, high)]
    return np.asarray((odds[0] - odds[1]) / np.sqrt(1 / (low + prior) + 1 / (high + prior)))


def terms_of(survey: Survey, fewest: int) -> pd.DataFrame:
    """Find the terms that tell the survey's comments with low scores from those with high ones."""
    answers = survey.answers()
    written = answers[answers["comment"].notna() & answers[survey.headline].notna()]
    limit = DETRACTOR if survey.recommend is not None else survey.scales[survey.headline].middle
    low = written[survey.headline] <= limit
    return telling_terms(written["comment"], written["person"], low, fewest=fewest)


def show_comments(found: Study, run: Run) -> Shown:
    """Show the terms that tell low scores from high ones; only those that enough customers wrote."""
    if found.now.survey is None:
        return found.missing.show_briefly()
    terms = found.terms
    sides = [
        (terms[terms["z"] > _SURE], "people_low", _("What customers with a low score write")),
        (terms[terms["z"] < -_SURE][::-1], "people_high", _("What customers with a high score write")),
    ]
    shown = []
    for side, people, caption in sides:
        columns = (label("term", _("Term")), people_column(people, _("Customers")))
        gated = gate(side[["term", people]], run, *columns)
        gated = gated.rows(gated.frame[people].notna().to_numpy().nonzero()[0][:MOST_TERMS])
        shown += [gated.table(caption)] if len(gated) else []
    return show_all(*shown) if shown else note(_("No term tells low scores from high ones by more than chance."))
