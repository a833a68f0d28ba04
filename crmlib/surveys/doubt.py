"""What is doubtful about a survey's scales: what was seen, what it may mean, and what to write in the parameters."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from crmlib.surveys.scales import Scale
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
    """One answer to a doubt."""

    name: str  # what to call it in a parameters file
    means: str  # what it says of the survey
    sets: dict[str, Any] = field(default_factory=dict)  # the parameters that say so, by dotted key


@dataclass(frozen=True, slots=True)
class ScaleDoubt:
    """One thing that the answers to a question say against its scale."""

    column: str  # the score
    kind: Kind  # what is doubtful
    seen: str  # what was seen, and what the report does about it until somebody answers, in sentences
    # what it may mean; empty where the parameters have said so, and it is only told
    answers: tuple[PossibleAnswer, ...] = ()
    # scores on which no figure is built until it is answered; `top_box` for the share of the very satisfied alone
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


def sets(name: str, **values: Any) -> dict[str, Any]:
    """Give parameters of a score by dotted key."""
    return {f"satisfaction.scales.{name}.{key}": plain(value) for key, value in values.items()}


def plain(value: Any) -> Any:
    """Give numbers as a person writes them: 99, not 99.0."""
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, bool):
        return value
    return int(value) if float(value).is_integer() else float(value)


def ends_of(scale: Scale | None) -> str:
    """Write the ends of a scale."""
    return "" if scale is None else _("{low} to {high}").format(low=number(scale.low), high=number(scale.high))


def listed(values: Iterable[float]) -> str:
    """Write values as alternatives."""
    return _(" or ").join(number(value) for value in values)


def number(value: float) -> str:
    """Write a number as a person does."""
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def decimals(value: float) -> str:
    """Write a correlation."""
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
