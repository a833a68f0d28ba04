"""One thing that the data say against what the parameters say of them."""

from dataclasses import dataclass

from crmlib.params.questions import Decides


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that the data say against the mapping."""

    code: str  # what it is about
    key: str  # the name of the question it is in the parameters, under which it is answered
    source: str  # the source
    decides: Decides  # which part of the report hangs on it
    seen: str  # what was seen, in a sentence
    remedy: str  # what would do, in a sentence
