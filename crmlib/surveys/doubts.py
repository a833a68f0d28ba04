"""What is doubtful about a survey's scales: what was seen, what it may mean, and what to write in the parameters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import pandas as pd

from crmlib.surveys.direction import Against
from crmlib.surveys.scales import Answers, Scale
from crmlib.tables.vocabulary import SCORE_PREFIX
from crmlib.words import _

Kind = Literal[
    "codes", "nought", "outside", "reversed", "recommend_scale", "no_promoters", "constant", "top_unused", "low_end",
    "top_low", "top_wanted", "unread",
]  # fmt: skip
Written = Callable[[int], str]
"""How a number of answers is written: on a page it passes the gate first."""

TOP_BOX: Final = "top_box"
"""Stands among what is withheld where the score can be told and its top box cannot."""


@dataclass(frozen=True, slots=True)
class PossibleAnswer:
    """One answer to a doubt.

    Attributes
    ----------
    name
        What to call it in a parameters file.
    means
        What it says of the survey.
    sets
        The parameters that say so, by dotted key.
    """

    name: str
    means: str
    sets: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScaleDoubt:
    """One thing that the answers to a question say against its scale.

    Attributes
    ----------
    column
        The score.
    kind
        What is doubtful.
    seen
        What was seen, and what the report does about it until somebody answers, in sentences.
    answers
        What it may mean; empty where the parameters have said so, and it is only told.
    withheld
        Scores on which no figure is built until it is answered; `top_box` for the share of the very satisfied alone.
    """

    column: str
    kind: Kind
    seen: str
    answers: tuple[PossibleAnswer, ...] = ()
    withheld: tuple[str, ...] = ()


def score_name(name: str) -> str:
    """Give the name of a score in words.

    Examples
    --------
    >>> score_name("score_waiting_time")
    'Waiting time'
    """
    words = name.removeprefix(SCORE_PREFIX).replace("_", " ").strip()
    return _(words[:1].upper() + words[1:])


def where_to_answer() -> str:
    """Say where to answer a doubt."""
    return _("What is right is said under satisfaction.scales in the parameters; crm check lists the answers.")


def unread_doubt(name: str) -> ScaleDoubt:
    """Say that a score was delivered and holds no number."""
    words = _('"{score}" holds no number among these answers: where it was answered in words, no score can be told.')
    return ScaleDoubt(name, "unread", words.format(score=score_name(name)))


def codes_doubt(name: str, answers: Answers, missing: Sequence[float], written: Written) -> ScaleDoubt:
    """Say that values stand apart from the scale, and are left out."""
    codes, n = answers.codes, answers.n + int(answers.codes.sum())
    scale = answers.scale or Scale(float(codes.index.min()), float(codes.index.max()))
    seen = _(
        '"{score}" seems to be answered on a scale of {scale}, and {count} of {n} answers are {codes}: these are taken '
        "for no answers and left out."
    ).format(
        score=score_name(name),
        scale=_ends(scale),
        count=written(int(codes.sum())),
        n=written(n),
        codes=_or(codes.index),
    )
    return ScaleDoubt(name, "codes", seen, _answer_or_none(name, codes.index, scale, missing))


def nought_doubt(name: str, answers: Answers, scale: Scale, missing: Sequence[float], written: Written) -> ScaleDoubt:
    """Say that nought may mean that nothing was answered, and counts as an answer until that is said."""
    seen = _(
        '"{score}" is answered from {scale}, {count} of {n} times with 0: that may be the worst answer, or none. It '
        "counts as an answer."
    ).format(
        score=score_name(name), scale=_ends(scale), count=written(int(answers.counts.loc[0.0])), n=written(answers.n)
    )
    return ScaleDoubt(name, "nought", seen, _answer_or_none(name, pd.Index([0.0]), scale, missing))


def outside_doubt(name: str, answers: Answers, written: Written) -> ScaleDoubt:
    """Say that answers lie outside the declared scale, and are left out."""
    seen = _('{count} answers to "{score}" are {codes}, outside its scale of {scale}: they are left out.').format(
        score=score_name(name), count=written(int(answers.codes.sum())), codes=_or(answers.codes.index),
        scale=_ends(answers.scale),
    )  # fmt: skip
    return ScaleDoubt(name, "outside", seen)


def recommend_doubt(name: str, answers: Answers, scale: Scale, written: Written) -> ScaleDoubt:
    """Say that the question of recommendation does not seem to be asked from 0 to 10."""
    seen = _(
        '"{score}" seems to be asked on a scale of {scale}: none of {n} answers is above {most}. A net promoter score '
        "needs answers from 0 to 10, so none is told."
    ).format(score=score_name(name), scale=_ends(scale), n=written(answers.n), most=_number(answers.counts.index[-1]))
    as_seen = PossibleAnswer(
        f"scale_{_number(scale.low)}_to_{_number(scale.high)}",
        _("it was asked on a scale of {scale}: no net promoter score can be made of it").format(scale=_ends(scale)),
        _sets(name, low=scale.low, high=scale.high),
    )
    ten = PossibleAnswer(
        "scale_0_to_10", _("it was asked from 0 to 10, and the answers are as low as that"), _sets(name, low=0, high=10)
    )
    return ScaleDoubt(name, "recommend_scale", seen, (as_seen, ten), (name,))


def no_promoters(name: str, scale: Scale) -> ScaleDoubt:
    """Say that a recommendation asked on another scale makes no net promoter score."""
    words = _('"{score}" is asked on a scale of {scale}, and a net promoter score needs 0 to 10: none is told.')
    return ScaleDoubt(name, "no_promoters", words.format(score=score_name(name), scale=_ends(scale)), (), (name,))


def constant_doubt(name: str, answers: Answers, missing: Sequence[float], written: Written) -> ScaleDoubt:
    """Say that everybody answered alike."""
    value = answers.counts.index[0]
    words = _('All {n} answers to "{score}" are {value}: nothing can hang on it, so it is no driver.')
    return ScaleDoubt(
        name,
        "constant",
        words.format(n=written(answers.n), score=score_name(name), value=_number(value)),
        (
            PossibleAnswer("answered_alike", _("everybody did answer so")),
            PossibleAnswer(
                "filled_in", _("the form filled it in, nobody answered"), _sets(name, missing=[*missing, value])
            ),
        ),
    )


def reversed_doubt(found: Against, scales: dict[str, Scale], headlines: Sequence[str], written: Written) -> ScaleDoubt:
    """Say that scores contradict each other, so that one of them seems to be turned."""
    one, other = (score_name(name) for name in found.pair)
    column = found.pair[0] if found.pair[0] in found.turned else found.turned[0]
    seen = _('"{one}" is lower where "{other}" is higher (correlation {r}, {low} to {high}; {n} answers).').format(
        one=one, other=other, n=written(found.correlation.n), r=_decimals(found.correlation.value),
        low=_decimals(found.correlation.low), high=_decimals(found.correlation.high),
    )  # fmt: skip
    in_doubt = (*found.turned, *found.others) if found.either else found.turned
    withheld = tuple(name for name in in_doubt if name in headlines)
    verdict = (
        _("In one of them the lowest answer must be the best; which, the answers cannot tell.")
        if found.either
        else _("It could not be told whether {low} or {high} is its best answer.").format(
            low=_number(scales[column].low), high=_number(scales[column].high)
        )
    )
    care = _("No figure is built on it until that is said.") if withheld else _("Read its mean with that in mind.")
    options = _either_side(found, scales) if found.either else direction_answers(column, scales[column])
    return ScaleDoubt(column, "reversed", f"{seen} {verdict} {care}", options, withheld)


def direction_answers(name: str, scale: Scale) -> tuple[PossibleAnswer, ...]:
    """Give both answers to the question which end of a scale is best."""
    best = _("{best} is the best answer, {worst} the worst")
    low, high = _number(scale.low), _number(scale.high)
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
        share=f"{below:.0%}".replace("%", " %"), n=written(answers.n), score=score_name(name), scale=_ends(scale),
        low=_number(scale.low),
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
        top=_number(scale.high),
        most=_number(most),
        low=_number(scale.low),
    )
    low_best, high_best = direction_answers(name, scale)
    ends = PossibleAnswer(
        "ends_lower", _("the scale ends at {most}").format(most=_number(most)), _sets(name, low=scale.low, high=most)
    )
    return ScaleDoubt(name, "top_unused", seen, (ends, high_best, low_best), (TOP_BOX,))


def top_low_doubt(name: str, scale: Scale, top: float) -> ScaleDoubt:
    """Say that the top box of the parameters begins in the lower half of the scale."""
    seen = _(
        '"{score}" is answered on a scale of {scale}, and satisfaction.top is {top}, in its lower half. How many are '
        "very satisfied is not told until that is said."
    ).format(score=score_name(name), scale=_ends(scale), top=_number(top))
    as_it_is = PossibleAnswer(
        "as_it_is",
        _("{top} and above is very satisfied").format(top=_number(top)),
        _sets(name, low=scale.low, high=scale.high),
    )
    return ScaleDoubt(name, "top_low", seen, (_top(name, scale, scale.high), as_it_is), (TOP_BOX,))


def top_wanted(name: str, scale: Scale) -> ScaleDoubt:
    """Say that on so fine a scale the greatest answer alone is no top box."""
    seen = _(
        '"{score}" is answered on a scale of {scale}: from which answer on a customer is very satisfied is not known, '
        "and not told until that is said."
    ).format(score=score_name(name), scale=_ends(scale))
    options = tuple(_top(name, scale, scale.upto(part)) for part in (0.8, 0.9, 1.0))
    return ScaleDoubt(name, "top_wanted", seen, options, (TOP_BOX,))


def _top(name: str, scale: Scale, top: float) -> PossibleAnswer:
    return PossibleAnswer(
        f"top_{_number(top)}",
        _("{top} and above is very satisfied").format(top=_number(top)),
        {**_sets(name, low=scale.low, high=scale.high), "satisfaction.top": _plain(top)},
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


def _answer_or_none(
    name: str, values: "pd.Index[float]", scale: Scale, missing: Sequence[float]
) -> tuple[PossibleAnswer, ...]:
    least, most = min(scale.low, *values), max(scale.high, *values)
    return (
        PossibleAnswer(
            "no_answer",
            _("{values} means that nothing was answered").format(values=_or(values)),
            _sets(name, missing=[*missing, *(float(value) for value in values)]),
        ),
        PossibleAnswer(
            "answer",
            _("{values} is an answer as others are: the scale is {scale}").format(
                values=_or(values), scale=_ends(Scale(least, most))
            ),
            _sets(name, low=least, high=most),
        ),
    )


def _turns(name: str, scale: Scale, *, turned: bool) -> dict[str, Any]:
    return _sets(name, low=scale.low, high=scale.high, reversed=turned)


def _sets(name: str, **values: Any) -> dict[str, Any]:
    return {f"satisfaction.scales.{name}.{key}": _plain(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    """Give numbers as a person writes them: 99, not 99.0."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, bool):
        return value
    return int(value) if float(value).is_integer() else float(value)


def _ends(scale: Scale | None) -> str:
    return "" if scale is None else _("{low} to {high}").format(low=_number(scale.low), high=_number(scale.high))


def _or(values: "pd.Index[float]") -> str:
    return _(" or ").join(_number(value) for value in values)


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def _decimals(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
