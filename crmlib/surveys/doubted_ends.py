"""Doubts about the ends of a scale: which one is best, where it ends, and where its top box begins."""

from collections.abc import Sequence
from typing import Any

from crmlib.surveys.direction import Against
from crmlib.surveys.doubt import (
    TOP_BOX,
    PossibleAnswer,
    ScaleDoubt,
    Written,
    decimals,
    ends_of,
    number,
    plain,
    score_name,
    sets,
)
from crmlib.surveys.scales import Answers, Scale
from crmlib.tables.vocabulary import SCORE_PREFIX
from crmlib.words import _, formats


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
        else _("It could not be told whether {low} or {high} is its best answer.").format(
            low=number(scales[column].low), high=number(scales[column].high)
        )
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
    seen = _(
        '{share} of {n} answers to "{score}" lie in the lower half of {scale}: hardly anybody is satisfied, or {low} '
        "is the best answer. No figure is built on it until that is said."
    ).format(
        share=formats.share(below, decimals=0), n=written(answers.n), score=score_name(name), scale=ends_of(scale),
        low=number(scale.low),
    )  # fmt: skip
    return ScaleDoubt(name, "low_end", seen, direction_answers(name, scale), (name,))


def top_unused_doubt(name: str, answers: Answers, scale: Scale, written: Written) -> ScaleDoubt:
    """Say that nobody gave the best answer, so that the scale may end below."""
    most = float(answers.counts.index[-1])
    seen = _(
        'None of {n} answers to "{score}" is {top}: its scale may end at {most}, or {low} may be the best answer. How '
        "many are very satisfied is not told until that is said."
    ).format(
        n=written(answers.n),
        score=score_name(name),
        top=number(scale.high),
        most=number(most),
        low=number(scale.low),
    )
    low_best, high_best = direction_answers(name, scale)
    ends = PossibleAnswer(
        "ends_lower", _("the scale ends at {most}").format(most=number(most)), sets(name, low=scale.low, high=most)
    )
    return ScaleDoubt(name, "top_unused", seen, (ends, high_best, low_best), (TOP_BOX,))


def top_low_doubt(name: str, scale: Scale, top: float) -> ScaleDoubt:
    """Say that the top box of the parameters begins in the lower half of the scale."""
    seen = _(
        '"{score}" is answered on a scale of {scale}, and satisfaction.top is {top}, in its lower half. How many are '
        "very satisfied is not told until that is said."
    ).format(score=score_name(name), scale=ends_of(scale), top=number(top))
    as_it_is = PossibleAnswer(
        "as_it_is",
        _("{top} and above is very satisfied").format(top=number(top)),
        sets(name, low=scale.low, high=scale.high),
    )
    return ScaleDoubt(name, "top_low", seen, (_top(name, scale, scale.high), as_it_is), (TOP_BOX,))


def top_wanted(name: str, scale: Scale) -> ScaleDoubt:
    """Say that on so fine a scale the greatest answer alone is no top box."""
    seen = _(
        '"{score}" is answered on a scale of {scale}: from which answer on a customer is very satisfied is not known, '
        "and not told until that is said."
    ).format(score=score_name(name), scale=ends_of(scale))
    options = tuple(_top(name, scale, scale.upto(part)) for part in (0.8, 0.9, 1.0))
    return ScaleDoubt(name, "top_wanted", seen, options, (TOP_BOX,))


def _top(name: str, scale: Scale, top: float) -> PossibleAnswer:
    return PossibleAnswer(
        f"top_{number(top)}",
        _("{top} and above is very satisfied").format(top=number(top)),
        {**sets(name, low=scale.low, high=scale.high), "satisfaction.top": plain(top)},
    )


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


def _turns(name: str, scale: Scale, *, turned: bool) -> dict[str, Any]:
    return sets(name, low=scale.low, high=scale.high, reversed=turned)
