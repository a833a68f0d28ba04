"""How a run can end: the exit codes that a scheduler reads and the failures behind them."""

from enum import IntEnum


class Outcome(IntEnum):
    """Exit code of ``crm``.

    Examples
    --------
    >>> int(Outcome.HELD)
    75
    """

    PUBLISHED = 0
    BAD_PARAMETERS = 2
    INPUT_REJECTED = 3
    NOTEBOOK_FAILED = 4
    STOPPED = 5
    """Timed out, killed or interrupted."""
    REPORT_REFUSED = 6
    QUESTIONS_OPEN = 7
    """The data ask what only a person can answer, and the answer decides the report."""
    STORAGE = 8
    """The disk is full, or a folder may not be read or written."""
    NO_BROWSER = 69
    """No browser is there to print with, or it cannot; ``EX_UNAVAILABLE``."""
    HELD = 75
    """Another run holds the series; ``EX_TEMPFAIL``, so a scheduler may try again."""


class RunFailureError(Exception):
    """A run that ends without a report.

    Attributes
    ----------
    outcome
        The exit code it ends with.
    lines
        What to tell the user, at most a few lines, free of values of data.

    Examples
    --------
    >>> RunFailureError(Outcome.HELD, "another run holds the series demo").outcome.name
    'HELD'
    """

    def __init__(self, outcome: Outcome, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.outcome = outcome
        self.lines = lines
