"""The chapter's answer in up to four sentences, and its headline numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from crmlib.churn import measures
from crmlib.churn.evidence import lack_of_scores, lack_of_test
from crmlib.churn.money.campaign import break_even_sentence, prospect_to_show
from crmlib.churn.proof.sureness import verdict
from crmlib.churn.who.leaving import has_values, how_gone
from crmlib.reporting import Shown, answer, show_headlines
from crmlib.stats.intervals import proportion
from crmlib.words import _
from crmlib.words.saying import sentence_start

if TYPE_CHECKING:
    from collections.abc import Callable

    from crmlib.churn.study import Study
    from crmlib.measures import Headline, Measure, Value
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

CHAPTER = "03_churn"
LEAST_MONTHS: Final = 6
"""With fewer months before, what is usual is not said."""


def show_answer(found: Study, run: Run) -> Shown:
    """Answer the chapter's question."""
    return answer(*answer_sentences(found, run))


def answer_sentences(found: Study, run: Run) -> list[str]:
    """Say who of those that matter is leaving, whether that is more than usual, from when contact pays, how sure."""
    if found.active.empty:
        words = _("Who is about to leave cannot be told yet: {lack}.")
        return [run.say(words, lack=lack_of_scores(found, run))]
    if run.too_few(len(found.active)):
        words = _(
            "Fewer than {n:count} customers bought in the last {active:days}: no more is said of who is about to leave."
        )
        return [run.say(words, n=run.fewest, active=found.active_days)]
    sentences = [_who_matters(found, run), _as_usual(found, run)]
    if found.judged is None:
        return [*sentences, run.say(_("This could not be tested: {lack}."), lack=lack_of_test(found, run))]
    pays = break_even_sentence(found, run) if prospect_to_show(found, run) else ""
    tested = run.say(
        _("Tested on {cutoff:day}: {verdict}."), cutoff=found.plan.test, verdict=verdict(found, found.judged, run)
    )
    return [*sentences, *([pays] if pays else []), tested]


def _who_matters(found: Study, run: Run) -> str:
    """Say how many valuable customers are likely to leave, of how many active ones in all."""
    leaving, least = found.leaving, found.least_risk
    likely, valuable = leaving["likely"], leaving["valuable"]
    days = {"active": found.active_days, "horizon": found.horizon_days}
    if not likely.any():
        words = _(
            "None of {n:people} customers who bought in the last {active:days} is more than {least:share0} likely to "
            "buy nothing in the next {horizon:days}: nobody is put forward as likely to leave."
        )
        return run.say(words, n=len(leaving), least=least, **days)
    words = _(
        "{likely:people} of {active_n:people} active customers are likely to leave: to buy nothing in the next "
        "{horizon:days}. {n:people} of them are worth more than the average active customer."
    )
    n, gone = int((likely & valuable).sum()), int(leaving["gone"].sum())
    said = run.say(words, likely=int(likely.sum()), active_n=len(leaving), n=n, **days)
    if not gone:
        return said
    return (
        said + " " + sentence_start(run.say(_("{n:people} more have left already {how}."), n=gone, how=how_gone(found)))
    )


def _as_usual(found: Study, run: Run) -> str:
    """Say what money is at risk, and whether more leave than in the year before, as far as one can tell."""
    sentences, money = [], found.at_risk
    if not run.too_few(money.people, largest=money.largest) and money.total > 0:
        words = _("Of the {total:money} active customers usually spend in that time {value:money} is at risk.")
        sentences.append(run.say(words, total=money.total, value=money.value))
    months = [proportion(row.churned, row.customers) for row in found.months.itertuples()]
    if len(months) > LEAST_MONTHS and not run.too_few(months[-1].n):
        *earlier, last = months
        low, high = min(month.value for month in earlier), max(month.value for month in earlier)
        words = _(
            "Lately {last:share} left, within what the {n:count} months before show ({low:share} to {high:share})."
        )
        if last.low > high:
            words = _(
                "Lately {last:share} left, more than in any of the {n:count} months before (at most {high:share})."
            )
        elif last.high < low:
            words = _(
                "Lately {last:share} left, fewer than in any of the {n:count} months before (at least {low:share})."
            )
        sentences.append(run.say(words, last=last, n=len(earlier), low=low, high=high))
    return " ".join(sentences)


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
    shares = [proportion(churned, customers) for churned, customers in months]
    history = shares if len(shares) > 1 else None

    def now_and_before(measure: Measure, value: Callable[[Study], Value], **known: Any) -> Headline:
        previous = (value(before) or None) if before else None
        return measure.headline(value(found), previous=previous, told=words, **known)

    return [
        now_and_before(measures.CHURN_RATE, _churn_rate, history=history),
        now_and_before(measures.ACTIVE_CUSTOMERS, lambda study: len(study.active)),
        now_and_before(
            measures.SALES_AT_RISK,
            lambda study: study.at_risk.value if study.at_risk.total > 0 else None,
            people=_people_at_risk(found, run),
            previous_people=_people_at_risk(before, run) if before else None,
        ),
        now_and_before(measures.LIKELY_TO_LEAVE, lambda study: int(study.leaving["likely"].sum())),
        now_and_before(measures.VALUABLE_AT_RISK, lambda study: _valuable(study, found)),
        measures.SCORE_AUC.headline(judged.estimate(found.model, "auc", judged.group) if judged else None),
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
