"""A delivery with the table it is proposed for, and what was read out of its numbers."""

from dataclasses import dataclass

from crmlib.prep.proposal.choosing import Choice
from crmlib.prep.proposal.groups import Sampled
from crmlib.prep.proposal.readings import Reading


@dataclass(frozen=True, slots=True)
class Found:
    """A delivery and the table it is proposed for; ``None`` where none suits."""

    sample: Sampled
    choice: Choice | None
    ranked: tuple[Choice, ...]
    # of order lines, what their numbers said; see :mod:`crmlib.prep.proposal.settling`
    reading: Reading | None = None
