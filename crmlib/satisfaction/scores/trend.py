"""Whether satisfaction moves: scores by month, and the slope with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.months import cut_off, last_months
from crmlib.reporting import Gated, Shown, figure, gate, label, note, palette, people, show_all
from crmlib.satisfaction.evidence import month_line, percent, source
from crmlib.satisfaction.scores.groups import by_group, score_columns
from crmlib.stats import Estimate
from crmlib.surveys import score_name
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

MONTHS: Final = 13
_DAYS_A_YEAR: Final = 365.25
_FEWEST: Final = 30


def by_month(survey: Survey, top: float | None, months: int = MONTHS) -> pd.DataFrame:
    """Estimate the scores of the last calendar months, as `by_group`, with `month` (its first day) and `partial`."""
    answers = survey.answers()
    answers = answers.assign(month=answers["answered_at"].dt.to_period("M").dt.to_timestamp())
    recent = answers[answers["month"] >= last_months(survey.as_of, months)]
    scores = by_group(survey, recent, "month", top)
    return scores.assign(partial=cut_off(scores["month"], survey.as_of))


def yearly_change(answers: pd.DataFrame, score: str) -> Estimate:
    """Estimate by how much a score rises in a year, in points of its scale, from a straight line through all answers.

    Weighted, with errors clustered by person; unknown with fewer than 30 answers or less than a week between them.
    """
    from statsmodels.regression.linear_model import WLS

    given = answers.dropna(subset=[score])
    n = len(given)
    if n < _FEWEST or given["answered_at"].max() - given["answered_at"].min() < pd.Timedelta(days=7):
        return Estimate.unknown(n)
    years = (given["answered_at"] - given["answered_at"].min()) / pd.Timedelta(days=_DAYS_A_YEAR)
    design = np.column_stack([np.ones(n), years.to_numpy(dtype=float)])
    model = WLS(given[score].to_numpy(dtype=float), design, weights=given["weight"].to_numpy(dtype=float))
    codes = pd.factorize(given["person"])[0]
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": codes})
    low, high = fitted.conf_int()[1]
    return Estimate(float(fitted.params[1]), float(low), float(high), n)


def show_trend(found: Study, run: Run) -> Shown:
    """Show how the score moved over the last thirteen months, and whether a line through all answers rises."""
    if found.now.missing is not None:
        return found.now.missing.show()
    survey = found.survey
    if survey.recommend is None and survey.top is None:
        return note(_("Not shown: where the best score begins is in doubt."))
    if found.months.empty:
        return note(run.say(_("Not shown: nobody answered in the last {n:count} months."), n=MONTHS))
    gated, name = months_shown(found, run), "top_box" if survey.recommend is None else "nps"
    alt = _("Line over {n:count} months with the band of its interval, from {first} to {last}.")
    limits = [_("Single months rest on few answers: look at the band, not at the dots.")]
    limits += [_("The last month is cut off.")] if found.months["partial"].any() else []
    picture = figure(
        _nps_by_month if name == "nps" else _top_box_by_month,
        gated,
        title=trend_title(found.slope),
        alt=run.say(alt, n=len(gated), first=gated.cell(0, name), last=gated.cell(-1, name)),
        read=_(
            "Each dot is the score of one month's answers; the band is where it would lie in 95 of 100 such samples."
        ),
        limits=" ".join(limits),
        source=source(run, _("survey answers"), int(survey.answers()["person"].nunique())),
    )
    return show_all(picture, note(slope_words(found.slope, survey.headline, run)))


def months_shown(found: Study, run: Run) -> Gated:
    """Let the scores by month through the gate."""
    return gate(
        found.months, run, label("month"), label("partial"), people("people"), people("answers"),
        *score_columns(found.survey),
    )  # fmt: skip


def _nps_by_month(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw the score by month; at the scale's zero promoters and detractors balance."""
    month_line(axes, frame, "nps", _("Net promoter score (points)"))
    axes.axhline(0, color=palette.CONTEXT, linewidth=1, zorder=1)


def _top_box_by_month(axes: Axes, frame: pd.DataFrame) -> None:
    month_line(axes, percent(frame, "top_box"), "top_box", _("Very satisfied (%)"))


def trend_title(slope: Estimate) -> str:
    """Say whether the score rises or falls over all that is known."""
    if not slope.excludes(0):
        return _("Satisfaction has not clearly moved")
    return _("Customers grow more satisfied") if slope.value > 0 else _("Customers grow less satisfied")


def slope_words(slope: Estimate, score: str, run: Run) -> str:
    """Say by how much the score rises in a year."""
    if not slope.is_known:
        return _("Too few answers for a line through them.")
    words = _(
        'A line through all answers moves by {x:number2:point} points of the score "{score}" in a year '
        "({x:number2:interval})."
    )
    return run.say(words, x=slope, score=score_name(score))
