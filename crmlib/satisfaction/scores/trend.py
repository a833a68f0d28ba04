"""How satisfied customers are and whether that moves: one picture of what the score is made of and of its months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.reporting import Shown, figure, note, palette, show_all
from crmlib.satisfaction.answers.population import SHOWN_DAYS
from crmlib.satisfaction.evidence import month_line, source
from crmlib.satisfaction.scores.months import MONTHS, months_shown
from crmlib.satisfaction.scores.movement import movement_title, movement_words
from crmlib.satisfaction.scores.shares import part_names, shares_shown, stacked
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run


def show_trend(found: Study, run: Run) -> Shown:
    """Show promoters, passives and detractors, the score by month within its limits, and whether it moved."""
    if found.now.missing is not None:
        return found.now.missing.show()
    survey = found.survey
    if survey.recommend is None and survey.top is None:
        return note(_("Not shown: where the best score begins is in doubt."))
    if found.months.empty:
        return note(run.say(_("Not shown: nobody answered in the last {n:count} months."), n=MONTHS))
    months, shares = months_shown(found, run), shares_shown(found, run)
    name, names = ("top_box" if survey.recommend is None else "nps"), part_names(survey)
    alt = _("Bars of {parts:list}: {values}. Line over {n:count} months within its limits, from {first} to {last}.")
    ends = {"first": months.cell(0, name), "last": months.cell(-1, name)}
    limits = [_("Single months rest on few answers: only one outside the grey limits is news.")]
    limits += [_("The last month is cut off.")] if found.months["partial"].any() else []
    bars = shares.listing("{window} {low}, {middle}, {high}")
    picture = figure(
        lambda axes, frames: _draw(axes, frames, name, names),
        {"shares": shares, "months": months},
        title=movement_title(found.movement, run),
        alt=run.say(alt, parts=list(names.values()), values=bars, n=len(months), **ends),
        read=_("Dot: a month's score; blue band: where it lies in 95 of 100 such samples; grey: where the months of an "
               "unchanged score lie; red: a month outside."),
        limits=" ".join(limits),
        source=source(run, _("survey answers"), int(survey.answers(SHOWN_DAYS)["person"].nunique()), SHOWN_DAYS),
        size=(7.2, 4.4),
        panels=(2, 1),
    )  # fmt: skip
    return show_all(picture, note(movement_words(found.movement, run)))


def _draw(axes: NDArray[Axes], frames: dict[str, pd.DataFrame], name: str, names: dict[str, str]) -> None:  # type: ignore[type-var]
    """Draw the bars above the months."""
    axes[0].get_gridspec().set_height_ratios([1, 3])
    stacked(axes[0], frames["shares"], names)
    unit = _("Net promoter score (points)") if name == "nps" else _("Very satisfied (%)")
    frame = frames["months"]
    if name == "top_box":
        frame = frame.assign(**{column: 100 * frame[column] for column in ("top_box", "top_box_low", "top_box_high")})
    axes[1].plot(frame["month"], frame["centre"], color=palette.CONTEXT, linewidth=1, zorder=1)
    for limit in ("lower", "upper"):
        axes[1].plot(frame["month"], frame[limit], color=palette.CONTEXT, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    month_line(axes[1], frame, name, unit)
    outside = frame[(frame[name] < frame["lower"]) | (frame[name] > frame["upper"])]
    axes[1].scatter(outside["month"], outside[name], s=60, color=palette.RED, zorder=5)
