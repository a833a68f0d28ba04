"""What a notebook is made of, to say where in it a run stands: its cells and their headings."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Outline:
    """The cells of a notebook by number, from 1, as an analyst counts them.

    Attributes
    ----------
    stem
        The notebook's name without its ending.
    headings
        For each cell the heading it stands under, empty before the first.
    parameters
        Number of the parameters cell, or ``None``.
    handed_over
        Number of the last cell tagged ``handed-over``, or ``None``: after it stands what other notebooks read early.
    """

    stem: str
    headings: tuple[str, ...]
    parameters: int | None
    handed_over: int | None = None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the outline of a notebook file."""
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        headings: list[str] = []
        parameters = handed_over = None
        heading = ""
        for number, cell in enumerate(cells, start=1):
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown" and source.startswith("#"):
                heading = source.splitlines()[0].lstrip("#").strip()
            tags = cell.get("metadata", {}).get("tags", [])
            if parameters is None and "parameters" in tags:
                parameters = number
            if "handed-over" in tags:
                handed_over = number
            headings.append(heading)
        return cls(path.stem, tuple(headings), parameters, handed_over)

    def __len__(self) -> int:
        return len(self.headings)

    def number(self, index: int) -> int:
        """Turn papermill's index, which counts the cell it injects, into the number of a cell.

        Examples
        --------
        >>> outline = Outline("x", ("", "", ""), parameters=2)
        >>> [outline.number(index) for index in range(4)]
        [1, 2, 2, 3]
        """
        injected = 0 if self.parameters is None else self.parameters  # index at which the injected cell stands
        return index + 1 if index < injected else max(index, 1)

    def heading(self, number: int) -> str:
        """Give the heading that a cell stands under."""
        return self.headings[number - 1]
