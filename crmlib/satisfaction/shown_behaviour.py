"""Whether the satisfied come back, on the page: what the data say, not the slogan."""

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, figure, note, show_all
from crmlib.satisfaction import figures, sentences
from crmlib.satisfaction.behaviour import (
    ReturnOfTheSatisfied,
    compare_return,
    customers_at,
    last_answers,
    purchases_around,
    share_returning,
)
from crmlib.satisfaction.gaps import Gap
from crmlib.satisfaction.overview import Overview
from crmlib.satisfaction.scores import PROMOTER
from crmlib.satisfaction.shown_overview import CHAPTER, needs_survey, show_gap, source
from crmlib.words import _, formats
from crmlib.workspace import Run

FEWEST_CUSTOMERS = 50
"""Customers with an answer and a horizon after it, below which nothing is told."""


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What customers did after they answered.

    Attributes
    ----------
    by_score
        `group, people, returned, share, low, high`: who bought again, by the score given.
    compared
        The top box against the rest.
    """

    by_score: pd.DataFrame
    compared: ReturnOfTheSatisfied


def afterwards(run: Run, now: Overview) -> Afterwards | Gap:
    """Follow each customer from the last answer whose horizon is over, or say what is missing for it."""
    knobs, survey = run.params.satisfaction, now.survey
    therefore = _("Whether the satisfied come back is not shown.")
    needed = _("{n} customers who answered at least {days} days ago").format(
        n=FEWEST_CUSTOMERS, days=knobs.horizon_days
    )
    if survey is None:
        return Gap(needed, _("no survey"), therefore)
    top = survey.top if survey.overall is not None else PROMOTER
    if top is None:
        return Gap(_("where the best score begins"), _("a scale in doubt"), therefore)
    score = survey.overall or str(survey.recommend)
    told = last_answers(survey, knobs.horizon_days).dropna(subset=[score])
    if len(told) < FEWEST_CUSTOMERS:
        return Gap(needed, _("fewer than that"), therefore)
    moments = told.rename(columns={"answered_at": "at"})[["customer_id", "at"]]
    around = purchases_around(run.table("transactions"), moments, run.as_of, knobs.horizon_days)
    scores = told.set_index("customer_id")[score]
    by_score = share_returning(_groups(scores, run), around["days_after"] > 0)
    return Afterwards(by_score, compare_return(scores >= top, around))


def after_returns(run: Run) -> Afterwards | Gap:
    """Follow last year's customers through one horizon: those who took something back, and the others."""
    days = run.params.satisfaction.horizon_days
    people = customers_at(run.table("transactions"), run.as_of - timedelta(days=days))
    returned = people.set_index("customer_id")["returned"]
    if min(int(returned.sum()), int((~returned).sum())) < FEWEST_CUSTOMERS:
        return Gap(
            _("{n} customers who took something back, and as many who did not").format(n=FEWEST_CUSTOMERS),
            _("fewer than that"),
            _("Whether customers come back after a return is not shown."),
        )
    around = purchases_around(run.table("transactions"), people, run.as_of, days)
    groups = returned.map({True: _("took something back"), False: _("took nothing back")})
    return Afterwards(share_returning(groups, around["days_after"] > 0), compare_return(returned, around))


def after_returns_shown(run: Run, found: Afterwards | Gap) -> Shown:
    """Show whether customers who took something back bought again, as observed and at equal history."""
    if isinstance(found, Gap):
        return show_gap(found)
    days = run.params.satisfaction.horizon_days
    shown = _disclosed(run, found)
    dots = [f"{row['group']}: {formats.share(row['share'], decimals=0)}" for row in shown.frame.to_dict("records")]
    picture = figure(
        figures.bought_again,
        shown,
        title=sentences.returners_title(found.compared, days),
        alt=_("Dots with intervals, share that bought again: {dots}.").format(dots="; ".join(dots)),
        read=_("The dot is the share of these customers who bought within {days} days.").format(days=days),
        limits=_(
            "Whoever buys often takes back often: the sentence below compares customers with equal purchases before."
        ),
        source=source(run, _("order lines of customers of the year before"), int(found.by_score["people"].sum())),
        size=(7.2, 1.7),
    )
    return show_all(picture, note(sentences.return_sentence(found.compared)))


def _disclosed(run: Run, found: Afterwards) -> Disclosed:
    return disclose(
        found.by_score.drop(columns="returned"),
        labels=["group"],
        counts=["people"],
        based_on="people",
        measures=["share", "low", "high"],
        rules=run.rules,
    )


def _groups(scores: pd.Series, run: Run) -> pd.Series:
    """Join scores that too few customers gave to the next one up, so that the dissatisfied are not all hidden."""
    counts = scores.value_counts().sort_index()
    names: dict[float, str] = {}
    waiting: list[float] = []
    people = 0
    for score, n in counts.items():
        waiting.append(float(str(score)))
        people += int(n)
        if not run.rules.hides(people):
            names |= dict.fromkeys(waiting, _span(waiting))
            waiting, people = [], 0
    return scores.map(names | dict.fromkeys(waiting, _span(waiting)) if waiting else names)


def _span(scores: list[float]) -> str:
    if not scores:
        return ""
    first, last = (f"{score:g}" for score in (scores[0], scores[-1]))
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def afterwards_shown(run: Run, now: Overview, found: Afterwards | Gap) -> Shown:
    """Show the share that bought again by score, the difference and what is left of it at equal history; record it."""
    if now.survey is None:
        return needs_survey(now)
    if isinstance(found, Gap):
        return show_gap(found)
    days = run.params.satisfaction.horizon_days
    definition = _("share of the very satisfied who bought within {days} days of answering, less that of the others")
    plain = found.compared.plain
    if plain.is_known:
        run.record(
            CHAPTER, "bought_again_top_box_less_rest", plain, unit="share", definition=definition.format(days=days)
        )
    shown = _disclosed(run, found)
    dots = [f"{row['group']}: {formats.share(row['share'], decimals=0)}" for row in shown.frame.to_dict("records")]
    picture = figure(
        figures.bought_again,
        shown,
        title=sentences.return_title(found.compared, days),
        alt=_("Dots with intervals, share that bought again by score: {dots}.").format(dots="; ".join(dots)),
        read=_(
            "Each row is a score given; the dot is the share of these customers who bought within {days} days."
        ).format(days=days),
        limits=_(
            "Each customer's last answer with {days} days after it. Satisfaction was not dealt out at random."
        ).format(days=days),
        source=source(run, _("survey answers and later purchases"), int(found.by_score["people"].sum())),
        size=(7.2, 1.0 + 0.36 * len(found.by_score)),
    )
    return show_all(picture, note(sentences.return_sentence(found.compared)))
