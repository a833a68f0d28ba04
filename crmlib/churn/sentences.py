"""What the chapter says in words, every word computed from its numbers."""

import pandas as pd

from crmlib.churn import verdicts
from crmlib.churn.evaluation import Evaluation, Prospect
from crmlib.churn.experiment import smallest_reduction
from crmlib.churn.profit import break_even_reduction
from crmlib.churn.study import LEAST_OF_EACH, Study
from crmlib.churn.usual_spend import sales_at_risk
from crmlib.churn.wording import days_words, points
from crmlib.privacy.proportions import disclosed
from crmlib.privacy.rules import DisclosureRules
from crmlib.stats import Estimate
from crmlib.words import _, formats
from crmlib.workspace import Run


def people(n: float, rules: DisclosureRules) -> str:
    """Give a number of people as it may be said.

    Examples
    --------
    >>> people(1_238, DisclosureRules()), people(4, DisclosureRules())
    ('1,240', 'fewer than 10')
    """
    rounded = rules.rounded(n)
    return _("fewer than {n}").format(n=rules.threshold) if rounded is None else formats.count(rounded)


def headline(study: Study, judged: Evaluation | None, run: Run) -> tuple[str, ...]:
    """Answer the chapter's question in up to four sentences."""
    active = study.scores[study.scores["active"]]
    if active.empty or not study.scored:
        return (_("Who is about to leave cannot be told yet: {lack}.").format(lack=lack_of_scores(study)),)
    said = _of_active(active, study, run)
    if study.backtest is None or judged is None:
        return (*said, _("This could not be tested: {lack}.").format(lack=lack_of_test(study)))
    said.append(
        _("Tested on {cutoff}, when {rate} of {n} customers went silent for {horizon}: {verdict}").format(
            cutoff=formats.day(study.backtest.test.cutoff),
            rate=formats.estimate(disclosed(study.churn_rate, "share", run.rules) or Estimate.unknown(), "share"),
            n=people(judged.customers, run.rules),
            horizon=days_words(study.plan.horizon_days),
            verdict=verdicts.verdict(judged, study),
        )
    )
    return (*said, _("This ranks risk; whether a contact keeps anybody, only an experiment tells."))


def _of_active(active: pd.DataFrame, study: Study, run: Run) -> list[str]:
    """Say how many active customers are expected to buy nothing, what is at risk, and where nobody is likely to leave.

    Of too few of them neither a share nor money is told.
    """
    days = {"active": days_words(study.active_days), "horizon": days_words(study.plan.horizon_days)}
    if run.rules.hides(len(active)):
        words = _("Fewer than {n} customers bought in the last {active}: no more is said of who is about to leave.")
        return [words.format(n=run.rules.threshold, **days)]
    words = _(
        "Of {n} customers who bought in the last {active}, {share} are expected to buy nothing in the next "
        "{horizon}{money}."
    )
    risk = active["churn_probability"]
    share = formats.share(risk.mean(), decimals=0)
    said = [words.format(n=people(len(active), run.rules), share=share, money=_money_at_risk(study, run), **days)]
    if not (risk > run.params.churn.least_risk).any():
        words = _("Nobody of them is more than {least} likely to: nobody is put forward as likely to leave.")
        said.append(words.format(least=formats.share(run.params.churn.least_risk, decimals=0)))
    return said


def _money_at_risk(study: Study, run: Run) -> str:
    """Say how much of the usual spend is at risk; nothing of money of which one customer brings more than half."""
    at_risk = sales_at_risk(study.scores)
    if not at_risk.can_be_told(run.rules):
        return ""
    return _("; {money} of the {total} they usually spend in that time is at risk").format(
        money=formats.money(at_risk.value, run.params.currency),
        total=formats.money(at_risk.total, run.params.currency),
    )


def campaign_sentence(prospect: Prospect, study: Study, run: Run) -> str:
    """Say at which share contacting would earn most, under the assumptions."""
    best = prospect.best
    if best["profit"] <= 0:
        return _("Under these assumptions no share of the customers is worth contacting.")
    maximum = prospect.maximum.set_index("model").loc[study.model, "value"]
    said = _("Under these assumptions contacting {whom} would earn most.").format(whom=first_words(best["contacted"]))
    if best["contacted"] >= 0.8:
        said += " " + _(
            "Nearly every contact would pay, so the budget decides how many, and the score only who is first."
        )
    return (
        said
        + " "
        + _("The expected maximum profit (EMPC) is {money} per active customer.").format(
            money=formats.money(maximum, run.params.currency)
        )
    )


def first_words(contacted: float) -> str:
    r"""Say which customers a share stands for.

    Examples
    --------
    >>> first_words(1.0), first_words(0.2).replace("\xa0", " ")
    ('everybody', 'the 20 % at highest risk')
    """
    if contacted >= 1:
        return _("everybody")
    return _("the {share} at highest risk").format(share=formats.share(contacted, decimals=0))


def rate_of_listed(prospect: Prospect, run: Run) -> float:
    """Give the share who left among those whom the list would have held at the test; of all active ones, if too few."""
    curve = prospect.curve
    near = curve.iloc[(curve["contacted"] - run.params.churn.contact_share).abs().argmin()]
    return prospect.churn_rate if run.rules.hides(near["customers"]) else float(near["leavers"] / near["customers"])


def experiment_sentence(prospect: Prospect, study: Study, listed: int, run: Run) -> str:
    """Say what an experiment on this month's list would show."""
    if run.rules.hides(listed):
        return _list_too_short(study, run)
    rate = rate_of_listed(prospect, run)
    visible = smallest_reduction(rate, listed)
    pays = break_even_reduction(rate, prospect.campaign)
    said = _(
        "The {n} active customers at highest risk should be split at random, half contacted, half left alone. Without "
        "a contact about {rate} of them leave within {horizon}; a contact pays from a fall of {pays} points on."
    ).format(
        n=people(listed, run.rules),
        rate=formats.share(rate, decimals=0),
        horizon=days_words(study.plan.horizon_days),
        pays=points(pays),
    )
    if visible is None:
        return said + " " + _("They are too few to show any effect; the lists of several months must be pooled.")
    return (
        said
        + " "
        + _("With this list alone a fall of {points} points or more would show (power 80 %, two-sided 5 %).").format(
            points=points(visible)
        )
    )


def _list_too_short(study: Study, run: Run) -> str:
    """Say that there is next to nobody, or nobody at all, to make an experiment with."""
    settings = run.params.churn
    active = study.scores[study.scores["active"]]
    if not run.rules.hides(len(active)) and not (active["churn_probability"] > settings.least_risk).any():
        words = _("Nobody is more than {least} likely to leave: there is no list to make an experiment with.")
        return words.format(least=formats.share(settings.least_risk, decimals=0))
    words = _(
        "Fewer than {n} customers are on this month's list: too few to show any effect; the lists of several months "
        "must be pooled."
    )
    return words.format(n=run.rules.threshold)


def lack_of_test(study: Study) -> str:
    """Say in half a sentence why there is no test."""
    if study.plan.test is None:
        return _("a test needs {needed} of sales without a hole, {found} were seen").format(
            needed=days_words(2 * study.plan.horizon_days), found=days_words(study.coverage.days)
        )
    return _("at {cutoff} there were fewer than {n} leavers or stayers among the known customers").format(
        cutoff=formats.day(study.plan.test), n=LEAST_OF_EACH
    )


def lack_of_scores(study: Study) -> str:
    """Say in half a sentence why customers have no score."""
    if study.current.customers.empty:
        return _("no sale carries a customer's id")
    if study.scored:
        return _("nobody bought in the last {days}").format(days=days_words(study.active_days))
    return _("no customer bought on a second day, so there is nothing to learn from")


def gap_title(share: float, horizon_days: int) -> str:
    r"""Say how many absences had ended within the horizon.

    Examples
    --------
    >>> gap_title(0.87, 60).replace("\xa0", " ")
    '87 % of the absences that ended were shorter than 60 days'
    """
    return _("{share} of the absences that ended were shorter than {days}").format(
        share=formats.share(share, decimals=0), days=days_words(horizon_days)
    )


def churn_title(rates: pd.DataFrame, horizon_days: int) -> str:
    """Say how the churn rate hangs on the horizon."""
    at = rates.set_index("horizon_days")["rate"]
    said = [
        _("{share} with {days}").format(share=formats.share(at.loc[days], decimals=0), days=days_words(days))
        for days in sorted({int(at.index[0]), horizon_days, int(at.index[-1])})
    ]
    return _("How many count as gone hangs on the horizon: {list}").format(list=", ".join(said))
