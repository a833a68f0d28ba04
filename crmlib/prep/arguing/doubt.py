"""One thing that the data say against the parameters, of surveys and of the list of returned orders too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmlib.prep.contracts import UNKNOWN_LISTED
from crmlib.words import _, formats, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmlib.params import Parameters
    from crmlib.params.questions import Decides
    from crmlib.prep.judging import Judged
    from crmlib.prep.listed import Listed
    from crmlib.surveys import PossibleAnswer


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that the data say against the mapping."""

    code: str  # what it is about
    key: str  # the name of the question it is in the parameters, under which it is answered
    source: str
    decides: Decides  # which part of the report hangs on it
    seen: str  # what was seen, in a sentence
    remedy: str  # what would do, in a sentence


def doubts_of_scales(judged: Judged, params: Parameters) -> Iterator[Doubt]:
    """Give each doubt of a scale that the parameters have not answered; what is only told is left to page 04."""
    from crmlib.surveys import scale_doubts  # its statistics take half a second to import

    answered = {name for name, question in params.questions.items() if question.answer is not None}
    for doubt in scale_doubts(judged.good, params):
        key = f"{doubt.kind}_{doubt.column}"
        if doubt.answers and key not in answered:
            source = ", ".join(landed.name for landed in judged.landed)
            remedy = _("; or ").join(_way(answer) for answer in doubt.answers)
            yield Doubt(doubt.kind, key, source, "surveys", doubt.seen.rstrip("."), remedy)


def _way(answer: PossibleAnswer) -> str:
    sets = ", ".join(f"{key}: {value}" for key, value in answer.sets.items())
    return f"{answer.means} ({sets})" if sets else answer.means


def unlisted_words(listed: Listed) -> str:
    """Say how many orders of the list nobody delivered."""
    if not listed.orders:
        return _("none of its lines names a returned order, and nothing is taken back")
    words = plural(
        "{n} of the {all} returned orders that it names is in no source, and nothing is taken back for it",
        "{n} of the {all} returned orders that it names are in no source, and nothing is taken back for them",
        listed.unknown,
    )
    return words.format(n=formats.count(listed.unknown), all=formats.count(listed.orders))


def doubts_of_list(listed: Listed | None, params: Parameters) -> tuple[Doubt, ...]:
    """Doubt a list most of whose orders nobody delivered, unless the parameters stand by it."""
    question = params.questions.get(UNKNOWN_LISTED)
    if listed is None or not listed.is_doubtful or (question is not None and question.answer is not None):
        return ()
    remedy = _("look at cleaning.returns.orders: `column` and `where`, and how both write the number of an order")
    return (Doubt(UNKNOWN_LISTED, UNKNOWN_LISTED, listed.file, "returns", unlisted_words(listed), remedy),)
