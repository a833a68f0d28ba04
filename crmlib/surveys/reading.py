"""A survey's scores as figures may use them: scales applied as declared, codes left out, doubts told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from crmlib.params import Parameters
from crmlib.params.sections import SatisfactionSection, ScaleRule
from crmlib.surveys import doubted
from crmlib.surveys.direction import FEWEST, outermost, running_against
from crmlib.surveys.doubt import ScaleDoubt, Written
from crmlib.surveys.scales import Answers, Scale, read_answers, usual_scale
from crmlib.tables.vocabulary import SCORE_PREFIX

_NOTHING: Final = ScaleRule()
_FIVE: Final = 5
_SEVEN: Final = 7
_TEN: Final = 10
_MANY: Final = 50
_NEVER_MORE: Final = {_FIVE: 8, _SEVEN: 15}
"""So many answers up to five, or up to seven, are hardly given on a scale of 0 to 10, by unhappy customers either."""

_BELOW: Final = 0.6
_ABOVE: Final = 0.2
_OF_THE_TOP: Final = ("top_unused", "top_wanted", "low_end")
_FEW_VALUES: Final = 3
_BESIDE: Final = (6.0, 8.0, 11.0)
"""Values just beyond the usual scales that forms use for "don't know"."""


@dataclass(frozen=True, slots=True)
class ReadScores:
    """The scores of a survey as figures may use them."""

    scores: pd.DataFrame  # one row an answer, one column a score with answers: codes empty, turned scales turned
    scales: Mapping[str, Scale]  # the declared or seeming scale of each
    doubts: tuple[ScaleDoubt, ...]  # what is doubtful, and what was left out

    @property
    def withheld(self) -> frozenset[str]:
        """Scores that no figure may be built on, and `top_box`."""
        return frozenset(name for doubt in self.doubts for name in doubt.withheld)


def scale_doubts(surveys: Any, params: Parameters) -> list[ScaleDoubt]:
    """List what the answers say against the scales of a survey and the parameters have not answered.

    Parameters
    ----------
    surveys
        The survey's answers, a pandas frame or an Ibis table with columns ``score_…``; others are not looked at.
    params
        The parameters.
    """
    names = [str(name) for name in surveys.columns if str(name).startswith(SCORE_PREFIX)]
    if not names:
        return []
    rows = surveys[names] if isinstance(surveys, pd.DataFrame) else surveys.select(*names).to_pandas()
    return [doubt for doubt in read_scores(rows, params.satisfaction).doubts if doubt.answers]


def read_scores(rows: pd.DataFrame, knobs: SatisfactionSection, written: Written = "{:,}".format) -> ReadScores:
    """Read the scores of a survey: apply what is declared, leave codes out, and say what is doubtful.

    Parameters
    ----------
    rows
        One row an answer; columns ``score_…`` are scores.
    knobs
        The scales that are declared, and which scores mean what.
    written
        How a number of answers is written.

    Examples
    --------
    >>> found = read_scores(pd.DataFrame({"score_staff": [4, 5, 3, 99, 2]}), SatisfactionSection())
    >>> float(found.scores["score_staff"].mean()), found.doubts[0].kind
    (3.5, 'codes')
    """
    names = sorted(str(name) for name in rows.columns if str(name).startswith(SCORE_PREFIX))
    raw = {name: _emptied(rows[name], knobs.scales.get(name, _NOTHING)) for name in names}
    given = {name: _answers(scores, knobs.scales.get(name, _NOTHING)) for name, scores in raw.items()}
    unread = [doubted.unread_doubt(name) for name, answers in given.items() if len(rows) and not answers.n]
    given = {name: answers for name, answers in given.items() if answers.n}
    ordered = {name: _in_order(name, given, raw, knobs) for name in given}
    scores = pd.DataFrame(
        {name: _usable(raw[name], answers, knobs.scales.get(name, _NOTHING)) for name, answers in ordered.items()},
        index=rows.index,
    )
    scales = {name: answers.scale for name, answers in ordered.items() if answers.scale is not None}
    found = [doubt for name, answers in ordered.items() for doubt in _of_score(name, answers, knobs, written)]
    turned = _of_direction(scores, ordered, scales, knobs, written)
    asked = {name for doubt in turned for name in doubt.withheld}
    found = [doubt for doubt in found if doubt.kind not in _OF_THE_TOP or doubt.column not in asked]
    return ReadScores(scores, scales, (*turned, *found, *unread))


def _emptied(scores: pd.Series, rule: ScaleRule) -> pd.Series:
    numbers = pd.to_numeric(scores, errors="coerce").astype(float)
    return numbers.mask(numbers.isin(rule.missing))


def _answers(scores: pd.Series, rule: ScaleRule) -> Answers:
    """Tell answers from what lies outside the declared scale, or stands apart from the seeming one."""
    if rule.low is None or rule.high is None:
        return read_answers(scores)
    counts = scores.value_counts().sort_index()
    inside = (counts.index >= rule.low) & (counts.index <= rule.high)
    return Answers(counts[inside], Scale(rule.low, rule.high), counts[~inside])


def _in_order(
    name: str, given: Mapping[str, Answers], raw: Mapping[str, pd.Series], knobs: SatisfactionSection
) -> Answers:
    """Leave out the outermost values that are no answers by what else their givers answered."""
    answers, rule = given[name], knobs.scales.get(name, _NOTHING)
    if rule.low is not None or len(answers.counts) <= _FEW_VALUES:
        return answers
    others = pd.DataFrame({
        other: raw[other].where(raw[other].isin(found.counts.index)) for other, found in given.items() if other != name
    })  # fmt: skip
    scores = raw[name].where(raw[name].isin(answers.counts.index))
    apart = [value for value in (0.0, *_BESIDE) if _is_no_answer(value, answers, scores, others)]
    counts = answers.counts.drop(apart)
    codes = pd.concat([answers.codes, answers.counts.loc[apart]]).sort_index()
    return Answers(counts, usual_scale(counts.index.to_numpy()), codes)


def _is_no_answer(value: float, answers: Answers, scores: pd.Series, others: pd.DataFrame) -> bool:
    """Whether an outermost value is no answer; where the other answers do not say, by how many gave it."""
    values = list(answers.counts.index)
    if value not in (values[0], values[-1]):
        return False
    verdict = outermost(scores, others, value)
    if verdict == "unknown" and value == 0.0 and _may_be_none(answers):
        return bool(answers.counts.iloc[0] > answers.counts.iloc[1])
    return verdict == "none"


def _usable(scores: pd.Series, answers: Answers, rule: ScaleRule) -> pd.Series:
    kept = scores.where(scores.isin(answers.counts.index))
    return (rule.low or 0.0) + (rule.high or 0.0) - kept if rule.reversed else kept


def _of_score(name: str, answers: Answers, knobs: SatisfactionSection, written: Written) -> Iterator[ScaleDoubt]:
    """Doubt a score by its own answers."""
    rule, scale = knobs.scales.get(name, _NOTHING), answers.scale
    if scale is None:
        return
    declared = rule.low is not None
    if len(answers.codes):
        yield (
            doubted.outside_doubt(name, answers, written)
            if declared
            else doubted.codes_doubt(name, answers, rule.missing, written)
        )
    if answers.is_constant and answers.n >= FEWEST:
        yield doubted.constant_doubt(name, answers, rule.missing, written)
    if name == knobs.recommend and name != knobs.overall:
        yield from _of_recommendation(name, answers, scale, declared, written)
    elif _may_be_none(answers) and not declared and 0.0 not in rule.missing:
        yield doubted.nought_doubt(name, answers, scale, rule.missing, written)
    if name == knobs.overall and not declared:
        yield from _of_overall(name, answers, scale, knobs.top, written)


def _of_recommendation(
    name: str, answers: Answers, scale: Scale, declared: bool, written: Written
) -> Iterator[ScaleDoubt]:
    """Doubt that recommendation is asked from 0 to 10."""
    if scale.is_net_promoter:
        return
    if declared:
        yield doubted.no_promoters(name, scale)
    elif scale.high > _TEN or scale.low < 0 or answers.n >= _NEVER_MORE[_FIVE if scale.high <= _FIVE else _SEVEN]:
        yield doubted.recommend_doubt(name, answers, scale, written)


def _may_be_none(answers: Answers) -> bool:
    """Whether nought stands beside answers up to five, six or seven, where scales begin at one as a rule."""
    values = answers.counts.index
    whole = all(float(value).is_integer() for value in values)
    return bool(whole and values[0] == 0 and _FIVE <= values[-1] <= _SEVEN)


def _of_overall(name: str, answers: Answers, scale: Scale, top: float | None, written: Written) -> Iterator[ScaleDoubt]:
    """Doubt the ends of the score whose top box is told."""
    share = answers.counts / answers.n
    below = float(share[share.index < scale.middle].sum())
    above = float(share[share.index > scale.middle].sum())
    if answers.n >= FEWEST and below >= _BELOW and above <= _ABOVE:
        yield doubted.low_end_doubt(name, answers, scale, below, written)
    elif scale.high > _TEN and top is None:
        yield doubted.top_wanted(name, scale)
    elif answers.n >= _MANY * (scale.high / _FIVE) and answers.counts.index[-1] < min(scale.high, top or scale.high):
        yield doubted.top_unused_doubt(name, answers, scale, written)
    elif top is not None and answers.n >= FEWEST and top <= scale.middle:
        yield doubted.top_low_doubt(name, scale, top)


def _of_direction(
    scores: pd.DataFrame,
    answers: Mapping[str, Answers],
    scales: dict[str, Scale],
    knobs: SatisfactionSection,
    written: Written,
) -> list[ScaleDoubt]:
    """Doubt which end of a scale is best where scores contradict one another."""
    known = [name for name in scores if knobs.scales.get(str(name), _NOTHING).reversed is not None]
    asked = knobs.recommend in answers and scales[knobs.recommend].is_net_promoter
    found = running_against(scores, known, knobs.recommend if asked else None)
    return [doubted.reversed_doubt(against, scales, (knobs.recommend, knobs.overall), written) for against in found]
