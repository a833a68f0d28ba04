"""What the test says in words: who orders customers best, and whether the probabilities hold."""

from crmlib.churn.backtest import expected_and_observed
from crmlib.churn.contenders import contender
from crmlib.churn.evaluation import Evaluation
from crmlib.churn.study import Study
from crmlib.churn.wording import days_words, model_words, points, sentence_start
from crmlib.stats import Estimate
from crmlib.stats.calibration import CalibrationError
from crmlib.stats.comparisons import proportion_difference
from crmlib.words import _, formats

_READABLE = 0.0005
"""Half of the last digit that is shown of a difference."""


def verdict(judged: Evaluation, study: Study) -> str:
    """Say how well the chosen one orders customers, and whether its plainest rival does as well or better."""
    own = _("{model} put {share} of the pairs of a leaver and a stayer in the right order").format(
        model=called(study.model), share=formats.estimate(judged.estimate(study.model, "auc"), "share")
    )
    rival = rival_of(judged, study.model)
    if rival is None:
        return _("{own}.").format(own=own)
    difference = judged.estimate(rival, "auc_against_chosen")
    return _("{own}; {against}.").format(own=own, against=against(rival, difference))


def comparison_title(judged: Evaluation, study: Study) -> str:
    """Say the finding of the comparison in a line."""
    rival = rival_of(judged, study.model)
    if rival is None:
        return sentence_start(called(study.model))
    difference = judged.estimate(rival, "auc_against_chosen")
    names = {"own": called(study.model), "rival": called(rival), "size": points(abs(difference.value))}
    if not _decided(difference):
        return sentence_start(_("{own} and {rival} put customers in order equally well").format(**names))
    if difference.value > 0:
        return sentence_start(_("{rival} beats {own}, which scores the customers, by {size} points").format(**names))
    return sentence_start(_("{own} beats {rival} by {size} points").format(**names))


def called(name: str) -> str:
    """Name a rule or model inside a sentence.

    Examples
    --------
    >>> called("recency"), called("logistic")
    ('the simple rule "days since the last purchase"', 'the logistic regression')
    """
    words = _('the simple rule "{name}"') if contender(name).simple else _("the {name}")
    return words.format(name=model_words(name))


def rival_of(judged: Evaluation, chosen: str) -> str | None:
    """Find whom the chosen one is held against: the best simple rule, or the best model where a rule was chosen."""
    simple = contender(chosen).simple
    return next((each for each in judged.comparison["model"] if contender(each).simple != simple), None)


def against(rival: str, difference: Estimate) -> str:
    r"""Say whether a rival orders customers better than the chosen one.

    Parameters
    ----------
    rival
        The rule or model.
    difference
        Its AUC minus the chosen one's.

    Examples
    --------
    >>> against("rank_sum", Estimate(0.011, 0.003, 0.020, 2357))
    'the simple rule "recency and frequency ranks" did better, by 1.1 points (0.3 to 2.0)'
    >>> against("recency", Estimate(0.002, -0.006, 0.010, 2357))
    'the simple rule "days since the last purchase" did as well (difference 0.2 points, −0.6 to 1.0)'
    """
    ends = {
        "rival": called(rival),
        "size": points(abs(difference.value)),
        "value": points(difference.value),
        "low": points(difference.low),
        "high": points(difference.high),
    }
    if not _decided(difference):
        return _("{rival} did as well (difference {value} points, {low} to {high})").format(**ends)
    if difference.value > 0:
        return _("{rival} did better, by {size} points ({low} to {high})").format(**ends)
    ends |= {"low": points(-difference.high), "high": points(-difference.low)}
    return _("{rival} did worse, by {size} points ({low} to {high})").format(**ends)


def _decided(difference: Estimate) -> bool:
    """Whether a difference is beyond chance; an end that reads 0.0 decides nothing for a reader."""
    return difference.excludes(0) and min(abs(difference.low), abs(difference.high)) >= _READABLE


def choice_sentence(study: Study) -> str:
    """Say how the model was chosen."""
    if study.backtest is None or not study.backtest.choice.validated:
        return _(
            "There are too few earlier cutoffs to choose a model on; {model} stands, which learns from purchase "
            "histories alone and needs no known outcomes."
        ).format(model=called(study.model))
    rounds = study.backtest.choice.rounds
    means = rounds.groupby("model")["brier"].mean().sort_values()
    return _(
        "{model} was chosen before the test was looked at: over {n} earlier cutoffs, each predicted from the ones "
        "before it, its probabilities were closest to what happened (mean Brier score {own}; next {other}, {next})."
    ).format(
        model=sentence_start(called(study.model)),
        n=rounds["cutoff"].nunique(),
        own=formats.number(means.loc[study.model]),
        other=called(str(means.drop(study.model).index[0])),
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
    # the same customers stand at both cutoffs, which makes this interval too wide rather than too narrow
    numbers = {
        "rate": formats.share(last["churned"] / last["customers"]),
        "old": formats.share(before["churned"] / before["customers"]),
        "before": formats.day(before["cutoff"]),
    }
    if not moved.excludes(0):
        said = _("The churn rate stood still: {rate} at the test, {old} after {before}")
    elif moved.value < 0:
        said = _("The churn rate fell to {rate} from {old} after {before}, more than chance explains")
    else:
        said = _("The churn rate rose to {rate} from {old} after {before}, more than chance explains")
    said = said.format(**numbers)
    if formats.is_missing(last["expected"]):
        return said + "."
    return _("{said}; the model expected {expected}.").format(said=said, expected=formats.share(last["expected"]))


def shift_sentence(error: CalibrationError) -> str:
    """Say whether the model expected more leavers than came, or fewer.

    Examples
    --------
    >>> shift_sentence(CalibrationError(0.03, 0.01, 0.02, Estimate(-0.02, -0.03, -0.01, 900)))
    'All in all it expected 2.0 points fewer leavers than came (1.0 to 3.0).'
    """
    shift = error.shift
    if not shift.excludes(0):
        return _("All in all it expected as many leavers as came (difference {value} points, {low} to {high}).").format(
            value=points(shift.value), low=points(shift.low), high=points(shift.high)
        )
    if shift.value > 0:
        return _("All in all it expected {value} points more leavers than came ({low} to {high}).").format(
            value=points(shift.value), low=points(shift.low), high=points(shift.high)
        )
    return _("All in all it expected {value} points fewer leavers than came ({low} to {high}).").format(
        value=points(-shift.value), low=points(-shift.high), high=points(-shift.low)
    )


def season_sentence(study: Study) -> str:
    """Say what part of a drift cannot be foreseen from so short a history."""
    if study.coverage.days < 2 * 365:
        return _(
            "With {days} of history no season has been seen twice, so none can be learnt: around holidays take the "
            "order of the customers as firmer than the height of the probabilities."
        ).format(days=days_words(study.coverage.days))
    return _("No model here knows the season; around holidays the order of the customers is firmer than the height.")
