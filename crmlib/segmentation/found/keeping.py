"""Segments kept from month to month: the recipe, the centres and what spoke for them, in the series' state."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from crmlib.segmentation.found.behaviour import Behaviour
from crmlib.segmentation.found.choosing import Choice
from crmlib.segmentation.found.naming import Mark
from crmlib.segmentation.found.partitions import WARD, Labels, Matrix
from crmlib.segmentation.found.recipe import Recipe
from crmlib.segmentation.series_state import read_as

FILE = "found_segments.json"


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Segments fixed on a reference date: only what was done before ``cutoff`` formed them.

    With other settings (what they hang on besides the data) they are looked for anew. The recipe is that of the chosen
    method's space, groups stand from the largest to the smallest, and of each group the marks make its name.
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
    try:
        return TypeAdapter(Segmentation).validate_python(stored)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
