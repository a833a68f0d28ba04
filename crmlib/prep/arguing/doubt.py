"""One thing that the data say against what the parameters say of them."""

from dataclasses import dataclass

from crmlib.params.questions import Decides


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that the data say against the mapping.

    Attributes
    ----------
    code
        What it is about.
    key
        The name of the question it is in the parameters, under which it is answered.
    source
        The source.
    decides
        Which part of the report hangs on it.
    seen
        What was seen, in a sentence.
    remedy
        What would do, in a sentence.
    """

    code: str
    key: str
    source: str
    decides: Decides
    seen: str
    remedy: str
