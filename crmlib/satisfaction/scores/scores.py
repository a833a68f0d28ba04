"""What answers say, with how sure it is: net promoter score, top box, mean score."""

from math import nan, sqrt

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats as distributions

from crmlib.stats import Estimate, intervals
from crmlib.stats.intervals import checked_weights, effective_sample_size

PROMOTER = 9
"""Who would recommend with 9 or 10 is a promoter."""
DETRACTOR = 6
"""Who would recommend with 6 or less is a detractor."""
_RECOMMEND_SCALE = (0, 10)
_NONE = 1e-12
_PSEUDO_ANSWERS = 3  # Rocks (2016): three answers, spread 3/4, 3/2, 3/4 over promoters, passives, detractors


def net_promoter_score(
    scores: ArrayLike, weights: ArrayLike | None = None, *, people: ArrayLike | None = None, confidence: float = 0.95
) -> Estimate:
    """Say how many more would recommend the shop than advise against it, in points from −100 to 100.

    Parameters
    ----------
    scores
        Answers to "would you recommend us?", 0 to 10, another is refused; missing ones are left out.
    weights
        One weight an answer.
    people
        Who gave each answer, where one person may give several: the interval then rests on people.

    Notes
    -----
    The adjusted Wald interval of Rocks (2016), Interval estimation for the net promoter score, The American
    Statistician 70(4), on the effective number of answers.
    """
    score, weight, who = _given(scores, weights, people)
    lowest, highest = _RECOMMEND_SCALE
    if np.any((score < lowest) | (score > highest)):
        raise ValueError(f"a recommendation is scored 0 to 10, found {score.min():g} to {score.max():g}")
    if not len(score):
        return Estimate.unknown(confidence=confidence)
    effective = effective_answers(standings(score), weight, who, confidence=confidence)
    promoters = float(weight[score >= PROMOTER].sum() / weight.sum())
    detractors = float(weight[score <= DETRACTOR].sum() / weight.sum())
    size = effective + _PSEUDO_ANSWERS
    adjusted = (promoters - detractors) * effective / size
    decided = ((promoters + detractors) * effective + _PSEUDO_ANSWERS / 2) / size
    reach = float(distributions.norm.ppf((1 + confidence) / 2)) * sqrt((decided - adjusted**2) / size)
    value = promoters - detractors
    low, high = max(adjusted - reach, -1.0), min(adjusted + reach, 1.0)
    # with very few answers the adjusted centre may leave out a score at the end of the scale
    return Estimate(value, min(low, value), max(high, value), len(score), confidence).scaled(100)


def top_box(
    scores: ArrayLike,
    top: float,
    weights: ArrayLike | None = None,
    *,
    people: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate the share of the very satisfied: scores of `top` and above; see `net_promoter_score`.

    Wilson's interval, on the effective number of answers.
    """
    score, weight, who = _given(scores, weights, people)
    if not len(score):
        return Estimate.unknown(confidence=confidence)
    effective = effective_answers(score >= top, weight, who, confidence=confidence)
    hits = float(weight[score >= top].sum() / weight.sum()) * len(score)
    # the weighted count may pass n by the last digit of a float
    return intervals.proportion(min(hits, len(score)), len(score), effective_n=effective, confidence=confidence)


def mean_score(
    scores: ArrayLike, weights: ArrayLike | None = None, *, people: ArrayLike | None = None, confidence: float = 0.95
) -> Estimate:
    """Estimate the mean score, in the points of its scale; see `net_promoter_score`."""
    score, weight, who = _given(scores, weights, people)
    if people is None:
        return intervals.mean(score, weight, confidence=confidence)
    person = intervals.ratio(np.bincount(who, weight * score), np.bincount(who, weight), confidence=confidence)
    return Estimate(person.value, person.low, person.high, len(score), confidence)


def standings(scores: ArrayLike) -> NDArray[np.float64]:
    """Give 1 for a promoter, -1 for a detractor, 0 for who is neither: the mean is the net promoter score."""
    score = np.asarray(scores, dtype=float)
    known = (score >= PROMOTER).astype(float) - (score <= DETRACTOR)
    return np.where(np.isnan(score), nan, known)


def effective_answers(
    values: ArrayLike, weights: ArrayLike, people: NDArray[np.intp], *, confidence: float = 0.95
) -> float:
    """Say how many equally weighted answers of as many people would tell the mean of some values as precisely.

    The values' variance over the linearised variance of their weighted mean, clustered by person (who is numbered from
    nought), at most the answers there are. Where weights differ, few people with much weight leave little to learn that
    variance from: Student's limits for as many people as the weights are worth. Korn & Graubard (1998), Survey
    Methodology 24(2).
    """
    value, weight = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    total, of_person = weight.sum(), np.bincount(people, weight)
    apart = value - (weight * value).sum() / total
    error = (np.bincount(people, weight * apart) ** 2).sum() / total**2
    alike = effective_sample_size(of_person)
    worth = min(float((weight * apart**2).sum() / total / error), float(len(value))) if error > _NONE else alike
    if alike > len(of_person) * (1 - _NONE):
        return worth
    normal = float(distributions.norm.ppf((1 + confidence) / 2))
    return worth * (normal / float(distributions.t.ppf((1 + confidence) / 2, max(alike - 1, 1)))) ** 2


def _given(
    scores: ArrayLike, weights: ArrayLike | None, people: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Give the scores there are, their weights, and who gave each, numbered; each answer its own where nobody is."""
    score = np.asarray(scores, dtype=float)
    weight = checked_weights(weights, len(score))
    seen = ~np.isnan(score)
    who = np.arange(seen.sum()) if people is None else pd.factorize(np.asarray(people)[seen], use_na_sentinel=False)[0]
    return score[seen], weight[seen], who
