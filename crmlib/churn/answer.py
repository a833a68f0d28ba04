"""The chapter's answer in up to four sentences, and its headline numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crmlib.churn import measures
from crmlib.churn.evidence import lack_of_scores, lack_of_test
from crmlib.churn.proof.comparison import verdict
from crmlib.churn.who.leaving import has_values
from crmlib.reporting import Shown, answer, show_headlines
from crmlib.stats.intervals import proportion
from crmlib.stats.ranks import auc
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from crmlib.churn.study import Study
    from crmlib.measures import Headline, Measure, Value
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

CHAPTER = "03_churn"


def show_answer(found: Study, run: Run) -> Shown:
    """Answer the chapter's question."""
    return answer(*answer_sentences(found, run))


def answer_sentences(found: Study, run: Run) -> list[str]:
    """Say who is expected to leave, how well that was foretold the last time, and what it does not tell."""
    if found.active.empty:
        words = _("Who is about to leave cannot be told yet: {lack}.")
        return [run.say(words, lack=lack_of_scores(found, run))]
    sentences = _of_active(found, run)
    if found.backtest is None or found.judged is None:
        return [*sentences, run.say(_("This could not be tested: {lack}."), lack=lack_of_test(found, run))]
    tested = run.say(
        _("Tested on {cutoff:day}, when {rate:share} of {n:people} customers went silent for {days:days}: {verdict}"),
        cutoff=found.backtest.test.cutoff,
        rate=found.churn_rate,
        n=found.judged.customers,
        days=found.horizon_days,
        verdict=verdict(found, found.judged, run),
    )
    return [*sentences, tested, _("This ranks risk; whether a contact keeps anybody, only an experiment tells.")]


def _of_active(found: Study, run: Run) -> list[str]:
    """Say how many active customers are expected to buy nothing, and what is at risk; of too few of them neither."""
    risk, least = found.active["churn_probability"], found.least_risk
    days = {"active": found.active_days, "horizon": found.horizon_days}
    if run.too_few(len(risk)):
        words = _(
            "Fewer than {n:count} customers bought in the last {active:days}: no more is said of who is about to leave."
        )
        return [run.say(words, n=run.fewest, **days)]
    words = _(
        "Of {n:people} customers who bought in the last {active:days}, {share:share0} are expected to buy nothing in "
        "the next {horizon:days}{money}."
    )
    sentences = [run.say(words, n=len(risk), share=risk.mean(), money=_money_at_risk(found, run), **days)]
    if not (risk > least).any():
        words = _("Nobody of them is more than {least:share0} likely to: nobody is put forward as likely to leave.")
        sentences.append(run.say(words, least=least))
    return sentences


def _money_at_risk(found: Study, run: Run) -> str:
    """Say how much of the usual spend is at risk; nothing of money of which one customer brings more than half."""
    money = found.at_risk
    if run.too_few(money.people, largest=money.largest) or money.total <= 0:
        return ""
    words = _("; {value:money} of the {total:money} they usually spend in that time is at risk")
    return run.say(words, value=money.value, total=money.total)


def show_key_figures(found: Study, run: Run) -> Shown | None:
    """Record the headline numbers and show those that are known; those of an experiment are recorded aside."""
    target = replace(run, scratch=True) if found.features else run
    return show_headlines(headlines(found, run), target, CHAPTER)


def headlines(found: Study, run: Run) -> list[Headline]:
    """Put together the headline numbers, this period's and the last one's, in their order on the page."""
    before, judged = found.before, found.judged
    words = {
        "horizon": run.say("{days:days}", days=found.horizon_days),
        "active": run.say("{days:days}", days=found.active_days),
        "least": run.say("{least:share0}", least=found.least_risk),
    }
    months = zip(found.months["churned"], found.months["customers"], strict=True)
    history = [proportion(churned, customers) for churned, customers in months]

    def now_and_before(measure: Measure, value: Callable[[Study], Value], **known: Any) -> Headline:
        previous = (value(before) or None) if before else None
        return measure.headline(value(found), previous=previous, told=words, **known)

    return [
        now_and_before(measures.CHURN_RATE, _churn_rate, history=history if len(history) > 1 else None),
        now_and_before(measures.ACTIVE_CUSTOMERS, lambda study: len(study.active)),
        now_and_before(
            measures.SALES_AT_RISK,
            lambda study: study.at_risk.value if study.at_risk.total > 0 else None,
            people=_people_at_risk(found, run),
            previous_people=_people_at_risk(before, run) if before else None,
        ),
        now_and_before(measures.LIKELY_TO_LEAVE, lambda study: int(study.leaving["likely"].sum())),
        now_and_before(measures.VALUABLE_AT_RISK, lambda study: _valuable(study, found)),
        measures.SCORE_AUC.headline(
            judged.estimate(found.model, "auc") if judged else None,
            previous=auc(before.backtest.test.churned, before.backtest.chosen.score)
            if before and before.backtest
            else None,
        ),
    ]


def _churn_rate(found: Study) -> Estimate | None:
    return found.churn_rate if found.churn_rate.is_known else None


def _people_at_risk(found: Study, run: Run) -> int | None:
    """Say how many people the sales at risk rest on; nothing where there are none."""
    return run.rules.basis(found.at_risk.people, found.at_risk.largest) or None


def _valuable(study: Study, found: Study) -> int | None:
    """Count the valuable who are likely to leave; none can be told of a month ago, when chapter 02 valued nobody."""
    if has_values(study.segments) != has_values(found.segments):
        return None
    return int((study.leaving["likely"] & study.leaving["valuable"]).sum())
