"""The terms that tell detractors from promoters, and those that are new since the window before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.stats.comparisons import benjamini_hochberg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from crmlib.satisfaction.comments.texts import Comments
    from crmlib.satisfaction.comments.words import Words

    Numbers = NDArray[np.float64]
    Counts = NDArray[np.int64]

CHANCE: Final = 0.05
_PRIOR: Final = 1.0
"""People that the average term is given on either side."""
_REACH: Final = 1.96
_COLUMNS: Final = ["term", "people", "times", "times_low", "times_high", "sure"]


def telling_terms(comments: Comments, words: Words, base: int = 1) -> pd.DataFrame:
    """Find the terms that tell comments with low scores from those with high ones; a person counts once for a term.

    `term, people` (with either score), `times` (the odds of the term with a low score over those with a high one, drawn
    to 1 where little was written) with its 95 % interval, made of numbers of people rounded to `base`: Monroe, Colaresi
    & Quinn (2008), Fightin' Words, Political Analysis 16, equations 15, 16 and 22. `sure`: 1 where the low scores write
    it more by more than chance, −1 where the high ones do, else 0 (the interval leaves out 1, and so does Fisher's
    exact test under false-discovery control). The most telling of low scores first.
    """
    person, sides = comments.rows["person"], [comments.rows[side].to_numpy() for side in ("low", "high")]
    people = [words.people(person, side) for side in sides]
    writers = [int(person[side].nunique()) for side in sides]
    if not len(words.terms) or not all(writers):
        return pd.DataFrame(columns=_COLUMNS)
    gap, error = _log_odds(*(np.floor(side / base + 0.5) * base for side in people))
    found = pd.DataFrame({"term": words.terms, "people": words.people(person, sides[0] | sides[1])})
    found = found.assign(
        times=np.exp(gap), times_low=np.exp(gap - _REACH * error), times_high=np.exp(gap + _REACH * error)
    )
    q = benjamini_hochberg(exact_chances(people[0], writers[0], people[1], writers[1]))
    sure = np.where((q < CHANCE) & (np.abs(gap) > _REACH * error), np.sign(gap), 0).astype("int64")
    found = found.assign(sure=sure, z=gap / error).sort_values(
        ["z", "term"], ascending=[False, True], ignore_index=True
    )
    return found.drop(columns="z")


def _log_odds(low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    """Compare how often two groups use each term, pulled towards no difference; the log odds ratio and its error."""
    # half a person more where rounding has left nobody of a term, and where everybody uses it
    prior = _PRIOR * (low + high + 0.5) / (low + high + 0.5).mean()
    total = prior.sum()
    odds = [np.log((side + prior + 0.5) / (side.sum() + total - side - prior + 0.5)) for side in (low, high)]
    return odds[0] - odds[1], np.sqrt(1 / (low + prior) + 1 / (high + prior))


def newer_terms(comments: Comments, words: Words, start: pd.Timestamp) -> pd.DataFrame:
    """Compare the share of customers who wrote each term from `start` on with the share before it; see `compared`."""
    person, now = comments.rows["person"], (comments.rows["at"] >= start).to_numpy()
    return compared(words.terms, words.people(person, now), words.people(person, ~now), comments, start)


def compared(
    names: Sequence[str] | NDArray[np.object_], people: Counts, people_before: Counts,
    comments: Comments, start: pd.Timestamp,
) -> pd.DataFrame:  # fmt: skip
    """Compare shares of those who wrote from `start` on with shares of those who wrote before.

    `name, people, writers` (from `start` on), `people_before, writers_before` and `q`, Fisher's exact chance under
    false-discovery control; the surest first.
    """
    now = comments.rows["at"] >= start
    writers, before = (int(comments.rows["person"][side].nunique()) for side in (now, ~now))
    found = pd.DataFrame({"name": names, "people": people, "writers": writers})
    found = found.assign(people_before=people_before, writers_before=before)
    chance = (
        exact_chances(people, writers, people_before, before) if writers and before else np.full(len(found), np.nan)
    )
    return found.assign(q=benjamini_hochberg(chance)).sort_values(["q", "name"], ignore_index=True)


def exact_chances(some: ArrayLike, of: ArrayLike, others: ArrayLike, of_others: ArrayLike) -> Numbers:
    """Say how likely chance alone makes two shares so different: twice the smaller tail of Fisher's exact test."""
    a, n, b, m = (np.asarray(numbers) for numbers in (some, of, others, of_others))
    drawn = distributions.hypergeom(n + m, a + b, n)
    return np.asarray(np.minimum(2 * np.minimum(drawn.cdf(a), drawn.sf(a - 1)), 1.0), dtype=float)
