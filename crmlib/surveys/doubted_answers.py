"""Doubts about what is an answer: codes, noughts, constant answers, a recommendation not asked from 0 to 10."""

from collections.abc import Sequence

import pandas as pd

from crmlib.surveys.doubt import (
    PossibleAnswer,
    ScaleDoubt,
    Written,
    ends_of,
    listed,
    number,
    score_name,
    sets,
)
from crmlib.surveys.scales import Answers, Scale
from crmlib.words import _


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
        scale=ends_of(scale),
        count=written(int(codes.sum())),
        n=written(n),
        codes=listed(codes.index),
    )
    return ScaleDoubt(name, "codes", seen, _answer_or_none(name, codes.index, scale, missing))


def nought_doubt(name: str, answers: Answers, scale: Scale, missing: Sequence[float], written: Written) -> ScaleDoubt:
    """Say that nought may mean that nothing was answered, and counts as an answer until that is said."""
    seen = _(
        '"{score}" is answered from {scale}, {count} of {n} times with 0: that may be the worst answer, or none. It '
        "counts as an answer."
    ).format(
        score=score_name(name), scale=ends_of(scale), count=written(int(answers.counts.loc[0.0])), n=written(answers.n)
    )
    return ScaleDoubt(name, "nought", seen, _answer_or_none(name, pd.Index([0.0]), scale, missing))


def outside_doubt(name: str, answers: Answers, written: Written) -> ScaleDoubt:
    """Say that answers lie outside the declared scale, and are left out."""
    seen = _('{count} answers to "{score}" are {codes}, outside its scale of {scale}: they are left out.').format(
        score=score_name(name), count=written(int(answers.codes.sum())), codes=listed(answers.codes.index),
        scale=ends_of(answers.scale),
    )  # fmt: skip
    return ScaleDoubt(name, "outside", seen)


def recommend_doubt(name: str, answers: Answers, scale: Scale, written: Written) -> ScaleDoubt:
    """Say that the question of recommendation does not seem to be asked from 0 to 10."""
    seen = _(
        '"{score}" seems to be asked on a scale of {scale}: none of {n} answers is above {most}. A net promoter score '
        "needs answers from 0 to 10, so none is told."
    ).format(score=score_name(name), scale=ends_of(scale), n=written(answers.n), most=number(answers.counts.index[-1]))
    as_seen = PossibleAnswer(
        f"scale_{number(scale.low)}_to_{number(scale.high)}",
        _("it was asked on a scale of {scale}: no net promoter score can be made of it").format(scale=ends_of(scale)),
        sets(name, low=scale.low, high=scale.high),
    )
    ten = PossibleAnswer(
        "scale_0_to_10", _("it was asked from 0 to 10, and the answers are as low as that"), sets(name, low=0, high=10)
    )
    return ScaleDoubt(name, "recommend_scale", seen, (as_seen, ten), (name,))


def no_promoters(name: str, scale: Scale) -> ScaleDoubt:
    """Say that a recommendation asked on another scale makes no net promoter score."""
    words = _('"{score}" is asked on a scale of {scale}, and a net promoter score needs 0 to 10: none is told.')
    return ScaleDoubt(name, "no_promoters", words.format(score=score_name(name), scale=ends_of(scale)), (), (name,))


def constant_doubt(name: str, answers: Answers, missing: Sequence[float], written: Written) -> ScaleDoubt:
    """Say that everybody answered alike."""
    value = answers.counts.index[0]
    words = _('All {n} answers to "{score}" are {value}: nothing can hang on it, so it is no driver.')
    return ScaleDoubt(
        name,
        "constant",
        words.format(n=written(answers.n), score=score_name(name), value=number(value)),
        (
            PossibleAnswer("answered_alike", _("everybody did answer so")),
            PossibleAnswer(
                "filled_in", _("the form filled it in, nobody answered"), sets(name, missing=[*missing, value])
            ),
        ),
    )


def _answer_or_none(
    name: str, values: "pd.Index[float]", scale: Scale, missing: Sequence[float]
) -> tuple[PossibleAnswer, ...]:
    least, most = min(scale.low, *values), max(scale.high, *values)
    return (
        PossibleAnswer(
            "no_answer",
            _("{values} means that nothing was answered").format(values=listed(values)),
            sets(name, missing=[*missing, *(float(value) for value in values)]),
        ),
        PossibleAnswer(
            "answer",
            _("{values} is an answer as others are: the scale is {scale}").format(
                values=listed(values), scale=ends_of(Scale(least, most))
            ),
            sets(name, low=least, high=most),
        ),
    )
