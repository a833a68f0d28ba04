"""Which groups score apart from the others of their kind by more than chance, and in which order they rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.satisfaction.scores.scores import effective_answers, standings
from crmlib.stats import Estimate
from crmlib.stats.comparisons import benjamini_hochberg
from crmlib.stats.intervals import effective_sample_size
from crmlib.stats.shrinkage import habit_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from crmlib.satisfaction.answers.survey import Survey

ABOVE: Final = "above"
BELOW: Final = "below"
ALIKE: Final = "alike"
FALSE_DISCOVERIES: Final = 0.05
FEWEST: Final = 10
"""People on either side below which two groups are not compared."""
_COMPARED: Final = ("difference", "difference_low", "difference_high", "p")


def told(survey: Survey, answers: pd.DataFrame) -> pd.DataFrame:
    """Give what answers say of the score told by month: ``value, weight, person``, the value in points.

    100, 0 or -100, whose mean is the net promoter score, else 100 or 0, whose mean is the per cent of the very
    satisfied.
    """
    if survey.recommend is not None:
        value = pd.Series(100 * standings(answers[survey.recommend]), answers.index)
    else:
        score = answers[str(survey.overall)]
        value = (score >= (np.inf if survey.top is None else survey.top)).mul(100.0).where(score.notna())
    return answers[["weight", "person"]].assign(value=value)


def told_by_place(survey: Survey, answers: pd.DataFrame) -> pd.DataFrame:
    """Give the same of the score that places are compared by: without a recommendation the mean of the whole scale.

    It tells places apart with fewer answers than the share of the very satisfied does.
    """
    if survey.recommend is not None:
        return told(survey, answers)
    return answers[["weight", "person"]].assign(value=answers[str(survey.overall)])


def weighted_difference(given: pd.DataFrame, inside: ArrayLike) -> tuple[Estimate, float]:
    """Estimate how much larger the weighted mean is inside a group of answers than outside, and how likely by chance.

    Welch's test for a survey: of ``value, weight, person``, with linearised variances by person, of whom some may have
    answered on both sides, and Satterthwaite's degrees of freedom from what the people of each side are worth. Unknown
    with fewer than ten people on a side, or where all answer alike.
    """
    who, names = pd.factorize(given["person"], use_na_sentinel=False)
    within, n = np.asarray(inside, dtype=bool), len(names)
    value, weight = (given[name].to_numpy(dtype=float) for name in ("value", "weight"))
    one, rest = (_side(value[part], weight[part], who[part], n) for part in (within, ~within))
    if min(one.people, rest.people) < FEWEST:
        return Estimate.unknown(n), np.nan
    variance = float(((one.influence - rest.influence) ** 2).sum())
    if not variance > 0:
        return Estimate.unknown(n), np.nan
    parts = sum(float((side.influence**2).sum()) ** 2 / max(side.worth - 1, 1) for side in (one, rest))
    student = distributions.t(max(variance**2 / parts, 1.0))
    gap, error = one.mean - rest.mean, variance**0.5
    reach = float(student.ppf(0.975)) * error
    return Estimate(gap, gap - reach, gap + reach, n), 2 * float(student.sf(abs(gap) / error))


@dataclass(frozen=True, slots=True)
class _Side:
    """The weighted mean of some answers, what each person adds to it, how many these are and what they are worth."""

    mean: float
    influence: NDArray[np.float64]
    people: int
    worth: float


def _side(value: NDArray[np.float64], weight: NDArray[np.float64], who: NDArray[np.intp], n: int) -> _Side:
    total, of_person = float(weight.sum()), np.bincount(who, weight, minlength=n)
    people = int(np.count_nonzero(of_person))
    mean = float((weight * value).sum()) / total if people else np.nan
    influence = np.bincount(who, weight * (value - mean), minlength=n) / (total or 1.0)
    return _Side(mean, influence, people, effective_sample_size(of_person) if people else 0.0)


def compare_groups(given: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Compare each group of answers with all others of its kind: ``difference`` with its ends, ``p`` and ``ranked``.

    Indexed by the groups' names. `ranked` is the group's score drawn towards that of all groups by as much as it rests
    on few answers (empirical Bayes): what to rank by, so that the smallest groups do not fill both ends.
    """
    known = given[groups.notna() & given["value"].notna()]
    # numbers for people once, not their names again for each group
    known = known.assign(person=pd.factorize(known["person"], use_na_sentinel=False)[0])
    names, levels = groups.loc[known.index], np.sort(known["value"].unique())
    rows, counts = {}, {}
    for name, part in known.groupby(names, sort=True):
        gap, p = weighted_difference(known, names == name)
        rows[name] = {"difference": gap.value, "difference_low": gap.low, "difference_high": gap.high, "p": p}
        counts[name] = _counts(part, levels)
    found = pd.DataFrame.from_dict(rows, orient="index", columns=list(_COMPARED))
    if not rows:
        return found.assign(ranked=np.nan)
    answers, overall = np.array(list(counts.values())), np.average(known["value"], weights=known["weight"])
    prior = habit_of(answers).prior
    return found.assign(ranked=(answers @ levels + prior * overall) / (answers.sum(axis=1) + prior))


def _counts(part: pd.DataFrame, levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Count a group's answers of each value, as many in all as they are worth."""
    who = pd.factorize(part["person"], use_na_sentinel=False)[0]
    shares = part["weight"].groupby(part["value"]).sum().reindex(levels, fill_value=0.0) / part["weight"].sum()
    return effective_answers(part["value"], part["weight"], who) * shares.to_numpy(dtype=float)


def stands(difference: pd.Series, q: pd.Series) -> list[str]:
    """Say which groups stand above or below the others of their kind, or alike, many compared at once."""
    found = np.where(difference > 0, ABOVE, BELOW)
    return np.where(q < FALSE_DISCOVERIES, found, ALIKE).tolist()


def adjusted(p: pd.Series) -> pd.Series:
    """Adjust the chances of all comparisons together (Benjamini & Hochberg)."""
    return pd.Series(benjamini_hochberg(p), index=p.index)
