"""The scores of each month, and the limits within which the months of an unchanged score lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.months import cut_off, last_months
from crmlib.reporting import Gated, estimate, gate, label, people
from crmlib.satisfaction.scores.comparison import told
from crmlib.satisfaction.scores.groups import by_group, score_columns
from crmlib.satisfaction.scores.movement import Movement, yearly_change
from crmlib.satisfaction.scores.scores import effective_answers

if TYPE_CHECKING:
    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

MONTHS: Final = 13
_SIGMAS: Final = 3  # Shewhart's: thirteen months of an unchanged score stay within with 97 %


def by_month(survey: Survey, top: float | None, months: int = MONTHS) -> pd.DataFrame:
    """Estimate the scores of the last calendar months, as `by_group`, with ``month`` (its first day) and ``partial``.

    ``lower, centre, upper`` are the limits of a control chart in points: those of a proportion, for weighted answers.
    """
    recent = _recent(survey, months)
    scores = by_group(survey, recent, "month", top)
    return scores.assign(partial=cut_off(scores["month"], survey.as_of)).join(_limits(survey, recent), on="month")


def movement(survey: Survey, months: pd.DataFrame) -> Movement:
    """Judge whether the score moved in the months shown."""
    recent = _recent(survey, MONTHS)
    score = months["nps"] if survey.recommend is not None else 100 * months["top_box"]
    outside = months.loc[(score < months["lower"]) | (score > months["upper"]), "month"]
    return Movement(yearly_change(told(survey, recent).join(recent["answered_at"])), tuple(outside))


def months_shown(found: Study, run: Run) -> Gated:
    """Let the scores by month through the gate."""
    limits = [estimate(name, kind="points", of="people") for name in ("lower", "centre", "upper")]
    return gate(
        found.months, run, label("month"), label("partial"), people("people"), people("answers", of="people"),
        *score_columns(found.survey), *limits,
    )  # fmt: skip


def _recent(survey: Survey, months: int) -> pd.DataFrame:
    answers = survey.answers()
    answers = answers.assign(month=answers["answered_at"].dt.to_period("M").dt.to_timestamp())
    return answers[answers["month"] >= last_months(survey.as_of, months)]


def _limits(survey: Survey, recent: pd.DataFrame) -> pd.DataFrame:
    """Give each month its limits: three standard errors of a month that has as many answers and the score of all."""
    given = told(survey, recent).join(recent["month"]).dropna(subset=["value"])
    limits = pd.DataFrame(index=pd.Index([], name="month"), columns=["lower", "centre", "upper"], dtype=float)
    if given.empty:
        return limits
    centre = float(np.average(given["value"], weights=given["weight"]))
    spread = float(np.average((given["value"] - centre) ** 2, weights=given["weight"])) ** 0.5
    least = -100.0 if survey.recommend is not None else 0.0
    for month, part in given.groupby("month"):
        who = pd.factorize(part["person"], use_na_sentinel=False)[0]
        reach = _SIGMAS * spread / effective_answers(part["value"], part["weight"], who) ** 0.5
        limits.loc[month] = [max(centre - reach, least), centre, min(centre + reach, 100.0)]
    return limits
