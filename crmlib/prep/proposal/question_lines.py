"""The questions of a proposal as lines of YAML: what was seen, the answers, and what each makes of the revenue."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from crmlib.params.questions import DECIDING
from crmlib.prep.arguing.doubts import question_key
from crmlib.prep.proposal.groups import relative
from crmlib.prep.proposal.proposing import Proposal
from crmlib.prep.proposal.readings import Asked, Option
from crmlib.prep.proposal.scalars import comment, flow, scalar
from crmlib.words import _

Line = str | tuple[str, str]


def question_lines(proposal: Proposal, home: Path, names: Sequence[str]) -> Iterator[Line]:
    """Write every question of the order lines, which have these names; nothing where nothing is asked."""
    asked = [
        (place, each) for place, found in enumerate(proposal.of("transactions"))
        for each in (found.reading.asked if found.reading else ())
    ]  # fmt: skip
    if not asked:
        return
    yield comment(_("Questions that only you can answer: write the name of the right answer behind `answer:`."))
    yield "questions:"
    for place, each in asked:
        yield from _question(question_key(each.code, place), (place, names[place]), each, home)
    yield ""


def _question(name: str, source: tuple[int, str], asked: Asked, home: Path) -> Iterator[Line]:
    yield f"  {name}:"
    yield f"    asks: {scalar(asked.asks)}"
    yield f"    decides: {asked.decides}"
    yield f"    source: {scalar(source[1])}"
    names = " | ".join(option.name for option in asked.options)
    waits = _("`crm run` waits for it") if asked.decides in DECIDING else _("the report can be made without it")
    yield "    answer:", f"{names}   ({waits})"
    yield "    answers:"
    for option in asked.options:
        yield from _option(source[0], option, home)


def _option(place: int, option: Option, home: Path) -> Iterator[Line]:
    yield f"      {option.name}:"
    yield f"        means: {scalar(option.means)}"
    if option.gives:
        yield f"        gives: {scalar(option.gives)}"
    if option.sets:
        values = {
            key: [relative(path, home) for path in value] if key == "path" else value
            for key, value in option.sets.items()
        }
        sets = {f"sources.transactions.{place}.{key}": value for key, value in values.items()}
        yield f"        sets: {flow(sets)}"
