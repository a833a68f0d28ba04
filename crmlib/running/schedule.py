"""Running the notebooks of reports, a few side by side where they do not need one another.

What a notebook computes does not depend on the order: it only reads what it says it needs.
"""

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from crmlib.running.batch import Batch, next_ready
from crmlib.running.child import Child, Event, Job
from crmlib.running.fork_server import ForkServer
from crmlib.running.outcomes import Outcome
from crmlib.running.outline import Outline
from crmlib.running.processes import START_SECONDS
from crmlib.running.verdict import Fault, judge
from crmlib.running.watching import Finished

TICK_SECONDS = 0.2
"""How often the limits are looked at while nothing happens."""

WARNED_AT = (0.5, 0.8)
"""Parts of a notebook's limit at which the log says that it is slow."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run: how many notebooks at a time, where their sockets stand, where children are forked (or nowhere)."""

    parallel: int
    sockets: Path
    server: ForkServer | None = None


class NotebookFailedError(Exception):
    """A notebook failed; carries the fault and where the exception came from."""

    def __init__(self, job: Job, fault: Fault, origin: dict[str, Any]) -> None:
        super().__init__(f"{job.stem}: {fault.error}")
        self.job = job
        self.fault = fault
        self.origin = origin


@dataclass(slots=True)
class _Running:
    batch: Batch
    outline: Outline
    started: float
    cell: int | None = None
    cell_started: float = 0.0
    cells: dict[int, float] = field(default_factory=dict)
    warned: int = 0

    @property
    def has_handed_over(self) -> bool:
        """Whether the cell that writes what others read early has run."""
        last = self.outline.handed_over
        return last is not None and self.cell is not None and self.cell > last

    def enter(self, number: int | None) -> None:
        """Close the clock of the last cell and start the next one's."""
        now = time.monotonic()
        if self.cell is not None:
            self.cells[self.cell] = self.cells.get(self.cell, 0.0) + now - self.cell_started
        self.cell, self.cell_started = number, now


class Schedule:
    """The state of a run's children: who executes what of which report, and what waits."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.running: dict[Child, _Running] = {}
        self.batches: list[Batch] = []
        self.following: Callable[[], Batch | None] | None = None

    def run(self, batch: Batch, following: Callable[[], Batch | None] | None = None) -> list[Finished]:
        """Run the notebooks of a report, and while there is room for more those of the one that follows.

        Parameters
        ----------
        batch
            Some of its notebooks may run already, since the report before had room for them.
        following
            Begins the report that follows and gives its notebooks; asked once, when there is room. A failure there
            stops that report's notebooks, is marked in its batch and raises nothing.

        Raises
        ------
        NotebookFailedError
            At the first notebook of the report that fails, is too late or loses its kernel.
        """
        self.batches, self.following = [batch], following if batch.has_company else None
        while batch.unfinished or self._is_taken_over():
            self._hand_out()
            with contextlib.suppress(Empty):
                self._hear(self.events.get(timeout=TICK_SECONDS))
            self._check_limits()
            for watcher in [each for batch in self.batches for each in batch.watchers]:
                watcher.tick()
        return batch.finished

    def end(self, batch: Batch | None = None) -> None:
        """End all children, or those of one report."""
        for child in [each for each, state in self.running.items() if batch in {None, state.batch}]:
            del self.running[child]
            child.end()

    def _hand_out(self) -> None:
        """Start a child on each notebook that is ready, as long as there is room."""
        while len(self.running) < self.settings.parallel:
            found = next_ready(self.batches)
            if found is not None:
                batch, task = found
                batch.waiting.remove(task)
                self._start(batch, task.job)
            elif not self._look_ahead():
                return

    def _look_ahead(self) -> bool:
        """Begin the report that follows; not before this one has what makes clean tables, which that takes over."""
        if self.following is None or self.batches[0].unfinished & self.batches[0].first:
            return False
        begin, self.following = self.following, None
        batch = begin()
        self.batches += [] if batch is None else [batch]
        return batch is not None

    def _is_taken_over(self) -> bool:
        """Say whether clean tables may just be taken over, of this report or of one whose tables this one removes."""
        ahead = [state for state in self.running.values() if state.batch is not self.batches[0]]
        return any(state.outline.stem in state.batch.first for state in ahead)

    def _start(self, batch: Batch, job: Job) -> None:
        settings, started = self.settings, time.monotonic()
        try:
            child = Child.start(job, self.events, sockets=settings.sockets, log=batch.log, server=settings.server)
        except ChildProcessError as error:
            self._fail(batch, job, Fault(None, "", "NotExecuted", str(error), Outcome.STOPPED), cause=error)
        else:
            self.running[child] = _Running(batch, Outline.read(job.notebook), started)

    def _hear(self, event: Event) -> None:
        child = event.child
        if event.kind == "cell" and child in self.running:
            state = self.running[child]
            if state.cell is None:
                child.allow(state.batch.seconds)
            state.enter(state.outline.number(event.facts["index"]))
            if state.has_handed_over:
                state.batch.handed_over.add(state.outline.stem)
            for watcher in state.batch.watchers:
                watcher.cell(state.outline, state.cell or 1)
        elif event.kind == "end" and child in self.running:
            self._close(child, event.facts)
        elif event.kind == "gone" and child in self.running:
            self._stop(child, "ProcessDied", "its process was killed or died")

    def _close(self, child: Child, ending: dict[str, Any]) -> None:
        """Judge an executed notebook; note it as finished or failed."""
        state = self.running[child]
        fault = _fault_of(child.job, ending, state.cell)
        if fault is not None:
            self._fail(state.batch, child.job, fault, ending["origin"])
            return
        state.enter(None)
        del self.running[child]
        child.end()
        seconds, since = time.monotonic() - state.started, state.started - state.batch.begun
        state.batch.finish(Finished(child.job, seconds, state.cells, ending["peak_bytes"], since))

    def _check_limits(self) -> None:
        now = time.monotonic()
        for child, state in list(self.running.items()):
            if child in self.running and child.is_late(now):
                self._stop(child, "TimedOut", _limit_passed(state))
            _warn(state, now)

    def _stop(self, child: Child, error: str, message: str) -> None:
        state = self.running[child]
        self._fail(state.batch, child.job, Fault(state.cell, "", error, message, Outcome.STOPPED))

    def _fail(
        self, batch: Batch, job: Job, fault: Fault, origin: dict[str, Any] | None = None, cause: Exception | None = None
    ) -> None:
        """Raise the failure of the report whose turn it is; one ahead of its turn is given up for now."""
        if batch is self.batches[0]:
            raise NotebookFailedError(job, fault, origin or {}) from cause
        self.end(batch)
        self.batches.remove(batch)
        batch.failed = True


def _warn(state: _Running, now: float) -> None:
    """Say before the limit is reached which cell is at it."""
    seconds, limit = now - state.started, state.batch.seconds
    if state.cell is None or state.warned >= len(WARNED_AT) or seconds < WARNED_AT[state.warned] * limit:
        return
    state.warned += 1
    for watcher in state.batch.watchers:
        watcher.slow(state.outline, state.cell, seconds, limit)


def _limit_passed(state: _Running) -> str:
    if state.cell is None:
        return f"its kernel did not start within {START_SECONDS} s"
    return f"the notebook ran longer than {state.batch.seconds:.0f} s and was stopped"


def _fault_of(job: Job, ending: dict[str, Any], cell: int | None) -> Fault | None:
    """Judge what the child left; a dead kernel and a child in trouble count for more than what the cells say."""
    if ending["kernel_died"]:
        return Fault(cell, "", "KernelDied", "the kernel was killed or died", Outcome.STOPPED)
    if not job.executed.exists():
        return Fault(cell, "", "NotExecuted", ending["trouble"], Outcome.NOTEBOOK_FAILED)
    fault = judge(json.loads(job.executed.read_text(encoding="utf-8")))
    if fault is None and ending["trouble"]:
        return Fault(cell, "", "NotExecuted", ending["trouble"], Outcome.NOTEBOOK_FAILED)
    return fault
