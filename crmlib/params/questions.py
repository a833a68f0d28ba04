"""Questions about the data that a person must answer: what was seen, the possible answers, and what each sets."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from crmlib.params.errors import ParameterError, Place, did_you_mean
from crmlib.params.reading import Places
from crmlib.params.section import Section

Decides = Literal["money", "returns", "orders", "customers", "times", "surveys"]

DECIDING: tuple[Decides, ...] = ("money", "returns", "orders", "customers")
"""What a report cannot be made without: while such a question is open, ``crm run`` refuses."""


_NUMBER: Final = re.compile(r"_[0-9]+$")


class Answer(Section):
    """One possible answer: what it says of the data, what the figures would be, and the parameters it sets."""

    means: str = Field(default="", description="what the answer says of the data")
    gives: str = Field(default="", description="what the figures of the last whole month would be with it")
    sets: dict[str, Any] = Field(
        default={}, description="parameters by dotted key, sources counted from 0; null takes a key away"
    )


class Question(Section):
    """A question that the data raise. Writing one of the answers' names under ``answer`` is the whole edit."""

    asks: str = Field(default="", description="the question, with what was seen")
    decides: Decides = Field(default="money", description="which part of the report hangs on it")
    source: str | None = Field(
        default=None,
        description="name of the source of order lines that it is about; what its answers set they set there, wherever "
        "that source stands in the list",
    )
    answers: dict[str, Answer] = Field(default={}, description="the possible answers by name")
    answer: str | None = Field(default=None, description="the name of the right answer; open where empty")

    @model_validator(mode="after")
    def _known_answer(self) -> Self:
        if self.answer is not None and self.answers and self.answer not in self.answers:
            raise ValueError(f"{self.answer!r} is none of the answers. {did_you_mean(self.answer, self.answers)}")
        return self


def open_questions(questions: Mapping[str, Question]) -> Iterator[tuple[str, Question]]:
    """Give the questions without an answer, those that a report cannot be made without first."""
    unanswered = [(name, question) for name, question in questions.items() if question.answer is None]
    yield from sorted(unanswered, key=lambda named: named[1].decides not in DECIDING)


def take_answers(values: dict[str, Any], places: Places) -> None:
    """Set what the answers stand for, so that an answered question reads as if its parameters were written by hand."""
    for name, key, value in list(_chosen(values.get("questions"))):
        place = places.get(("questions", name, "answer"), Place(f"questions.{name}"))
        _set(values, places, _at_source(values, name, key.split("."), place), value, place)


def is_answered(questions: Mapping[str, Question], code: str, key: str, source: str) -> bool:
    """Tell whether what the data say against a source is answered; a question that names a source is about it alone.

    By its ``code`` where a question names its source, else by its ``key``, the name that a question about it has by the
    place of its source.
    """
    return any(
        question.answer is not None
        and (name == key if question.source is None else (question.source == source and _NUMBER.sub("", name) == code))
        for name, question in questions.items()
    )


def _at_source(values: dict[str, Any], name: str, parts: list[str], place: Place) -> list[str]:
    """Put the number in the keys that the source of a question has now: the list may have changed since."""
    asked_of = values["questions"][name].get("source")
    if (
        not isinstance(asked_of, str)
        or parts[:2] != ["sources", "transactions"]
        or not parts[2:3]
        or not parts[2].isdigit()
    ):
        return parts
    sources = (values.get("sources") or {}).get("transactions") or []
    names = [
        source.get("name") if isinstance(source, dict) else None
        for source in (sources if isinstance(sources, list) else [sources])
    ]
    if asked_of not in names:
        known = [called for called in names if isinstance(called, str)]
        raise ParameterError(
            f"{place}: questions.{name} is about the source {asked_of!r}, and no source of transactions has that name. "
            f"{did_you_mean(asked_of, known)}"
        )
    return [*parts[:2], str(names.index(asked_of)), *parts[3:]]


def _chosen(questions: Any) -> Iterator[tuple[str, str, Any]]:
    """Give the name, the keys and the values of every answer that is given; what is malformed the model refuses."""
    for name, question in questions.items() if isinstance(questions, dict) else ():
        if not isinstance(question, dict) or not isinstance(question.get("answers"), dict):
            continue
        chosen = question.get("answer")
        answer = question["answers"].get(chosen) if isinstance(chosen, str) else None
        for key, value in ((answer or {}).get("sets") or {}).items() if isinstance(answer, dict | None) else ():
            yield str(name), str(key), value


def _set(values: dict[str, Any], places: Places, parts: list[str], value: Any, place: Place) -> None:
    target: Any = values
    written: list[str | int] = []
    for part in parts[:-1]:
        if part == "0" and isinstance(target, dict):
            continue  # a single source stands where a list may stand
        if isinstance(target, list) and part.isdigit() and int(part) < len(target):
            written.append(int(part))
            target = target[int(part)]
        elif isinstance(target, dict):
            written.append(part)
            target = target[part] if isinstance(target.get(part), dict | list) else target.setdefault(part, {})
        else:
            raise ParameterError(f"{place}: sets {'.'.join(parts)!r}, which has no place in this file")
    if not isinstance(target, dict):
        raise ParameterError(f"{place}: sets {'.'.join(parts)!r}, which has no place in this file")
    if value is None:
        target.pop(parts[-1], None)
    else:
        target[parts[-1]] = extended(target.get(parts[-1]), value)
    places[(*written, parts[-1])] = place


def extended(before: Any, value: Any) -> Any:
    """Lay an answer's value over what is there: conditions and lists are extended, everything else is replaced."""
    if isinstance(before, dict) and isinstance(value, dict):
        return before | {key: extended(before.get(key), part) for key, part in value.items()}
    if isinstance(before, list) and isinstance(value, list):
        return [*before, *(part for part in value if part not in before)]
    return value
