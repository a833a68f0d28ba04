"""The reports of a run, which are finished one after the other, though the next one is begun while there is room."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

from crmlib.running.batch import Batch
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.schedule import Schedule
from crmlib.running.watching import Finished

Made = TypeVar("Made")
Steps = Generator[Batch, list[Finished], Made]
"""The making of something: gives notebooks, goes on when they have run, and ends with what was made."""


class Report:
    """A report in the making, from its first look at the inputs until it stands in its place."""

    def __init__(self, make: Callable[[], Steps[Path]]) -> None:
        self._make = make
        self._begun: tuple[Steps[Path], Batch] | None = None

    def finish(self, schedule: Schedule, following: "Report | None") -> Path:
        """Make the report now that its turn has come, and begin the one that follows while there is room.

        What failed ahead of its turn is begun anew: how a report ends does not hang on what ran beside it.
        """
        if self._begun is not None and self._begun[1].failed:
            self.give_up()
        steps, batch = self._begin()
        try:
            while True:
                batch = steps.send(_executed(steps, batch, schedule, following))
        except StopIteration as end:
            return Path(end.value)

    def begin_ahead(self) -> Batch | None:
        """Begin before the turn has come; what is refused now is asked again then, but for an interruption."""
        try:
            return self._begin()[1]
        except Exception as error:
            if isinstance(error, RunFailureError) and error.outcome is Outcome.STOPPED:
                raise
            return None

    def give_up(self) -> None:
        """Leave a report unfinished that was begun."""
        if self._begun is not None:
            self._begun[0].close()
            self._begun = None

    def _begin(self) -> tuple[Steps[Path], Batch]:
        if self._begun is None:
            steps = self._make()
            self._begun = steps, next(steps)
        return self._begun


def _executed(steps: Steps[Path], batch: Batch, schedule: Schedule, following: Report | None) -> list[Finished]:
    try:
        return schedule.run(batch, None if following is None else following.begin_ahead)
    except BaseException as error:
        schedule.end()
        steps.throw(error)
        raise
