"""The notebooks of one report, and which of them may run now, beside those of the report whose turn it is."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO

from crmlib.running.child import Job
from crmlib.running.watching import Finished, Watcher


@dataclass(frozen=True, slots=True)
class Task:
    """A job, what it waits for, and whether it reads what earlier periods published.

    It waits until the notebooks that it `needs` have run, and those that it `reads_early` have handed over.
    """

    job: Job
    needs: frozenset[str] = frozenset()
    reads_early: frozenset[str] = frozenset()
    looks_back: bool = False


@dataclass(slots=True, eq=False)
class Batch:
    """The notebooks of a report.

    Attributes
    ----------
    waiting
        Those that have not been started.
    seconds
        What each may take.
    log
        Where their processes write what they complain of.
    watchers
        Who is told.
    finished
        Those that have run, an earlier try's among them.
    has_company
        Whether the next report's notebooks may run beside them.
    handed_over
        Stems of those that run and have written what others read early.
    failed
        Whether one failed before the report's turn came.
    """

    waiting: list[Task] = field(default_factory=list)
    seconds: float = 0.0
    log: IO[bytes] = field(default_factory=BytesIO)
    watchers: Sequence[Watcher] = ()
    finished: list[Finished] = field(default_factory=list)
    has_company: bool = False
    handed_over: set[str] = field(default_factory=set)
    failed: bool = False
    begun: float = field(default_factory=time.monotonic)
    unfinished: set[str] = field(init=False)
    first: set[str] = field(init=False)

    def __post_init__(self) -> None:
        """Note what has to finish, and what of it needs nothing."""
        self.unfinished = {task.job.stem for task in self.waiting}
        self.first = {task.job.stem for task in self.waiting if not task.needs}
        for finished in self.finished:
            self._tell(finished)

    def finish(self, finished: Finished) -> None:
        """Note that a notebook has run."""
        self.unfinished.discard(finished.job.stem)
        self.finished.append(finished)
        self._tell(finished)

    def _tell(self, finished: Finished) -> None:
        for watcher in self.watchers:
            watcher.finished(finished)


def ready(batches: Sequence[Batch]) -> Iterator[tuple[Batch, Task]]:
    """List the notebooks that may start, of each report those whose tables are there.

    What outlives a period is read and written by the same notebook in every period: it waits for its like of the report
    before.
    """
    earlier: set[str] = set()
    for batch in batches:
        done = {each.job.stem for each in batch.finished}
        for task in batch.waiting:
            there = task.needs <= done and task.reads_early <= done | batch.handed_over
            if there and task.job.stem not in earlier and not (earlier and task.looks_back):
                yield batch, task
        earlier |= batch.unfinished


def next_ready(batches: Sequence[Batch]) -> tuple[Batch, Task] | None:
    """Give the notebook to start next, if any: the earliest chapter, since its like of the next report waits for it."""
    return min(ready(batches), key=lambda each: each[1].job.stem, default=None)
