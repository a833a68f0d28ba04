"""How long a notebook may take on so many lines, and how long a run has still to go, learned from the last one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from crmlib.running.inputs import Input

SECONDS_PER_MILLION: Final = 180
"""What a million lines add to a notebook's limit: four times what the slowest took on two cores."""

_BYTES_PER_LINE: Final = 100
_SHORTEST_PACE: Final = 0.1
_BEGUN: Final = "started"


def lines_of(inputs: Sequence[Input]) -> int:
    """Count the lines of all inputs; where a file does not tell, a hundred bytes stand for one."""
    return sum(each.bytes // _BYTES_PER_LINE if each.lines is None else each.lines for each in inputs)


def seconds_for(limit: float, lines: int) -> float:
    """Give the limit of a notebook: what the parameters say, and more where there are many lines.

    Examples
    --------
    >>> seconds_for(900, 0), seconds_for(900, 10_000_000)
    (900, 2700)
    """
    return limit + lines // 1_000_000 * SECONDS_PER_MILLION


@dataclass(frozen=True, slots=True)
class Timetable:
    """When each cell of each notebook is to begin, seconds after the start, and when all is done.

    Attributes
    ----------
    begins
        Seconds by notebook and number of the cell.
    seconds
        Of the whole run.
    """

    begins: dict[str, dict[int, float]]
    seconds: float

    @classmethod
    def of_last_run(cls, work: Path, lines: int) -> Self | None:
        """Read the newest published run's times and stretch them by the lines that there are now; else nothing."""
        for folder in sorted(work.glob("[0-9]*"), reverse=True):
            manifest, timings = (_read(folder / name) for name in ("manifest.json", "timings.json"))
            if manifest.get("status") == "published" and all(_BEGUN in each for each in timings.values()):
                then = sum(each["lines"] or each["bytes"] // _BYTES_PER_LINE for each in manifest["inputs"])
                return cls._stretched(timings, lines / then if then and lines else 1.0)
        return None

    @classmethod
    def _stretched(cls, timings: dict[str, Any], by: float) -> Self:
        begins: dict[str, dict[int, float]] = {}
        for stem, times in timings.items():
            at = times[_BEGUN]
            for number, seconds in times["cells"].items():
                begins.setdefault(stem, {})[int(number)] = at * by
                at += seconds
        return cls(begins, by * max((each[_BEGUN] + each["seconds"] for each in timings.values()), default=0.0))

    def left(self, stem: str, cell: int, elapsed: float) -> float | None:
        """Say how many seconds are left while a cell is under way, at the pace of this run so far."""
        due = self.begins.get(stem, {}).get(cell)
        if due is None:
            return None
        pace = elapsed / due if due > _SHORTEST_PACE * self.seconds else 1.0
        return max((self.seconds - due) * pace, 0.0)


def _read(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
