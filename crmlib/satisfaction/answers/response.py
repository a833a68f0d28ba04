"""Who answers: the response rate, counted so that recent invitations do not pull it down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import Shown, folded, gate, label, note, people, rate
from crmlib.satisfaction.answers.population import CAP, ENOUGH, YEAR
from crmlib.satisfaction.answers.reliability import reliability_words
from crmlib.satisfaction.scores.every_score import show_every_score
from crmlib.stats import Estimate, intervals
from crmlib.words import N_, _

if TYPE_CHECKING:
    from crmlib.satisfaction.answers.population import Raked
    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

ATTRIBUTES: Final = {
    "tier": N_("tier"),
    "channel": N_("main channel"),
    "store": N_("main store"),
    "orders": N_("number of orders"),
}
"""What answers are weighted by, in words; other columns of the customers are called by their names."""
_GAP: Final = 0.01


def settled_invitations(survey: Survey, answer_days: int, window_days: int | None = None) -> pd.DataFrame:
    """Give the invitations whose time to answer was over before `as_of`, with `in_time`: answered in that time.

    Younger ones may still be answered; those whose time ended before the last `window_days` are left out too.
    """
    waiting = pd.Timedelta(days=answer_days)
    end = pd.Timestamp(survey.as_of) - waiting
    invitations = survey.invitations
    settled = invitations[invitations["invited_at"] < end]
    if window_days is not None:
        settled = settled[settled["invited_at"] >= end - pd.Timedelta(days=window_days)]
    took = settled["answered_at"] - settled["invited_at"]
    return settled.assign(in_time=(took <= waiting).astype(bool))


def response_rate(survey: Survey, answer_days: int, window_days: int | None = None) -> Estimate:
    """Estimate the share of invitations that are answered in time; unknown where only answers were delivered."""
    settled = settled_invitations(survey, answer_days, window_days)
    if survey.invitations["answered_at"].notna().all():
        return Estimate.unknown(len(settled))
    return intervals.proportion(int(settled["in_time"].sum()), len(settled))


def response_by(survey: Survey, group: str, answer_days: int, window_days: int | None = None) -> pd.DataFrame:
    """Count for each touchpoint, store or month the `people` asked, and `invited` and `answered` invitations."""
    settled = settled_invitations(survey, answer_days, window_days)
    counted = settled.groupby(group, dropna=True).agg(
        people=("person", "nunique"), invited=("response_id", "size"), answered=("in_time", "sum")
    )
    return counted.reset_index()


def show_response(found: Study, run: Run) -> Shown:
    """Show, folded, who was asked and who answered, what weighting does, and whether the questions hang together."""
    if found.now.survey is None or found.now.raked is None:
        return found.missing.leave_out()
    words = [*weighting_words(found.now.raked, run), *window_words(found, run)]
    if found.now.raked.by:
        words.append(_not_weighted())
    reliable = reliability_words(found.survey, run)
    parts = [_who_answered(found, run), note(*words), show_every_score(found, run)]
    summary = _("Who answered, how answers are weighted, and whether the questions measure one thing")
    return folded(summary, *parts, *([note(reliable)] if reliable else []))


def _not_weighted() -> str:
    """Name what on the page weights have no part in."""
    return _(
        "Not weighted: invitations and comments, counted as they are; what was bought afterwards, compared among those "
        "who answered; complaints and returns, which are of all."
    )


def _who_answered(found: Study, run: Run) -> Shown:
    """Show by touchpoint who was asked and who answered."""
    if not found.now.response.is_known:
        return note(_("Only answers were delivered: who was asked, and how many answered, is not known."))
    gated = gate(
        found.response, run,
        label("touchpoint", _("Touchpoint")),
        people("people", _("Customers asked")),
        people("invited", _("Invitations")),
        people("answered", _("Answers"), of="people"),
        rate("rate", _("Response rate"), per=("answered", "invited")),
    )  # fmt: skip
    caption = _("Who answered within {days:count} days of being asked, last {year:count} days")
    return gated.table(run.say(caption, days=run.params.satisfaction.answer_days, year=YEAR))


def weighting_words(raked: Raked, run: Run) -> list[str]:
    """Say whom the answers stand for, and what weighting costs."""
    if not raked.by:
        return [_("The answers are not weighted: nothing is known of customers by which they could be.")]
    names = [_(ATTRIBUTES.get(name, name.replace("_", " "))) for name in raked.by]
    words = _(
        "The answers of thirteen months are weighted so that {names:list} are spread over them as over all customers "
        "who bought within a year. Weights as unequal as these widen the variance of a mean by a factor of "
        "{effect:number} where they have nothing to do with it: {answers:people} answers are worth {worth:count} equal "
        "ones."
    )
    answers = len(raked.weights)
    sentences = [
        run.say(words, names=names, effect=raked.design_effect, answers=answers, worth=round(raked.effective_n))
    ]
    if raked.covered < 1:
        words = _(
            "They speak for {x:share} of these customers; the others belong to groups from which too few answered."
        )
        sentences.append(run.say(words, x=raked.covered))
    return [*sentences, *_gap_words(raked, run)]


def _gap_words(raked: Raked, run: Run) -> list[str]:
    """Say what the greatest weight allowed leaves off."""
    if raked.largest_gap <= _GAP:
        return []
    words = _(
        "No answer may weigh more than {cap:count} times the average, which leaves some group {x:gap} points off."
    )
    return [run.say(words, cap=round(CAP), x=raked.largest_gap)]


def window_words(found: Study, run: Run) -> list[str]:
    """Say that the headline's answers are weighted for themselves, or are too few for it."""
    raked, days = found.now.window_raked, run.params.satisfaction.window_days
    if raked is None:
        words = _("Of the last {days:count} days there are fewer than {n:count} answers: they keep these weights.")
        return [run.say(words, days=days, n=ENOUGH)]
    if not raked.by:
        return []
    words = _(
        "The headline scores are of the last {days:count} days, whose answers are weighted for themselves, to the same "
        "customers: {answers:people} are worth {worth:count} equal ones. Months, groups and drivers keep the weights "
        "of thirteen months."
    )
    said = run.say(words, days=days, answers=len(raked.weights), worth=round(raked.effective_n))
    return [said, *_gap_words(raked, run)]
