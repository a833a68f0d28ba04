"""Evidence that is missing: said in words, never faked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gap:
    """Why something is not shown.

    Attributes
    ----------
    needed, found, therefore
        What was needed, what was found instead, and what is therefore not shown.
    delivered
        Whether the table was there, and could not be used.

    Examples
    --------
    >>> Gap("a survey", "none", "No score is shown.").therefore
    'No score is shown.'
    """

    needed: str
    found: str
    therefore: str
    delivered: bool = False
