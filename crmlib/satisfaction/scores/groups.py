"""The headline scores of some answers, and by touchpoint, store, segment or month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.reporting import estimate
from crmlib.satisfaction.scores.every_score import between
from crmlib.satisfaction.scores.scores import mean_score, net_promoter_score, top_box
from crmlib.stats import Estimate
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.reporting.columns import Column
    from crmlib.satisfaction.answers.survey import Survey


@dataclass(frozen=True, slots=True)
class PlaceScore:
    """The score that places are compared by: its name in frames, its unit and decimals, and what it is in words."""

    name: str
    unit: str
    decimals: int | None
    words: str


def place_score(survey: Survey) -> PlaceScore:
    """Say which score places are compared by: the net promoter score, else the mean of the whole scale."""
    if survey.recommend is not None:
        return PlaceScore("nps", "points", None, _("Net promoter score (points)"))
    scale = survey.scales[str(survey.overall)]
    return PlaceScore("mean", "number", 2, _("Mean score ({scores})").format(scores=between(scale.low, scale.high)))


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
