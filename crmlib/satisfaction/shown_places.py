"""Where customers are satisfied and which of them: touchpoints, stores, segments."""

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, note, show_all, table
from crmlib.satisfaction import figures
from crmlib.satisfaction.groups import BELOW, by_group, stand_apart
from crmlib.satisfaction.overview import Overview
from crmlib.satisfaction.population import YEAR
from crmlib.satisfaction.sentences import listed
from crmlib.satisfaction.shown_overview import needs_survey, source
from crmlib.satisfaction.survey import Survey
from crmlib.words import _, formats
from crmlib.workspace import Run

_SCORES = [f"{score}{end}" for score in ("nps", "top_box", "mean") for end in ("", "_low", "_high")]


def scores_by_place(run: Run, now: Overview) -> pd.DataFrame:
    """Estimate the year's scores by touchpoint and by store.

    Returns
    -------
    pandas.DataFrame
        `kind, name, people, answers`, the scores with their intervals, and `stands` (above, below or like the others);
        empty without a survey.
    """
    if now.survey is None:
        return _by_kind(now, pd.DataFrame(), {})
    answers = now.survey.answers(YEAR)
    if run.has("stores"):
        stores = run.table("stores").select("store_id", "name").to_pandas().set_index("store_id")["name"]
        answers = answers.assign(store_id=answers["store_id"].map(stores).astype("str").fillna(answers["store_id"]))
    return _by_kind(now, answers, {"touchpoint": _("Touchpoint"), "store_id": _("Store")})


def scores_by_segment(run: Run, now: Overview) -> pd.DataFrame:
    """Estimate the year's scores by the segment a customer is in today, from chapter 02's table.

    Raises
    ------
    crmlib.workspace.MissingTableError
        If there is a survey and chapter 02 has not run.
    """
    if now.survey is None:
        return _by_kind(now, pd.DataFrame(), {})
    segments = run.frame("segments")[["customer_id", "segment"]]
    answers = now.survey.answers(YEAR).merge(segments, on="customer_id", how="left")
    return _by_kind(now, answers, {"segment": _("Segment")})


def _by_kind(now: Overview, answers: pd.DataFrame, kinds: dict[str, str]) -> pd.DataFrame:
    parts = [pd.DataFrame(columns=["kind", "name", "people", "answers", *_SCORES, "stands"])]
    for column, kind in kinds.items():
        if now.survey is None or not answers[column].notna().any():
            continue
        scores = by_group(now.survey, answers, column, now.survey.top)
        stands = stand_apart(answers, column, now.survey.recommend or str(now.survey.overall))
        scores = scores.assign(kind=kind, stands=scores[column].map(stands).fillna("alike"))
        parts.append(scores.rename(columns={column: "name"})[parts[0].columns])
    found = [part for part in parts if len(part)]
    return pd.concat(found, ignore_index=True) if found else parts[0]


def _disclosed(run: Run, places: pd.DataFrame) -> Disclosed:
    return disclose(
        places,
        labels=["kind", "name", "stands"],
        counts=["people", "answers"],
        based_on="people",
        measures=_SCORES,
        rules=run.rules,
    )


def places_shown(run: Run, now: Overview, places: pd.DataFrame, segments: pd.DataFrame) -> Shown:
    """Show the picture of the places and the tables of places and segments."""
    if now.survey is None:
        return needs_survey(now)
    return show_all(places_figure(run, now, places), places_tables(run, now, places, segments))


def places_figure(run: Run, now: Overview, places: pd.DataFrame) -> Shown:
    """Show the score of each place, and which stand apart from the others of their kind by more than chance."""
    if now.survey is None:
        return needs_survey(now)
    if now.survey.recommend is None and now.survey.top is None:
        return note(_("Not shown: where the best score begins is in doubt."))
    if places.empty:
        return note(_("Not shown: the answers do not say which touchpoint, store or segment they are about."))
    score, unit = ("nps", "points") if now.survey.recommend is not None else ("top_box", "share")
    enough = places[~places["people"].map(run.rules.hides)].sort_values(["kind", score], ascending=[False, False])
    if enough.empty:
        return note(_("Not shown: no touchpoint, store or segment has enough answers."))
    shown = _disclosed(run, enough)
    values = [f"{row['name']} {formats.shown_as(row[score], unit)}" for row in shown.frame.to_dict("records")]
    return figure(
        figures.places if score == "nps" else figures.places_by_top_box,
        shown,
        title=_title(shown.frame),
        alt=_("Dots with intervals: {values}.").format(values="; ".join(values)),
        read=_(
            "Dot and line: the score and its 95 % interval. Red: below the others of its kind, blue above, grey alike."
        ),
        limits=_(
            "Below and above allow for many comparisons at once; customers were not assigned to places at random."
        ),
        source=source(run, _("survey answers"), int(now.survey.answers(YEAR)["person"].nunique()), YEAR),
        size=(7.2, 1.0 + 0.34 * len(enough)),
    )


def _title(frame: pd.DataFrame) -> str:
    """Say which places stand below the others."""
    below = [str(name) for name in frame.loc[frame["stands"] == BELOW, "name"]]
    if not below:
        return _("No place stands clearly below the others")
    return _("Less satisfied than the others: {names}").format(names=listed(below))


def places_tables(run: Run, now: Overview, *places: pd.DataFrame) -> Shown:
    """Show all scores of each place or segment, with their intervals, one table a frame."""
    filled = [each for each in places if len(each)]
    if now.survey is None or not filled:
        return needs_survey(now) if now.survey is None else note(_("There is no such group among the answers."))
    return show_all(*[_table(run, now.survey, each) for each in filled])


def _table(run: Run, survey: Survey, places: pd.DataFrame) -> Shown:
    kinds = listed([kind.lower() for kind in dict.fromkeys(places["kind"])])
    caption = _("Scores by {kinds}, last {days} days").format(kinds=kinds, days=YEAR)
    columns = {"name": Shows(_("Group")), "people": Shows(_("Customers"), "people")}
    if survey.recommend is not None:
        columns["nps"] = Shows(_("Net promoter score"), "points", "nps_low", "nps_high")
    if survey.overall is not None and survey.top is not None:
        columns["top_box"] = Shows(_("Very satisfied"), "share", "top_box_low", "top_box_high", decimals=0)
    if survey.overall is not None:
        columns["mean"] = Shows(_("Mean score"), "number", "mean_low", "mean_high", decimals=1)
    return table(_disclosed(run, places), caption, columns)
