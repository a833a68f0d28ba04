"""One canonical column and where it is found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """One canonical column and the column it is found in."""

    canonical: str
    raw: str
    header: float  # how like the header is to a known name; 0 where only the values told
    fit: float  # how well the values are of the column's kind; 1 where all are
    doubt: str = ""  # what could not be told, in the words that follow these; empty where nothing is doubted
    joined: tuple[str, ...] = ()  # further columns that belong to it, such as the time of day beside the date

    @property
    def score(self) -> float:
        """Header and values together."""
        return self.header * self.fit
