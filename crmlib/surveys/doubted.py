"""The doubts of a survey in words: what is an answer, which end of a scale is best, where it and its top box begin."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from crmlib.surveys.direction import Against
from crmlib.surveys.doubt import (
    TOP_BOX,
    PossibleAnswer,
    ScaleDoubt,
    Written,
    decimals,
    ends_of,
    listed,
    number,
    plain,
    score_name,
    sets,
)
from crmlib.surveys.scales import Answers, Scale
from crmlib.tables.vocabulary import SCORE_PREFIX
from crmlib.words import _, formats


def _worded(words: str, name: str, scale: Scale | None = None, **values: str) -> str:
    """Fill a sentence in: the name of the score, its scale with both ends, and what else it tells."""
    ends = {} if scale is None else {"low": number(scale.low), "high": number(scale.high)}
    return words.format(score=score_name(name), scale=ends_of(scale), **ends | values)


def unread_doubt(name: str) -> ScaleDoubt:
    """Say that a score was delivered and holds no number."""
    words = _('"{score}" holds no number among these answers: where it was answered in words, no score can be told.')
    return ScaleDoubt(name, "unread", _worded(words, name))


def codes_doubt(name: str, answers: Answers, missing: Sequence[float], written: Written) -> ScaleDoubt:
    """Say that values stand apart from the scale, and are left out."""
    codes, n = answers.codes, answers.n + int(answers.codes.sum())
    scale = answers.scale or Scale(float(codes.index.min()), float(codes.index.max()))
    words = _(
        '"{score}" seems to be answered on a scale of {scale}, and {count} of {n} answers are {codes}: these are taken '
        "for no answers and left out."
    )
    seen = _worded(words, name, scale, count=written(int(codes.sum())), n=written(n), codes=listed(codes.index))
    return ScaleDoubt(name, "codes", seen, _answer_or_none(name, codes.index, scale, missing))


def nought_doubt(name: str, answers: Answers, scale: Scale, missing: Sequence[float], written: Written) -> ScaleDoubt:
    """Say that nought may mean that nothing was answered, and counts as an answer until that is said."""
    words = _(
        '"{score}" is answered from {scale}, {count} of {n} times with 0: that may be the worst answer, or none. It '
        "counts as an answer."
    )
    seen = _worded(words, name, scale, count=written(int(answers.counts.loc[0.0])), n=written(answers.n))
    return ScaleDoubt(name, "nought", seen, _answer_or_none(name, pd.Index([0.0]), scale, missing))


def outside_doubt(name: str, answers: Answers, written: Written) -> ScaleDoubt:
    """Say that answers lie outside the declared scale, and are left out."""
    words = _('{count} answers to "{score}" are {codes}, outside its scale of {scale}: they are left out.')
    codes = answers.codes
    seen = _worded(words, name, answers.scale, count=written(int(codes.sum())), codes=listed(codes.index))
    return ScaleDoubt(name, "outside", seen)


def recommend_doubt(name: str, answers: Answers, scale: Scale, written: Written) -> ScaleDoubt:
    """Say that the question of recommendation does not seem to be asked from 0 to 10."""
    words = _(
        '"{score}" seems to be asked on a scale of {scale}: none of {n} answers is above {most}. A net promoter score '
        "needs answers from 0 to 10, so none is told."
    )
    seen = _worded(words, name, scale, n=written(answers.n), most=number(answers.counts.index[-1]))
    other = _worded(_("it was asked on a scale of {scale}: no net promoter score can be made of it"), name, scale)
    as_seen = PossibleAnswer(f"scale_{number(scale.low)}_to_{number(scale.high)}", other, _ends(name, scale))
    as_low = _("it was asked from 0 to 10, and the answers are as low as that")
    ten = PossibleAnswer("scale_0_to_10", as_low, sets(name, low=0, high=10))
    return ScaleDoubt(name, "recommend_scale", seen, (as_seen, ten), (name,))


def no_promoters(name: str, scale: Scale) -> ScaleDoubt:
    """Say that a recommendation asked on another scale makes no net promoter score."""
    words = _('"{score}" is asked on a scale of {scale}, and a net promoter score needs 0 to 10: none is told.')
    return ScaleDoubt(name, "no_promoters", _worded(words, name, scale), (), (name,))


def constant_doubt(name: str, answers: Answers, missing: Sequence[float], written: Written) -> ScaleDoubt:
    """Say that everybody answered alike."""
    value = answers.counts.index[0]
    words = _('All {n} answers to "{score}" are {value}: nothing can hang on it, so it is no driver.')
    alike = PossibleAnswer("answered_alike", _("everybody did answer so"))
    filled_in = _("the form filled it in, nobody answered")
    form = PossibleAnswer("filled_in", filled_in, sets(name, missing=[*missing, value]))
    return ScaleDoubt(name, "constant", _worded(words, name, n=written(answers.n), value=number(value)), (alike, form))


def _answer_or_none(
    name: str, values: "pd.Index[float]", scale: Scale, missing: Sequence[float]
) -> tuple[PossibleAnswer, ...]:
    wider = Scale(min(scale.low, *values), max(scale.high, *values))
    none = _("{values} means that nothing was answered").format(values=listed(values))
    one = _("{values} is an answer as others are: the scale is {scale}")
    return (
        PossibleAnswer("no_answer", none, sets(name, missing=[*missing, *map(float, values)])),
        PossibleAnswer("answer", _worded(one, name, wider, values=listed(values)), _ends(name, wider)),
    )


def reversed_doubt(found: Against, scales: dict[str, Scale], headlines: Sequence[str], written: Written) -> ScaleDoubt:
    """Say that scores contradict each other, so that one of them seems to be turned."""
    one, other = (score_name(name) for name in found.pair)
    column = found.pair[0] if found.pair[0] in found.turned else found.turned[0]
    seen = _(
        '"{one}" is lower where "{other}" is higher (correlation {r}, 99 % interval {low} to {high}, {n} answers).'
    ).format(
        one=one, other=other, n=written(found.correlation.n), r=decimals(found.correlation.value),
        low=decimals(found.correlation.low), high=decimals(found.correlation.high),
    )  # fmt: skip
    in_doubt = (*found.turned, *found.others) if found.either else found.turned
    withheld = tuple(name for name in in_doubt if name in headlines)
    verdict = (
        _("In one of them the lowest answer must be the best; which, the answers cannot tell.")
        if found.either
        else _worded(_("It could not be told whether {low} or {high} is its best answer."), column, scales[column])
    )
    care = _("No figure is built on it until that is said.") if withheld else _("Read its mean with that in mind.")
    options = _either_side(found, scales) if found.either else direction_answers(column, scales[column])
    return ScaleDoubt(column, "reversed", f"{seen} {verdict} {care}", options, withheld)


def direction_answers(name: str, scale: Scale) -> tuple[PossibleAnswer, ...]:
    """Give both answers to the question which end of a scale is best."""
    best = _("{best} is the best answer, {worst} the worst")
    low, high = number(scale.low), number(scale.high)
    return (
        PossibleAnswer("low_is_best", best.format(best=low, worst=high), _turns(name, scale, turned=True)),
        PossibleAnswer("high_is_best", best.format(best=high, worst=low), _turns(name, scale, turned=False)),
    )


def low_end_doubt(name: str, answers: Answers, scale: Scale, below: float, written: Written) -> ScaleDoubt:
    """Say that nearly everybody answers at the low end, which may be the good one."""
    words = _(
        '{share} of {n} answers to "{score}" lie in the lower half of {scale}: hardly anybody is satisfied, or {low} '
        "is the best answer. No figure is built on it until that is said."
    )
    seen = _worded(words, name, scale, share=formats.share(below, decimals=0), n=written(answers.n))
    return ScaleDoubt(name, "low_end", seen, direction_answers(name, scale), (name,))


def top_unused_doubt(name: str, answers: Answers, scale: Scale, written: Written) -> ScaleDoubt:
    """Say that nobody gave the best answer, so that the scale may end below."""
    most = float(answers.counts.index[-1])
    words = _(
        'None of {n} answers to "{score}" is {top}: its scale may end at {most}, or {low} may be the best answer. How '
        "many are very satisfied is not told until that is said."
    )
    seen = _worded(words, name, scale, n=written(answers.n), top=number(scale.high), most=number(most))
    low_best, high_best = direction_answers(name, scale)
    lower = _("the scale ends at {most}").format(most=number(most))
    ends = PossibleAnswer("ends_lower", lower, _ends(name, Scale(scale.low, most)))
    return ScaleDoubt(name, "top_unused", seen, (ends, high_best, low_best), (TOP_BOX,))


def top_low_doubt(name: str, scale: Scale, top: float) -> ScaleDoubt:
    """Say that the top box of the parameters begins in the lower half of the scale."""
    words = _(
        '"{score}" is answered on a scale of {scale}, and satisfaction.top is {top}, in its lower half. How many are '
        "very satisfied is not told until that is said."
    )
    above = _("{top} and above is very satisfied").format(top=number(top))
    as_it_is = PossibleAnswer("as_it_is", above, _ends(name, scale))
    return ScaleDoubt(
        name,
        "top_low",
        _worded(words, name, scale, top=number(top)),
        (_top(name, scale, scale.high), as_it_is),
        (TOP_BOX,),
    )


def top_wanted(name: str, scale: Scale) -> ScaleDoubt:
    """Say that on so fine a scale the greatest answer alone is no top box."""
    words = _(
        '"{score}" is answered on a scale of {scale}: from which answer on a customer is very satisfied is not known, '
        "and not told until that is said."
    )
    options = tuple(_top(name, scale, scale.upto(part)) for part in (0.8, 0.9, 1.0))
    return ScaleDoubt(name, "top_wanted", _worded(words, name, scale), options, (TOP_BOX,))


def _top(name: str, scale: Scale, top: float) -> PossibleAnswer:
    above = _("{top} and above is very satisfied").format(top=number(top))
    return PossibleAnswer(f"top_{number(top)}", above, _ends(name, scale) | {"satisfaction.top": plain(top)})


def _either_side(found: Against, scales: dict[str, Scale]) -> tuple[PossibleAnswer, ...]:
    """Give the answers where one side or the other is turned, or neither."""
    sides = (found.turned, found.others)
    options = []
    for turned, straight in (sides, sides[::-1]):
        short = turned[0].removeprefix(SCORE_PREFIX) if len(turned) == 1 else "others"
        names = ", ".join(f'"{score_name(name)}"' for name in turned)
        means = _("in {names} the lowest answer is the best").format(names=names)
        sets = {
            key: value
            for side, turn in ((turned, True), (straight, False))
            for name in side
            for key, value in _turns(name, scales[name], turned=turn).items()
        }
        options.append(PossibleAnswer(f"{short}_low_is_best", means, sets))
    neither = {k: v for side in sides for name in side for k, v in _turns(name, scales[name], turned=False).items()}
    return (*options, PossibleAnswer("neither", _("in all of them the highest answer is the best"), neither))


def _ends(name: str, scale: Scale) -> dict[str, Any]:
    return sets(name, low=scale.low, high=scale.high)


def _turns(name: str, scale: Scale, *, turned: bool) -> dict[str, Any]:
    return _ends(name, scale) | sets(name, reversed=turned)
