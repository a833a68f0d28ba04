"""The first screen of chapter 04: the strip of headline figures, the trend, who answered."""

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from crmlib.privacy.disclosure import disclose
from crmlib.reporting import Indicator, Shown, Shows, figure, insufficient, note, show_all, strip, table
from crmlib.satisfaction import figures, sentences
from crmlib.satisfaction.gaps import Gap
from crmlib.satisfaction.overview import Overview
from crmlib.satisfaction.population import YEAR
from crmlib.satisfaction.response import response_by
from crmlib.satisfaction.trend import by_month, yearly_change
from crmlib.stats import Estimate
from crmlib.surveys import where_to_answer
from crmlib.words import _, formats
from crmlib.workspace import Run

CHAPTER = "04_satisfaction"


@dataclass(frozen=True, slots=True)
class _Headline:
    """One headline figure: which one of an overview, and what it is called."""

    attribute: str
    name: str
    label: str
    unit: str
    definition: str


def show_gap(gap: Gap) -> Shown:
    """Say that the evidence is not enough."""
    return insufficient(needed=gap.needed, found=gap.found, therefore=gap.therefore)


def needs_survey(now: Overview) -> Shown:
    """Say in one line that a part of the chapter needs the survey that is not there, or cannot be used."""
    if now.missing is not None and now.missing.delivered:
        return note(_("Not shown: it needs a score of the survey that can be told."))
    return note(_("Not shown: it needs a survey of customers, and none was delivered."))


def source(run: Run, what: str, people: int, days: int | None = None) -> str:
    """Say where a picture comes from: the data, the days, and how many people, rounded as the gate asks."""
    last = formats.day(run.as_of - timedelta(days=1))
    period = _("up to {day}") if days is None else _("{days} days up to {day}")
    n = run.rules.rounded(people)
    size = (
        _("fewer than {n} people").format(n=run.rules.threshold)
        if n is None
        else _("n = {n}").format(n=formats.count(n))
    )
    return ", ".join([what, period.format(day=last, days=days), size])


def headline_strip(run: Run, now: Overview, before: Overview, history: pd.DataFrame) -> Shown:
    """Record the headline figures, with the last period's computed anew, and show them.

    Parameters
    ----------
    run
        The run.
    now, before
        From `look`, for this period and the last.
    history
        From `returns_by_month`: the small line beside the return rate.
    """
    past = {"returns": history["rate"].tolist()} | _score_history(now)
    indicators = []
    days = run.params.satisfaction.window_days
    for row in _headlines(days, now.survey.top if now.survey is not None else None):
        value, earlier = getattr(now, row.attribute), _shown_before(run, getattr(before, row.attribute))
        if not value.is_known or (row.attribute == "returners" and now.survey is not None):
            continue
        people, line, words = _people(now, row.attribute, days), past.get(row.attribute), row.definition
        run.record(CHAPTER, row.name, value, unit=row.unit, definition=words, people=people, previous=earlier)
        indicators.append(Indicator(row.label, value, row.unit, earlier, line, people, words))
    figures_told = strip(indicators, run) if indicators else note(_("There is no headline figure to show."))
    said = reservations(now)
    run.caution(CHAPTER, said)
    return show_all(figures_told, note(*said, *remedy(now))) if said else figures_told


def reservations(now: Overview) -> list[str]:
    """Say what is doubtful about the survey's scales, and what was left out."""
    if now.survey is None:
        return [now.missing.found] if now.missing is not None and now.missing.delivered else []
    return [doubt.seen for doubt in now.survey.doubts]


def remedy(now: Overview) -> list[str]:
    """Say where to answer what is asked about the survey's scales."""
    doubts = () if now.survey is None else now.survey.doubts
    return [where_to_answer()] if any(doubt.answers for doubt in doubts) else []


def _headlines(days: int, top: float | None) -> tuple[_Headline, ...]:
    told = _("answers of the last {days} days, weighted to the customers").format(days=days)
    sold = _("of the last {days} days").format(days=days)
    nps = _("share who recommend with 9 or 10 less share with 0 to 6, times 100; {told}").format(told=told)
    best = _("scores of {top} and above; {told}").format(top=f"{top or 0:g}", told=told)
    answered = _("invitations that were answered in time, {sold}").format(sold=sold)
    settled = _("median of the last year, open complaints counted as waiting")
    complaints = _("complaints for each 1,000 orders by members, {sold}").format(sold=sold)
    returned = _("money for returned goods over the money sold, {sold}").format(sold=sold)
    took = _("customers who took something back among those who bought, {sold}").format(sold=sold)
    return (
        _Headline("nps", "net_promoter_score", _("Net promoter score"), "points", nps),
        _Headline("top_box", "very_satisfied", _("Very satisfied"), "share", best),
        _Headline("response", "response_rate", _("Response rate"), "share", answered),
        _Headline("settled", "days_to_settle", _("Complaint settled in"), "days", settled),
        _Headline("complaints", "complaints_per_1000_orders", _("Complaints per 1,000 orders"), "number", complaints),
        _Headline("returns", "return_rate", _("Money taken back"), "share", returned),
        _Headline("returners", "customers_returning_goods", _("Customers with a return"), "share", took),
    )


def _people(now: Overview, attribute: str, days: int) -> int | None:
    """Count who stands behind a score: one person may have answered several times."""
    if now.survey is None or attribute not in {"nps", "top_box"}:
        return None
    return int(now.survey.answers(days)["person"].nunique())


def _shown_before(run: Run, value: Estimate) -> Estimate | None:
    return None if not value.is_known or run.rules.hides(value.n) else value


def _score_history(now: Overview) -> dict[str, list[float]]:
    if now.survey is None:
        return {}
    scores = by_month(now.survey, now.survey.top)
    return {name: scores[name].tolist() for name in ("nps", "top_box") if scores[name].notna().any()}


def trend_figure(run: Run, now: Overview) -> Shown:
    """Show how the score moved over the last thirteen months, and whether a line through them rises."""
    if now.survey is None:
        return needs_survey(now) if now.missing is None else show_gap(now.missing)
    survey, by_nps = now.survey, now.survey.recommend is not None
    if not by_nps and survey.top is None:
        return note(_("Not shown: where the best score begins is in doubt."))
    scores = by_month(survey, survey.top)
    shown = disclose(
        scores.drop(columns=["mean", "mean_low", "mean_high"]),
        labels=["month", "partial"],
        counts=["people", "answers"],
        based_on="people",
        measures=[f"{score}{end}" for score in ("nps", "top_box") for end in ("", "_low", "_high")],
        rules=run.rules,
    )
    score = survey.recommend or str(survey.overall)
    slope = yearly_change(survey.answers(), score)
    unit, column = ("points", "nps") if by_nps else ("share", "top_box")
    first, last = (formats.shown_as(shown.frame[column].iloc[i], unit) for i in (0, -1))
    words = _("Line over {n} months with the band of its interval, from {first} to {last}.")
    picture = figure(
        figures.score_by_month if by_nps else figures.top_box_by_month,
        shown,
        title=sentences.trend_title(slope),
        alt=words.format(n=len(scores), first=first, last=last),
        read=_(
            "Each dot is the score of one month's answers; the band is where it would lie in 95 of 100 such samples."
        ),
        limits=sentences.trend_limits(bool(scores["partial"].any())),
        source=source(run, _("survey answers"), int(survey.answers()["person"].nunique())),
    )
    return show_all(picture, note(sentences.slope_sentence(slope, score)))


def response_table(run: Run, now: Overview) -> Shown:
    """Show who was asked, who answered, and how the answers are weighted."""
    if now.survey is None or now.raked is None:
        return needs_survey(now)
    knobs = run.params.satisfaction
    answers = run.rules.rounded(len(now.raked.weights)) or run.rules.smallest
    weighting = note(*sentences.weighting_sentences(now.raked, answers))
    if not now.response.is_known:
        return show_all(
            note(_("Only answers were delivered: who was asked, and how many answered, is not known.")), weighting
        )
    rates = response_by(now.survey, "touchpoint", knobs.answer_days, YEAR)
    shown = disclose(
        rates.drop(columns="answered"),
        labels=["touchpoint"],
        counts=["people", "invited"],
        based_on="people",
        measures=["rate", "low", "high"],
        rules=run.rules,
    )
    columns = {
        "touchpoint": Shows(_("Touchpoint")),
        "people": Shows(_("Customers asked"), "people"),
        "invited": Shows(_("Invitations"), "people"),
        "rate": Shows(_("Answered"), "share", "low", "high"),
    }
    caption = _("Who answered within {days} days of being asked, last {year} days").format(
        days=knobs.answer_days, year=YEAR
    )
    return show_all(table(shown, caption, columns), weighting)
