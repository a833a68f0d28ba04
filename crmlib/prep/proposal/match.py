"""One canonical column and where it is found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """One canonical column and the column it is found in.

    Attributes
    ----------
    header
        How like the header is to a known name; 0 where only the values told.
    fit
        How well the values are of the column's kind; 1 where all are.
    doubt
        What could not be told, in the words that follow these; empty where nothing is doubted.
    joined
        Further columns that belong to it, such as the time of day beside the date.
    """

    canonical: str
    raw: str
    header: float
    fit: float
    doubt: str = ""
    joined: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """Header and values together."""
        return self.header * self.fit
