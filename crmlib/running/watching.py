"""What is told of a run while it goes on, and to whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from crmlib.running.child import Job
from crmlib.running.outline import Outline
from crmlib.running.timetable import Timetable


@dataclass(slots=True)
class Finished:
    """A notebook that ran: wall-clock seconds, seconds by cell number, peak memory in bytes, when after the start."""

    job: Job
    seconds: float
    cells: dict[int, float]
    peak_bytes: int | None
    started: float = 0.0


class Watcher:
    """Is told what happens, for a progress bar, a log or work to do meanwhile. This one does nothing."""

    def of_period(self, period: str) -> "Watcher":  # noqa: ARG002  (for those who tell periods apart)
        """Note that a period's inputs are looked at, and give who is told of its report."""
        return self

    def room(self, said: str) -> None:
        """Note what the run needs of the disk."""

    def begun(self, timetable: Timetable | None) -> None:
        """Note that notebooks begin to run, and when their cells are due as far as that is known."""

    def tick(self) -> None:
        """Note that time passes; comes a few times a second."""

    def up_to_date(self, period: str) -> None:
        """Note that a period is published already and would be the same."""

    def goes_on(self, stems: Sequence[str]) -> None:
        """Note which notebooks of an earlier try need not run again."""

    def slow(self, outline: Outline, number: int, seconds: float, limit: float) -> None:
        """Note that a notebook has taken much of its limit, and which cell is under way."""

    def cell(self, outline: Outline, number: int) -> None:
        """Note that a cell is under way."""

    def finished(self, finished: Finished) -> None:
        """Note that a notebook ran to its end."""
