"""What the answers of a survey say against the scales that its scores are read by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.prep.arguing.doubt import Doubt
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmlib.params import Parameters
    from crmlib.prep.judging import Judged
    from crmlib.surveys import PossibleAnswer


def doubts_of_scales(judged: Judged, params: Parameters) -> Iterator[Doubt]:
    """Give each doubt of a scale that the parameters have not answered; what is only told is left to page 04."""
    from crmlib.surveys import scale_doubts  # its statistics take half a second to import

    answered = {name for name, question in params.questions.items() if question.answer is not None}
    for each in scale_doubts(judged.good, params):
        key = f"{each.kind}_{each.column}"
        if each.answers and key not in answered:
            source = ", ".join(landed.name for landed in judged.landed)
            remedy = _("; or ").join(_way(answer) for answer in each.answers)
            yield Doubt(each.kind, key, source, "surveys", each.seen.rstrip("."), remedy)


def _way(answer: PossibleAnswer) -> str:
    sets = ", ".join(f"{key}: {value}" for key, value in answer.sets.items())
    return f"{answer.means} ({sets})" if sets else answer.means
