"""Where customers are satisfied and which of them: touchpoints, stores, segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import Gated, Shown, figure, gate, label, note, palette, people, show_all
from crmlib.reporting.figures import dots
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.evidence import percent, source
from crmlib.satisfaction.scores.groups import ABOVE, BELOW, by_group, score_columns, stand_apart
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

_SHADES: Final = {ABOVE: palette.BLUE, BELOW: palette.RED}


def scores_by_place(run: Run, survey: Survey) -> pd.DataFrame:
    """Estimate the year's scores by touchpoint and by store.

    `kind, name, people, answers`, the scores with their intervals, and `stands` (above, below or like the others).
    """
    answers = survey.answers(YEAR)
    if run.has("stores"):
        stores = run.table("stores").select("store_id", "name").to_pandas().set_index("store_id")["name"]
        answers = answers.assign(store_id=answers["store_id"].map(stores).astype("str").fillna(answers["store_id"]))
    return _by_kind(survey, answers, {"touchpoint": _("Touchpoint"), "store_id": _("Store")})


def scores_by_segment(run: Run, survey: Survey) -> pd.DataFrame:
    """Estimate the year's scores by the segment a customer is in today, from chapter 02's table."""
    segments = run.frame("segments")[["customer_id", "segment"]]
    answers = survey.answers(YEAR).merge(segments, on="customer_id", how="left")
    return _by_kind(survey, answers, {"segment": _("Segment")})


def _by_kind(survey: Survey, answers: pd.DataFrame, kinds: dict[str, str]) -> pd.DataFrame:
    parts = []
    for column, kind in kinds.items():
        if answers[column].notna().any():
            scores = by_group(survey, answers, column, survey.top)
            stands = scores[column].map(stand_apart(answers, column, survey.headline)).fillna("alike")
            parts.append(scores.assign(kind=kind, stands=stands).rename(columns={column: "name"}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def show_places(found: Study, run: Run) -> Shown:
    """Show the picture of the places and the tables of places and segments."""
    if found.now.survey is None:
        return found.missing.show_briefly()
    frames = [frame for frame in (found.places, found.segments) if len(frame)]
    if not frames:
        return show_all(_places_figure(found, run), note(_("There is no such group among the answers.")))
    return show_all(_places_figure(found, run), *(_table(_gated(frame, found, run), run) for frame in frames))


def _gated(places: pd.DataFrame, found: Study, run: Run) -> Gated:
    # a segment has the name that chapter 02 gives it
    kind = "name" if places is found.segments else "text"
    return gate(
        places, run, label("name", _("Group"), kind), label("kind"), label("stands"),
        people("people", _("Customers")), people("answers"), *score_columns(found.survey),
    )  # fmt: skip


def _table(gated: Gated, run: Run) -> Shown:
    kinds = [str(kind).lower() for kind in dict.fromkeys(gated.frame["kind"])]
    return gated.table(run.say(_("Scores by {kinds:list}, last {days:count} days"), kinds=kinds, days=YEAR))


def _places_figure(found: Study, run: Run) -> Shown:
    """Show the score of each place, and which stand apart from the others of their kind by more than chance."""
    survey = found.survey
    if survey.recommend is None and survey.top is None:
        return note(_("Not shown: where the best score begins is in doubt."))
    if found.places.empty:
        return note(_("Not shown: the answers do not say which touchpoint, store or segment they are about."))
    score = "nps" if survey.recommend is not None else "top_box"
    gated = _gated(found.places, found, run).rows(lambda frame: frame["people"].notna())
    if not len(gated):
        return note(_("Not shown: no touchpoint, store or segment has enough answers."))
    gated = gated.ordered(["kind", score], descending=True)
    return figure(
        _places if score == "nps" else _places_by_top_box,
        gated,
        title=_title(gated.frame, run),
        alt=run.say(_("Dots with intervals: {values}."), values=gated.listing(f"{{name}} {{{score}}}")),
        read=_(
            "Dot and line: the score and its 95 % interval. Red: below the others of its kind, blue above, grey alike."
        ),
        limits=_(
            "Below and above allow for many comparisons at once; customers were not assigned to places at random."
        ),
        source=source(run, _("survey answers"), int(survey.answers(YEAR)["person"].nunique()), YEAR),
        size=(7.2, 1.0 + 0.34 * len(gated)),
    )


def _title(frame: pd.DataFrame, run: Run) -> str:
    """Say which places stand below the others."""
    below = frame.loc[frame["stands"] == BELOW, "name"].astype(str).to_list()
    if not below:
        return _("No place stands clearly below the others")
    return run.say(_("Less satisfied than the others: {names:list}"), names=below)


def _places(axes: Axes, frame: pd.DataFrame) -> None:
    _dots(axes, frame, "nps", _("Net promoter score (points)"), "points")


def _places_by_top_box(axes: Axes, frame: pd.DataFrame) -> None:
    _dots(axes, percent(frame, "top_box"), "top_box", _("Very satisfied (%)"), None)


def _dots(axes: Axes, frame: pd.DataFrame, score: str, unit: str, written: str | None) -> None:
    """Draw the score of each place with its interval, in colour where it stands apart from the others."""
    shades = {name: _SHADES.get(stands, palette.CONTEXT) for name, stands in zip(frame.name, frame.stands, strict=True)}
    low, high = f"{score}_low", f"{score}_high"
    dots(axes, frame, label="name", value=score, low=low, high=high, unit=unit, colour=shades, written=written)
