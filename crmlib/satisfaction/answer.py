"""The first screen of chapter 04: the answer, the headline numbers and what is doubtful about the survey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.reporting import Shown, answer, note, show_all, show_headlines
from crmlib.satisfaction.drivers.priorities import priority_title
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.measures import CHAPTER, HEADLINES
from crmlib.satisfaction.scores.months import months_shown
from crmlib.satisfaction.scores.movement import movement_title
from crmlib.satisfaction.worth.afterwards import REST, TOP
from crmlib.satisfaction.worth.words import answers_title, top_name
from crmlib.surveys import where_to_answer
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.satisfaction.overview import Overview
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

MOST_DOUBTS: Final = 2
"""Doubts told in the answer; all of them stand below it."""


def show_answer(found: Study, run: Run) -> Shown:
    """Answer the chapter's question: how satisfied, does it move, what to fix first, does it matter, who waits."""
    return answer(*answer_words(found, run))


def answer_words(found: Study, run: Run) -> list[str]:
    """Say what is known: of the survey, of complaints, and of returns where nobody was asked."""
    now, days = found.now, run.params.satisfaction.window_days
    if now.survey is None:
        return [_not_known(now), *_complaint_words(found, run), *_returns_words(now, run, days)]
    return [*_score_words(found, run, days), *_doubts(now), *_finding_words(found, run), *_complaint_words(found, run)]


def _not_known(now: Overview) -> str:
    """Say why there is no score, and whether at least what customers take back is known."""
    if now.missing is None or not now.missing.delivered:
        returns = _("What they take back is.") if now.returns.is_known else _("Nor is what they take back.")
        return _("What customers think is not known: no survey was delivered. {returns}").format(returns=returns)
    returns = _("What they take back is known.") if now.returns.is_known else _("Nor is what they take back.")
    return _("What customers think could not be told from the survey. {returns}").format(returns=returns)


def _score_words(found: Study, run: Run, days: int) -> list[str]:
    """Say the scores, and whether they move over the year."""
    now = found.now
    scores = [(now.nps, _("the net promoter score is {x:points}")), (now.top_box, _("{x:share} are very satisfied"))]
    known = [run.say(words, x=x) for x, words in scores if x.is_known]
    if not known:
        return [run.say(_("In the last {days:count} days no score was given."), days=days)]
    if run.too_few(now.people):
        return [run.say(_("In the last {days:count} days too few answered for a score."), days=days)]
    said = run.say(_("In the last {days:count} days {scores:list}."), days=days, scores=known)
    return [f"{said} {movement_title(found.movement, run)}."]


def _finding_words(found: Study, run: Run) -> list[str]:
    """Say what to fix first, and whether satisfaction matters in what customers do."""
    drivers, bought = found.drivers, found.afterwards
    told = [] if isinstance(drivers, Gap) else [priority_title(drivers.table, run)]
    if not isinstance(bought, Gap):
        told.append(answers_title(bought.top.oftener(TOP, REST).adjusted, run, top_name(bought, run)))
    return [f"{sentence}." for sentence in told]


def _complaint_words(found: Study, run: Run) -> list[str]:
    """Say how long complaints wait, and which of them stay open."""
    now, still = found.now, found.standstill
    if not now.settled.is_known or run.too_few(now.settled.n):
        return []
    said = run.say(_("Half of the complaints of the last year were settled within {x:days:point}."), x=now.settled)
    words = _("What is not settled in {day:count} days stays open.")
    return [said if still is None else f"{said} {run.say(words, day=still.day)}"]


def _returns_words(now: Overview, run: Run, days: int) -> list[str]:
    back = _("Of the money taken in the last {days:count} days, {x:share} went back for returned goods.")
    took = _("{x:share} of the customers who bought in these days took something back.")
    parts = ((now.returns, back), (now.returners, took))
    return [run.say(words, x=x, days=days) for x, words in parts if x.is_known and not run.too_few(x.n)]


def _doubts(now: Overview) -> list[str]:
    doubts = () if now.survey is None else now.survey.doubts
    return [doubt.seen for doubt in doubts if doubt.withheld and doubt.answers][:MOST_DOUBTS]


def show_numbers(found: Study, run: Run) -> Shown:
    """Record the headline numbers, with the last period's computed anew, and show them with what is doubtful."""
    now, before = found.now, found.before
    days = run.params.satisfaction.window_days
    words = {"days": f"{days}", "top": "" if now.survey is None else f"{now.survey.top or 0:g}"}
    past = _history(found, run)
    headlines = [
        measure.headline(
            getattr(now, name), previous=getattr(before, name), history=past.get(name), told=words,
            people=now.people if name in {"nps", "top_box"} else None,
            previous_people=before.people if name in {"nps", "top_box"} else None,
        )
        for name, measure in HEADLINES.items()
        if getattr(now, name).is_known and (name != "returners" or now.survey is None)
    ]  # fmt: skip
    strip = show_headlines(headlines, run, CHAPTER) or note(_("There is no headline figure to show."))
    doubts = reservations(now)
    run.caution(CHAPTER, doubts)
    asked = () if now.survey is None else now.survey.doubts
    remedy = [where_to_answer()] if any(doubt.answers for doubt in asked) else []
    return show_all(strip, note(*doubts, *remedy)) if doubts else strip


def _history(found: Study, run: Run) -> dict[str, list[float]]:
    """Give the last thirteen months of what has them."""
    past = {"returns": found.returns["rate"].tolist()}
    if found.now.survey is None:
        return past
    months = months_shown(found, run).frame
    return past | {name: months[name].tolist() for name in ("nps", "top_box") if months[name].notna().any()}


def reservations(now: Overview) -> list[str]:
    """Say what is doubtful about the survey's scales, and what was left out."""
    if now.survey is None:
        return [now.missing.found] if now.missing is not None and now.missing.delivered else []
    return [doubt.seen for doubt in now.survey.doubts]
