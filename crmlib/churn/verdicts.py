"""What the test says in words: who orders customers best, and whether the probabilities hold."""

from crmlib.churn.backtest import expected_and_observed
from crmlib.churn.contenders import contender
from crmlib.churn.evaluation import Evaluation
from crmlib.churn.study import Study
from crmlib.churn.wording import days_words, model_words, points, sentence_start
from crmlib.reporting import formats
from crmlib.stats import Estimate
from crmlib.stats.comparisons import proportion_difference
from crmlib.words import _

_READABLE = 0.0005
"""Half of the last digit that is shown of a difference."""


def verdict(judged: Evaluation, study: Study) -> str:
    """Say how well the chosen model orders customers, and whether a simple rule does as well or better."""
    name = study.model
    own = _("{model} put {share} of the pairs of a leaver and a stayer in the right order").format(
        model=model_words(name), share=formats.estimate(judged.estimate(name, "auc"), "share")
    )
    rules = [each for each in judged.comparison["model"] if contender(each).simple and each != name]
    if not rules:
        return _("{own}.").format(own=own)
    rival = judged.estimate(rules[0], "auc_against_chosen")
    return _("{own}; {against}.").format(own=own, against=against_rule(rules[0], rival))


def against_rule(rule: str, difference: Estimate) -> str:
    r"""Say whether a simple rule orders customers better than the model.

    Parameters
    ----------
    rule
        The rule.
    difference
        AUC of the rule minus AUC of the model.

    Examples
    --------
    >>> against_rule("rank_sum", Estimate(0.011, 0.003, 0.020, 2357))
    'the simple rule "recency and frequency ranks" did better, by 1.1 points (0.3 to 2.0)'
    >>> against_rule("recency", Estimate(0.002, -0.006, 0.010, 2357))
    'the simple rule "days since the last purchase" did as well (difference 0.2 points, −0.6 to 1.0)'
    """
    ends = {
        "rule": model_words(rule),
        "size": points(abs(difference.value)),
        "value": points(difference.value),
        "low": points(difference.low),
        "high": points(difference.high),
    }
    # an end that reads 0.0 decides nothing for a reader
    if not difference.excludes(0) or min(abs(difference.low), abs(difference.high)) < _READABLE:
        return _('the simple rule "{rule}" did as well (difference {value} points, {low} to {high})').format(**ends)
    if difference.value > 0:
        return _('the simple rule "{rule}" did better, by {size} points ({low} to {high})').format(**ends)
    ends |= {"low": points(-difference.high), "high": points(-difference.low)}
    return _('the best simple rule, "{rule}", did worse by {size} points ({low} to {high})').format(**ends)


def choice_sentence(study: Study) -> str:
    """Say how the model was chosen."""
    if study.backtest is None or not study.backtest.choice.validated:
        return _(
            "There are too few earlier cutoffs to choose a model on; {model} stands, which learns from purchase "
            "histories alone and needs no known outcomes."
        ).format(model=model_words(study.model))
    rounds = study.backtest.choice.rounds
    means = rounds.groupby("model")["brier"].mean().sort_values()
    return _(
        "{model} was chosen before the test was looked at: over {n} earlier cutoffs, each predicted from the ones "
        "before it, its probabilities were closest to what happened (mean Brier score {own}; next {other}, {next})."
    ).format(
        model=sentence_start(model_words(study.model)),
        n=rounds["cutoff"].nunique(),
        own=formats.number(means.loc[study.model]),
        other=model_words(str(means.drop(study.model).index[0])),
        next=formats.number(means.drop(study.model).iloc[0]),
    )


def calibration_title(judged: Evaluation) -> str:
    """Say whether the probabilities hold."""
    error = judged.error
    if error is None:
        return _("No probabilities to check")
    if error.beyond_chance:
        return _("The probabilities are off by {value} points on average, where chance alone explains {floor}").format(
            value=points(error.value), floor=points(error.floor)
        )
    return _("The probabilities hold: off by {value} points, no more than chance explains ({floor})").format(
        value=points(error.value), floor=points(error.floor)
    )


def drift_sentence(study: Study) -> str:
    """Say whether the churn rate moved since the models learnt, and whether the model followed."""
    if study.backtest is None or not study.backtest.training:
        return _("Whether the churn rate moves cannot be told from one cutoff.")
    rows = expected_and_observed(study.backtest)
    before, last = rows.iloc[-2], rows.iloc[-1]
    moved = proportion_difference(last["churned"], last["customers"], before["churned"], before["customers"])
    numbers = {
        "rate": formats.share(last["churned"] / last["customers"]),
        "old": formats.share(before["churned"] / before["customers"]),
        "expected": formats.share(last["expected"]),
        "before": formats.day(before["cutoff"]),
    }
    if not moved.excludes(0):
        return _(
            "The churn rate stood still: {rate} at the test, {old} after {before}; expected were {expected}."
        ).format(**numbers)
    words = (
        _(
            "The churn rate fell to {rate} from {old} after {before}, more than chance explains; expected were "
            "{expected}."
        )
        if moved.value < 0
        else _(
            "The churn rate rose to {rate} from {old} after {before}, more than chance explains; expected were "
            "{expected}."
        )
    )
    return words.format(**numbers)


def season_sentence(study: Study) -> str:
    """Say what part of a drift cannot be foreseen from so short a history."""
    if study.coverage.days < 2 * 365:
        return _(
            "With {days} of history no season has been seen twice, so none can be learnt: around holidays take the "
            "order of the customers as firmer than the height of the probabilities."
        ).format(days=days_words(study.coverage.days))
    return _("No model here knows the season; around holidays the order of the customers is firmer than the height.")
