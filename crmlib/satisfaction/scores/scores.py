"""What answers say, with how sure it is: net promoter score, top box, mean score."""

from math import sqrt

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
    Statistician 70(4).
    """
    score, weight, effective = _given(scores, weights, people)
    lowest, highest = _RECOMMEND_SCALE
    if np.any((score < lowest) | (score > highest)):
        raise ValueError(f"a recommendation is scored 0 to 10, found {score.min():g} to {score.max():g}")
    if not len(score):
        return Estimate.unknown(confidence=confidence)
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
    score, weight, effective = _given(scores, weights, people)
    if not len(score):
        return Estimate.unknown(confidence=confidence)
    hits = float(weight[score >= top].sum() / weight.sum()) * len(score)
    # the weighted count may pass n by the last digit of a float
    return intervals.proportion(min(hits, len(score)), len(score), effective_n=effective, confidence=confidence)


def mean_score(
    scores: ArrayLike, weights: ArrayLike | None = None, *, people: ArrayLike | None = None, confidence: float = 0.95
) -> Estimate:
    """Estimate the mean score, in the points of its scale; see `net_promoter_score`."""
    score, weight, _effective = _given(scores, weights, people)
    if people is None:
        return intervals.mean(score, weight, confidence=confidence)
    asked = pd.Series(np.asarray(people))[~np.isnan(np.asarray(scores, dtype=float))].to_numpy()
    sums = pd.DataFrame({"score": weight * score, "weight": weight}).groupby(asked).sum()
    person = intervals.ratio(sums["score"], sums["weight"], confidence=confidence)
    return Estimate(person.value, person.low, person.high, len(score), confidence)


def _given(
    scores: ArrayLike, weights: ArrayLike | None, people: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Give the scores there are, their weights, and how many independent answers they are worth."""
    score = np.asarray(scores, dtype=float)
    weight = checked_weights(weights, len(score))
    seen = ~np.isnan(score)
    per_person = weight[seen]
    if people is not None and seen.any():
        # answers of one person resemble one another: count them as one, which errs on the wide side
        per_person = pd.Series(per_person).groupby(np.asarray(people)[seen]).sum().to_numpy()
    return score[seen], weight[seen], effective_sample_size(per_person) if seen.any() else 0.0
