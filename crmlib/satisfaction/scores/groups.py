"""Scores by touchpoint, store, segment or month, and which of them stand apart by more than chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.reporting import estimate
from crmlib.satisfaction.scores.scores import mean_score, net_promoter_score, top_box
from crmlib.stats import Estimate
from crmlib.stats.comparisons import benjamini_hochberg
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.reporting.columns import Column
    from crmlib.satisfaction.answers.survey import Survey

ABOVE: Final = "above"
BELOW: Final = "below"
ALIKE: Final = "alike"
_CHANCE: Final = 0.05
_ENOUGH: Final = 2


def headline(survey: Survey, answers: pd.DataFrame, top: float | None) -> dict[str, Estimate]:
    """Estimate the headline scores of some answers: `nps, top_box, mean`, unknown where the survey lacks them."""
    unknown = Estimate.unknown()
    weight, person = answers["weight"], answers["person"]
    found = {"nps": unknown, "top_box": unknown, "mean": unknown}
    if survey.recommend is not None:
        found["nps"] = net_promoter_score(answers[survey.recommend], weight, people=person)
    if survey.overall is not None:
        if top is not None:
            found["top_box"] = top_box(answers[survey.overall], top, weight, people=person)
        found["mean"] = mean_score(answers[survey.overall], weight, people=person)
    return found


def by_group(survey: Survey, answers: pd.DataFrame, group: str, top: float | None) -> pd.DataFrame:
    """Estimate the headline scores of each group that a column of the answers names, in its order.

    The group, `people, answers`, and for `nps, top_box, mean` the value, `<score>_low` and `<score>_high`.
    """
    rows = []
    for name, part in answers.groupby(group, dropna=True, sort=True):
        row: dict[str, object] = {group: name, "people": part["person"].nunique(), "answers": len(part)}
        for score, x in headline(survey, part, top).items():
            row |= {score: x.value, f"{score}_low": x.low, f"{score}_high": x.high}
        rows.append(row)
    scores = [f"{score}{end}" for score in ("nps", "top_box", "mean") for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=[group, "people", "answers", *scores])


def score_columns(survey: Survey) -> tuple[Column, ...]:
    """Declare the scores of a frame from `by_group`; a table shows those that the survey has."""
    nps, mean = survey.recommend is not None, survey.overall is not None
    best = mean and survey.top is not None
    return (
        estimate("nps", _("Net promoter score") if nps else "", "points", of="people"),
        estimate("top_box", _("Very satisfied") if best else "", of="people", decimals=0),
        estimate("mean", _("Mean score") if mean else "", "number", of="people", decimals=1),
    )


def stand_apart(answers: pd.DataFrame, group: str, score: str) -> pd.Series:
    """Say which groups score `above` or `below` all the others together, or `alike`; many are compared at once.

    Welch's test of each group against the rest, Benjamini-Hochberg at 5 %; one answer a person, the last.
    """
    given = answers.dropna(subset=[group, score]).drop_duplicates("person", keep="last")
    names = sorted(given[group].unique())
    tests = [_against_the_rest(given.loc[given[group] == n, score], given.loc[given[group] != n, score]) for n in names]
    chance = benjamini_hochberg([p for _gap, p in tests])
    found = [
        ALIKE if not p < _CHANCE else (ABOVE if gap > 0 else BELOW) for (gap, _p), p in zip(tests, chance, strict=True)
    ]
    return pd.Series(found, index=pd.Index(names, name=group), name="stands", dtype="object")


def _against_the_rest(part: pd.Series, rest: pd.Series) -> tuple[float, float]:
    """Give the difference of means and how likely chance alone makes one so large."""
    if min(len(part), len(rest)) < _ENOUGH or part.std() + rest.std() == 0:
        return 0.0, np.nan
    # from the moments: given the scores, SciPy warns where a whole group answers alike
    moments = (value for scores in (part, rest) for value in (scores.mean(), scores.std(), len(scores)))
    found = distributions.ttest_ind_from_stats(*moments, equal_var=False)
    return float(part.mean() - rest.mean()), float(found.pvalue)
