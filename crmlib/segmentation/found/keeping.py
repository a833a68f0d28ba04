"""Segments kept from month to month: the recipe, the centres and what spoke for them, in the series' state."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from crmlib.segmentation.found.behaviour import Behaviour
from crmlib.segmentation.found.choosing import Candidate, Choice
from crmlib.segmentation.found.naming import Mark
from crmlib.segmentation.found.partitions import WARD, Labels, Matrix, Partition
from crmlib.segmentation.found.recipe import Recipe
from crmlib.segmentation.found.transforms import Feature
from crmlib.segmentation.series_state import read_as

FILE = "found_segments.json"


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Segments fixed on a reference date: only what was done before ``cutoff`` formed them.

    Attributes
    ----------
    settings
        What they hang on besides the data; with others they are looked for anew.
    recipe
        Features and components of the chosen method's space (of shares, where there is none chosen).
    choice
        What was tried, and the chosen partition with its groups from the largest to the smallest.
    marks
        By group, what its name is made of.
    """

    cutoff: date
    settings: dict[str, Any]
    recipe: Recipe
    choice: Choice
    marks: tuple[tuple[Mark, ...], ...]

    @property
    def groups(self) -> int:
        """The number of segments; 1 where none are stable."""
        return self.choice.partition.groups if self.choice.partition else 1

    @property
    def mixed(self) -> bool:
        """Whether they are told by customers' main values, and not by how their orders are divided."""
        return self.choice.partition is not None and self.choice.partition.method == WARD

    def place(self, seen: Behaviour) -> Matrix:
        """Place customers in the space of the chosen method."""
        return self.recipe.components(seen.mains() if self.mixed else seen)

    def assign(self, seen: Behaviour) -> Labels:
        """Give each customer's segment, from 0, the largest at the reference date first."""
        if self.choice.partition is None:
            raise ValueError("there are no stable segments to assign customers to")
        return self.choice.partition.assign(self.place(seen))


def read_segments(file: Path) -> Segmentation | None:
    """Read segments that an earlier run kept; nothing where none are kept."""
    return read_as(file, _segmentation) if file.exists() else None


def _segmentation(stored: dict[str, Any]) -> Segmentation:
    recipe = stored["recipe"]
    features = tuple(Feature(**{**feature, "knots": tuple(feature["knots"])}) for feature in recipe["features"])
    return Segmentation(
        cutoff=date.fromisoformat(stored["cutoff"]),
        settings=stored["settings"],
        recipe=Recipe(features, _rows(recipe["loadings"]), recipe["explained"]),
        choice=_choice(stored["choice"]),
        marks=tuple(tuple(Mark(**mark) for mark in group) for group in stored["marks"]),
    )


def _choice(stored: dict[str, Any]) -> Choice:
    candidates = tuple(Candidate(**candidate) for candidate in stored["candidates"])
    if stored["partition"] is None:
        return Choice(candidates, None)
    own = stored["partition"]
    partition = Partition(own["method"], _rows(own["centres"]), _rows(own["variances"]), tuple(own["shares"]))
    return Choice(candidates, partition)


def _rows(rows: list[list[float]]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in rows)
