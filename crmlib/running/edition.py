"""What every page of a report says about it."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Edition:
    """One report of a series.

    Attributes
    ----------
    title
        Title of the series.
    as_of
        Exclusive end of the data.
    run_id
        The run that makes it.
    language
        Language of its words.
    """

    title: str
    as_of: date
    run_id: str
    language: str

    @property
    def period_label(self) -> str:
        """The period as a reader calls it."""
        return period_label(self.as_of)


def period_label(as_of: date) -> str:
    """Give a period as a reader calls it: the month, or the last day seen.

    Examples
    --------
    >>> period_label(date(2026, 11, 1)), period_label(date(2026, 11, 15))
    ('October 2026', '14 November 2026')
    """
    last = as_of - timedelta(days=1)
    return f"{last:%B %Y}" if as_of.day == 1 else f"{last.day} {last:%B %Y}"
