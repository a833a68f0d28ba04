"""What satisfaction hangs on, on the page: importance, rank, and how well each driver does today."""

from typing import Final

import numpy as np
import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, note, show_all, table
from crmlib.satisfaction import figures, sentences
from crmlib.satisfaction.drivers import MOST_DRIVERS, Method, complete_answers, relative_importance
from crmlib.satisfaction.gaps import Gap
from crmlib.satisfaction.overview import Overview
from crmlib.satisfaction.population import YEAR
from crmlib.satisfaction.scores import mean_score
from crmlib.satisfaction.shown_overview import CHAPTER, needs_survey, show_gap, source
from crmlib.surveys import score_name
from crmlib.words import _, formats
from crmlib.workspace import Run

FEWEST_ANSWERS: Final = 100
"""Complete answers below which importances are not told: their intervals would span most of the scale."""


def key_drivers(run: Run, now: Overview) -> pd.DataFrame | Gap:
    """Estimate what the year's satisfaction hangs on, or say what is missing for it.

    Returns
    -------
    pandas.DataFrame or Gap
        As `relative_importance`, with `people` (who gave complete answers) and today's `mean, mean_low, mean_high` of
        each driver.
    """
    survey = now.survey
    therefore = _("What satisfaction hangs on is not shown.")
    needed = _("at least two scored drivers and {n} complete answers in a year").format(n=FEWEST_ANSWERS)
    if survey is None or len(survey.drivers) < 2:
        return Gap(needed, _("fewer than two driver scores"), therefore)
    answers = survey.answers(YEAR)
    y = answers[survey.overall or str(survey.recommend)]
    X = answers[varying(answers[list(survey.drivers)], y)]
    if len(X.columns) < 2 or not varying(X.assign(overall=y)[["overall"]], y):
        return Gap(needed, _("answers that are all alike"), therefore)
    if complete_answers(X, y) < FEWEST_ANSWERS:
        return Gap(needed, _("fewer complete answers than that"), therefore)
    method: Method = "lmg" if len(X.columns) <= MOST_DRIVERS else "relative_weights"
    rng = np.random.default_rng(run.params.satisfaction.seed)
    found = relative_importance(X, y, answers["weight"], method, rng=rng)
    people = int(answers.loc[X.notna().all(axis=1) & y.notna(), "person"].nunique())
    means = {name: mean_score(answers[name], answers["weight"], people=answers["person"]) for name in X}
    today = [means[name] for name in found["driver"]]
    return found.assign(
        people=people, mean=[m.value for m in today], mean_low=[m.low for m in today], mean_high=[m.high for m in today]
    )


def varying(X: pd.DataFrame, y: pd.Series) -> list[str]:
    """Name the drivers that are not answered alike on all complete answers: on the others nothing can hang.

    Examples
    --------
    >>> varying(pd.DataFrame({"staff": [1, 2, 3], "range": [3, 3, 3]}), pd.Series([4, 5, 4]))
    ['staff']
    """
    names = [str(name) for name in X.columns]
    while names:
        complete = X.loc[X[names].notna().all(axis=1) & y.notna(), names]
        kept = [name for name in names if complete[name].max() > complete[name].min()]
        if kept == names or complete.empty:
            return names
        names = kept
    return names


def drivers_shown(run: Run, now: Overview, drivers: pd.DataFrame | Gap) -> Shown:
    """Show how much each driver accounts for, how sure its rank is, and how it scores today; record the first."""
    if now.survey is None:
        return needs_survey(now)
    if isinstance(drivers, Gap):
        return show_gap(drivers)
    people, explained = int(drivers["people"].iloc[0]), float(drivers["importance"].sum())
    run.record(
        CHAPTER,
        "satisfaction_explained_by_drivers",
        explained,
        unit="share",
        definition=_("part of the differences in satisfaction that the scored drivers account for together"),
        people=people,
    )
    shown = _disclosed(run, drivers)
    bars = [f"{row['driver']} {formats.share(row['importance'])}" for row in shown.frame.to_dict("records")]
    picture = figure(
        figures.drivers,
        shown,
        title=sentences.driver_title(drivers),
        alt=_("Bars with intervals: {bars}.").format(bars="; ".join(bars)),
        read=_(
            "The longer the bar, the more of the differences in satisfaction go with the driver; all make {share}."
        ).format(share=formats.share(explained)),
        limits=_("What goes together need not cause: an experiment would tell what a better score of a driver brings."),
        source=source(run, _("survey answers with all scores"), people, YEAR),
        size=(7.2, 0.9 + 0.4 * len(drivers)),
    )
    left_out = [name for name in now.survey.drivers if name not in set(drivers["driver"])]
    return show_all(picture, _table(shown), *([_left_out(left_out)] if left_out else []))


def _left_out(names: list[str]) -> Shown:
    words = _("Left out, since all these answers are alike: {names}.")
    return note(words.format(names=sentences.listed([score_name(name) for name in names])))


def _disclosed(run: Run, drivers: pd.DataFrame) -> Disclosed:
    named = drivers.assign(
        driver=drivers["driver"].map(score_name),
        rank=[_rank(first, last) for first, last in zip(drivers["rank_low"], drivers["rank_high"], strict=True)],
    )
    return disclose(
        named.drop(columns=["rank_low", "rank_high"]),
        labels=["driver"],
        based_on="people",
        measures=["importance", "low", "high", "rank", "mean", "mean_low", "mean_high"],
        rules=run.rules,
    )


def _rank(first: int, last: int) -> str:
    return str(first) if first == last else _("{first} to {last}").format(first=first, last=last)


def _table(shown: Disclosed) -> Shown:
    columns = {
        "driver": Shows(_("Driver")),
        "importance": Shows(_("Accounts for"), "share", "low", "high"),
        "rank": Shows(_("Rank")),
        "mean": Shows(_("Mean score today"), "number", "mean_low", "mean_high", decimals=2),
    }
    return table(shown, _("What satisfaction hangs on, and how each driver scores today"), columns)
