"""Every score of the last window in one table: as weighted, and as the answers alone would have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.reporting import Shown, estimate, gate, label, people
from crmlib.satisfaction.scores.scores import mean_score, net_promoter_score, top_box
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.stats import Estimate
    from crmlib.surveys import Scale
    from crmlib.workspace import Run

_FINEST: Final = 10.0
"""Length of the longest scale whose two best answers mean something: not 99 and 100 of a hundred."""
_COARSEST: Final = 4.0


def boxes(survey: Survey) -> Iterator[tuple[str, float, float]]:
    """Give the shares that are told of the overall score: the words for them, their least and their greatest answer."""
    scale = survey.scales[str(survey.overall)]
    if survey.top is not None:
        yield _("Very satisfied ({scores})").format(scores=between(survey.top, scale.high)), survey.top, scale.high
    if _COARSEST <= scale.high - scale.low <= _FINEST and survey.top != scale.high - 1:
        least = scale.high - 1
        yield _("Satisfied, CSAT ({scores})").format(scores=between(least, scale.high)), least, scale.high
    yield _("Dissatisfied ({scores})").format(scores=between(scale.low, worst(scale))), scale.low, worst(scale)


def worst(scale: Scale) -> float:
    """Give the last of the worst answers: the two worst, on a short scale the worst alone."""
    return scale.low + (_COARSEST <= scale.high - scale.low <= _FINEST)


def between(low: float, high: float) -> str:
    """Write the answers from one to another."""
    return f"{low:g}" if low == high else _("{low} to {high}").format(low=f"{low:g}", high=f"{high:g}")


def every_score(survey: Survey, answers: pd.DataFrame) -> pd.DataFrame:
    """Estimate every score that the survey has: ``score, kind, people``, ``weighted`` and ``plain`` with their ends."""
    plain = answers.assign(weight=1.0)
    rows = []
    for (words, kind, column, weighted), (*_same, alone) in zip(
        _scores(survey, answers), _scores(survey, plain), strict=True
    ):
        row = {"score": words, "kind": kind, "people": answers.loc[answers[column].notna(), "person"].nunique()}
        for name, x in (("weighted", weighted), ("plain", alone)):
            row |= {name: x.value, f"{name}_low": x.low, f"{name}_high": x.high}
        rows.append(row)
    return pd.DataFrame(rows)


def _scores(survey: Survey, answers: pd.DataFrame) -> Iterator[tuple[str, str, str, Estimate]]:
    """Give each score in words, its unit, its column and its estimate."""
    weight, person = answers["weight"], answers["person"]
    if survey.recommend is not None:
        nps = net_promoter_score(answers[survey.recommend], weight, people=person)
        yield _("Net promoter score"), "points", survey.recommend, nps
    if survey.overall is not None:
        score, scale = answers[survey.overall], survey.scales[survey.overall]
        for words, low, high in boxes(survey):
            inside = score.between(low, high).astype(float).where(score.notna(), np.nan)
            yield words, "share", survey.overall, top_box(inside, 1.0, weight, people=person)
        words = _("Mean ({scores})").format(scores=between(scale.low, scale.high))
        yield words, "number", survey.overall, mean_score(score, weight, people=person)


def show_every_score(found: Study, run: Run) -> Shown:
    """Show every score of the window, weighted and not."""
    days = run.params.satisfaction.window_days
    frame = every_score(found.window, found.window.answers(days))
    gated = gate(
        frame, run, label("score", _("Score")), label("kind"), people("people", _("Customers who answered")),
        estimate("weighted", _("Weighted"), of="people", kind_from="kind"),
        estimate("plain", _("Answers alone"), of="people", kind_from="kind"),
    )  # fmt: skip
    return gated.table(run.say(_("What weighting does to each score, last {days:count} days"), days=days))
