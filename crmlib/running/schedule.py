"""Running the notebooks of a report, a few side by side where they do not need one another.

What a notebook computes does not depend on the order: it only reads what it says it needs.
"""

import contextlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

from crmlib.running.child import Child, Event, Job
from crmlib.running.fork_server import ForkServer
from crmlib.running.outcomes import Outcome
from crmlib.running.outline import Outline
from crmlib.running.processes import START_SECONDS
from crmlib.running.timetable import Timetable
from crmlib.running.verdict import Fault, judge

TICK_SECONDS = 0.2
"""How often the limits are looked at while nothing happens."""

WARNED_AT = (0.5, 0.8)
"""Parts of a notebook's limit at which the log says that it is slow."""


@dataclass(frozen=True, slots=True)
class Task:
    """A job and the stems of the notebooks whose tables it reads."""

    job: Job
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run: seconds for one notebook, how many at a time, where children are forked (``None``: nowhere)."""

    seconds: float
    parallel: int
    sockets: Path
    log: IO[bytes]
    server: ForkServer | None = None


@dataclass(slots=True)
class Finished:
    """A notebook that ran: wall-clock seconds, seconds by cell number, peak memory in bytes, when after the start."""

    job: Job
    seconds: float
    cells: dict[int, float]
    peak_bytes: int | None
    started: float = 0.0


class NotebookFailedError(Exception):
    """A notebook failed; carries the fault and where the exception came from."""

    def __init__(self, job: Job, fault: Fault, origin: dict[str, Any]) -> None:
        super().__init__(f"{job.stem}: {fault.error}")
        self.job = job
        self.fault = fault
        self.origin = origin


class Watcher:
    """Is told what happens, for a progress bar, a log or work to do meanwhile. This one does nothing."""

    def period(self, period: str) -> None:
        """Note that a period's inputs are looked at."""

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


@dataclass(slots=True)
class _Running:
    outline: Outline
    started: float
    cell: int | None = None
    cell_started: float = 0.0
    cells: dict[int, float] = field(default_factory=dict)
    warned: int = 0

    def enter(self, number: int | None) -> None:
        """Close the clock of the last cell and start the next one's."""
        now = time.monotonic()
        if self.cell is not None:
            self.cells[self.cell] = self.cells.get(self.cell, 0.0) + now - self.cell_started
        self.cell, self.cell_started = number, now


class Schedule:
    """The state of a run's children: who executes what, and what waits."""

    def __init__(
        self, tasks: Sequence[Task], settings: Settings, watchers: Sequence[Watcher] = (), done: Sequence[Finished] = ()
    ) -> None:
        self.waiting = list(tasks)
        self.settings = settings
        self.watchers = watchers
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.running: dict[Child, _Running] = {}
        self.finished = list(done)
        self.begun = time.monotonic()

    def run(self) -> list[Finished]:
        """Run all tasks but those done; end every child whatever happens.

        Raises
        ------
        NotebookFailedError
            At the first notebook that fails, is too late or loses its kernel.
        """
        for finished in self.finished:
            self._tell(finished)
        try:
            while self.waiting or self.running:
                self._hand_out()
                with contextlib.suppress(Empty):
                    self._hear(self.events.get(timeout=TICK_SECONDS))
                self._check_limits()
                for watcher in self.watchers:
                    watcher.tick()
            return self.finished
        finally:
            for child in self.running:
                child.end()

    def _hand_out(self) -> None:
        """Start a child on each job that is ready, as long as there is room."""
        done = {each.job.stem for each in self.finished}
        for task in [task for task in self.waiting if task.needs <= done]:
            if len(self.running) >= self.settings.parallel:
                break
            started = time.monotonic()
            child = self._start(task.job)
            self.waiting.remove(task)
            self.running[child] = _Running(Outline.read(task.job.notebook), started)

    def _start(self, job: Job) -> Child:
        settings = self.settings
        try:
            return Child.start(job, self.events, sockets=settings.sockets, log=settings.log, server=settings.server)
        except ChildProcessError as error:
            raise NotebookFailedError(job, Fault(None, "", "NotExecuted", str(error), Outcome.STOPPED), {}) from error

    def _hear(self, event: Event) -> None:
        child = event.child
        if event.kind == "cell" and child in self.running:
            state = self.running[child]
            if state.cell is None:
                child.allow(self.settings.seconds)
            state.enter(state.outline.number(event.facts["index"]))
            for watcher in self.watchers:
                watcher.cell(state.outline, state.cell or 1)
        elif event.kind == "end" and child in self.running:
            self._close(child, event.facts)
        elif event.kind == "gone" and child in self.running:
            self._stop(child, "ProcessDied", "its process was killed or died")

    def _close(self, child: Child, ending: dict[str, Any]) -> None:
        """Judge an executed notebook; note it as finished or raise."""
        state = self.running[child]
        fault = _fault_of(child.job, ending, state.cell)
        if fault is not None:
            raise NotebookFailedError(child.job, fault, ending["origin"])
        state.enter(None)
        del self.running[child]
        child.end()
        seconds, since = time.monotonic() - state.started, state.started - self.begun
        finished = Finished(child.job, seconds, state.cells, ending["peak_bytes"], since)
        self.finished.append(finished)
        self._tell(finished)

    def _tell(self, finished: Finished) -> None:
        for watcher in self.watchers:
            watcher.finished(finished)

    def _check_limits(self) -> None:
        now = time.monotonic()
        for child in list(self.running):
            if child.is_late(now):
                self._stop(child, "TimedOut", self._limit_passed(self.running[child]))
            self._warn(self.running[child], now)

    def _warn(self, state: _Running, now: float) -> None:
        """Say before the limit is reached which cell is at it."""
        seconds, limit = now - state.started, self.settings.seconds
        if state.cell is None or state.warned >= len(WARNED_AT) or seconds < WARNED_AT[state.warned] * limit:
            return
        state.warned += 1
        for watcher in self.watchers:
            watcher.slow(state.outline, state.cell, seconds, limit)

    def _limit_passed(self, state: _Running) -> str:
        if state.cell is None:
            return f"its kernel did not start within {START_SECONDS} s"
        return f"the notebook ran longer than {self.settings.seconds:.0f} s and was stopped"

    def _stop(self, child: Child, error: str, message: str) -> None:
        cell = self.running[child].cell
        raise NotebookFailedError(child.job, Fault(cell, "", error, message, Outcome.STOPPED), {})


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
