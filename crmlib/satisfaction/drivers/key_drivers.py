"""What satisfaction hangs on: importance, rank, and how well each driver does today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.reporting import Gated, Shown, estimate, figure, gate, label, note, record_headlines, show_all
from crmlib.reporting.figures import bars
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.drivers.importance import MOST_DRIVERS, Method, complete_answers, relative_importance
from crmlib.satisfaction.evidence import Gap, percent, source
from crmlib.satisfaction.measures import CHAPTER, EXPLAINED
from crmlib.satisfaction.scores.scores import mean_score
from crmlib.surveys import score_name
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

FEWEST_ANSWERS: Final = 100
"""Complete answers below which importances are not told: their intervals would span most of the scale."""


def key_drivers(run: Run, survey: Survey | None) -> pd.DataFrame | Gap:
    """Estimate what the year's satisfaction hangs on, or say what is missing for it.

    As `relative_importance`, with `people` (of complete answers) and each driver's `mean, mean_low, mean_high` today.
    """
    therefore = _("What satisfaction hangs on is not shown.")
    needed = run.say(_("at least two scored drivers and {n:count} complete answers in a year"), n=FEWEST_ANSWERS)
    if survey is None or len(survey.drivers) < 2:
        return Gap(needed, _("fewer than two driver scores"), therefore)
    answers = survey.answers(YEAR)
    y = answers[survey.outcome]
    X = answers[varying(answers[list(survey.drivers)], y)]
    if len(X.columns) < 2 or not varying(X.assign(overall=y)[["overall"]], y):
        return Gap(needed, _("answers that are all alike"), therefore)
    if complete_answers(X, y) < FEWEST_ANSWERS:
        return Gap(needed, _("fewer complete answers than that"), therefore)
    method: Method = "lmg" if len(X.columns) <= MOST_DRIVERS else "relative_weights"
    rng = np.random.default_rng(run.params.satisfaction.seed)
    found = relative_importance(X, y, answers["weight"], method, rng=rng)
    people = int(answers.loc[X.notna().all(axis=1) & y.notna(), "person"].nunique())
    means = [mean_score(answers[name], answers["weight"], people=answers["person"]) for name in found["driver"]]
    return found.assign(
        people=people, mean=[m.value for m in means], mean_low=[m.low for m in means], mean_high=[m.high for m in means]
    )


def varying(X: pd.DataFrame, y: pd.Series) -> list[str]:
    """Name the drivers that are not answered alike on all complete answers: on the others nothing can hang."""
    names = [str(name) for name in X.columns]
    while names:
        complete = X.loc[X[names].notna().all(axis=1) & y.notna(), names]
        differing = [name for name in names if complete[name].max() > complete[name].min()]
        if differing == names or complete.empty:
            return names
        names = differing
    return names


def show_drivers(found: Study, run: Run) -> Shown:
    """Show how much each driver accounts for, how sure its rank is, and how it scores today; record the first."""
    if found.now.survey is None:
        return found.missing.show_briefly()
    drivers = found.drivers
    if isinstance(drivers, Gap):
        return drivers.show()
    people, explained = int(drivers["people"].iloc[0]), float(drivers["importance"].sum())
    record_headlines([EXPLAINED.headline(explained, people=people)], run, CHAPTER)
    gated = _gated(drivers, run)
    read = _("The longer the bar, the more of the differences in satisfaction go with the driver; all make {x:share}.")
    picture = figure(
        _bars,
        gated,
        title=driver_title(drivers, run),
        alt=run.say(_("Bars with intervals: {bars}."), bars=gated.listing("{driver} {importance}")),
        read=run.say(read, x=explained),
        limits=_("What goes together need not cause: an experiment would tell what a better score of a driver brings."),
        source=source(run, _("survey answers with all scores"), people, YEAR),
        size=(7.2, 0.9 + 0.4 * len(drivers)),
    )
    table = gated.table(_("What satisfaction hangs on, and how each driver scores today"))
    alike = [score_name(name) for name in found.survey.drivers if name not in set(drivers["driver"])]
    words = _("Left out, since all these answers are alike: {names:list}.")
    return show_all(picture, table, *([note(run.say(words, names=alike))] if alike else []))


def _gated(drivers: pd.DataFrame, run: Run) -> Gated:
    first, last = drivers["rank_low"].astype(str), drivers["rank_high"].astype(str)
    spans = [_("{first} to {last}").format(first=low, last=high) for low, high in zip(first, last, strict=True)]
    named = drivers.assign(driver=drivers["driver"].map(score_name), rank=first.where(first == last, spans))
    return gate(
        named.drop(columns=["rank_low", "rank_high"]), run,
        label("driver", _("Driver")),
        estimate("importance", _("Accounts for"), of="people", low="low", high="high"),
        estimate("rank", _("Rank"), "text", of="people"),
        estimate("mean", _("Mean score today"), "number", of="people", decimals=2),
    )  # fmt: skip


def driver_title(drivers: pd.DataFrame, run: Run) -> str:
    """Say which driver matters most, and whether its lead is sure."""
    first = drivers.loc[drivers["rank_low"] == 1, "driver"].map(score_name).to_list()
    if len(first) == 1:
        return run.say(_("{driver} matters most for satisfaction"), driver=first[0])
    names = [*first[:1], *(name.lower() for name in first[1:])]
    words = _("{drivers:list} matter most for satisfaction; which of them comes first is not settled")
    return run.say(words, drivers=names)


def _bars(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw the part of the differences in satisfaction that each driver accounts for."""
    unit = _("Part of the differences in satisfaction accounted for (%)")
    frame = percent(frame, "importance", "low", "high")
    bars(axes, frame, label="driver", value="importance", low="low", high="high", unit=unit, written="number1")
