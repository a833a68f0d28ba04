"""What every page of a report says about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crmlib.chapters import CHAPTERS, Chapter
from crmlib.words import label_of


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
    chapters
        All of its chapters, the shop's own among them.
    """

    title: str
    as_of: date
    run_id: str
    language: str
    chapters: Sequence[Chapter] = CHAPTERS

    @property
    def period_label(self) -> str:
        """The period as a reader calls it."""
        return label_of(self.as_of)
